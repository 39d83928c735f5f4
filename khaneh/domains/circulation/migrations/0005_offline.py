"""Desks without a line: devices, their logs, what a person must settle, and copies that came in although nobody had them.

Protects: an entry of a log is kept once for its device and number and never changed, taken out or done twice: its outcome is written once, its
text may only go; a conflict is settled once and never taken out. Locks: nothing that is in use; the tables begin empty. Fails: never halfway.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

KEPT = """
CREATE FUNCTION circulation_offline_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.device_id, NEW.number, NEW.act, NEW.digest, NEW.signature, NEW.happened_at, NEW.unsure_seconds, NEW.received_at)
       IS DISTINCT FROM
       (OLD.id, OLD.device_id, OLD.number, OLD.act, OLD.digest, OLD.signature, OLD.happened_at, OLD.unsure_seconds, OLD.received_at)
       OR (NEW.body IS NOT NULL AND NEW.body IS DISTINCT FROM OLD.body) THEN
        RAISE EXCEPTION 'entry % of a log is kept as it is', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.outcome <> '' AND (NEW.outcome, NEW.outcome_at, NEW.result) IS DISTINCT FROM (OLD.outcome, OLD.outcome_at, OLD.result) THEN
        RAISE EXCEPTION 'entry % of a log has its outcome', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER circulation_offline_entry_kept BEFORE UPDATE ON circulation_offline_entry
    FOR EACH ROW EXECUTE FUNCTION circulation_offline_entry_kept();
CREATE TRIGGER circulation_offline_entry_no_delete BEFORE DELETE ON circulation_offline_entry
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
CREATE TRIGGER circulation_offline_entry_no_truncate BEFORE TRUNCATE ON circulation_offline_entry
    FOR EACH STATEMENT EXECUTE FUNCTION circulation_never();

CREATE FUNCTION circulation_conflict_once_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' AND (NEW.state, NEW.settled_at, NEW.settled_by_id, NEW.kind, NEW.number, NEW.device_id)
       IS DISTINCT FROM (OLD.state, OLD.settled_at, OLD.settled_by_id, OLD.kind, OLD.number, OLD.device_id) THEN
        RAISE EXCEPTION 'conflict % is settled', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER circulation_conflict_once_settled BEFORE UPDATE ON circulation_conflict
    FOR EACH ROW EXECUTE FUNCTION circulation_conflict_once_settled();
CREATE TRIGGER circulation_conflict_no_delete BEFORE DELETE ON circulation_conflict
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
"""
UNKEPT = """
DROP TRIGGER circulation_conflict_no_delete ON circulation_conflict;
DROP TRIGGER circulation_conflict_once_settled ON circulation_conflict;
DROP FUNCTION circulation_conflict_once_settled();
DROP TRIGGER circulation_offline_entry_no_truncate ON circulation_offline_entry;
DROP TRIGGER circulation_offline_entry_no_delete ON circulation_offline_entry;
DROP TRIGGER circulation_offline_entry_kept ON circulation_offline_entry;
DROP FUNCTION circulation_offline_entry_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_what_a_file_repeats"),
        ("circulation", "0004_keeping"),
        ("network", "0002_seasons"),
        ("people", "0004_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="OfflineDevice",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=60)),
                    ("public_key", models.BinaryField()),
                    ("recovery_key", models.BinaryField()),
                    ("snapshot_days", models.SmallIntegerField(default=7)),
                    ("enrolled_at", models.DateTimeField()),
                    ("seen_at", models.DateTimeField(null=True)),
                    ("snapshot_at", models.DateTimeField(null=True)),
                    ("revoked_at", models.DateTimeField(null=True)),
                    ("doubted_at", models.DateTimeField(null=True)),
                    ("last_number", models.BigIntegerField(default=0)),
                    ("last_digest", models.BinaryField(max_length=32)),
                    (
                        "enrolled_by",
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
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "db_table": "circulation_offline_device",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("name", ""), _negated=True),
                            name="circulation_offline_device_name_not_empty",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("snapshot_days__range", (1, 31))),
                            name="circulation_offline_device_days",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Conflict",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("source", models.CharField(max_length=8)),
                    ("number", models.BigIntegerField(null=True)),
                    ("act", models.CharField(max_length=10)),
                    ("kind", models.CharField(max_length=20)),
                    ("done", models.BooleanField(default=False)),
                    ("happened_at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField()),
                    ("facts", models.JSONField(default=dict)),
                    ("loan_id", models.BigIntegerField(null=True)),
                    ("state", models.CharField(default="open", max_length=10)),
                    ("settled_at", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True, default="")),
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
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
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
                    (
                        "terminal",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="circulation.terminal",
                        ),
                    ),
                    (
                        "device",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="circulation.offlinedevice",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "open")),
                            fields=["house", "recorded_at"],
                            name="circulation_conflict_open",
                        ),
                        models.Index(fields=["house", "settled_at"], name="circulation_conflict_done"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("source__in", ["offline", "sip2"])), name="circulation_conflict_source"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "copy_lent",
                                        "lent_since",
                                        "member_blocked",
                                        "member_expired",
                                        "over_limit",
                                        "reserved",
                                        "not_for_loan",
                                        "against_rules",
                                        "card_unknown",
                                        "copy_unknown",
                                        "card_taken",
                                        "possible_duplicate",
                                        "incomplete",
                                        "member_waits",
                                        "captured",
                                        "time_unsure",
                                        "device_revoked",
                                        "tampered",
                                        "failed",
                                    ],
                                )
                            ),
                            name="circulation_conflict_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("settled_at__isnull", True), ("state", "open")),
                                models.Q(
                                    ("settled_at__isnull", False), ("state__in", ["accepted", "undone", "dismissed"])
                                ),
                                _connector="OR",
                            ),
                            name="circulation_conflict_settled",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("device__isnull", False), ("number__isnull", False)),
                            fields=("device", "number", "kind"),
                            name="circulation_conflict_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="OfflineEntry",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.BigIntegerField()),
                    ("act", models.CharField(max_length=10)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("signature", models.BinaryField(max_length=64)),
                    ("body", models.TextField(null=True)),
                    ("happened_at", models.DateTimeField()),
                    ("unsure_seconds", models.BigIntegerField(default=0)),
                    ("received_at", models.DateTimeField()),
                    ("outcome", models.CharField(blank=True, default="", max_length=10)),
                    ("outcome_at", models.DateTimeField(null=True)),
                    ("result", models.JSONField(null=True)),
                    (
                        "device",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="circulation.offlinedevice",
                        ),
                    ),
                ],
                options={
                    "db_table": "circulation_offline_entry",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("outcome", "")),
                            fields=["device", "number"],
                            name="circulation_offline_entry_open",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("device", "number"), name="circulation_offline_entry_once"),
                        models.CheckConstraint(
                            condition=models.Q(("act__in", ["check_out", "check_in", "register"])),
                            name="circulation_offline_entry_act",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("outcome", ""), ("outcome_at__isnull", True)),
                                models.Q(
                                    ("outcome__in", ["done", "conflict", "superseded"]), ("outcome_at__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="circulation_offline_entry_outcome",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StrayReturn",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("at", models.DateTimeField()),
                    (
                        "copy",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.copy",
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                ],
                options={
                    "db_table": "circulation_stray_return",
                    "indexes": [
                        models.Index(fields=["copy", "at"], name="circulation_stray_return_copy"),
                        models.Index(fields=["at"], name="circulation_stray_return_at"),
                    ],
                },
            ),
        ),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
