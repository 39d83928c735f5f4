"""Events, who registered for them, who came, and what came of it.

Protects: no more people have places than there are, of a house's share and of the common places alike, nor seats than the smallest vehicle
of a tour has (`taken` and `riding` are written by triggers alone, check constraints bound them); the places of an event are its capacity;
events and registrations take only the steps of their life and are never deleted; stops of a tour do not overlap; one message of a device
is one check-in.
Locks nothing that exists. Needs the extension btree_gist, which spaces' first migration creates.
"""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

REGISTRATION = """
CREATE FUNCTION events_holds(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state IN ('confirmed', 'attended', 'absent')
$$;

CREATE FUNCTION events_registration_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before events_registration;
    rode integer := 0;
    rides integer := 0;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD;
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
            WHEN 'requested' THEN NEW.state IN ('waiting', 'confirmed', 'refused', 'cancelled')
            WHEN 'waiting' THEN NEW.state IN ('requested', 'confirmed', 'cancelled')
            WHEN 'confirmed' THEN NEW.state IN ('waiting', 'attended', 'absent', 'cancelled')
            WHEN 'attended' THEN NEW.state IN ('confirmed', 'absent')
            WHEN 'absent' THEN NEW.state = 'attended'
            ELSE false END) THEN
            RAISE EXCEPTION 'a registration does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'events_registration_steps';
        END IF;
        IF (NEW.event_id, NEW.registered_at) IS DISTINCT FROM (OLD.event_id, OLD.registered_at) THEN
            RAISE EXCEPTION 'registration % stays what it was', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'events_registration_kept';
        END IF;
        IF events_holds(OLD.state) AND NOT OLD.own_transport THEN rode := OLD.people; END IF;
    ELSE
        before.from_pool := 0;
        before.from_common := 0;
    END IF;
    IF events_holds(NEW.state) AND NOT NEW.own_transport THEN rides := NEW.people; END IF;
    IF NEW.pool_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM events_pool WHERE id = NEW.pool_id AND event_id = NEW.event_id AND house_id IS NOT NULL) THEN
        RAISE EXCEPTION 'pool % is no share of event %', NEW.pool_id, NEW.event_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_registration_pool_of_event';
    END IF;
    IF before.pool_id IS DISTINCT FROM NEW.pool_id THEN
        UPDATE events_pool SET taken = taken - before.from_pool WHERE id = before.pool_id AND before.from_pool > 0;
        UPDATE events_pool SET taken = taken + NEW.from_pool WHERE id = NEW.pool_id AND NEW.from_pool > 0;
    ELSIF NEW.from_pool <> before.from_pool THEN
        UPDATE events_pool SET taken = taken + NEW.from_pool - before.from_pool WHERE id = NEW.pool_id;
    END IF;
    IF NEW.from_common <> before.from_common THEN
        UPDATE events_pool SET taken = taken + NEW.from_common - before.from_common
        WHERE event_id = NEW.event_id AND house_id IS NULL;
    END IF;
    IF rides <> rode THEN
        UPDATE events_event SET riding = riding + rides - rode WHERE id = NEW.event_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_registration_changes
    AFTER INSERT OR UPDATE OF state, event_id, people, own_transport, pool_id, from_pool, from_common, registered_at ON events_registration
    FOR EACH ROW EXECUTE FUNCTION events_registration_changes();
"""

# The sum of all that is not undone, counted anew: two who undo at one moment cannot make it less than nobody.
CHECKIN = """
CREATE FUNCTION events_checkin_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ((NEW.event_id, NEW.registration_id, NEW.people) IS DISTINCT FROM (OLD.event_id, OLD.registration_id, OLD.people)
        OR OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at) THEN
        RAISE EXCEPTION 'check-in % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_checkin_kept';
    END IF;
    IF NEW.registration_id IS NOT NULL THEN
        UPDATE events_registration SET came =
            (SELECT coalesce(sum(people), 0) FROM events_checkin WHERE registration_id = NEW.registration_id AND undone_at IS NULL)
        WHERE id = NEW.registration_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_checkin_changes AFTER INSERT OR UPDATE OF event_id, registration_id, people, undone_at ON events_checkin
    FOR EACH ROW EXECUTE FUNCTION events_checkin_changes();
"""

