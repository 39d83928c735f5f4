"""Skills, vacancies, who looks for one, and placements.

Protects: no vacancy gives more places than it has (a trigger counts under the vacancy's row lock), nor fewer than are taken; placements take
only the steps of their life, stay with whom and what they were made for, and are never deleted; one open placement a person and vacancy; an
answer of the employer stays. Locks nothing that exists. Fails nowhere: it makes tables.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

# A place is counted under the lock of its vacancy's row, so that two who accept at once are counted one after the other.
PLACES = """
CREATE FUNCTION placements_holds(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state IN ('accepted', 'started', 'confirmed_3', 'confirmed_12', 'unknown')
$$;

CREATE FUNCTION placements_placement_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places smallint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state <> OLD.state AND NOT (CASE OLD.state
            WHEN 'offered' THEN NEW.state IN ('accepted', 'declined')
            WHEN 'accepted' THEN NEW.state IN ('started', 'declined')
            WHEN 'started' THEN NEW.state IN ('confirmed_3', 'confirmed_12', 'ended', 'unknown')
            WHEN 'confirmed_3' THEN NEW.state IN ('confirmed_12', 'ended', 'unknown')
            WHEN 'unknown' THEN NEW.state IN ('confirmed_3', 'confirmed_12', 'ended')
            ELSE false END) THEN
            RAISE EXCEPTION 'a placement does not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placements_placement_steps';
        END IF;
        IF (NEW.vacancy_id, NEW.organisation_id, NEW.offered_at) IS DISTINCT FROM (OLD.vacancy_id, OLD.organisation_id, OLD.offered_at)
            OR (NEW.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id)
            OR (OLD.started_on IS NOT NULL AND NEW.started_on IS DISTINCT FROM OLD.started_on) THEN
            RAISE EXCEPTION 'placement % stays what it was', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placements_placement_kept';
        END IF;
    END IF;
    IF placements_holds(NEW.state) AND (TG_OP = 'INSERT' OR NOT placements_holds(OLD.state)) THEN
        SELECT count INTO places FROM placements_vacancy WHERE id = NEW.vacancy_id FOR NO KEY UPDATE;
        IF (SELECT count(*) FROM placements_placement WHERE vacancy_id = NEW.vacancy_id AND placements_holds(state)) > places THEN
            RAISE EXCEPTION 'vacancy % has no place left', NEW.vacancy_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placements_vacancy_places';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER placements_placement_changes AFTER INSERT OR UPDATE ON placements_placement
    FOR EACH ROW EXECUTE FUNCTION placements_placement_changes();

CREATE FUNCTION placements_vacancy_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM placements_placement WHERE vacancy_id = NEW.id AND placements_holds(state)) > NEW.count THEN
        RAISE EXCEPTION 'vacancy % has more places taken', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placements_vacancy_places';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER placements_vacancy_changes AFTER UPDATE OF count ON placements_vacancy
    FOR EACH ROW WHEN (NEW.count < OLD.count) EXECUTE FUNCTION placements_vacancy_changes();
"""

KEPT = """
CREATE FUNCTION placements_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER placements_placement_no_delete BEFORE DELETE ON placements_placement FOR EACH ROW EXECUTE FUNCTION placements_never();
CREATE TRIGGER placements_confirmation_answered BEFORE UPDATE ON placements_confirmation FOR EACH ROW
    WHEN (OLD.answered_at IS NOT NULL AND (NEW.answered_at, NEW.still) IS DISTINCT FROM (OLD.answered_at, OLD.still))
    EXECUTE FUNCTION placements_never();
