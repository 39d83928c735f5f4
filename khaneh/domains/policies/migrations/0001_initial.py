"""Policies' tables.

Protects: what was published never changes and is numbered without gaps, in generations that only grow; definitions of acts are only
added to; a decision is never changed, and none of the last thirty days is deleted; one set an act and place, one draft a set. Locks
nothing that exists; the foreign keys hold the tables of regions, houses and accounts for the moment in which they are made.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

KEPT = """
CREATE SEQUENCE policies_generation_number;

CREATE FUNCTION policies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is not permitted', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION policies_generation_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.act <> OLD.act OR NEW.number <= OLD.number THEN
        RAISE EXCEPTION 'generations only grow' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_generation_grows BEFORE UPDATE ON policies_generation
    FOR EACH ROW EXECUTE FUNCTION policies_generation_grows();
CREATE TRIGGER policies_generation_kept BEFORE DELETE ON policies_generation
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_change();
CREATE TRIGGER policies_generation_no_truncate BEFORE TRUNCATE ON policies_generation
    FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_change();

CREATE TRIGGER policies_actdefinition_kept BEFORE UPDATE OR DELETE ON policies_actdefinition
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_change();
CREATE TRIGGER policies_actdefinition_no_truncate BEFORE TRUNCATE ON policies_actdefinition
    FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_change();

-- A set's act and place are what its versions were published for. One without a published version may go: the foreign key sees to it.
CREATE TRIGGER policies_ruleset_same BEFORE UPDATE ON policies_ruleset
    FOR EACH ROW WHEN (ROW(OLD.act, OLD.region_id, OLD.house_id) IS DISTINCT FROM ROW(NEW.act, NEW.region_id, NEW.house_id))
    EXECUTE FUNCTION policies_refuse_change();

CREATE TRIGGER policies_version_kept BEFORE UPDATE OR DELETE ON policies_version
    FOR EACH ROW WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION policies_refuse_change();
CREATE TRIGGER policies_version_no_truncate BEFORE TRUNCATE ON policies_version
    FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_change();

CREATE FUNCTION policies_version_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT max(number) AS number, max(generation) AS generation INTO last
    FROM policies_version WHERE rule_set_id = NEW.rule_set_id AND number IS NOT NULL AND id <> NEW.id;
    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.generation <= coalesce(last.generation, 0) THEN
        RAISE EXCEPTION 'version % of set % does not follow version %', NEW.number, NEW.rule_set_id, last.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'policies_version_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_version_follows BEFORE INSERT OR UPDATE ON policies_version
    FOR EACH ROW WHEN (NEW.number IS NOT NULL) EXECUTE FUNCTION policies_version_follows();

CREATE TRIGGER policies_decision_same BEFORE UPDATE ON policies_decision
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_change();
CREATE TRIGGER policies_decision_kept BEFORE DELETE ON policies_decision
    FOR EACH ROW WHEN (OLD.at > now() - interval '30 days') EXECUTE FUNCTION policies_refuse_change();
CREATE TRIGGER policies_decision_no_truncate BEFORE TRUNCATE ON policies_decision
    FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_change();
"""

NOT_KEPT = """
DROP TRIGGER policies_decision_no_truncate ON policies_decision;
DROP TRIGGER policies_decision_kept ON policies_decision;
DROP TRIGGER policies_decision_same ON policies_decision;
DROP TRIGGER policies_version_follows ON policies_version;
DROP FUNCTION policies_version_follows();
DROP TRIGGER policies_version_no_truncate ON policies_version;
DROP TRIGGER policies_version_kept ON policies_version;
DROP TRIGGER policies_ruleset_same ON policies_ruleset;
DROP TRIGGER policies_actdefinition_no_truncate ON policies_actdefinition;
DROP TRIGGER policies_actdefinition_kept ON policies_actdefinition;
DROP TRIGGER policies_generation_no_truncate ON policies_generation;
DROP TRIGGER policies_generation_kept ON policies_generation;
DROP TRIGGER policies_generation_grows ON policies_generation;
DROP FUNCTION policies_generation_grows();
DROP FUNCTION policies_refuse_change();
DROP SEQUENCE policies_generation_number;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Generation",
                fields=[
                    ("act", models.TextField(primary_key=True, serialize=False)),
                    ("number", models.BigIntegerField()),
                ],
            ),
            migrations.CreateModel(
                name="ActDefinition",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("act", models.TextField()),
                    ("generation", models.BigIntegerField(unique=True)),
                    ("body", models.JSONField()),
                ],
                options={
                    "indexes": [models.Index(fields=["act", "generation"], name="policies_definition_act")],
                },
            ),
            migrations.CreateModel(
                name="Decision",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("act", models.TextField()),
                    ("house_id", models.BigIntegerField()),
                    ("generation", models.BigIntegerField()),
                    ("at", models.DateTimeField()),
                    (
                        "houses",
                        django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                    ),
                    (
                        "regions",
                        django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                    ),
                    ("facts", models.JSONField()),
                    ("answer", models.JSONField()),
                ],
                options={
                    "indexes": [django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="policies_decision_at")],
                },
            ),
            migrations.CreateModel(
                name="RuleSet",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("act", models.TextField()),
                    (
                        "house",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.region",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("region__isnull", True), ("house__isnull", True), _connector="OR"),
                            name="policies_ruleset_one_place",
                        ),
                        models.UniqueConstraint(
                            fields=("act", "region", "house"), name="policies_ruleset_once", nulls_distinct=False
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Version",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.IntegerField(null=True)),
                    ("generation", models.BigIntegerField(null=True, unique=True)),
                    ("rules", models.JSONField(default=list)),
                    ("next_rule", models.IntegerField(default=1)),
                    ("revision", models.IntegerField(default=0)),
                    ("based_on", models.IntegerField(null=True)),
                    ("note", models.TextField(blank=True, default="")),
                    ("shipped", models.BooleanField(default=False)),
                    ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "rule_set",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="versions",
                            to="policies.ruleset",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("generation__isnull", True), ("number__isnull", True)),
                                models.Q(("generation__isnull", False), ("number__gte", 1)),
                                _connector="OR",
                            ),
                            name="policies_version_published_whole",
                        ),
                        models.UniqueConstraint(fields=("rule_set", "number"), name="policies_version_number"),
                        models.UniqueConstraint(
                            condition=models.Q(("number__isnull", True)),
                            fields=("rule_set",),
                            name="policies_version_one_draft",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
