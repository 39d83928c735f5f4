"""Matchmaking sessions, meetings of two with their rounds and tables, and demo days with who wants to know more.

Protects: sessions, participants, meetings and questions for contact take only the steps of their lives and are not deleted; a meeting that takes
place has the times of its round, is of participants, a round and a table of its own session, and not at a time that one of them has said they
cannot; nobody who comes for a participant, no participant and no table is in two meetings at once, in whichever sessions; `meetings_sitting` is
written from meetings and people alone; plans stay as they were made. Locks nothing that exists. Needs btree_gist, which the network's first
migration creates. Fails nowhere: it makes tables.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

SQL = """
CREATE FUNCTION meetings_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;

-- The steps of each life: table, state, the states that may follow.
CREATE FUNCTION meetings_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (TG_TABLE_NAME::text, OLD.state, NEW.state) NOT IN (
        ('meetings_matchmaking', 'draft', 'open'), ('meetings_matchmaking', 'draft', 'cancelled'),
        ('meetings_matchmaking', 'open', 'cancelled'),
        ('meetings_participant', 'registered', 'withdrawn'),
        ('meetings_meeting', 'asked', 'accepted'), ('meetings_meeting', 'asked', 'declined'), ('meetings_meeting', 'asked', 'withdrawn'),
        ('meetings_meeting', 'accepted', 'held'), ('meetings_meeting', 'accepted', 'missed'), ('meetings_meeting', 'accepted', 'cancelled'),
        ('meetings_interest', 'asked', 'accepted'), ('meetings_interest', 'asked', 'declined'), ('meetings_interest', 'asked', 'withdrawn')) THEN
        RAISE EXCEPTION '% does not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_steps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meetings_matchmaking_steps BEFORE UPDATE OF state ON meetings_matchmaking FOR EACH ROW EXECUTE FUNCTION meetings_steps();
CREATE TRIGGER meetings_participant_steps BEFORE UPDATE OF state ON meetings_participant FOR EACH ROW EXECUTE FUNCTION meetings_steps();
CREATE TRIGGER meetings_a_meeting_steps BEFORE UPDATE OF state ON meetings_meeting FOR EACH ROW EXECUTE FUNCTION meetings_steps();
CREATE TRIGGER meetings_interest_steps BEFORE UPDATE OF state ON meetings_interest FOR EACH ROW EXECUTE FUNCTION meetings_steps();
CREATE TRIGGER meetings_matchmaking_no_delete BEFORE DELETE ON meetings_matchmaking FOR EACH ROW EXECUTE FUNCTION meetings_never();
CREATE TRIGGER meetings_participant_no_delete BEFORE DELETE ON meetings_participant FOR EACH ROW EXECUTE FUNCTION meetings_never();
CREATE TRIGGER meetings_meeting_no_delete BEFORE DELETE ON meetings_meeting FOR EACH ROW EXECUTE FUNCTION meetings_never();
CREATE TRIGGER meetings_plan_kept BEFORE DELETE ON meetings_plan FOR EACH ROW EXECUTE FUNCTION meetings_never();
CREATE TRIGGER meetings_plan_same BEFORE UPDATE ON meetings_plan FOR EACH ROW
    WHEN ((to_jsonb(NEW) - 'made_by_id') <> (to_jsonb(OLD) - 'made_by_id') OR NEW.made_by_id IS NOT NULL) EXECUTE FUNCTION meetings_never();

-- A meeting: of participants of its own session, and where it has a seat, of a round and a table of it, at a time at which both can.
CREATE FUNCTION meetings_meeting_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE at meetings_round;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.matchmaking_id, NEW.asker_id, NEW.asked_id) IS DISTINCT FROM (OLD.matchmaking_id, OLD.asker_id, OLD.asked_id) THEN
        RAISE EXCEPTION 'a meeting stays that of the same two' USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_meeting_kept';
    END IF;
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM meetings_participant
        WHERE id IN (NEW.asker_id, NEW.asked_id) AND matchmaking_id <> NEW.matchmaking_id) THEN
        RAISE EXCEPTION 'a meeting is of participants of one session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_meeting_session';
    END IF;
    -- What does not take place takes nobody's time.
    IF NEW.state NOT IN ('accepted', 'held', 'missed') OR NEW.round_id IS NULL THEN
        NEW.round_id := NULL; NEW.table_id := NULL; NEW.starts := NULL; NEW.ends := NULL;
        RETURN NEW;
    END IF;
    SELECT * INTO at FROM meetings_round WHERE id = NEW.round_id FOR SHARE;
    IF at.matchmaking_id <> NEW.matchmaking_id
        OR NOT EXISTS (SELECT FROM meetings_table WHERE id = NEW.table_id AND matchmaking_id = NEW.matchmaking_id) THEN
        RAISE EXCEPTION 'a round and a table of another session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_meeting_session';
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.round_id IS DISTINCT FROM OLD.round_id)
        AND EXISTS (SELECT FROM meetings_absence WHERE round_id = NEW.round_id AND participant_id IN (NEW.asker_id, NEW.asked_id)) THEN
        RAISE EXCEPTION 'one of the two cannot at this time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_meeting_available';
    END IF;
    NEW.starts := at.starts; NEW.ends := at.ends;
    RETURN NEW;
