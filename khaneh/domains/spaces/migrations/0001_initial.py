"""Spaces, their bookings, and what holds a space when.

Protects: no two bookings hold one unit of a space at a time, nor the whole while a part is held, nor anything that is closed (two exclusion
constraints on `spaces_occupancy`, whose rows triggers alone write); spaces form trees within a house, and nothing moves or shrinks
while somebody holds it; bookings and closures take only the steps of their life and are never deleted.
Locks nothing that exists. Fails when the role may not create the extension btree_gist (trusted since PostgreSQL 13, so the owner of the
database may).
"""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

# The path is written by the network's trigger (it knows any table with a parent). What else must be true of a tree of spaces is here; the
# parent is held, so that it cannot become counted, or another house's, at the same moment.
TREE = """
CREATE FUNCTION spaces_space_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above spaces_space;
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        SELECT * INTO above FROM spaces_space WHERE id = NEW.parent_id FOR SHARE;
        IF above.house_id <> NEW.house_id THEN
            RAISE EXCEPTION 'space % is of another house than what it is in', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_space_one_house';
        END IF;
        IF above.quantity > 1 THEN
            RAISE EXCEPTION 'space % cannot be in one that is counted', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_space_counted_holds_nothing';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.quantity > 1 OR NEW.house_id <> OLD.house_id) AND EXISTS (SELECT FROM spaces_space WHERE parent_id = NEW.id) THEN
            RAISE EXCEPTION 'space % contains others', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_space_counted_holds_nothing';
        END IF;
        IF NEW.house_id <> OLD.house_id AND EXISTS (SELECT FROM spaces_booking WHERE space_id = NEW.id) THEN
            RAISE EXCEPTION 'space % has been booked in its house', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_space_stays';
        END IF;
        IF NEW.path IS DISTINCT FROM OLD.path
            AND EXISTS (SELECT FROM spaces_occupancy WHERE space_id = NEW.id AND booking_id IS NOT NULL) THEN
            RAISE EXCEPTION 'space % is booked where it is', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_space_stays';
        END IF;
        IF NEW.quantity < OLD.quantity
            AND EXISTS (SELECT FROM spaces_occupancy WHERE space_id = NEW.id AND unit > NEW.quantity) THEN
            RAISE EXCEPTION 'space % has more units in use', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_space_units_in_use';
        END IF;
    END IF;
    RETURN NEW;
END $$;
-- In this order, by name: the path is known when it is judged.
CREATE TRIGGER spaces_space_a_path BEFORE INSERT OR UPDATE OF parent_id, path ON spaces_space
    FOR EACH ROW EXECUTE FUNCTION network_tree_path();
CREATE TRIGGER spaces_space_b_fits BEFORE INSERT OR UPDATE OF parent_id, path, house_id, quantity ON spaces_space
    FOR EACH ROW EXECUTE FUNCTION spaces_space_fits();
CREATE TRIGGER spaces_space_below AFTER UPDATE OF parent_id, path ON spaces_space
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION network_tree_below();
"""

BOOKING = """
CREATE FUNCTION spaces_holds(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state IN ('tentative', 'confirmed', 'checked_in')
$$;

CREATE FUNCTION spaces_booking_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
            WHEN 'tentative' THEN NEW.state IN ('requested', 'confirmed', 'cancelled')
            WHEN 'requested' THEN NEW.state IN ('confirmed', 'refused', 'cancelled')
            WHEN 'confirmed' THEN NEW.state IN ('requested', 'checked_in', 'done', 'cancelled', 'no_show')
            WHEN 'checked_in' THEN NEW.state = 'done'
            ELSE false END) THEN
            RAISE EXCEPTION 'a booking does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_booking_steps';
        END IF;
        IF OLD.state IN ('done', 'cancelled', 'no_show', 'refused')
            AND (NEW.space_id, NEW.starts, NEW.ends, NEW.booked_at) IS DISTINCT FROM (OLD.space_id, OLD.starts, OLD.ends, OLD.booked_at)
        THEN
            RAISE EXCEPTION 'booking % stays what it was', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_booking_kept';
        END IF;
        IF spaces_holds(OLD.state) AND spaces_holds(NEW.state)
            AND (NEW.space_id, NEW.unit, NEW.blocks) IS NOT DISTINCT FROM (OLD.space_id, OLD.unit, OLD.blocks) THEN
            RETURN NULL;
        END IF;
        IF spaces_holds(OLD.state) THEN
            DELETE FROM spaces_occupancy WHERE booking_id = NEW.id;
        END IF;
    END IF;
    IF spaces_holds(NEW.state) THEN
        -- Held, so that the space cannot move to another place in its tree meanwhile.
        SELECT path, quantity INTO found FROM spaces_space WHERE id = NEW.space_id FOR SHARE;
        IF NEW.unit > found.quantity THEN
            RAISE EXCEPTION 'space % has no unit %', NEW.space_id, NEW.unit
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_booking_unit_exists';
        END IF;
        INSERT INTO spaces_occupancy (space_id, unit, holder, during, booking_id)
        SELECT number, CASE WHEN number = NEW.space_id THEN NEW.unit ELSE 1 END, CASE WHEN number = NEW.space_id THEN 1 ELSE 2 END,
               NEW.blocks, NEW.id
        FROM unnest(found.path) AS number;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER spaces_booking_changes AFTER INSERT OR UPDATE OF state, space_id, unit, starts, ends, blocks, booked_at ON spaces_booking
    FOR EACH ROW EXECUTE FUNCTION spaces_booking_changes();
"""