"""

UNDO = """
DROP FUNCTION placements_holds, placements_placement_changes, placements_vacancy_changes, placements_never CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        ("qualifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Seeker",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("latitude", models.FloatField(null=True)),
                    ("longitude", models.FloatField(null=True)),
                    ("km", models.SmallIntegerField(default=30)),
                    (
                        "kinds",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("remote", models.BooleanField(default=False)),
                    ("about", models.TextField(blank=True, default="")),
                    ("consented_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "account",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                            condition=models.Q(("km__range", (0, 2000))), name="placements_seeker_km"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Skill",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField(unique=True)),
                    ("esco", models.TextField(blank=True, default="")),
                    ("names", models.JSONField(default=dict)),
                    ("active", models.BooleanField(default=True)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("esco", ""), _negated=True),
                            fields=("esco",),
                            name="placements_skill_one_esco",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SeekerSkill",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("level", models.SmallIntegerField()),
                    (
                        "seeker",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="placements.seeker"
                        ),
                    ),
                    (
                        "skill",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="placements.skill"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("seeker", "skill"), name="placements_seekerskill_once"),
                        models.CheckConstraint(
                            condition=models.Q(("level__range", (1, 3))), name="placements_seekerskill_level"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Vacancy",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("count", models.SmallIntegerField(default=1)),
                    ("remote", models.BooleanField(default=False)),
                    ("latitude", models.FloatField(null=True)),
                    ("longitude", models.FloatField(null=True)),
                    ("hours", models.SmallIntegerField(null=True)),
                    ("pay_from", models.BigIntegerField(null=True)),
                    ("pay_to", models.BigIntegerField(null=True)),
                    ("pay_currency", models.CharField(blank=True, default="", max_length=3)),
                    ("starts_on", models.DateField(null=True)),
                    ("closes_on", models.DateField(null=True)),
                    ("state", models.TextField(default="draft")),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("published_at", models.DateTimeField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
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
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["-published_at"],
                            name="placements_vacancy_open",
                        ),
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["closes_on"],
                            name="placements_vacancy_closes",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["draft", "published", "filled", "closed", "expired"])),
                            name="placements_vacancy_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["job", "internship", "apprenticeship"])),
                            name="placements_vacancy_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("count__range", (1, 500))), name="placements_vacancy_count"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("region__isnull", False), ("remote", True), _connector="OR"),
                            name="placements_vacancy_somewhere",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("pay_from__isnull", True), ("pay_to__isnull", True)),
                                models.Q(
                                    ("pay_currency__regex", "^[A-Z]{3}$"),
                                    ("pay_from__gte", 0),
                                    ("pay_to__isnull", True),
                                ),
                                models.Q(
                                    ("pay_currency__regex", "^[A-Z]{3}$"),
                                    ("pay_from__gte", 0),
                                    ("pay_to__gte", models.F("pay_from")),
                                ),
                                _connector="OR",
                            ),
                            name="placements_vacancy_pay",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["published", "filled", "expired"]), _negated=True),
                                models.Q(("closes_on__isnull", False), ("published_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="placements_vacancy_published_until",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Placement",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="offered")),
                    ("note", models.TextField(blank=True, default="")),
                    ("match", models.JSONField(null=True)),
                    ("offered_at", models.DateTimeField()),
                    ("answer_by", models.DateTimeField(null=True)),
                    ("accepted_at", models.DateTimeField(null=True)),
                    ("starts_on", models.DateField(null=True)),
                    ("started_on", models.DateField(null=True)),
                    ("ended_on", models.DateField(null=True)),
                    ("end_reason", models.TextField(blank=True, default="")),
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
                        "organisation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
                        ),
                    ),
                    (
                        "vacancy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="placements",
                            to="placements.vacancy",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                ("state__in", ["accepted", "started", "confirmed_3", "confirmed_12", "unknown"])
                            ),
                            fields=["vacancy"],
                            name="placements_placement_held",
                        ),
                        models.Index(
                            condition=models.Q(("state", "offered")),
                            fields=["answer_by"],
                            name="placements_placement_answers",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "offered",
                                        "accepted",
                                        "started",
                                        "confirmed_3",
                                        "confirmed_12",
                                        "declined",
                                        "ended",
                                        "unknown",
                                    ],
                                )
                            ),
                            name="placements_placement_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("account__isnull", False),
                                (
                                    "state__in",
                                    ["offered", "accepted", "started", "confirmed_3", "confirmed_12", "unknown"],
                                ),
                            ),
                            fields=("vacancy", "account"),
                            name="placements_placement_one_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "offered"), ("answer_by__isnull", False)),
                                models.Q(models.Q(("state", "offered"), _negated=True), ("answer_by__isnull", True)),
                                _connector="OR",
                            ),
                            name="placements_placement_answer_by",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("started_on__isnull", False),
                                    ("state__in", ["started", "confirmed_3", "confirmed_12", "ended", "unknown"]),
                                ),
                                models.Q(
                                    models.Q(
                                        ("state__in", ["started", "confirmed_3", "confirmed_12", "ended", "unknown"]),
                                        _negated=True,
                                    ),
                                    ("started_on__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="placements_placement_begun",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "end_reason__in",
                                        [
                                            "trainee",
                                            "employer",
                                            "lapsed",
                                            "filled",
                                            "closed",
                                            "consent",
                                            "erased",
                                            "resigned",
                                            "dismissed",
                                            "term_over",
                                            "company_ended",
                                            "other",
                                        ],
                                    ),
                                    ("state__in", ["declined", "ended"]),
                                ),
                                models.Q(
                                    models.Q(("state__in", ["declined", "ended"]), _negated=True), ("end_reason", "")
                                ),
                                _connector="OR",
                            ),
                            name="placements_placement_end_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_on__gte", models.F("started_on")), ("state", "ended")),
                                models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on__isnull", True)),
                                _connector="OR",
                            ),
                            name="placements_placement_ended_on",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Interest",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("note", models.TextField(blank=True, default="")),
                    ("made_at", models.DateTimeField()),
                    (
                        "seeker",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="interests",
                            to="placements.seeker",
                        ),
                    ),
                    (
                        "vacancy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="interests",
                            to="placements.vacancy",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("vacancy", "seeker"), name="placements_interest_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="VacancyQualification",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("essential", models.BooleanField(default=False)),
                    (
                        "qualification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="qualifications.qualification",
                        ),
                    ),
                    (
                        "vacancy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="qualifications",
                            to="placements.vacancy",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("vacancy", "qualification"), name="placements_vacancyqualification_once"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="VacancySkill",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("level", models.SmallIntegerField(default=1)),
                    ("essential", models.BooleanField(default=False)),
                    (
                        "skill",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="placements.skill"
                        ),
                    ),
                    (
                        "vacancy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="placements.vacancy"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("vacancy", "skill"), name="placements_vacancyskill_once"),
                        models.CheckConstraint(
                            condition=models.Q(("level__range", (1, 3))), name="placements_vacancyskill_level"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Confirmation",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("months", models.SmallIntegerField()),
                    ("due_on", models.DateField()),
                    ("reminded", models.SmallIntegerField(default=0)),
                    ("answered_at", models.DateTimeField(null=True)),
                    ("still", models.BooleanField(null=True)),
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
                        "placement",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="confirmations",
                            to="placements.placement",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("answered_at__isnull", True)),
                            fields=["due_on"],
                            name="placements_confirmation_due",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("placement", "months"), name="placements_confirmation_once"),
                        models.CheckConstraint(
                            condition=models.Q(("months__in", [3, 12])), name="placements_confirmation_months"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_at__isnull", True), ("still__isnull", True)),
                                models.Q(("answered_at__isnull", False), ("still__isnull", False)),
                                _connector="OR",
                            ),
                            name="placements_confirmation_answer",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, UNDO),
    ]
