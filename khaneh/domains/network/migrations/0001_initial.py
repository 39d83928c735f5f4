"""The network's tables.

Protects: the three trees (no cycle, levels in order, one country; `path` always true), deciles that no decision can lose, spans of a
week that never overlap, one registration number a country. Locks nothing that exists. Fails when the role may not create the extension
btree_gist (trusted since PostgreSQL 13, so the owner of the database may).
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

# A row's path is its parent's and itself, whoever writes it; a change goes on to the rows below. The parent is held, so that it cannot
# move at the same moment, and two moves in one tree wait for each other: each alone could be right and both together a cycle.
TREES = """
CREATE FUNCTION network_tree_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint[] := '{}';
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_NAME, 0));
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        EXECUTE format('SELECT path FROM %I WHERE id = $1 FOR SHARE', TG_TABLE_NAME) INTO above USING NEW.parent_id;
        IF NEW.id = ANY (above) OR NEW.id = NEW.parent_id THEN
            RAISE EXCEPTION '% % cannot be below itself', TG_TABLE_NAME, NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'network_tree_cycle';
        END IF;
    END IF;
    NEW.path := coalesce(above, '{}') || NEW.id;
    RETURN NEW;
END $$;

CREATE FUNCTION network_tree_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I SET path = path WHERE parent_id = $1', TG_TABLE_NAME) USING NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION network_region_level() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above record;
BEGIN
    SELECT level, country INTO above FROM network_region WHERE id = NEW.parent_id FOR SHARE;
    IF coalesce(above.level, 0) <> NEW.level - 1 OR coalesce(above.country, NEW.country) <> NEW.country THEN
        RAISE EXCEPTION 'region % does not fit below its parent', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'network_region_level_order';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.level <> OLD.level OR NEW.country <> OLD.country)
       AND EXISTS (SELECT FROM network_region WHERE parent_id = NEW.id) THEN
        RAISE EXCEPTION 'region % has regions below it', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'network_region_level_order';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER network_region_level BEFORE INSERT OR UPDATE OF level, country, parent_id ON network_region
    FOR EACH ROW EXECUTE FUNCTION network_region_level();
CREATE TRIGGER network_region_path BEFORE INSERT OR UPDATE OF parent_id, path ON network_region
    FOR EACH ROW EXECUTE FUNCTION network_tree_path();
CREATE TRIGGER network_region_below AFTER UPDATE OF parent_id, path ON network_region
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION network_tree_below();
CREATE TRIGGER network_house_path BEFORE INSERT OR UPDATE OF parent_id, path ON network_house
    FOR EACH ROW EXECUTE FUNCTION network_tree_path();
CREATE TRIGGER network_house_below AFTER UPDATE OF parent_id, path ON network_house
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION network_tree_below();
CREATE TRIGGER network_organisation_path BEFORE INSERT OR UPDATE OF parent_id, path ON network_organisation
    FOR EACH ROW EXECUTE FUNCTION network_tree_path();
CREATE TRIGGER network_organisation_below AFTER UPDATE OF parent_id, path ON network_organisation
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION network_tree_below();
"""

WITHOUT_TREES = """
DROP FUNCTION network_tree_path() CASCADE;
DROP FUNCTION network_tree_below() CASCADE;
DROP FUNCTION network_region_level() CASCADE;
"""

DECILES_STAY = """
CREATE FUNCTION network_refuse_decile_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'deciles of a published index do not change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER network_regiondecile_append_only BEFORE UPDATE OR DELETE ON network_regiondecile
    FOR EACH ROW EXECUTE FUNCTION network_refuse_decile_change();
CREATE TRIGGER network_regiondecile_no_truncate BEFORE TRUNCATE ON network_regiondecile
    FOR EACH STATEMENT EXECUTE FUNCTION network_refuse_decile_change();