CLOSURE = """
CREATE FUNCTION spaces_spaceclosure_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found smallint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'closure % is over', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_spaceclosure_kept';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM spaces_occupancy WHERE closure_id = NEW.id;
    END IF;
    IF NEW.lifted_at IS NULL THEN
        SELECT quantity INTO found FROM spaces_space WHERE id = NEW.space_id FOR SHARE;
        IF EXISTS (SELECT FROM unnest(NEW.units) AS number WHERE number < 1 OR number > found) THEN
            RAISE EXCEPTION 'space % has no such unit', NEW.space_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_booking_unit_exists';
        END IF;
        INSERT INTO spaces_occupancy (space_id, unit, holder, during, closure_id)
        SELECT NEW.space_id, number, 3, tstzrange(NEW.starts, NEW.ends), NEW.id
        FROM generate_series(1, found) AS number
        WHERE cardinality(NEW.units) = 0 OR number = ANY (NEW.units);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER spaces_spaceclosure_changes AFTER INSERT OR UPDATE ON spaces_spaceclosure
    FOR EACH ROW EXECUTE FUNCTION spaces_spaceclosure_changes();
"""

# A row of what is held that anybody else writes would be a hold of nothing, or a booking that holds nothing.
KEPT = """
CREATE FUNCTION spaces_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER spaces_booking_no_delete BEFORE DELETE ON spaces_booking FOR EACH ROW EXECUTE FUNCTION spaces_never();
CREATE TRIGGER spaces_spaceclosure_no_delete BEFORE DELETE ON spaces_spaceclosure FOR EACH ROW EXECUTE FUNCTION spaces_never();
CREATE TRIGGER spaces_occupancy_by_triggers BEFORE INSERT OR UPDATE OR DELETE ON spaces_occupancy
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION spaces_never();
"""

