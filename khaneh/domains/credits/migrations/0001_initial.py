"""Units, balances, the ledger, and work that earns.

Protects: a balance is the sum of its lines (their trigger alone writes it), of a credit never below zero, of money never below the floor that
a charge names; a line stays what it was, except that its words may be emptied; nothing of it is deleted; two who charge for one thing at once
cannot both; work earns once, and nobody confirms their own.
Locks nothing that exists. Fails nowhere: it makes five tables.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

LEDGER = """
CREATE FUNCTION credits_entry_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE credits_balance SET amount = amount + NEW.amount WHERE id = NEW.balance_id RETURNING amount INTO NEW.after;
    RETURN NEW;
END $$;
CREATE TRIGGER credits_entry_counts BEFORE INSERT ON credits_entry FOR EACH ROW EXECUTE FUNCTION credits_entry_counts();

CREATE FUNCTION credits_entry_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.balance_id, NEW.kind, NEW.amount, NEW.after, NEW.floor, NEW.source, NEW.step, NEW.means, NEW.house_id, NEW.by_id,
            NEW.at, NEW.key)
        IS DISTINCT FROM (OLD.id, OLD.balance_id, OLD.kind, OLD.amount, OLD.after, OLD.floor, OLD.source, OLD.step, OLD.means,
            OLD.house_id, OLD.by_id, OLD.at, OLD.key) OR NEW.note NOT IN (OLD.note, '') THEN
        RAISE EXCEPTION 'credits_entry is kept as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_entry_append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credits_entry_kept BEFORE UPDATE ON credits_entry FOR EACH ROW EXECUTE FUNCTION credits_entry_changes();

CREATE FUNCTION credits_balance_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.amount := 0;
    SELECT kind = 'currency' INTO NEW.may_owe FROM credits_unit WHERE code = NEW.unit_id;
    RETURN NEW;
END $$;
CREATE TRIGGER credits_balance_begins BEFORE INSERT ON credits_balance FOR EACH ROW EXECUTE FUNCTION credits_balance_begins();

CREATE FUNCTION credits_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER credits_balance_by_entries BEFORE UPDATE ON credits_balance
    FOR EACH ROW WHEN (pg_trigger_depth() = 0
        OR (NEW.id, NEW.account_id, NEW.organisation_id, NEW.unit_id, NEW.may_owe)
            IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.organisation_id, OLD.unit_id, OLD.may_owe))
    EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_balance_no_delete BEFORE DELETE ON credits_balance FOR EACH ROW EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_entry_no_delete BEFORE DELETE ON credits_entry FOR EACH ROW EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_entry_no_truncate BEFORE TRUNCATE ON credits_entry FOR EACH STATEMENT EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_balance_no_truncate BEFORE TRUNCATE ON credits_balance FOR EACH STATEMENT EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_work_no_delete BEFORE DELETE ON credits_work FOR EACH ROW EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_unit_same BEFORE UPDATE ON credits_unit
    FOR EACH ROW WHEN ((NEW.code, NEW.kind, NEW.house_id) IS DISTINCT FROM (OLD.code, OLD.kind, OLD.house_id))
    EXECUTE FUNCTION credits_never();
CREATE TRIGGER credits_work_decided_once BEFORE UPDATE OF state ON credits_work
    FOR EACH ROW WHEN (OLD.state <> 'pending' AND NEW.state <> OLD.state) EXECUTE FUNCTION credits_never();