"""

DECILES_MAY_GO = """
DROP FUNCTION network_refuse_decile_change() CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        BtreeGistExtension(),
        Tables(
            migrations.CreateModel(
                name="DeprivationIndex",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField()),
                    ("version", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("notes", models.JSONField(default=dict)),
                    ("published_on", models.DateField()),
                    ("illustrative", models.BooleanField(default=False)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("code", "version"), name="network_deprivationindex_version")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Region",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField(unique=True)),
                    ("level", models.SmallIntegerField()),
                    ("country", models.CharField(max_length=2)),
                    (
                        "path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, editable=False, size=None
                        ),
                    ),
                    ("names", models.JSONField(default=dict)),
                    ("population", models.BigIntegerField(null=True)),
                    ("rural", models.BooleanField(null=True)),
                    ("latitude", models.FloatField(null=True)),
                    ("longitude", models.FloatField(null=True)),
                    ("boundary", models.JSONField(null=True)),
                    ("outline", models.JSONField(null=True)),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="network.region",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.GinIndex(fields=["path"], name="network_region_path"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("level__in", [1, 2, 3])), name="network_region_level"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="network_region_country"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("population__isnull", True), ("population__gte", 0), _connector="OR"),
                            name="network_region_population",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Organisation",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField(unique=True)),
                    ("kind", models.TextField()),
                    ("country", models.CharField(max_length=2)),
                    (
                        "path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, editable=False, size=None
                        ),
                    ),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("registration_number", models.TextField(blank=True, default="")),
                    (
                        "sectors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "capabilities",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("address", models.TextField(blank=True, default="")),
                    ("latitude", models.FloatField(null=True)),
                    ("longitude", models.FloatField(null=True)),
                    ("phone", models.TextField(blank=True, default="")),
                    ("email", models.TextField(blank=True, default="")),
                    ("website", models.TextField(blank=True, default="")),
                    ("search_key", models.TextField(default="", editable=False)),
                    ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="organisations",
                            to="network.region",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.GinIndex(fields=["path"], name="network_organisation_path"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "library_authority",
                                        "ministry_office",
                                        "foundation",
                                        "university",
                                        "park",
                                        "vocational_directorate",
                                        "industrial_estate",
                                        "accelerator",
                                        "investor",
                                        "sponsor",
                                        "company_startup",
                                        "company_knowledge",
                                        "company_creative",
                                        "company_industry",
                                    ],
                                )
                            ),
                            name="network_organisation_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="network_organisation_country"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("registration_number", ""), _negated=True),
                            fields=("country", "registration_number"),
                            name="network_organisation_registration",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="House",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField(unique=True)),
                    ("kind", models.TextField()),
                    ("state", models.TextField(default="proposed")),
                    (
                        "path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, editable=False, size=None
                        ),
                    ),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("address", models.TextField(blank=True, default="")),
                    ("latitude", models.FloatField(null=True)),
                    ("longitude", models.FloatField(null=True)),
                    ("phone", models.TextField(blank=True, default="")),
                    ("email", models.TextField(blank=True, default="")),
                    ("website", models.TextField(blank=True, default="")),
                    (
                        "facilities",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("time_zone", models.TextField()),
                    ("calendar", models.CharField(max_length=9)),
                    ("opened", models.TextField(blank=True, default="")),
                    ("search_key", models.TextField(default="", editable=False)),
                    ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="network.house",
                        ),
                    ),
                    (
                        "operator",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="houses",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="houses", to="network.region"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.GinIndex(fields=["path"], name="network_house_path"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "central_library",
                                        "district_library",
                                        "commune_library",
                                        "bookmobile",
                                        "bookless_library",
                                        "innovation_centre",
                                        "creative_house",
                                        "technical_centre",
                                        "incubator",
                                        "accelerator",
                                        "science_park",
                                        "skill_complex",
                                    ],
                                )
                            ),
                            name="network_house_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["proposed", "assessed", "approved", "fitting_out", "open", "suspended", "closed"],
                                )
                            ),
                            name="network_house_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "facilities__contained_by",
                                    [
                                        "wifi",
                                        "wheelchair",
                                        "parking",
                                        "study_hall",
                                        "children_room",
                                        "cafe",
                                        "canteen",
                                        "shop",
                                        "meeting_room",
                                        "event_hall",
                                        "exhibition",
                                        "printing",
                                        "self_check",
                                        "book_drop",
                                        "digitisation",
                                        "makerspace",
                                        "laboratory",
                                        "machine_shop",
                                        "recording_studio",
                                        "kiln",
                                        "coworking",
                                        "computers",
                                        "prayer_room",
                                        "braille",
                                    ],
                                )
                            ),
                            name="network_house_facilities",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("calendar__in", ["jalali", "gregorian"])), name="network_house_calendar"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                                models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                                _connector="OR",
                            ),
                            name="network_house_coordinates",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Holiday",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("country", models.CharField(blank=True, default="", max_length=2)),
                    ("rule", models.CharField(max_length=9)),
                    ("month", models.SmallIntegerField(null=True)),
                    ("day", models.SmallIntegerField(null=True)),
                    ("first", models.DateField(null=True)),
                    ("last", models.DateField(null=True)),
                    (
                        "spans",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=django.contrib.postgres.fields.ArrayField(
                                base_field=models.SmallIntegerField(), size=2
                            ),
                            default=list,
                            size=None,
                        ),
                    ),
                    ("names", models.JSONField(default=dict)),
                    ("expected", models.BooleanField(default=False)),
                    (
                        "house",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="holidays",
                            to="network.house",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="holidays",
                            to="network.region",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("country", ""), ("house__isnull", False), ("region__isnull", True)),
                                models.Q(("country", ""), ("house__isnull", True), ("region__isnull", False)),
                                models.Q(
                                    ("country__regex", "^[A-Z]{2}$"), ("house__isnull", True), ("region__isnull", True)
                                ),
                                _connector="OR",
                            ),
                            name="network_holiday_one_scope",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("day__range", (1, 31)),
                                    ("first__isnull", True),
                                    ("last__isnull", True),
                                    ("month__range", (1, 12)),
                                    ("rule__in", ["jalali", "gregorian"]),
                                ),
                                models.Q(
                                    ("day__isnull", True),
                                    ("first__isnull", False),
                                    ("last__gte", models.F("first")),
                                    ("month__isnull", True),
                                    ("rule", "date"),
                                ),
                                _connector="OR",
                            ),
                            name="network_holiday_rule",
                        ),
                        models.UniqueConstraint(
                            fields=("house", "region", "country", "rule", "month", "day", "first"),
                            name="network_holiday_once",
                            nulls_distinct=False,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RegionDecile",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("decile", models.SmallIntegerField()),
                    (
                        "index",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="deciles",
                            to="network.deprivationindex",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="deciles", to="network.region"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("index", "region"), name="network_regiondecile_once"),
                        models.CheckConstraint(
                            condition=models.Q(("decile__range", (1, 10))), name="network_regiondecile_decile"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="OpeningHours",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("weekday", models.SmallIntegerField()),
                    ("opens", models.SmallIntegerField()),
                    ("closes", models.SmallIntegerField()),
                    ("first", models.DateField(null=True)),
                    ("last", models.DateField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="network.house"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("weekday__range", (1, 7))), name="network_openinghours_weekday"
                        ),
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
                            ),
                            name="network_openinghours_span",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("first__isnull", True),
                                ("last__isnull", True),
                                ("first__lte", models.F("last")),
                                _connector="OR",
                            ),
                            name="network_openinghours_season",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[
                                ("house", "="),
                                (
                                    models.Func(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("weekday"), "*", models.Value(1440)
                                            ),
                                            "+",
                                            models.F("opens"),
                                        ),
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("weekday"), "*", models.Value(1440)
                                            ),
                                            "+",
                                            models.F("closes"),
                                        ),
                                        function="int4range",
                                    ),
                                    "&&",
                                ),
                                (
                                    models.Func(
                                        models.F("first"), models.F("last"), models.Value("[]"), function="daterange"
                                    ),
                                    "&&",
                                ),
                            ],
                            name="network_openinghours_overlap",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(TREES, WITHOUT_TREES),
        migrations.RunSQL(DECILES_STAY, DECILES_MAY_GO),
    ]
