"""Residencies, mentoring, and the support ledger.

Protects: residencies, milestones, sessions, requests and tranches take only the steps of their lives, and none of them is deleted; a mentor's
times never meet, one of them is one team's, and a team is in one place at a time; the ledger is kept as it is written, `promised` and `given`
of a budget line are written by it alone and never pass its amount, a tranche is paid once, of its own line, when its milestone is reached;
what is taken back is taken back once and whole. Locks nothing that exists. Needs btree_gist, which the network's first migration creates.
Fails nowhere else: it makes tables.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

SQL = """
CREATE FUNCTION residencies_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;

-- The steps of each life: table, state, the states that may follow.
CREATE FUNCTION residencies_step(what text, before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT before = after OR (what, before, after) IN (
        ('residencies_residency', 'offered', 'moved_in'), ('residencies_residency', 'offered', 'ended'),
        ('residencies_residency', 'moved_in', 'graduated'), ('residencies_residency', 'moved_in', 'left'),
        ('residencies_residency', 'moved_in', 'ended'),
        ('residencies_milestone', 'planned', 'submitted'), ('residencies_milestone', 'planned', 'dropped'),
        ('residencies_milestone', 'submitted', 'planned'), ('residencies_milestone', 'submitted', 'reached'),
        ('residencies_milestone', 'submitted', 'dropped'),
        ('residencies_session', 'booked', 'held'), ('residencies_session', 'booked', 'missed'),
        ('residencies_session', 'booked', 'cancelled'),
        ('residencies_request', 'asked', 'taken_up'), ('residencies_request', 'asked', 'done'),
        ('residencies_request', 'asked', 'refused'), ('residencies_request', 'asked', 'withdrawn'),
        ('residencies_request', 'taken_up', 'done'), ('residencies_request', 'taken_up', 'refused'),
        ('residencies_request', 'taken_up', 'withdrawn'),
        ('residencies_tranche', 'promised', 'paid'), ('residencies_tranche', 'promised', 'cancelled'))
$$;
CREATE FUNCTION residencies_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT residencies_step(TG_TABLE_NAME, OLD.state, NEW.state) THEN
        RAISE EXCEPTION '% does not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_steps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER residencies_residency_steps BEFORE UPDATE OF state ON residencies_residency
    FOR EACH ROW EXECUTE FUNCTION residencies_steps();
CREATE TRIGGER residencies_milestone_steps BEFORE UPDATE OF state ON residencies_milestone
    FOR EACH ROW EXECUTE FUNCTION residencies_steps();
CREATE TRIGGER residencies_session_steps BEFORE UPDATE OF state ON residencies_session
    FOR EACH ROW EXECUTE FUNCTION residencies_steps();
CREATE TRIGGER residencies_request_steps BEFORE UPDATE OF state ON residencies_request
    FOR EACH ROW EXECUTE FUNCTION residencies_steps();
CREATE TRIGGER residencies_residency_no_delete BEFORE DELETE ON residencies_residency
    FOR EACH ROW EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_residency_same BEFORE UPDATE ON residencies_residency
    FOR EACH ROW WHEN ((NEW.house_id, NEW.organisation_id, NEW.application_id, NEW.made_key)
            IS DISTINCT FROM (OLD.house_id, OLD.organisation_id, OLD.application_id, OLD.made_key)
        OR (NEW.founder_id IS NOT NULL AND NEW.founder_id IS DISTINCT FROM OLD.founder_id))
    EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_milestone_no_delete BEFORE DELETE ON residencies_milestone
    FOR EACH ROW EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_session_no_delete BEFORE DELETE ON residencies_session
    FOR EACH ROW EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_check_same BEFORE UPDATE ON residencies_healthcheck
    FOR EACH ROW WHEN ((NEW.residency_id, NEW."on", NEW.scores, NEW.at) IS DISTINCT FROM (OLD.residency_id, OLD."on", OLD.scores, OLD.at)
        OR NEW.note NOT IN (OLD.note, '') OR (NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id))
    EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_check_no_delete BEFORE DELETE ON residencies_healthcheck
    FOR EACH ROW EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_evidence_no_delete BEFORE DELETE ON residencies_evidence
    FOR EACH ROW EXECUTE FUNCTION residencies_never();

-- A budget line: its sums are written by what is promised and given alone.
CREATE TRIGGER residencies_line_by_entries BEFORE UPDATE ON residencies_line
    FOR EACH ROW WHEN ((pg_trigger_depth() = 0 AND (NEW.promised, NEW.given) IS DISTINCT FROM (OLD.promised, OLD.given))
        OR (NEW.house_id, NEW.giver_id, NEW.kind, NEW.unit) IS DISTINCT FROM (OLD.house_id, OLD.giver_id, OLD.kind, OLD.unit))
    EXECUTE FUNCTION residencies_never();
CREATE FUNCTION residencies_line_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.promised := 0;
    NEW.given := 0;
    RETURN NEW;
END $$;
CREATE TRIGGER residencies_line_begins BEFORE INSERT ON residencies_line FOR EACH ROW EXECUTE FUNCTION residencies_line_begins();
CREATE TRIGGER residencies_line_no_delete BEFORE DELETE ON residencies_line FOR EACH ROW EXECUTE FUNCTION residencies_never();

CREATE FUNCTION residencies_tranche_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.state := 'promised';
        UPDATE residencies_line SET promised = promised + NEW.amount WHERE id = NEW.line_id;
        IF NEW.milestone_id IS NOT NULL AND NOT EXISTS
            (SELECT FROM residencies_milestone WHERE id = NEW.milestone_id AND residency_id = NEW.residency_id) THEN
            RAISE EXCEPTION 'the milestone is of another residency'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_tranche_milestone';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT residencies_step(TG_TABLE_NAME, OLD.state, NEW.state) OR (NEW.state = 'paid' AND OLD.state <> 'paid' AND pg_trigger_depth() = 1)
        OR (NEW.residency_id, NEW.line_id, NEW.milestone_id, NEW.amount, NEW.made_key)
            IS DISTINCT FROM (OLD.residency_id, OLD.line_id, OLD.milestone_id, OLD.amount, OLD.made_key) THEN
        RAISE EXCEPTION 'a tranche does not become so' USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_tranche_steps';
    END IF;
    IF NEW.state <> OLD.state THEN
        UPDATE residencies_line SET promised = promised - NEW.amount WHERE id = NEW.line_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER residencies_tranche_counts BEFORE INSERT OR UPDATE ON residencies_tranche
    FOR EACH ROW EXECUTE FUNCTION residencies_tranche_counts();
CREATE TRIGGER residencies_tranche_no_delete BEFORE DELETE ON residencies_tranche
    FOR EACH ROW EXECUTE FUNCTION residencies_never();

CREATE FUNCTION residencies_support_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole residencies_support; part residencies_tranche;
BEGIN
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO whole FROM residencies_support WHERE id = NEW.reverses_id;
        IF whole.reverses_id IS NOT NULL OR (NEW.house_id, NEW.residency_id, NEW.line_id, NEW.kind, NEW.unit, NEW.amount)
            IS DISTINCT FROM (whole.house_id, whole.residency_id, whole.line_id, whole.kind, whole.unit, -whole.amount) THEN
            RAISE EXCEPTION 'a line is taken back whole' USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_support_reverses';
        END IF;
    ELSIF NEW.tranche_id IS NOT NULL THEN
        SELECT * INTO part FROM residencies_tranche WHERE id = NEW.tranche_id FOR NO KEY UPDATE;
        IF part.state <> 'promised' OR (part.residency_id, part.line_id, part.amount)
            IS DISTINCT FROM (NEW.residency_id, NEW.line_id, NEW.amount) THEN
            RAISE EXCEPTION 'a tranche is paid once, as it was promised'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_tranche_paid';
        END IF;
        IF part.milestone_id IS NOT NULL AND NOT EXISTS
            (SELECT FROM residencies_milestone WHERE id = part.milestone_id AND state = 'reached') THEN
            RAISE EXCEPTION 'the milestone is not reached'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_tranche_milestone';
        END IF;
        UPDATE residencies_tranche SET state = 'paid' WHERE id = NEW.tranche_id;
    END IF;
    IF NEW.line_id IS NOT NULL THEN
        UPDATE residencies_line SET given = given + NEW.amount
            WHERE id = NEW.line_id AND kind = NEW.kind AND unit = NEW.unit AND giver_id = NEW.giver_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the budget line is of another kind'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_support_line';
        END IF;
    ELSIF NEW.kind IN ('grant', 'credit', 'investment') THEN
        RAISE EXCEPTION 'money comes from a budget line' USING ERRCODE = 'check_violation', CONSTRAINT = 'residencies_support_line';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER residencies_support_counts BEFORE INSERT ON residencies_support
    FOR EACH ROW EXECUTE FUNCTION residencies_support_counts();
CREATE TRIGGER residencies_support_kept BEFORE UPDATE OR DELETE ON residencies_support
    FOR EACH ROW EXECUTE FUNCTION residencies_never();
CREATE TRIGGER residencies_support_no_truncate BEFORE TRUNCATE ON residencies_support
    FOR EACH STATEMENT EXECUTE FUNCTION residencies_never();
"""

UNDO = """
DROP FUNCTION residencies_never, residencies_step, residencies_steps, residencies_line_begins, residencies_tranche_counts,
    residencies_support_counts CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        ("people", "__first__"),
        ("programmes", "0001_initial"),
        ("spaces", "0001_initial"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Residency",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
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
                        "founder",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "application",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="programmes.application",
                        ),
                    ),
                    ("names", models.JSONField(default=dict)),
                    ("plan", models.TextField(blank=True, default="")),
                    ("people", models.SmallIntegerField(default=1)),
                    ("state", models.TextField(default="offered")),
                    ("starts_on", models.DateField()),
                    ("ends_on", models.DateField()),
                    ("moved_in_on", models.DateField(null=True)),
                    ("over_on", models.DateField(null=True)),
                    ("over_reason", models.TextField(blank=True, default="")),
                    ("follow_up_consent_at", models.DateTimeField(null=True)),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                ],
                options={
                    "indexes": [models.Index(fields=["house", "state"], name="residencies_of_house")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["offered", "moved_in", "graduated", "left", "ended"])),
                            name="residencies_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="residencies_days"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("people__range", (1, 200))), name="residencies_people"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("moved_in_on__isnull", True), ("state", "offered")),
                                models.Q(("moved_in_on__isnull", False), ("state__in", ["moved_in", "graduated"])),
                                models.Q(("moved_in_on__isnull", False), ("state", "left")),
                                ("state", "ended"),
                                _connector="OR",
                            ),
                            name="residencies_moved_in",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("over_on__isnull", False), ("state__in", ["graduated", "left", "ended"])),
                                models.Q(
                                    models.Q(("state__in", ["graduated", "left", "ended"]), _negated=True),
                                    ("over_on__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="residencies_over_on",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "over_reason__in",
                                        [
                                            "declined",
                                            "withdrawn",
                                            "moved_elsewhere",
                                            "gave_up",
                                            "term_over",
                                            "rules_broken",
                                            "other",
                                        ],
                                    ),
                                    ("state__in", ["left", "ended"]),
                                ),
                                models.Q(
                                    models.Q(("state__in", ["left", "ended"]), _negated=True), ("over_reason", "")
                                ),
                                _connector="OR",
                            ),
                            name="residencies_over_reason",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("organisation__isnull", False), ("state__in", ["offered", "moved_in"])),
                            fields=("house", "organisation"),
                            name="residencies_one_open",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Allotment",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="allotments",
                            to="residencies.residency",
                        ),
                    ),
                    (
                        "booking",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="spaces.booking"
                        ),
                    ),
                    ("first", models.DateField()),
                    ("last", models.DateField()),
                    ("given_back_on", models.DateField(null=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("last__gte", models.F("first"))), name="residencies_allotment_days"
                        )
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Milestone",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="milestones",
                            to="residencies.residency",
                        ),
                    ),
                    ("number", models.SmallIntegerField()),
                    ("names", models.JSONField(default=dict)),
                    ("wanted", models.TextField(blank=True, default="")),
                    ("due_on", models.DateField()),
                    ("state", models.TextField(default="planned")),
                    ("said", models.TextField(blank=True, default="")),
                    ("submitted_at", models.DateTimeField(null=True)),
                    ("decided_at", models.DateTimeField(null=True)),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("answer", models.TextField(blank=True, default="")),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("residency", "number"), name="residencies_milestone_number"),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["planned", "submitted", "reached", "dropped"])),
                            name="residencies_milestone_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at__isnull", False), ("state__in", ["reached", "dropped"])),
                                models.Q(
                                    models.Q(("state__in", ["reached", "dropped"]), _negated=True),
                                    ("decided_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="residencies_milestone_decided",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["submitted", "reached"]), _negated=True),
                                ("submitted_at__isnull", False),
                                _connector="OR",
                            ),
                            name="residencies_milestone_submitted",
                        ),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Evidence",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "milestone",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="evidence",
                            to="residencies.milestone",
                        ),
                    ),
                    ("digest", models.CharField(max_length=64)),
                    ("name", models.TextField()),
                    ("media", models.TextField()),
                    ("size", models.BigIntegerField()),
                    (
                        "given_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("given_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("milestone", "digest"), name="residencies_evidence_once"),
                        models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="residencies_evidence_size"),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Request",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="requests",
                            to="residencies.residency",
                        ),
                    ),
                    ("kind", models.TextField()),
                    ("text", models.TextField()),
                    ("state", models.TextField(default="asked")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("answer", models.TextField(blank=True, default="")),
                    (
                        "answered_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("changed_at", models.DateTimeField()),
                    ("made_key", models.TextField(unique=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "space",
                                        "equipment",
                                        "training",
                                        "legal",
                                        "money",
                                        "customers",
                                        "export",
                                        "repair",
                                        "other",
                                    ],
                                )
                            ),
                            name="residencies_request_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["asked", "taken_up", "done", "refused", "withdrawn"])),
                            name="residencies_request_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["done", "refused"]), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="residencies_request_answer",
                        ),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="HealthCheck",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="checks",
                            to="residencies.residency",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on", models.DateField()),
                    ("scores", models.JSONField()),
                    ("note", models.TextField(blank=True, default="")),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("residency", "by", "on"), name="residencies_healthcheck_once_a_day"
                        )
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="FollowUp",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="follow_ups",
                            to="residencies.residency",
                        ),
                    ),
                    ("year", models.SmallIntegerField()),
                    ("due_on", models.DateField()),
                    ("asked", models.BooleanField(default=False)),
                    ("fate", models.TextField(blank=True, default="")),
                    ("people", models.IntegerField(null=True)),
                    ("revenue_band", models.TextField(blank=True, default="")),
                    ("exports", models.BooleanField(null=True)),
                    ("answered_at", models.DateTimeField(null=True)),
                    (
                        "answered_by",
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
                            condition=models.Q(("answered_at__isnull", True)),
                            fields=["due_on"],
                            name="residencies_followup_due",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("residency", "year"), name="residencies_followup_once"),
                        models.CheckConstraint(
                            condition=models.Q(("year__range", (1, 5))), name="residencies_followup_year"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("fate", ""),
                                ("fate__in", ["trading", "bought", "merged", "resting", "closed"]),
                                _connector="OR",
                            ),
                            name="residencies_followup_fate",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("revenue_band", ""),
                                ("revenue_band__in", ["none", "to_10", "to_50", "to_250", "above"]),
                                _connector="OR",
                            ),
                            name="residencies_followup_band",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("people__isnull", True), ("people__range", (0, 100000)), _connector="OR"
                            ),
                            name="residencies_followup_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("answered_at__isnull", False),
                                models.Q(
                                    ("exports__isnull", True),
                                    ("fate", ""),
                                    ("people__isnull", True),
                                    ("revenue_band", ""),
                                ),
                                _connector="OR",
                            ),
                            name="residencies_followup_answered",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Mentorship",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="mentorships",
                            to="residencies.residency",
                        ),
                    ),
                    (
                        "mentor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("since", models.DateField()),
                    ("until", models.DateField(null=True)),
                    ("why", models.TextField(blank=True, default="")),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("mentor__isnull", False), ("until__isnull", True)),
                            fields=("residency", "mentor"),
                            name="residencies_mentorship_one_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                            ),
                            name="residencies_mentorship_days",
                        ),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Slot",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "mentor",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                    ("place", models.TextField(blank=True, default="")),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends__gt", models.F("starts"))), name="residencies_slot_order"
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[
                                ("mentor", "="),
                                (
                                    models.Func(
                                        models.F("starts"),
                                        models.F("ends"),
                                        function="tstzrange",
                                        output_field=models.TextField(),
                                    ),
                                    "&&",
                                ),
                            ],
                            name="residencies_slot_apart",
                        ),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Session",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="sessions",
                            to="residencies.residency",
                        ),
                    ),
                    (
                        "slot",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="residencies.slot"
                        ),
                    ),
                    (
                        "mentor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                    ("topic", models.TextField()),
                    ("state", models.TextField(default="booked")),
                    ("summary", models.TextField(blank=True, default="")),
                    (
                        "booked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("booked_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends__gt", models.F("starts"))), name="residencies_session_order"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["booked", "held", "missed", "cancelled"])),
                            name="residencies_session_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["booked", "held", "missed"])),
                            fields=("slot",),
                            name="residencies_session_one_a_slot",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            condition=models.Q(("state__in", ["booked", "held", "missed"])),
                            expressions=[
                                ("residency", "="),
                                (
                                    models.Func(
                                        models.F("starts"),
                                        models.F("ends"),
                                        function="tstzrange",
                                        output_field=models.TextField(),
                                    ),
                                    "&&",
                                ),
                            ],
                            name="residencies_session_apart",
                        ),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Line",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "giver",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
                        ),
                    ),
                    ("agreement", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("kind", models.TextField()),
                    ("unit", models.TextField()),
                    ("amount", models.BigIntegerField()),
                    ("promised", models.BigIntegerField(default=0)),
                    ("given", models.BigIntegerField(default=0)),
                    ("first", models.DateField()),
                    ("last", models.DateField()),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                ],
                options={
                    "indexes": [models.Index(fields=["house"], name="residencies_line_of_house")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    ["grant", "credit", "investment", "mentoring", "premises", "equipment", "training"],
                                )
                            ),
                            name="residencies_line_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("kind__in", ["grant", "credit", "investment"]), ("unit__regex", "^[A-Z]{3}$")
                                ),
                                models.Q(("kind", "premises"), ("unit", "days")),
                                models.Q(("kind__in", ["mentoring", "equipment", "training"]), ("unit", "minutes")),
                                _connector="OR",
                            ),
                            name="residencies_line_unit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("last__gte", models.F("first"))), name="residencies_line_days"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0), ("given__gte", 0), ("promised__gte", 0)),
                            name="residencies_line_above_zero",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "amount__gte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("promised"), "+", models.F("given")
                                    ),
                                )
                            ),
                            name="residencies_line_not_passed",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Tranche",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "residency",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tranches",
                            to="residencies.residency",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="tranches", to="residencies.line"
                        ),
                    ),
                    (
                        "milestone",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tranches",
                            to="residencies.milestone",
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                    ("state", models.TextField(default="promised")),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="residencies_tranche_amount"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["promised", "paid", "cancelled"])),
                            name="residencies_tranche_state",
                        ),
                    ],
                    "indexes": [],
                },
            ),
            migrations.CreateModel(
                name="Support",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "residency",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="support",
                            to="residencies.residency",
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
                        "giver",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="support",
                            to="residencies.line",
                        ),
                    ),
                    (
                        "tranche",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="support",
                            to="residencies.tranche",
                        ),
                    ),
                    (
                        "reverses",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="reversed_by",
                            to="residencies.support",
                        ),
                    ),
                    ("kind", models.TextField()),
                    ("unit", models.TextField()),
                    ("amount", models.BigIntegerField()),
                    ("given_on", models.DateField()),
                    ("note", models.TextField(blank=True, default="")),
                    ("source", models.TextField(blank=True, default="")),
                    ("receipt", models.TextField(unique=True)),
                    ("key", models.TextField(unique=True)),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["house", "-given_on", "-id"], name="residencies_support_of_house")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    ["grant", "credit", "investment", "mentoring", "premises", "equipment", "training"],
                                )
                            ),
                            name="residencies_support_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("kind__in", ["grant", "credit", "investment"]), ("unit__regex", "^[A-Z]{3}$")
                                ),
                                models.Q(("kind", "premises"), ("unit", "days")),
                                models.Q(("kind__in", ["mentoring", "equipment", "training"]), ("unit", "minutes")),
                                _connector="OR",
                            ),
                            name="residencies_support_unit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("amount__gt", 0), ("reverses__isnull", True)),
                                models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                                _connector="OR",
                            ),
                            name="residencies_support_sign",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("residency__isnull", False), ("organisation__isnull", False), _connector="OR"
                            ),
                            name="residencies_support_to_somebody",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("reverses__isnull", True), ("tranche__isnull", False)),
                            fields=("tranche",),
                            name="residencies_support_tranche_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("reverses__isnull", True), models.Q(("source", ""), _negated=True)),
                            fields=("source",),
                            name="residencies_support_source_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Acknowledgement",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "support",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="acknowledgement",
                            to="residencies.support",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "indexes": [],
                    "constraints": [],
                },
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