"""

UNDO = """
DROP FUNCTION credits_entry_counts, credits_entry_changes, credits_balance_begins, credits_never CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Balance",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("amount", models.BigIntegerField(default=0)),
                    ("may_owe", models.BooleanField(default=False)),
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
                        "organisation",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Entry",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("amount", models.BigIntegerField()),
                    ("after", models.BigIntegerField(default=0)),
                    ("floor", models.BigIntegerField(null=True)),
                    ("source", models.TextField(blank=True, default="")),
                    ("step", models.SmallIntegerField(null=True)),
                    ("means", models.TextField(blank=True, default="")),
                    ("note", models.TextField(blank=True, default="")),
                    ("at", models.DateTimeField()),
                    ("key", models.TextField(null=True, unique=True)),
                    (
                        "balance",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="credits.balance",
                        ),
                    ),
                    (
                        "by",
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
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["balance", "-id"], name="credits_entry_of_balance"),
                        models.Index(
                            condition=models.Q(("kind__in", ["payment", "payout"])),
                            fields=["house", "-id"],
                            name="credits_entry_paid_at_house",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("amount__gt", 0), ("kind__in", ["refund", "payment", "earned"])),
                                models.Q(("amount__lt", 0), ("kind__in", ["charge", "payout"])),
                                models.Q(("kind", "adjusted"), models.Q(("amount", 0), _negated=True)),
                                _connector="OR",
                            ),
                            name="credits_entry_sign",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("amount__gt", 0),
                                ("floor__isnull", True),
                                ("after__gte", models.F("floor")),
                                _connector="OR",
                            ),
                            name="credits_entry_floor",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("kind__in", ["payment", "payout"]),
                                    ("means__in", ["cash", "card", "transfer", "online"]),
                                ),
                                models.Q(models.Q(("kind__in", ["payment", "payout"]), _negated=True), ("means", "")),
                                _connector="OR",
                            ),
                            name="credits_entry_means",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("source", ""), ("step__isnull", True)),
                                models.Q(models.Q(("source", ""), _negated=True), ("step__gte", 1)),
                                _connector="OR",
                            ),
                            name="credits_entry_step",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind__in", ["charge", "refund", "earned"]), _negated=True),
                                models.Q(("source", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="credits_entry_of_something",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("source", ""), _negated=True),
                            fields=("source", "step"),
                            name="credits_entry_one_step",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Unit",
                fields=[
                    ("code", models.TextField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("active", models.BooleanField(default=True)),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("code__regex", "^[A-Z]{3}$"), ("house__isnull", True), ("kind", "currency")),
                                models.Q(("code__regex", "^[A-Z][A-Z0-9]{3,11}$"), ("kind", "credit")),
                                _connector="OR",
                            ),
                            name="credits_unit_code",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Rate",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("per_hour", models.BigIntegerField()),
                    (
                        "unit",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rates",
                            to="credits.unit",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("unit", "kind"), name="credits_rate_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "mentoring",
                                        "teaching",
                                        "supervising",
                                        "repairing",
                                        "cataloguing",
                                        "translating",
                                        "helping",
                                        "other",
                                    ],
                                )
                            ),
                            name="credits_rate_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("per_hour__range", (1, 1000000))), name="credits_rate_amount"
                        ),
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="balance",
            name="unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="credits.unit"
            ),
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("minutes", models.SmallIntegerField()),
                ("done_on", models.DateField()),
                ("note", models.TextField(blank=True, default="")),
                ("state", models.TextField(default="pending")),
                ("recorded_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("key", models.TextField(null=True, unique=True)),
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
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="credits.entry"
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
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="credits.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")), fields=["house", "id"], name="credits_work_waiting"
                    ),
                    models.Index(fields=["account", "-id"], name="credits_work_of_account"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "mentoring",
                                    "teaching",
                                    "supervising",
                                    "repairing",
                                    "cataloguing",
                                    "translating",
                                    "helping",
                                    "other",
                                ],
                            )
                        ),
                        name="credits_work_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (1, 1440))), name="credits_work_minutes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", False), ("decided_at__isnull", True), ("state", "pending")),
                            models.Q(
                                ("decided_at__isnull", False), ("state__in", ["confirmed", "rejected", "withdrawn"])
                            ),
                            _connector="OR",
                        ),
                        name="credits_work_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", False), ("state", "confirmed")),
                            models.Q(models.Q(("state", "confirmed"), _negated=True), ("entry__isnull", True)),
                            _connector="OR",
                        ),
                        name="credits_work_earns_when_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "withdrawn"),
                            ("decided_by__isnull", True),
                            ("account__isnull", True),
                            models.Q(("decided_by", models.F("account")), _negated=True),
                            _connector="OR",
                        ),
                        name="credits_work_not_ones_own",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("organisation__isnull", True)),
                    models.Q(("account__isnull", True), ("organisation__isnull", False)),
                    _connector="OR",
                ),
                name="credits_balance_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(("may_owe", True), ("amount__gte", 0), _connector="OR"),
                name="credits_balance_not_owed",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account__isnull", False)),
                fields=("account", "unit"),
                name="credits_balance_of_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation__isnull", False)),
                fields=("organisation", "unit"),
                name="credits_balance_of_organisation",
            ),
        ),
        migrations.RunSQL(LEDGER, UNDO),
    ]