END $$;
CREATE TRIGGER meetings_meeting_fits BEFORE INSERT OR UPDATE ON meetings_meeting FOR EACH ROW EXECUTE FUNCTION meetings_meeting_fits();

-- Who sits where when: from meetings and people alone.
CREATE FUNCTION meetings_meeting_sits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.round_id, NEW.table_id, NEW.starts, NEW.ends) IS NOT DISTINCT FROM (OLD.round_id, OLD.table_id, OLD.starts, OLD.ends) THEN
        RETURN NULL;
    END IF;
    DELETE FROM meetings_sitting WHERE meeting_id = NEW.id;
    IF NEW.round_id IS NOT NULL THEN
        INSERT INTO meetings_sitting (meeting_id, participant_id, account_id, starts, ends)
            SELECT NEW.id, side, NULL, NEW.starts, NEW.ends FROM unnest(ARRAY[NEW.asker_id, NEW.asked_id]) AS side
            UNION ALL
            SELECT NEW.id, participant_id, account_id, NEW.starts, NEW.ends FROM meetings_person
                WHERE participant_id IN (NEW.asker_id, NEW.asked_id) AND state = 'coming';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER meetings_meeting_sits AFTER INSERT OR UPDATE ON meetings_meeting FOR EACH ROW EXECUTE FUNCTION meetings_meeting_sits();

CREATE FUNCTION meetings_person_sits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'coming' THEN
        DELETE FROM meetings_sitting WHERE participant_id = OLD.participant_id AND account_id = OLD.account_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'coming' THEN
        INSERT INTO meetings_sitting (meeting_id, participant_id, account_id, starts, ends)
            SELECT meeting_id, participant_id, NEW.account_id, starts, ends FROM meetings_sitting
                WHERE participant_id = NEW.participant_id AND account_id IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER meetings_person_sits AFTER INSERT OR UPDATE OF state OR DELETE ON meetings_person FOR EACH ROW EXECUTE FUNCTION meetings_person_sits();
CREATE TRIGGER meetings_sitting_by_meetings BEFORE INSERT OR UPDATE OR DELETE ON meetings_sitting
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION meetings_never();

-- A round in which somebody meets stays where it is; lift the meetings first. Nobody is absent from a meeting that they agreed to.
CREATE FUNCTION meetings_round_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM meetings_meeting WHERE round_id = NEW.id) THEN
        RAISE EXCEPTION 'somebody meets then' USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_round_in_use';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meetings_round_stays BEFORE UPDATE OF starts, ends, matchmaking_id ON meetings_round FOR EACH ROW
    WHEN ((NEW.starts, NEW.ends, NEW.matchmaking_id) IS DISTINCT FROM (OLD.starts, OLD.ends, OLD.matchmaking_id)) EXECUTE FUNCTION meetings_round_stays();
CREATE FUNCTION meetings_absence_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM meetings_round WHERE id = NEW.round_id FOR UPDATE;
    IF EXISTS (SELECT FROM meetings_meeting WHERE round_id = NEW.round_id AND NEW.participant_id IN (asker_id, asked_id)) THEN
        RAISE EXCEPTION 'there is a meeting then' USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_absence_meeting';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meetings_absence_fits BEFORE INSERT OR UPDATE ON meetings_absence FOR EACH ROW EXECUTE FUNCTION meetings_absence_fits();
