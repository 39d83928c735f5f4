"""Loans, requests, transfers, fees and inventories.

Protects, whatever a service does: one open loan a copy; a copy is lent, on its way or on the hold shelf, never two of these
(`circulation_occupancy`, written by triggers); the copy's state agrees with what holds it; loans, transfers and requests take only the
steps of their life; the ledger of fees is append-only; no loan, request or transfer is deleted; statistics name no person.
Locks `catalogue_copy` for the moment in which its trigger is made. Fails where a copy already has a state that nothing holds: none has,
since an import never sets one.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

OCCUPANCY = """
CREATE FUNCTION circulation_occupy(the_copy bigint, the_loan bigint, the_transfer bigint, the_request bigint, the_state text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE before text;
BEGIN
    SELECT state INTO before FROM catalogue_copy WHERE id = the_copy FOR NO KEY UPDATE;
    IF before = 'withdrawn' THEN
        RAISE EXCEPTION 'copy % is withdrawn', the_copy
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_copy_not_withdrawn';
    END IF;
    INSERT INTO circulation_occupancy (copy_id, loan_id, transfer_id, request_id)
    VALUES (the_copy, the_loan, the_transfer, the_request);
    UPDATE catalogue_copy SET state = the_state WHERE id = the_copy AND state <> the_state;
END $$;

CREATE FUNCTION circulation_release(the_copy bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM circulation_occupancy WHERE copy_id = the_copy;
    UPDATE catalogue_copy SET state = 'available'
    WHERE id = the_copy AND state IN ('on_loan', 'lost', 'in_transit', 'on_hold_shelf');
END $$;
"""

LOAN = """
CREATE FUNCTION circulation_loan_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' AND NEW.ended_at IS NULL THEN
            RAISE EXCEPTION 'a loan begins open' USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_loan_begins_open';
        END IF;
        IF NEW.state = 'open' THEN
            PERFORM circulation_occupy(NEW.copy_id, NEW.id, NULL, NULL, 'on_loan');
        END IF;
        RETURN NULL;
    END IF;
    IF (NEW.copy_id, NEW.house_id, NEW.lent_at) IS DISTINCT FROM (OLD.copy_id, OLD.house_id, OLD.lent_at)
        OR (NEW.member_id IS DISTINCT FROM OLD.member_id AND NEW.member_id IS NOT NULL AND OLD.member_id IS NULL) THEN
        RAISE EXCEPTION 'loan % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_loan_kept';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('open', 'returned'), ('open', 'lost'), ('lost', 'found')) THEN
        RAISE EXCEPTION 'a loan does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_loan_steps';
    END IF;
    IF NEW.state = 'lost' THEN
        UPDATE catalogue_copy SET state = 'lost' WHERE id = NEW.copy_id;
    ELSE
        PERFORM circulation_release(NEW.copy_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER circulation_loan_changes AFTER INSERT OR UPDATE OF state, copy_id, house_id, lent_at, member_id ON circulation_loan
    FOR EACH ROW EXECUTE FUNCTION circulation_loan_changes();
"""

TRANSFER = """
CREATE FUNCTION circulation_transfer_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'sent' THEN
            PERFORM circulation_occupy(NEW.copy_id, NULL, NEW.id, NULL, 'in_transit');
        END IF;
        RETURN NULL;
    END IF;
    IF (NEW.copy_id, NEW.from_house_id, NEW.to_house_id, NEW.sent_at)
        IS DISTINCT FROM (OLD.copy_id, OLD.from_house_id, OLD.to_house_id, OLD.sent_at) THEN
        RAISE EXCEPTION 'transfer % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_transfer_kept';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    IF OLD.state <> 'sent' THEN
        RAISE EXCEPTION 'a transfer does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_transfer_steps';
    END IF;
    PERFORM circulation_release(NEW.copy_id);
    RETURN NULL;
END $$;
CREATE TRIGGER circulation_transfer_changes AFTER INSERT OR UPDATE OF state, copy_id, from_house_id, to_house_id, sent_at
    ON circulation_transfer FOR EACH ROW EXECUTE FUNCTION circulation_transfer_changes();
"""

REQUEST = """
CREATE FUNCTION circulation_request_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held boolean := TG_OP = 'UPDATE' AND OLD.state = 'on_shelf';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.level, NEW.work_id, NEW.record_id, NEW.wanted_copy_id, NEW.placed_at)
            IS DISTINCT FROM (OLD.level, OLD.work_id, OLD.record_id, OLD.wanted_copy_id, OLD.placed_at)
            AND OLD.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'request % stays what it was', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_request_kept';
        END IF;
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
            WHEN 'placed' THEN NEW.state <> 'placed'
            WHEN 'suspended' THEN NEW.state IN ('placed', 'fulfilled', 'cancelled', 'expired', 'unfilled')
            WHEN 'targeted' THEN NEW.state <> 'targeted'
            WHEN 'in_transit' THEN NEW.state IN ('on_shelf', 'placed', 'fulfilled', 'cancelled', 'expired')
            WHEN 'on_shelf' THEN NEW.state IN ('fulfilled', 'cancelled', 'expired', 'in_transit', 'placed')
            ELSE false END) THEN
            RAISE EXCEPTION 'a request does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_request_steps';
        END IF;
        IF held AND (NEW.state <> 'on_shelf' OR NEW.captured_copy_id IS DISTINCT FROM OLD.captured_copy_id) THEN
            PERFORM circulation_release(OLD.captured_copy_id);
            held := false;
        END IF;
    END IF;
    IF NEW.state = 'on_shelf' AND NOT held THEN
        PERFORM circulation_occupy(NEW.captured_copy_id, NULL, NULL, NEW.id, 'on_hold_shelf');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER circulation_request_changes AFTER INSERT OR UPDATE ON circulation_request
    FOR EACH ROW EXECUTE FUNCTION circulation_request_changes();
