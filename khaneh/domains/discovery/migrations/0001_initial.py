"""The changes the index has to learn, and the builds of the index.

Protects: one live build at a time (partial unique index), known states (check). Locks nothing that exists; fails only where the tables are
already there.
"""

from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        Tables(
            migrations.CreateModel(
                name="Generation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("name", models.CharField(max_length=60, unique=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[("building", "Building"), ("ready", "Ready"), ("live", "Live")], max_length=10
                        ),
                    ),
                    ("documents", models.BigIntegerField(default=0)),
                    ("started_at", models.DateTimeField()),
                    ("published_at", models.DateTimeField(null=True)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "live")),
                            fields=("state",),
                            name="discovery_generation_one_live",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["building", "ready", "live"])),
                            name="discovery_generation_state",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pending",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("kind", models.CharField(max_length=40)),
                    ("key", models.BigIntegerField()),
                    ("applied", models.BooleanField(default=False)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("applied", False)), fields=["id"], name="discovery_pending_new"
                        )
                    ],
                },
            ),
        ),
    ]