UNDO = """
DROP FUNCTION spaces_space_fits, spaces_holds, spaces_booking_changes, spaces_spaceclosure_changes, spaces_never CASCADE;
DROP TRIGGER spaces_space_a_path ON spaces_space;
DROP TRIGGER spaces_space_below ON spaces_space;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        ("qualifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        Tables(
            migrations.CreateModel(
                name="Space",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, editable=False, size=None
                        ),
                    ),
                    ("code", models.TextField(unique=True)),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("capacity", models.IntegerField(default=1)),
                    ("quantity", models.SmallIntegerField(default=1)),
                    (
                        "facilities",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("slot_minutes", models.SmallIntegerField(default=30)),
                    ("min_minutes", models.IntegerField(default=30)),
                    ("max_minutes", models.IntegerField(default=480)),
                    ("setup_minutes", models.SmallIntegerField(default=0)),
                    ("cleanup_minutes", models.SmallIntegerField(default=0)),
                    ("approval", models.BooleanField(default=False)),
                    ("self_service", models.BooleanField(default=False)),
                    ("needs_code", models.BooleanField(default=False)),
                    ("instructions", models.JSONField(default=dict)),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.CharField(blank=True, default="", max_length=3)),
                    ("price_unit", models.TextField(default="hour")),
                    ("state", models.TextField(default="active")),
                    ("changed_at", models.DateTimeField()),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="spaces.space",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.GinIndex(fields=["path"], name="spaces_space_path"),
                        models.Index(fields=["kind", "house"], name="spaces_space_sought"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "meeting_room",
                                        "study_room",
                                        "classroom",
                                        "office",
                                        "desk",
                                        "computer",
                                        "recording_studio",
                                        "photo_studio",
                                        "video_studio",
                                        "workshop",
                                        "laboratory",
                                        "kitchen",
                                        "hall",
                                        "exhibition",
                                        "laser_cutter",
                                        "printer_3d",
                                        "cnc_mill",
                                        "lathe",
                                        "welder",
                                        "vinyl_cutter",
                                        "sewing_machine",
                                        "kiln",
                                        "electronics_bench",
                                        "book_scanner",
                                        "large_printer",
                                        "other_machine",
                                        "camera",
                                        "projector",
                                        "sound_kit",
                                        "vr_headset",
                                        "toolkit",
                                        "other_equipment",
                                    ],
                                )
                            ),
                            name="spaces_space_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "facilities__contained_by",
                                    [
                                        "wheelchair",
                                        "whiteboard",
                                        "projector",
                                        "video_call",
                                        "internet",
                                        "power",
                                        "compressed_air",
                                        "extraction",
                                        "water",
                                        "daylight",
                                        "quiet",
                                        "air_conditioning",
                                        "locker",
                                    ],
                                )
                            ),
                            name="spaces_space_facilities",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["active", "out_of_order", "retired"])),
                            name="spaces_space_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("capacity__range", (1, 100000)), ("quantity__range", (1, 500))),
                            name="spaces_space_size",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("cleanup_minutes__range", (0, 1440)),
                                ("max_minutes__gte", models.F("min_minutes")),
                                ("max_minutes__lte", 527040),
                                ("min_minutes__gte", 1),
                                ("setup_minutes__range", (0, 1440)),
                                ("slot_minutes__range", (5, 1440)),
                            ),
                            name="spaces_space_times",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("price_amount__isnull", True), ("price_currency", "")),
                                models.Q(("price_amount__gte", 0), ("price_currency__regex", "^[A-Z]{3}$")),
                                _connector="OR",
                            ),
                            name="spaces_space_price",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("price_unit__in", ["hour", "booking"])), name="spaces_space_price_unit"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Series",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("pattern", models.JSONField()),
                    ("made_at", models.DateTimeField()),
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
                        "space",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="spaces.space"
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Booking",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("unit", models.SmallIntegerField(null=True)),
                    ("people", models.IntegerField(default=1)),
                    ("title", models.TextField(blank=True, default="")),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                    ("blocks", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                    ("state", models.TextField()),
                    ("held_until", models.DateTimeField(null=True)),
                    ("channel", models.TextField(default="web")),
                    ("decision_id", models.BigIntegerField(null=True)),
                    ("terms", models.JSONField(default=dict)),
                    ("override", models.JSONField(null=True)),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.CharField(blank=True, default="", max_length=3)),
                    ("code", models.TextField(blank=True, default="")),
                    ("booked_at", models.DateTimeField()),
                    ("checked_in_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("end_reason", models.TextField(blank=True, default="")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("revision", models.IntegerField(default=0)),
                    ("changed_at", models.DateTimeField()),
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
                        "booked_by",
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
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
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
                    (
                        "series",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="bookings",
                            to="spaces.series",
                        ),
                    ),
                    (
                        "space",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="bookings",
                            to="spaces.space",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="SpaceClosure",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    (
                        "units",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(), default=list, size=None
                        ),
                    ),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField(null=True)),
                    ("note", models.TextField(blank=True, default="")),
                    ("made_at", models.DateTimeField()),
                    ("lifted_at", models.DateTimeField(null=True)),
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
                        "space",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="spaces.space"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["space", "starts"], name="spaces_spaceclosure_of"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["maintenance", "repair", "own_use", "other"])),
                            name="spaces_spaceclosure_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends__isnull", True), ("ends__gt", models.F("starts")), _connector="OR"
                            ),
                            name="spaces_spaceclosure_period",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Occupancy",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("unit", models.SmallIntegerField()),
                    ("holder", models.SmallIntegerField()),
                    ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                    (
                        "booking",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="spaces.booking",
                        ),
                    ),
                    (
                        "space",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="spaces.space",
                        ),
                    ),
                    (
                        "closure",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="spaces.spaceclosure",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("booking__isnull", False), ("closure__isnull", True), ("holder__in", [1, 2])),
                                models.Q(("booking__isnull", True), ("closure__isnull", False), ("holder", 3)),
                                _connector="OR",
                            ),
                            name="spaces_occupancy_one_holder",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            condition=models.Q(("holder", 1)),
                            expressions=[("space", "="), ("unit", "="), ("during", "&&")],
                            name="spaces_occupancy_one_whole",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[("space", "="), ("unit", "="), ("during", "&&"), ("holder", "<>")],
                            name="spaces_occupancy_one_kind_of_holder",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SpaceHours",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("weekday", models.SmallIntegerField()),
                    ("opens", models.SmallIntegerField()),
                    ("closes", models.SmallIntegerField()),
                    (
                        "space",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="spaces.space"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("closes__gt", models.F("opens")),
                                (
                                    "closes__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("opens"), "+", models.Value(1440)
                                    ),
                                ),
                                ("opens__range", (0, 1439)),
                                ("weekday__range", (1, 7)),
                            ),
                            name="spaces_spacehours_span",
                        ),
                        models.UniqueConstraint(fields=("space", "weekday", "opens"), name="spaces_spacehours_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SpaceRequirement",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "qualification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="qualifications.qualification",
                        ),
                    ),
                    (
                        "space",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="requirements", to="spaces.space"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("space", "qualification"), name="spaces_spacerequirement_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Waiting",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("first", models.DateTimeField()),
                    ("last", models.DateTimeField()),
                    ("minutes", models.IntegerField()),
                    ("units", models.SmallIntegerField(default=1)),
                    ("people", models.IntegerField(default=1)),
                    ("title", models.TextField(blank=True, default="")),
                    ("state", models.TextField(default="waiting")),
                    ("joined_at", models.DateTimeField()),
                    ("answer_by", models.DateTimeField(null=True)),
                    ("missed", models.SmallIntegerField(default=0)),
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
                        "space",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="spaces.space"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "waiting")),
                            fields=["house", "kind", "joined_at"],
                            name="spaces_waiting_queue",
                        ),
                        models.Index(fields=["account"], name="spaces_waiting_of"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["waiting", "offered", "accepted", "withdrawn", "past"])),
                            name="spaces_waiting_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "meeting_room",
                                        "study_room",
                                        "classroom",
                                        "office",
                                        "desk",
                                        "computer",
                                        "recording_studio",
                                        "photo_studio",
                                        "video_studio",
                                        "workshop",
                                        "laboratory",
                                        "kitchen",
                                        "hall",
                                        "exhibition",
                                        "laser_cutter",
                                        "printer_3d",
                                        "cnc_mill",
                                        "lathe",
                                        "welder",
                                        "vinyl_cutter",
                                        "sewing_machine",
                                        "kiln",
                                        "electronics_bench",
                                        "book_scanner",
                                        "large_printer",
                                        "other_machine",
                                        "camera",
                                        "projector",
                                        "sound_kit",
                                        "vr_headset",
                                        "toolkit",
                                        "other_equipment",
                                    ],
                                )
                            ),
                            name="spaces_waiting_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("last__gt", models.F("first")),
                                ("minutes__gte", 1),
                                ("people__range", (1, 100000)),
                                ("units__range", (1, 500)),
                            ),
                            name="spaces_waiting_wish",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answer_by__isnull", False), ("state", "offered")),
                                models.Q(models.Q(("state", "offered"), _negated=True), ("answer_by__isnull", True)),
                                _connector="OR",
                            ),
                            name="spaces_waiting_answer",
                        ),
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="waiting",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="spaces.waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["house", "starts"], name="spaces_booking_of_house"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["space", "starts"], name="spaces_booking_of_space"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["account", "starts"], name="spaces_booking_of_account"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("organisation__isnull", False)),
                fields=["organisation", "starts"],
                name="spaces_booking_of_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state", "requested")), fields=["house", "starts"], name="spaces_booking_requests"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state__in", ["tentative", "requested", "confirmed", "checked_in"])),
                fields=["starts"],
                name="spaces_booking_open",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["series"], name="spaces_booking_of_series"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("waiting__isnull", False)), fields=["waiting"], name="spaces_booking_of_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "tentative",
                            "requested",
                            "confirmed",
                            "checked_in",
                            "done",
                            "cancelled",
                            "no_show",
                            "refused",
                        ],
                    )
                ),
                name="spaces_booking_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends__gt", models.F("starts")),
                    (
                        "ends__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts"), "+", models.Value(datetime.timedelta(days=366))
                        ),
                    ),
                ),
                name="spaces_booking_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "blocks__contains",
                        models.Func(
                            models.F("starts"),
                            models.F("ends"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                    )
                ),
                name="spaces_booking_blocks",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__range", (1, 100000))), name="spaces_booking_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["tentative", "confirmed", "checked_in"]), _negated=True),
                    ("unit__gte", 1),
                    _connector="OR",
                ),
                name="spaces_booking_holds_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["tentative", "requested", "confirmed", "checked_in"]), _negated=True),
                    models.Q(("account__isnull", False), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="spaces_booking_open_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_until__isnull", False), ("state", "tentative")),
                    models.Q(models.Q(("state", "tentative"), _negated=True), ("held_until__isnull", True)),
                    _connector="OR",
                ),
                name="spaces_booking_tentative_for_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "end_reason__in",
                            ["booker", "staff", "closed", "taken", "unanswered", "offer_lapsed", "erased"],
                        ),
                        ("state__in", ["cancelled", "refused"]),
                    ),
                    models.Q(models.Q(("state__in", ["cancelled", "refused"]), _negated=True), ("end_reason", "")),
                    _connector="OR",
                ),
                name="spaces_booking_end_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_amount__isnull", True), ("price_currency", "")),
                    models.Q(("price_amount__gte", 0), ("price_currency__regex", "^[A-Z]{3}$")),
                    _connector="OR",
                ),
                name="spaces_booking_price",
            ),
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (TREE, BOOKING, CLOSURE)),
        migrations.RunSQL(KEPT, UNDO),
    ]
