"""Keys that open somebody's own calendar for telephones and programs.

Protects: a key is kept as its digest alone, and has a name. Locks: nothing that is in use but, for a moment, the accounts for the new foreign
key. Fails: never halfway.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_couriers")]

    operations = [
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("digest", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "people_calendar_key",
                "constraints": [
                    models.UniqueConstraint(fields=["digest"], name="people_calendar_key_digest"),
                    models.CheckConstraint(condition=~models.Q(name=""), name="people_calendar_key_name_not_empty"),
                ],
            },
        ),
    ]
