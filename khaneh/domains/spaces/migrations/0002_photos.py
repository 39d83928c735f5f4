"""Photographs of spaces.

Protects: a space shows one picture once, and one picture in each place of its order (checked at commit, so that two may change places).
Locks nothing that is in use but, for an instant, `spaces_space` and `people_account` for the foreign keys. Cannot fail on rows: the table
is empty.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SpacePhoto",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.SmallIntegerField()),
                ("small", models.CharField(max_length=64)),
                ("large", models.CharField(max_length=64)),
                ("width", models.IntegerField()),
                ("height", models.IntegerField()),
                ("alts", models.JSONField(default=dict)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "space",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="spaces.space",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("large__regex", "^[0-9a-f]{64}$"), ("small__regex", "^[0-9a-f]{64}$")),
                        name="spaces_spacephoto_digests",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height__range", (1, 100000)), ("width__range", (1, 100000))),
                        name="spaces_spacephoto_size",
                    ),
                    models.UniqueConstraint(
                        deferrable=models.Deferrable["DEFERRED"],
                        fields=("space", "position"),
                        name="spaces_spacephoto_one_a_place",
                    ),
                    models.UniqueConstraint(fields=("space", "large"), name="spaces_spacephoto_once"),
                ],
            },
        ),
    ]