EVENT = """
CREATE FUNCTION events_event_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'proposed' THEN NEW.state IN ('open', 'cancelled')
        WHEN 'open' THEN NEW.state IN ('full', 'held', 'cancelled')
        WHEN 'full' THEN NEW.state IN ('open', 'held', 'cancelled')
        ELSE false END) THEN
        RAISE EXCEPTION 'an event does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_event_steps';
    END IF;
    IF NEW.house_id <> OLD.house_id OR OLD.state IN ('held', 'cancelled') AND (NEW.starts, NEW.ends) IS DISTINCT FROM (OLD.starts, OLD.ends) THEN
        RAISE EXCEPTION 'event % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_event_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_event_changes AFTER UPDATE OF state, house_id, starts, ends ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_changes();

-- Judged at the end of the transaction: shares change one after the other.
CREATE FUNCTION events_pool_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted integer;
    there integer;
    number bigint;
BEGIN
    IF TG_TABLE_NAME = 'events_event' THEN number := NEW.id; ELSE number := coalesce(NEW.event_id, OLD.event_id); END IF;
    SELECT capacity INTO wanted FROM events_event WHERE id = number;
    SELECT sum(places) INTO there FROM events_pool WHERE event_id = number;
    IF wanted IS DISTINCT FROM there THEN
        RAISE EXCEPTION 'event % has % places and shares of %', number, wanted, there
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_pool_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER events_pool_sum AFTER INSERT OR DELETE OR UPDATE OF places, event_id ON events_pool
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION events_pool_sum();
CREATE CONSTRAINT TRIGGER events_event_sum AFTER INSERT OR UPDATE OF capacity ON events_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION events_pool_sum();
"""

KEPT = """
CREATE FUNCTION events_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER events_event_no_delete BEFORE DELETE ON events_event FOR EACH ROW EXECUTE FUNCTION events_never();
CREATE TRIGGER events_registration_no_delete BEFORE DELETE ON events_registration FOR EACH ROW EXECUTE FUNCTION events_never();
CREATE TRIGGER events_checkin_no_delete BEFORE DELETE ON events_checkin FOR EACH ROW EXECUTE FUNCTION events_never();
-- What is taken follows from the registrations; whoever else writes it would sell places twice or lose them.
CREATE TRIGGER events_pool_by_triggers BEFORE UPDATE OF taken ON events_pool
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.taken <> OLD.taken) EXECUTE FUNCTION events_never();
CREATE TRIGGER events_event_riding_by_triggers BEFORE UPDATE OF riding ON events_event
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.riding <> OLD.riding) EXECUTE FUNCTION events_never();
CREATE TRIGGER events_registration_came_by_triggers BEFORE UPDATE OF came ON events_registration
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.came <> OLD.came) EXECUTE FUNCTION events_never();
"""

