"""The persons of a group that books, by name, members by their account too.

Protects: somebody is named once in a booking while they have not withdrawn; only who has an account counts in a quota. Locks nothing that
is in use but, for an instant, `spaces_booking` and `people_account` for the foreign keys. Cannot fail on rows: the table is empty.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0004_long_bookings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookingPerson",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("counts", models.BooleanField(default=False)),
                ("named_at", models.DateTimeField()),
                ("came_at", models.DateTimeField(null=True)),
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
                    "booking",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="spaces.booking",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["booking"], name="spaces_bookingperson_with"),
                    models.Index(
                        condition=models.Q(("account__isnull", False)),
                        fields=["account"],
                        name="spaces_bookingperson_of",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="spaces_bookingperson_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counts", False), ("account__isnull", False), _connector="OR"),
                        name="spaces_bookingperson_counts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", False), ("left_at__isnull", True)),
                        fields=("booking", "account"),
                        name="spaces_bookingperson_once",
                    ),
                ],
            },
        ),
    ]