"""

UNDO = """
DROP FUNCTION meetings_never, meetings_steps, meetings_meeting_fits, meetings_meeting_sits, meetings_person_sits, meetings_round_stays,
    meetings_absence_fits CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0002_charged"),
        ("network", "0004_withdrawn_organisations"),
        ("people", "__first__"),
        ("residencies", "0001_initial"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Matchmaking",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("place", models.JSONField(default=dict)),
                    ("state", models.TextField(default="draft")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("slot_minutes", models.SmallIntegerField(default=20)),
                    ("pause_minutes", models.SmallIntegerField(default=5)),
                    (
                        "guests",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "sectors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("most_meetings", models.SmallIntegerField(default=12)),
                    ("closes_at", models.DateTimeField(null=True)),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    (
                        "event",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="events.event"
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
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["draft", "open", "cancelled"])), name="meetings_state"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("slot_minutes__range", (5, 120))), name="meetings_slot"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("pause_minutes__range", (0, 60))), name="meetings_pause"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("most_meetings__range", (1, 100))), name="meetings_most"
                        ),
                    ],
                    "indexes": [models.Index(fields=["house", "state"], name="meetings_of_house")],
                },
            ),
            migrations.CreateModel(
                name="Round",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.SmallIntegerField()),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                    (
                        "matchmaking",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rounds",
                            to="meetings.matchmaking",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends__gt", models.F("starts"))), name="meetings_round_order"
                        ),
                        models.UniqueConstraint(fields=("matchmaking", "number"), name="meetings_round_number"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Table",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.SmallIntegerField()),
                    ("name", models.TextField(blank=True, default="")),
                    ("online_url", models.TextField(blank=True, default="")),
                    (
                        "matchmaking",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tables",
                            to="meetings.matchmaking",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("matchmaking", "number"), name="meetings_table_number")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Participant",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("offers", models.TextField(blank=True, default="")),
                    ("seeks", models.TextField(blank=True, default="")),
                    ("published", models.BooleanField(default=False)),
                    ("state", models.TextField(default="registered")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    (
                        "matchmaking",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="participants",
                            to="meetings.matchmaking",
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
                        "residency",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="residencies.residency",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "company",
                                        "investor",
                                        "accelerator",
                                        "university",
                                        "institution",
                                        "team",
                                        "mentor",
                                    ],
                                )
                            ),
                            name="meetings_participant_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["registered", "withdrawn"])),
                            name="meetings_participant_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("organisation__isnull", False), ("state", "registered")),
                            fields=("matchmaking", "organisation"),
                            name="meetings_participant_organisation",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("residency__isnull", False), ("state", "registered")),
                            fields=("matchmaking", "residency"),
                            name="meetings_participant_residency",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Person",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="asked")),
                    ("asked_at", models.DateTimeField()),
                    ("answered_at", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "matchmaking",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="people",
                            to="meetings.matchmaking",
                        ),
                    ),
                    (
                        "participant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="people",
                            to="meetings.participant",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["asked", "coming", "declined"])),
                            name="meetings_person_state",
                        ),
                        models.UniqueConstraint(
                            fields=("participant", "account"), name="meetings_person_of_participant"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "coming")),
                            fields=("matchmaking", "account"),
                            name="meetings_person_comes_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state", "asked"), ("answered_at__isnull", False), _connector="OR"),
                            name="meetings_person_answered",
                        ),
                    ],
                    "indexes": [models.Index(fields=["account"], name="meetings_person_account")],
                },
            ),
            migrations.CreateModel(
                name="Absence",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "participant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="absences",
                            to="meetings.participant",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="meetings.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("participant", "round"), name="meetings_absence_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Plan",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("problem", models.TextField()),
                    ("seats", models.JSONField()),
                    ("digest", models.CharField(max_length=64)),
                    ("placed", models.IntegerField()),
                    ("wanted", models.IntegerField()),
                    ("made_at", models.DateTimeField()),
                    (
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "matchmaking",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="meetings.matchmaking"
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Meeting",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("message", models.TextField(blank=True, default="")),
                    ("answer", models.TextField(blank=True, default="")),
                    ("state", models.TextField(default="asked")),
                    ("starts", models.DateTimeField(null=True)),
                    ("ends", models.DateTimeField(null=True)),
                    ("by_hand", models.BooleanField(default=False)),
                    ("asked_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("revision", models.IntegerField(default=0)),
                    (
                        "asked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "matchmaking",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="meetings",
                            to="meetings.matchmaking",
                        ),
                    ),
                    (
                        "absent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="meetings.participant",
                        ),
                    ),
                    (
                        "asked",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="asked_of",
                            to="meetings.participant",
                        ),
                    ),
                    (
                        "asker",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="asked_for",
                            to="meetings.participant",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="meetings",
                            to="meetings.round",
                        ),
                    ),
                    (
                        "table",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="meetings",
                            to="meetings.table",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["asked", "accepted", "declined", "withdrawn", "cancelled", "held", "missed"],
                                )
                            ),
                            name="meetings_meeting_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("asker", models.F("asked")), _negated=True), name="meetings_meeting_two"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("ends__isnull", True),
                                    ("round__isnull", True),
                                    ("starts__isnull", True),
                                    ("table__isnull", True),
                                ),
                                models.Q(
                                    ("ends__isnull", False),
                                    ("round__isnull", False),
                                    ("starts__isnull", False),
                                    ("table__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="meetings_meeting_seat",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["held", "missed"]), _negated=True),
                                ("round__isnull", False),
                                _connector="OR",
                            ),
                            name="meetings_meeting_held_somewhere",
                        ),
                        models.UniqueConstraint(
                            django.db.models.functions.comparison.Least("asker", "asked"),
                            django.db.models.functions.comparison.Greatest("asker", "asked"),
                            condition=models.Q(("state__in", ["asked", "accepted", "held", "missed"])),
                            name="meetings_meeting_pair",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            condition=models.Q(("state__in", ["accepted", "held", "missed"]), ("table__isnull", False)),
                            expressions=[
                                ("table", "="),
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
                            name="meetings_table_apart",
                        ),
                    ],
                    "indexes": [models.Index(fields=["matchmaking", "state"], name="meetings_of_matchmaking")],
                },
            ),
            migrations.CreateModel(
                name="Sitting",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "meeting",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="sittings", to="meetings.meeting"
                        ),
                    ),
                    (
                        "participant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.participant"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[
                                ("participant", "="),
                                (
                                    models.Func(
                                        models.F("starts"),
                                        models.F("ends"),
                                        function="tstzrange",
                                        output_field=models.TextField(),
                                    ),
                                    "&&",
                                ),
                                ("meeting", "<>"),
                            ],
                            name="meetings_participant_apart",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[
                                ("account", "="),
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
                            name="meetings_person_apart",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Said",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("outcome", models.TextField()),
                    ("note", models.TextField(blank=True, default="")),
                    ("at", models.DateTimeField()),
                    (
                        "meeting",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="said", to="meetings.meeting"
                        ),
                    ),
                    (
                        "participant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.participant"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("meeting", "participant"), name="meetings_said_once"),
                        models.CheckConstraint(
                            condition=models.Q(("outcome__in", ["nothing", "follow_up", "exchange", "again"])),
                            name="meetings_said_outcome",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DemoDay",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("order", models.TextField(default="by_hand")),
                    ("seed", models.TextField(blank=True, default="")),
                    ("pause_minutes", models.SmallIntegerField(default=2)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "event",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="events.event"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("order", "by_hand"), models.Q(("seed", ""), _negated=True), _connector="OR"
                            ),
                            name="meetings_demoday_drawn",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("pause_minutes__range", (0, 60))), name="meetings_demoday_pause"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pitch",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.SmallIntegerField()),
                    ("title", models.TextField()),
                    ("summary", models.TextField(blank=True, default="")),
                    ("speaker", models.TextField(blank=True, default="")),
                    ("minutes", models.SmallIntegerField(default=5)),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                    (
                        "day",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="pitches", to="meetings.demoday"
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
                        "residency",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="residencies.residency",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                            fields=("day", "number"),
                            name="meetings_pitch_number",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("withdrawn_at__isnull", True)),
                            fields=("day", "residency"),
                            name="meetings_pitch_residency",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("withdrawn_at__isnull", True)),
                            fields=("day", "organisation"),
                            name="meetings_pitch_organisation",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("minutes__range", (1, 60))), name="meetings_pitch_minutes"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("residency__isnull", False), ("organisation__isnull", False), _connector="OR"
                            ),
                            name="meetings_pitch_somebodys",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Interest",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("message", models.TextField(blank=True, default="")),
                    ("state", models.TextField(default="asked")),
                    ("at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "answered_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                        "pitch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="interests", to="meetings.pitch"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["asked", "accepted", "declined", "withdrawn"])),
                            name="meetings_interest_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("account__isnull", False), ("state__in", ["asked", "accepted"])),
                            fields=("pitch", "account"),
                            name="meetings_interest_once",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