UNDO = """
DROP FUNCTION events_holds, events_registration_changes, events_checkin_changes, events_event_changes, events_pool_sum, events_never CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        ("spaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Event",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    (
                        "sectors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("place", models.JSONField(default=dict)),
                    ("online_url", models.TextField(blank=True, default="")),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                    ("admission", models.TextField(default="register")),
                    ("capacity", models.IntegerField(null=True)),
                    ("largest_group", models.IntegerField(default=10)),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.CharField(blank=True, default="", max_length=3)),
                    ("opens_at", models.DateTimeField(null=True)),
                    ("closes_at", models.DateTimeField(null=True)),
                    ("release_at", models.DateTimeField(null=True)),
                    ("released_at", models.DateTimeField(null=True)),
                    ("seats", models.IntegerField(null=True)),
                    ("riding", models.IntegerField(default=0)),
                    ("remind_hours", models.SmallIntegerField(default=24)),
                    ("state", models.TextField(default="proposed")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("proposed_at", models.DateTimeField()),
                    ("revision", models.IntegerField(default=0)),
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
                        models.Index(fields=["starts"], name="events_event_when"),
                        models.Index(fields=["house", "starts"], name="events_event_of_house"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "talk",
                                        "meetup",
                                        "fair",
                                        "exhibition",
                                        "tour",
                                        "joint",
                                        "competition",
                                        "reading",
                                        "other",
                                    ],
                                )
                            ),
                            name="events_event_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["proposed", "open", "full", "held", "cancelled"])),
                            name="events_event_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends__gt", models.F("starts")),
                                (
                                    "ends__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("starts"), "+", models.Value(datetime.timedelta(days=366))
                                    ),
                                ),
                            ),
                            name="events_event_period",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("admission", "free"), ("capacity__isnull", True)),
                                models.Q(("admission__in", ["register", "approval"]), ("capacity__range", (1, 100000))),
                                _connector="OR",
                            ),
                            name="events_event_admission",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("riding__gte", 0),
                                models.Q(("seats__isnull", True), ("riding__lte", models.F("seats")), _connector="OR"),
                            ),
                            name="events_event_seats",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("price_amount__isnull", True), ("price_currency", "")),
                                models.Q(("price_amount__gte", 0), ("price_currency__regex", "^[A-Z]{3}$")),
                                _connector="OR",
                            ),
                            name="events_event_price",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "cancelled"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="events_event_cancelled_why",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="EventSpace",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "booking",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="spaces.booking"
                        ),
                    ),
                    (
                        "event",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="spaces", to="events.event"
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Leg",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("place", models.JSONField(default=dict)),
                    ("stays", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                    ("transport", models.TextField()),
                    ("seats", models.IntegerField(null=True)),
                    ("meeting", models.JSONField(default=dict)),
                    (
                        "event",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="legs",
                            to="events.event",
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
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("transport__in", ["bus", "minibus", "car", "train", "boat", "walk", "own"])
                            ),
                            name="events_leg_transport",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("house__isnull", True), ("organisation__isnull", True), _connector="OR"
                            ),
                            name="events_leg_one_site",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("seats__isnull", True), ("seats__gte", 1), _connector="OR"),
                            name="events_leg_seats",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[("event", "="), ("stays", "&&")], name="events_leg_one_at_a_time"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Organiser",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "event",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="organisers", to="events.event"
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("event", "organisation"), name="events_organiser_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="OutcomeCount",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("number", models.IntegerField()),
                    (
                        "event",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="outcome_counts",
                            to="events.event",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("event", "kind"), name="events_outcomecount_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "contact",
                                        "meeting",
                                        "need",
                                        "offer",
                                        "application",
                                        "agreement",
                                        "investment",
                                        "placement",
                                        "media",
                                    ],
                                )
                            ),
                            name="events_outcomecount_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("number__range", (1, 1000000))), name="events_outcomecount_number"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pool",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("promised", models.IntegerField()),
                    ("places", models.IntegerField()),
                    ("taken", models.IntegerField(default=0)),
                    (
                        "event",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="pools", to="events.event"
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("event", "house"), name="events_pool_once", nulls_distinct=False
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("promised__gte", 0), ("taken__gte", 0), ("taken__lte", models.F("places"))
                            ),
                            name="events_pool_places",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Registration",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("guest", models.TextField(blank=True, default="")),
                    ("people", models.IntegerField(default=1)),
                    (
                        "names",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("own_transport", models.BooleanField(default=False)),
                    ("note", models.TextField(blank=True, default="")),
                    ("from_pool", models.IntegerField(default=0)),
                    ("from_common", models.IntegerField(default=0)),
                    ("state", models.TextField()),
                    ("code", models.TextField(unique=True)),
                    ("came", models.IntegerField(default=0)),
                    ("channel", models.TextField(default="web")),
                    ("decision_id", models.BigIntegerField(null=True)),
                    ("terms", models.JSONField(default=dict)),
                    ("override", models.JSONField(null=True)),
                    ("registered_at", models.DateTimeField()),
                    ("joined_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("end_reason", models.TextField(blank=True, default="")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("reminded_for", models.DateTimeField(null=True)),
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
                        "event",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="registrations",
                            to="events.event",
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
                        "pool",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="events.pool",
                        ),
                    ),
                    (
                        "registered_by",
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
                    "indexes": [
                        models.Index(fields=["event", "state", "joined_at"], name="events_registration_of_event"),
                        models.Index(
                            condition=models.Q(("account__isnull", False)),
                            fields=["account"],
                            name="events_registration_of",
                        ),
                        models.Index(
                            condition=models.Q(("pool__isnull", False)),
                            fields=["pool"],
                            name="events_registration_of_pool",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("account__isnull", False),
                                models.Q(("state__in", ["refused", "cancelled"]), _negated=True),
                            ),
                            fields=("event", "account", "organisation"),
                            name="events_registration_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["requested", "waiting", "confirmed", "attended", "absent", "refused", "cancelled"],
                                )
                            ),
                            name="events_registration_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("people__range", (1, 100000)), ("came__gte", 0), ("came__lte", models.F("people"))
                            ),
                            name="events_registration_people",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("from_common__gte", 0),
                                    ("from_pool__gte", 0),
                                    (
                                        "people",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("from_pool"), "+", models.F("from_common")
                                        ),
                                    ),
                                    ("state__in", ["confirmed", "attended", "absent"]),
                                ),
                                models.Q(
                                    models.Q(("state__in", ["confirmed", "attended", "absent"]), _negated=True),
                                    ("from_common", 0),
                                    ("from_pool", 0),
                                ),
                                _connector="OR",
                            ),
                            name="events_registration_places",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("pool__isnull", False), ("from_pool", 0), _connector="OR"),
                            name="events_registration_pool",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["requested", "waiting", "confirmed"]), _negated=True),
                                ("ended_at__isnull", True),
                                _connector="OR",
                            ),
                            name="events_registration_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "end_reason__in",
                                        ["registrant", "staff", "event", "no_place", "unanswered", "erased"],
                                    ),
                                    ("state__in", ["refused", "cancelled"]),
                                ),
                                models.Q(
                                    models.Q(("state__in", ["refused", "cancelled"]), _negated=True), ("end_reason", "")
                                ),
                                _connector="OR",
                            ),
                            name="events_registration_end_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Feedback",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("rating", models.SmallIntegerField()),
                    ("words", models.TextField(blank=True, default="")),
                    ("given_at", models.DateTimeField()),
                    (
                        "event",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="feedback", to="events.event"
                        ),
                    ),
                    (
                        "registration",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="feedback",
                            to="events.registration",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("rating__range", (1, 5))), name="events_feedback_rating"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CheckIn",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("guest", models.TextField(blank=True, default="")),
                    ("people", models.IntegerField()),
                    ("client_id", models.TextField(blank=True, default="")),
                    ("at", models.DateTimeField()),
                    ("received_at", models.DateTimeField()),
                    ("undone_at", models.DateTimeField(null=True)),
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
                        "event",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="check_ins", to="events.event"
                        ),
                    ),
                    (
                        "registration",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="check_ins",
                            to="events.registration",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("client_id", ""), _negated=True),
                            fields=("event", "client_id"),
                            name="events_checkin_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("people__range", (1, 100000))), name="events_checkin_people"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Outcome",
                fields=[
                    (
                        "event",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            primary_key=True,
                            related_name="outcome",
                            serialize=False,
                            to="events.event",
                        ),
                    ),
                    ("attendance", models.IntegerField(null=True)),
                    ("text", models.TextField(blank=True, default="")),
                    ("recorded_at", models.DateTimeField()),
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
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("attendance__isnull", True), ("attendance__range", (0, 10000000)), _connector="OR"
                            ),
                            name="events_outcome_attendance",
                        ),
                    ],
                },
            ),
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (REGISTRATION, CHECKIN, EVENT)),
        migrations.RunSQL(KEPT, UNDO),
    ]