"""

COPY = """
CREATE FUNCTION circulation_copy_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held circulation_occupancy;
DECLARE wanted text[];
BEGIN
    SELECT * INTO held FROM circulation_occupancy WHERE copy_id = NEW.id;
    wanted := CASE
        WHEN held.loan_id IS NOT NULL THEN ARRAY['on_loan', 'lost']
        WHEN held.transfer_id IS NOT NULL THEN ARRAY['in_transit']
        WHEN held.request_id IS NOT NULL THEN ARRAY['on_hold_shelf']
        ELSE ARRAY['on_order', 'in_process', 'available', 'at_repair', 'missing', 'lost', 'withdrawn'] END;
    IF NEW.state <> ALL (wanted) THEN
        RAISE EXCEPTION 'copy % cannot be %', NEW.id, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'circulation_copy_state_as_held';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER circulation_copy_state BEFORE UPDATE OF state ON catalogue_copy
    FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION circulation_copy_state();
CREATE TRIGGER circulation_copy_begins BEFORE INSERT ON catalogue_copy
    FOR EACH ROW WHEN (NEW.state IN ('on_loan', 'in_transit', 'on_hold_shelf')) EXECUTE FUNCTION circulation_copy_state();
"""

KEPT = """
CREATE FUNCTION circulation_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER circulation_fee_entry_kept BEFORE UPDATE OR DELETE ON circulation_fee_entry
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
CREATE TRIGGER circulation_fee_entry_no_truncate BEFORE TRUNCATE ON circulation_fee_entry
    FOR EACH STATEMENT EXECUTE FUNCTION circulation_never();
CREATE TRIGGER circulation_loan_no_delete BEFORE DELETE ON circulation_loan
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
CREATE TRIGGER circulation_request_no_delete BEFORE DELETE ON circulation_request
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
CREATE TRIGGER circulation_transfer_no_delete BEFORE DELETE ON circulation_transfer
    FOR EACH ROW EXECUTE FUNCTION circulation_never();
