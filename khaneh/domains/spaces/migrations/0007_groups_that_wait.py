"""The persons of a group that waits, by name, members by their account too.

Protects: somebody is named once in an entry of the waiting list while they have not withdrawn. Locks nothing that is in use but, for an
instant, `spaces_waiting` and `people_account` for the foreign keys. Cannot fail on rows: the table is empty.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0006_closures_by_uid"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingPerson",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("named_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "waiting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="spaces.waiting",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["waiting"], name="spaces_waitingperson_with"),
                    models.Index(
                        condition=models.Q(("account__isnull", False)),
                        fields=["account"],
                        name="spaces_waitingperson_of",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="spaces_waitingperson_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", False), ("left_at__isnull", True)),
                        fields=("waiting", "account"),
                        name="spaces_waitingperson_once",
                    ),
                ],
            },
        ),
    ]
