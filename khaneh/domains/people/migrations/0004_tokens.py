"""Keys for programs, what they act as, what they were answered, and how often they call.

Protects: a key is kept as its digest alone; it has a term; a role of it is at exactly one place; a machine has no membership; one answer a key
of a call. Locks nothing that exists but for the moment of each new foreign key. Cannot fail but where tables cannot be made. The table of pace
is unlogged: it counts the calls of the running minute, and losing it loses nothing.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

PACE = """
CREATE UNLOGGED TABLE people_token_pace (
    token_id bigint PRIMARY KEY,
    minute bigint NOT NULL,
    calls integer NOT NULL
) WITH (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_seasons"),
        ("people", "0003_shared_cache"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Token",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=100)),
                    ("kind", models.CharField(default="personal", max_length=8)),
                    ("access", models.CharField(default="read", max_length=5)),
                    ("own_account", models.BooleanField(default=False)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("hint", models.CharField(max_length=10)),
                    ("created_at", models.DateTimeField()),
                    ("expires_at", models.DateTimeField()),
                    ("used_at", models.DateTimeField(null=True)),
                    ("revoked_at", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("digest",), name="people_token_digest"),
                        models.CheckConstraint(
                            condition=models.Q(("name", ""), _negated=True), name="people_token_name_not_empty"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["personal", "machine"])), name="people_token_kind"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("access__in", ["read", "write"])), name="people_token_access"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("expires_at__gt", models.F("created_at"))), name="people_token_term"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind", "personal"), ("own_account", False), _connector="OR"),
                            name="people_token_machine_is_nobody",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TokenAnswer",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("key", models.BinaryField(max_length=32)),
                    ("asked", models.BinaryField(max_length=32)),
                    ("answer", models.BinaryField(null=True)),
                    ("at", models.DateTimeField()),
                    (
                        "token",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="people.token",
                        ),
                    ),
                ],
                options={
                    "db_table": "people_token_answer",
                    "indexes": [
                        models.Index(fields=["at"], name="people_token_answer_at"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("token", "key"), name="people_token_answer_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TokenRole",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("role", models.TextField()),
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
                        "token",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="people.token"
                        ),
                    ),
                ],
                options={
                    "db_table": "people_token_role",
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
                            name="people_token_role_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("house__isnull", True), ("organisation__isnull", False)),
                                models.Q(("house__isnull", False), ("organisation__isnull", True)),
                                _connector="OR",
                            ),
                            name="people_token_role_one_place",
                        ),
                        models.UniqueConstraint(
                            fields=("token", "role", "house", "organisation"),
                            name="people_token_role_once",
                            nulls_distinct=False,
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(PACE, "DROP TABLE people_token_pace"),
    ]