"""

UNDO = """
DROP TRIGGER circulation_copy_state ON catalogue_copy;
DROP TRIGGER circulation_copy_begins ON catalogue_copy;
DROP FUNCTION circulation_copy_state, circulation_occupy, circulation_release, circulation_loan_changes,
    circulation_transfer_changes, circulation_request_changes, circulation_never CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0002_copies_for_lending"),
        ("network", "0001_initial"),
        ("people", "0002_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Inventory",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("location", models.TextField(blank=True, default="")),
                    ("call_from", models.TextField(blank=True, default="")),
                    ("call_to", models.TextField(blank=True, default="")),
                    ("opened_at", models.DateTimeField()),
                    ("closed_at", models.DateTimeField(null=True)),
                    ("expected", models.IntegerField(default=0)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "opened_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Occupancy",
                fields=[
                    (
                        "copy",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="catalogue.copy",
                        ),
                    ),
                    ("loan_id", models.BigIntegerField(null=True)),
                    ("transfer_id", models.BigIntegerField(null=True)),
                    ("request_id", models.BigIntegerField(null=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("loan_id__isnull", False),
                                    ("request_id__isnull", True),
                                    ("transfer_id__isnull", True),
                                ),
                                models.Q(
                                    ("loan_id__isnull", True),
                                    ("request_id__isnull", True),
                                    ("transfer_id__isnull", False),
                                ),
                                models.Q(
                                    ("loan_id__isnull", True),
                                    ("request_id__isnull", False),
                                    ("transfer_id__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="circulation_occupancy_by_one",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Request",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("level", models.CharField(max_length=6)),
                    ("state", models.CharField(default="placed", max_length=10)),
                    ("channel", models.CharField(max_length=10)),
                    ("placed_at", models.DateTimeField()),
                    ("priority", models.SmallIntegerField(default=0)),
                    ("suspended_until", models.DateTimeField(null=True)),
                    ("expires_at", models.DateTimeField(null=True)),
                    ("captured_at", models.DateTimeField(null=True)),
                    ("shelf_until", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("end_reason", models.CharField(blank=True, default="", max_length=20)),
                    ("decision_id", models.BigIntegerField(null=True)),
                    ("terms", models.JSONField(default=dict)),
                    ("override", models.JSONField(null=True)),
                    ("note", models.TextField(blank=True, default="")),
                    (
                        "captured_copy",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.copy",
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
                        "pickup_house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "record",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.record",
                        ),
                    ),
                    (
                        "wanted_copy",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.copy",
                        ),
                    ),
                    (
                        "work",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.work",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                ("record__isnull", False), ("state__in", ["placed", "suspended", "targeted"])
                            ),
                            fields=["record"],
                            name="circulation_request_queue",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("state__in", ["placed", "suspended", "targeted"]), ("work__isnull", False)
                            ),
                            fields=["work"],
                            name="circulation_request_work_queue",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("state__in", ["placed", "suspended", "targeted", "in_transit", "on_shelf"])
                            ),
                            fields=["member"],
                            name="circulation_request_of_member",
                        ),
                        models.Index(
                            condition=models.Q(("state", "on_shelf")),
                            fields=["pickup_house", "shelf_until"],
                            name="circulation_request_shelf",
                        ),
                        models.Index(
                            condition=models.Q(("state__in", ["placed", "suspended", "targeted"])),
                            fields=["placed_at"],
                            name="circulation_request_waiting",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("state__in", ["placed", "suspended", "targeted"]), ("wanted_copy__isnull", False)
                            ),
                            fields=["wanted_copy"],
                            name="circulation_request_copy_queue",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "placed",
                                        "suspended",
                                        "targeted",
                                        "in_transit",
                                        "on_shelf",
                                        "fulfilled",
                                        "cancelled",
                                        "expired",
                                        "unfilled",
                                    ],
                                )
                            ),
                            name="circulation_request_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("level", "work"),
                                    ("wanted_copy__isnull", True),
                                    ("work__isnull", False),
                                ),
                                models.Q(
                                    ("level", "record"),
                                    ("record__isnull", False),
                                    ("wanted_copy__isnull", True),
                                    ("work__isnull", True),
                                ),
                                models.Q(
                                    ("level", "copy"),
                                    ("record__isnull", False),
                                    ("wanted_copy__isnull", False),
                                    ("work__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="circulation_request_level",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("ended_at__isnull", True),
                                    ("member__isnull", False),
                                    ("state__in", ["placed", "suspended", "targeted", "in_transit", "on_shelf"]),
                                ),
                                models.Q(
                                    models.Q(
                                        ("state__in", ["placed", "suspended", "targeted", "in_transit", "on_shelf"]),
                                        _negated=True,
                                    ),
                                    ("ended_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="circulation_request_ended",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["in_transit", "on_shelf"]), _negated=True),
                                models.Q(("captured_at__isnull", False), ("captured_copy__isnull", False)),
                                _connector="OR",
                            ),
                            name="circulation_request_captured",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "on_shelf"), _negated=True),
                                ("shelf_until__isnull", False),
                                _connector="OR",
                            ),
                            name="circulation_request_shelf_until",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["in_transit", "on_shelf"])),
                            fields=("captured_copy",),
                            name="circulation_request_one_a_copy",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("level__in", ["record"]),
                                ("member__isnull", False),
                                ("state__in", ["placed", "suspended", "targeted", "in_transit", "on_shelf"]),
                            ),
                            fields=("member", "record"),
                            name="circulation_request_record_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("level", "work"),
                                ("member__isnull", False),
                                ("state__in", ["placed", "suspended", "targeted", "in_transit", "on_shelf"]),
                            ),
                            fields=("member", "work"),
                            name="circulation_request_work_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("level", "copy"),
                                ("member__isnull", False),
                                ("state__in", ["placed", "suspended", "targeted", "in_transit", "on_shelf"]),
                            ),
                            fields=("member", "wanted_copy"),
                            name="circulation_request_copy_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Loan",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("item_type", models.CharField(max_length=12)),
                    ("state", models.CharField(default="open", max_length=8)),
                    ("channel", models.CharField(default="desk", max_length=10)),
                    ("lent_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField()),
                    ("renewals", models.SmallIntegerField(default=0)),
                    ("renewed_at", models.DateTimeField(null=True)),
                    ("claimed_at", models.DateTimeField(null=True)),
                    ("lost_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("decision_id", models.BigIntegerField(null=True)),
                    ("terms", models.JSONField(default=dict)),
                    ("override", models.JSONField(null=True)),
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
                        "ended_house",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
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
                        "request",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="circulation.request",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["open", "lost"])),
                            fields=["member", "due_at"],
                            name="circulation_loan_of_member",
                        ),
                        models.Index(
                            condition=models.Q(("member__isnull", False), ("state__in", ["returned", "found"])),
                            fields=["member", "ended_at"],
                            name="circulation_loan_history",
                        ),
                        models.Index(
                            condition=models.Q(("state", "open")),
                            fields=["house", "due_at"],
                            name="circulation_loan_due_at_house",
                        ),
                        models.Index(
                            condition=models.Q(("state", "open")), fields=["due_at"], name="circulation_loan_due"
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["open", "lost"])),
                            fields=("copy",),
                            name="circulation_loan_one_open_a_copy",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["open", "returned", "lost", "found"])),
                            name="circulation_loan_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("channel__in", ["desk", "self_check", "sip2", "web", "api", "offline"])
                            ),
                            name="circulation_loan_channel",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("ended_at__isnull", True),
                                    ("member__isnull", False),
                                    ("state__in", ["open", "lost"]),
                                ),
                                models.Q(("ended_at__isnull", False), ("state__in", ["returned", "found"])),
                                _connector="OR",
                            ),
                            name="circulation_loan_ended",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["lost", "found"]), _negated=True),
                                ("lost_at__isnull", False),
                                _connector="OR",
                            ),
                            name="circulation_loan_lost",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("due_at__gt", models.F("lent_at")), ("renewals__gte", 0)),
                            name="circulation_loan_due_after_lent",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ended_at__isnull", True), ("ended_at__gte", models.F("lent_at")), _connector="OR"
                            ),
                            name="circulation_loan_ends_after_lent",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Run",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("day", models.DateField()),
                    ("name", models.TextField(blank=True, default="")),
                    ("state", models.CharField(default="planned", max_length=9)),
                    ("started_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "bookmobile",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["planned", "under_way", "done", "cancelled"])),
                            name="circulation_run_state",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RunStop",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("position", models.SmallIntegerField()),
                    ("reached_at", models.DateTimeField(null=True)),
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
                        "run",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="stops", to="circulation.run"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("run", "position"), name="circulation_runstop_position"),
                        models.UniqueConstraint(fields=("run", "house"), name="circulation_runstop_house_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Statistic",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("day", models.DateField()),
                    ("act", models.CharField(max_length=12)),
                    ("category", models.TextField(blank=True, default="")),
                    ("age_band", models.CharField(blank=True, default="", max_length=5)),
                    ("item_type", models.CharField(blank=True, default="", max_length=12)),
                    ("channel", models.CharField(blank=True, default="", max_length=10)),
                    (
                        "home_house",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
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
                    "indexes": [
                        models.Index(fields=["house", "day", "act"], name="circulation_statistic_house"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("act__in", ["loan", "renewal", "return", "in_house_use", "request", "transfer"])
                            ),
                            name="circulation_statistic_act",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Target",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.CharField(default="asked", max_length=9)),
                    ("asked_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("score", models.JSONField(default=dict)),
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
                    (
                        "request",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="targets",
                            to="circulation.request",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "asked")),
                            fields=["house"],
                            name="circulation_target_pull_list",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["asked", "captured", "not_found", "silent", "withdrawn"])
                            ),
                            name="circulation_target_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at__isnull", True), ("state", "asked")),
                                models.Q(models.Q(("state", "asked"), _negated=True), ("ended_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="circulation_target_ended",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "asked")),
                            fields=("request",),
                            name="circulation_target_one_a_request",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "asked")),
                            fields=("copy",),
                            name="circulation_target_one_a_copy",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Transfer",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("reason", models.CharField(max_length=9)),
                    ("state", models.CharField(default="sent", max_length=9)),
                    ("sent_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
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
                        "from_house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "request",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="circulation.request",
                        ),
                    ),
                    (
                        "run",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="transfers",
                            to="circulation.run",
                        ),
                    ),
                    (
                        "to_house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "sent")),
                            fields=["to_house"],
                            name="circulation_transfer_coming",
                        ),
                        models.Index(
                            condition=models.Q(("state", "sent")),
                            fields=["from_house"],
                            name="circulation_transfer_gone",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "sent")),
                            fields=("copy",),
                            name="circulation_transfer_one_a_copy",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["sent", "received", "lost", "cancelled"])),
                            name="circulation_transfer_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason__in", ["request", "return", "rebalance", "manual"])),
                            name="circulation_transfer_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("from_house", models.F("to_house")), _negated=True),
                            name="circulation_transfer_elsewhere",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at__isnull", True), ("state", "sent")),
                                models.Q(models.Q(("state", "sent"), _negated=True), ("ended_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="circulation_transfer_ended",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="InventoryScan",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("barcode", models.TextField()),
                    ("finding", models.CharField(max_length=10)),
                    ("scanned_at", models.DateTimeField()),
                    ("settled_at", models.DateTimeField(null=True)),
                    (
                        "copy",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.copy",
                        ),
                    ),
                    (
                        "inventory",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="scans",
                            to="circulation.inventory",
                        ),
                    ),
                ],
                options={
                    "db_table": "circulation_inventory_scan",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("inventory", "barcode"), name="circulation_inventory_scan_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("finding__in", ["expected", "misplaced", "unexpected", "unknown", "missing"])
                            ),
                            name="circulation_inventory_scan_finding",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FeeEntry",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.CharField(max_length=10)),
                    ("amount", models.BigIntegerField()),
                    ("currency", models.CharField(max_length=3)),
                    ("method", models.CharField(blank=True, default="", max_length=8)),
                    ("at", models.DateTimeField()),
                    ("note", models.TextField(blank=True, default="")),
                    ("key", models.TextField(null=True, unique=True)),
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
                    (
                        "member",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="people.member",
                        ),
                    ),
                    (
                        "settles",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="settled_by",
                            to="circulation.feeentry",
                        ),
                    ),
                    (
                        "loan",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="circulation.loan",
                        ),
                    ),
                ],
                options={
                    "db_table": "circulation_fee_entry",
                    "indexes": [
                        models.Index(fields=["member", "at"], name="circulation_fee_of_member"),
                        models.Index(
                            condition=models.Q(("loan__isnull", False)), fields=["loan"], name="circulation_fee_of_loan"
                        ),
                        models.Index(fields=["house", "at"], name="circulation_fee_of_house"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "overdue",
                                        "lost",
                                        "damaged",
                                        "processing",
                                        "other",
                                        "payment",
                                        "waiver",
                                        "refund",
                                    ],
                                )
                            ),
                            name="circulation_fee_entry_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("amount__gt", 0),
                                    ("kind__in", ["overdue", "lost", "damaged", "processing", "other"]),
                                ),
                                models.Q(
                                    models.Q(
                                        ("kind__in", ["overdue", "lost", "damaged", "processing", "other"]),
                                        _negated=True,
                                    ),
                                    ("amount__lt", 0),
                                ),
                                _connector="OR",
                            ),
                            name="circulation_fee_entry_sign",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="circulation_fee_entry_currency"
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(OCCUPANCY + LOAN + TRANSFER + REQUEST + COPY + KEPT, UNDO),
    ]
