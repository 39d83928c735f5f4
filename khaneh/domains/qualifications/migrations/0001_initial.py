"""Qualifications and who holds them.

Protects: one open holding an account and qualification; an end with its reason, a revocation with its words; `valid_until` is always the
sooner of date and disuse (generated). Locks nothing that exists. Fails nowhere: it makes two tables.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Qualification",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField(unique=True)),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("valid_months", models.SmallIntegerField(null=True)),
                    ("disuse_months", models.SmallIntegerField(null=True)),
                    ("warn_days", models.SmallIntegerField(default=30)),
                    ("active", models.BooleanField(default=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("valid_months__isnull", True), ("valid_months__range", (1, 240)), _connector="OR"
                                ),
                                models.Q(
                                    ("disuse_months__isnull", True), ("disuse_months__range", (1, 240)), _connector="OR"
                                ),
                                ("warn_days__range", (0, 365)),
                            ),
                            name="qualifications_qualification_times",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Holding",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("basis", models.TextField()),
                    ("source", models.TextField(blank=True, default="")),
                    ("awarded_at", models.DateTimeField()),
                    ("expires_at", models.DateTimeField(null=True)),
                    ("last_used_at", models.DateTimeField(null=True)),
                    ("lapses_at", models.DateTimeField(null=True)),
                    (
                        "valid_until",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.db.models.functions.comparison.Least("expires_at", "lapses_at"),
                            output_field=models.DateTimeField(null=True),
                        ),
                    ),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("end_reason", models.TextField(blank=True, default="")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("warned_until", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "awarded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "qualification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="holdings",
                            to="qualifications.qualification",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("ended_at__isnull", True), ("valid_until__isnull", False)),
                            fields=["valid_until"],
                            name="qualifications_holding_ends",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=("account", "qualification"),
                            name="qualifications_holding_one_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("basis__in", ["course", "assessment", "recognition"])),
                            name="qualifications_holding_basis",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                                models.Q(
                                    ("end_reason__in", ["expired", "disused", "revoked", "renewed"]),
                                    ("ended_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="qualifications_holding_end",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("end_reason", "revoked"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="qualifications_holding_revoked_why",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("expires_at__isnull", True),
                                ("expires_at__gt", models.F("awarded_at")),
                                _connector="OR",
                            ),
                            name="qualifications_holding_period",
                        ),
                    ],
                },
            ),
        ),
    ]
