"""Accounts and roles.

Protects: one account an address whatever its case; a role at exactly one place; never the same role twice at one place and time. Locks
nothing that exists. Needs btree_gist, which the network's first migration makes.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Account",
                fields=[
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("email", models.EmailField(max_length=254, unique=True)),
                    ("name", models.TextField(blank=True, default="")),
                    ("language", models.CharField(default="en", max_length=2)),
                    ("calendar", models.CharField(default="auto", max_length=9)),
                    ("is_active", models.BooleanField(default=True)),
                    ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                            name="people_account_email_is_lower",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("language__in", ["fa", "vi", "en"])), name="people_account_language"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("calendar__in", ["auto", "jalali", "gregorian"])),
                            name="people_account_calendar",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RoleAssignment",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("role", models.TextField()),
                    ("valid_from", models.DateTimeField()),
                    ("valid_until", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("revoke_reason", models.TextField(blank=True, default="")),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="roles",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "granted_by",
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
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "revoked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["house"], name="people_role_house"),
                        models.Index(fields=["organisation"], name="people_role_organisation"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "role__in",
                                    [
                                        "administrator",
                                        "house_manager",
                                        "librarian",
                                        "cataloguer",
                                        "circulation",
                                        "programme_manager",
                                        "trainer",
                                        "broker",
                                        "reviewer",
                                        "council_member",
                                    ],
                                )
                            ),
                            name="people_role_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("house__isnull", True), ("organisation__isnull", False)),
                                models.Q(("house__isnull", False), ("organisation__isnull", True)),
                                _connector="OR",
                            ),
                            name="people_role_one_place",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_until__isnull", True),
                                ("valid_until__gte", models.F("valid_from")),
                                _connector="OR",
                            ),
                            name="people_role_period",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[
                                ("account", "="),
                                ("role", "="),
                                (django.db.models.functions.comparison.Coalesce("house", models.Value(0)), "="),
                                (django.db.models.functions.comparison.Coalesce("organisation", models.Value(0)), "="),
                                (
                                    models.Func(models.F("valid_from"), models.F("valid_until"), function="tstzrange"),
                                    "&&",
                                ),
                            ],
                            name="people_role_once_at_a_time",
                        ),
                    ],
                },
            ),
        ),
    ]
