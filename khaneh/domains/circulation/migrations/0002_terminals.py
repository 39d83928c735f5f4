"""Machines that speak SIP2, and what they were answered in the last minutes.

Protects: two machines never sign in by one name, however it is written; a message of a machine has one answer, so that a second telling
waits for the first one's transaction and finds what it said. Locks: nothing that is in use; both tables are new. Fails: never halfway.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Lower

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    dependencies = [("circulation", "0001_initial"), ("network", "0002_seasons")]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Terminal",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=60)),
                    ("kind", models.CharField(default="self_check", max_length=10)),
                    ("password", models.TextField()),
                    ("encoding", models.CharField(default="utf-8", max_length=12)),
                    ("language", models.CharField(default="en", max_length=2)),
                    ("asks_pin", models.BooleanField(default=True)),
                    ("added_at", models.DateTimeField()),
                    ("password_at", models.DateTimeField()),
                    ("seen_at", models.DateTimeField(null=True)),
                    ("disabled_at", models.DateTimeField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(Lower("name"), name="circulation_terminal_name"),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["self_check", "sorter", "gate", "payment"])),
                            name="circulation_terminal_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("encoding__in", ["utf-8", "windows-1256"])),
                            name="circulation_terminal_encoding",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("language__in", ["fa", "vi", "en"])),
                            name="circulation_terminal_language",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("name", ""), _negated=True), name="circulation_terminal_name_not_empty"
                        ),
                    ]
                },
            ),
            migrations.CreateModel(
                name="TerminalAnswer",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("connection", models.UUIDField()),
                    ("sequence", models.SmallIntegerField(null=True)),
                    ("answer", models.JSONField(null=True)),
                    ("at", models.DateTimeField()),
                    (
                        "terminal",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="circulation.terminal",
                        ),
                    ),
                ],
                options={
                    "db_table": "circulation_terminal_answer",
                    "indexes": [models.Index(fields=["at"], name="circulation_terminal_answer_at")],
                    "constraints": [
                        models.UniqueConstraint(fields=("terminal", "digest"), name="circulation_terminal_answer_once")
                    ],
                },
            ),
        ),
    ]
