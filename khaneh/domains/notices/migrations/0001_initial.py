"""Notices' tables.

Protects: a notice is told once a key, for ever; by one channel it is in one message; one that is done keeps neither facts nor member;
a message in hand has its mark; one text a house, event, channel and language. Locks nothing that exists; the foreign keys hold the
tables of houses, accounts and members for the moment in which they are made.
"""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        ("people", "0003_shared_cache"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Message",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("channel", models.CharField(max_length=5)),
                    ("events", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                    ("together", models.BooleanField(default=True)),
                    ("state", models.CharField(default="waiting", max_length=10)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("detail", models.TextField(blank=True, default="")),
                    ("attempts", models.SmallIntegerField(default=0)),
                    ("not_before", models.DateTimeField()),
                    ("created_at", models.DateTimeField()),
                    ("claimed_at", models.DateTimeField(null=True)),
                    ("sent_at", models.DateTimeField(null=True)),
                    ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.member",
                        ),
                    ),
                    (
                        "settled_by",
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
                        models.Index(
                            condition=models.Q(("state", "waiting")),
                            fields=["not_before", "id"],
                            name="notices_message_due",
                        ),
                        models.Index(
                            condition=models.Q(("state", "waiting")),
                            fields=["member", "channel"],
                            name="notices_message_joinable",
                        ),
                        models.Index(
                            condition=models.Q(("state", "sending")),
                            fields=["claimed_at"],
                            name="notices_message_in_hand",
                        ),
                        models.Index(fields=["house", "state", "-id"], name="notices_message_queue"),
                        models.Index(
                            condition=models.Q(("member__isnull", False)),
                            fields=["member", "-id"],
                            name="notices_message_of_member",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["waiting", "sending", "sent", "failed", "unsure", "suppressed"])
                            ),
                            name="notices_message_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("channel__in", ["email", "sms"])), name="notices_message_channel"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("reason", ""),
                                (
                                    "reason__in",
                                    [
                                        "address_refused",
                                        "address_wrong",
                                        "no_address",
                                        "not_wanted",
                                        "not_member",
                                        "no_longer_true",
                                        "too_late",
                                        "busy",
                                        "unreachable",
                                        "rejected",
                                        "not_set_up",
                                        "no_answer",
                                        "text_wrong",
                                        "settled",
                                    ],
                                ),
                                _connector="OR",
                            ),
                            name="notices_message_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["waiting", "sending", "failed", "unsure"]), _negated=True),
                                ("member__isnull", False),
                                _connector="OR",
                            ),
                            name="notices_message_open_has_member",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["sending", "unsure"]), _negated=True),
                                ("claimed_at__isnull", False),
                                _connector="OR",
                            ),
                            name="notices_message_claimed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                            ),
                            name="notices_message_sent",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("key", models.TextField(unique=True)),
                    ("event", models.TextField()),
                    ("facts", models.JSONField(default=dict)),
                    ("told_at", models.DateTimeField()),
                    ("not_before", models.DateTimeField()),
                    ("until", models.DateTimeField(null=True)),
                    ("gathered_at", models.DateTimeField(null=True)),
                    ("done_at", models.DateTimeField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.member",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("gathered_at__isnull", True)),
                            fields=["not_before", "id"],
                            name="notices_notice_due",
                        ),
                        models.Index(
                            condition=models.Q(("member__isnull", False)),
                            fields=["member"],
                            name="notices_notice_of_member",
                        ),
                        models.Index(fields=["event", "told_at"], name="notices_notice_counted"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("done_at__isnull", True), ("member__isnull", False)),
                                models.Q(("done_at__isnull", False), ("facts", {}), ("member__isnull", True)),
                                _connector="OR",
                            ),
                            name="notices_notice_done_is_empty",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("done_at__isnull", True), ("gathered_at__isnull", False), _connector="OR"
                            ),
                            name="notices_notice_gathered_first",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Part",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("channel", models.CharField(max_length=5)),
                    (
                        "message",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="notices.message"
                        ),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="parts",
                            to="notices.notice",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("notice", "channel"), name="notices_part_once_a_channel"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Quiet",
                fields=[
                    (
                        "house",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="network.house",
                        ),
                    ),
                    ("starts", models.SmallIntegerField()),
                    ("ends", models.SmallIntegerField()),
                    ("changed_at", models.DateTimeField()),
                    (
                        "changed_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends__range", (0, 1439)), ("starts__range", (0, 1439))),
                            name="notices_quiet_minutes",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Template",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("event", models.TextField()),
                    ("channel", models.CharField(max_length=5)),
                    ("language", models.CharField(max_length=2)),
                    ("subject", models.TextField(blank=True, default="")),
                    ("body", models.TextField()),
                    ("revision", models.IntegerField(default=1)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "changed_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("house", "event", "channel", "language"), name="notices_template_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("channel__in", ["email", "sms", "app"])),
                            name="notices_template_channel",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("language__in", ["fa", "vi", "en"])), name="notices_template_language"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AddressProblem",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("channel", models.CharField(max_length=5)),
                    ("address", models.TextField()),
                    ("reason", models.TextField()),
                    ("found_at", models.DateTimeField()),
                    ("times", models.SmallIntegerField(default=1)),
                    ("settled_at", models.DateTimeField(null=True)),
                    (
                        "member",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="people.member",
                        ),
                    ),
                    (
                        "settled_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "db_table": "notices_address_problem",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("settled_at__isnull", True)),
                            fields=("member", "channel"),
                            name="notices_address_problem_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("channel__in", ["email", "sms", "app"])),
                            name="notices_address_problem_channel",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Choice",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("event", models.TextField()),
                    ("channel", models.CharField(max_length=5)),
                    ("wanted", models.BooleanField()),
                    (
                        "member",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="people.member",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("wanted", True)),
                            fields=["event", "channel"],
                            name="notices_choice_wanted",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("member", "event", "channel"), name="notices_choice_once"),
                        models.CheckConstraint(
                            condition=models.Q(("channel__in", ["email", "sms", "app"])), name="notices_choice_channel"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="InboxItem",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("event", models.TextField()),
                    ("facts", models.JSONField()),
                    ("told_at", models.DateTimeField()),
                    ("read_at", models.DateTimeField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="people.member",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["member", "-id"], name="notices_inbox_of_member"),
                        models.Index(fields=["told_at"], name="notices_inbox_age"),
                    ],
                },
            ),
        ),
    ]
