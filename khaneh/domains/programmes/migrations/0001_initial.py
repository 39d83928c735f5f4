"""Programmes, their calls and forms, applications and what was submitted.

Protects: an application takes only the steps of its life and is never deleted once it was sent in; a submission is made while the call is open
and stays as it was; a published form stays; a deadline in public only moves away. Locks nothing that exists. Fails nowhere: it makes tables.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

STEPS = """
CREATE FUNCTION programmes_application_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'draft' THEN NEW.state IN ('submitted', 'withdrawn')
        WHEN 'submitted' THEN NEW.state IN ('eligible', 'ineligible', 'withdrawn')
        WHEN 'eligible' THEN NEW.state IN ('under_review', 'ineligible', 'withdrawn')
        WHEN 'ineligible' THEN NEW.state IN ('eligible', 'withdrawn')
        WHEN 'under_review' THEN NEW.state IN ('interview', 'accepted', 'waiting_list', 'declined', 'withdrawn')
        WHEN 'interview' THEN NEW.state IN ('accepted', 'waiting_list', 'declined', 'withdrawn')
        WHEN 'waiting_list' THEN NEW.state IN ('accepted', 'declined', 'withdrawn')
        WHEN 'accepted' THEN NEW.state IN ('contracted', 'declined', 'withdrawn')
        WHEN 'declined' THEN NEW.state IN ('under_review', 'accepted', 'waiting_list')
        ELSE false END) THEN
        RAISE EXCEPTION 'an application does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_application_steps';
    END IF;
    IF (NEW.call_id, NEW.organisation_id, NEW.made_at) IS DISTINCT FROM (OLD.call_id, OLD.organisation_id, OLD.made_at)
        OR NEW.version < OLD.version OR NEW.revision < OLD.revision
        OR (NEW.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
        RAISE EXCEPTION 'application % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_application_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER programmes_application_changes AFTER UPDATE ON programmes_application
    FOR EACH ROW EXECUTE FUNCTION programmes_application_changes();
"""

KEPT = """
CREATE FUNCTION programmes_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER programmes_application_no_delete BEFORE DELETE ON programmes_application
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION programmes_never();
CREATE TRIGGER programmes_formversion_kept BEFORE UPDATE OR DELETE ON programmes_formversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION programmes_never();
CREATE TRIGGER programmes_step_kept BEFORE UPDATE ON programmes_step FOR EACH ROW
    WHEN ((NEW.before, NEW.after, NEW.at) IS DISTINCT FROM (OLD.before, OLD.after, OLD.at)
        OR (NEW.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id))
    EXECUTE FUNCTION programmes_never();
CREATE TRIGGER programmes_submission_no_delete BEFORE DELETE ON programmes_submission
    FOR EACH ROW EXECUTE FUNCTION programmes_never();
-- Being forgotten takes the content and the name, and nothing else ever changes.
CREATE TRIGGER programmes_submission_kept BEFORE UPDATE ON programmes_submission FOR EACH ROW
    WHEN ((NEW.application_id, NEW.version, NEW.form_id, NEW.digest, NEW.receipt, NEW.submitted_at)
            IS DISTINCT FROM (OLD.application_id, OLD.version, OLD.form_id, OLD.digest, OLD.receipt, OLD.submitted_at)
        OR (NEW.content IS NOT NULL AND NEW.content IS DISTINCT FROM OLD.content)
        OR (NEW.submitted_by_id IS NOT NULL AND NEW.submitted_by_id IS DISTINCT FROM OLD.submitted_by_id))
    EXECUTE FUNCTION programmes_never();
"""

IN_TIME = """
CREATE FUNCTION programmes_submission_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE called programmes_call%ROWTYPE;
BEGIN
    SELECT c.* INTO called FROM programmes_call c JOIN programmes_application a ON a.call_id = c.id WHERE a.id = NEW.application_id;
    IF called.state <> 'published' OR NEW.submitted_at < called.opens_at OR NEW.submitted_at >= called.closes_at THEN
        RAISE EXCEPTION 'the call is not open at %', NEW.submitted_at
            USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_submission_in_time';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER programmes_submission_in_time AFTER INSERT ON programmes_submission
    FOR EACH ROW EXECUTE FUNCTION programmes_submission_in_time();

-- Once a call is in public its deadline only moves away, its beginning stays, and what was decided or cancelled is over.
CREATE FUNCTION programmes_call_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.state <> OLD.state AND NOT (CASE OLD.state
            WHEN 'draft' THEN NEW.state IN ('published', 'cancelled')
            WHEN 'published' THEN NEW.state IN ('decided', 'cancelled')
            ELSE false END))
        OR (OLD.published_at IS NOT NULL AND (NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at < OLD.closes_at
            OR NEW.deprivation_index_id IS DISTINCT FROM OLD.deprivation_index_id))
        OR (OLD.checked_at IS NOT NULL AND (NEW.checked_at, NEW.closes_at) IS DISTINCT FROM (OLD.checked_at, OLD.closes_at)) THEN
        RAISE EXCEPTION 'call % does not change so', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_call_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER programmes_call_changes AFTER UPDATE ON programmes_call
    FOR EACH ROW EXECUTE FUNCTION programmes_call_changes();
"""

UNDO = """
DROP FUNCTION programmes_application_changes, programmes_never, programmes_submission_in_time, programmes_call_changes CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0003_holidays_by_uid"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Programme",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    ("code", models.TextField(unique=True)),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["incubation", "acceleration", "creative", "challenge", "grant"])
                            ),
                            name="programmes_programme_kind",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Call",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="programmes.programme"
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("state", models.TextField(default="draft")),
                    ("places", models.SmallIntegerField(default=1)),
                    ("for_persons", models.BooleanField(default=True)),
                    (
                        "for_kinds",
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
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.region",
                        ),
                    ),
                    ("opens_at", models.DateTimeField(null=True)),
                    ("closes_at", models.DateTimeField(null=True)),
                    ("results_on", models.DateField(null=True)),
                    (
                        "deprivation_index",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.deprivationindex",
                        ),
                    ),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("published_at", models.DateTimeField(null=True)),
                    ("checked_at", models.DateTimeField(null=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["closes_at"],
                            name="programmes_call_closing",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["draft", "published", "decided", "cancelled"])),
                            name="programmes_call_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("places__range", (1, 1000))), name="programmes_call_places"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("opens_at__isnull", True),
                                ("closes_at__isnull", True),
                                ("closes_at__gt", models.F("opens_at")),
                                _connector="OR",
                            ),
                            name="programmes_call_dates",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("checked_at__isnull", True),
                                ("checked_at__gte", models.F("closes_at")),
                                _connector="OR",
                            ),
                            name="programmes_call_checked_after",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FormVersion",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "call",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="forms", to="programmes.call"
                        ),
                    ),
                    ("number", models.SmallIntegerField()),
                    ("questions", models.JSONField(default=list)),
                    ("revision", models.IntegerField(default=0)),
                    ("made_at", models.DateTimeField()),
                    ("published_at", models.DateTimeField(null=True)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("call", "number"), name="programmes_formversion_number"),
                        models.UniqueConstraint(
                            condition=models.Q(("published_at__isnull", True)),
                            fields=("call",),
                            name="programmes_formversion_one_draft",
                        ),
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="form",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.formversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    ("state", "cancelled"),
                    models.Q(
                        ("closes_at__isnull", False),
                        ("form__isnull", False),
                        ("opens_at__isnull", False),
                        ("published_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="programmes_call_published_whole",
            ),
        ),
        Tables(
            migrations.CreateModel(
                name="Criterion",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "call",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="programmes.call"
                        ),
                    ),
                    ("code", models.TextField()),
                    ("position", models.SmallIntegerField()),
                    ("names", models.JSONField(default=dict)),
                    ("hints", models.JSONField(default=dict)),
                    ("weight", models.SmallIntegerField()),
                    ("scale_max", models.SmallIntegerField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("call", "code"), name="programmes_criterion_once"),
                        models.CheckConstraint(
                            condition=models.Q(("weight__range", (1, 100))), name="programmes_criterion_weight"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("scale_max__range", (1, 100))), name="programmes_criterion_scale"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Quota",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "call",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="quotas", to="programmes.call"
                        ),
                    ),
                    ("position", models.SmallIntegerField()),
                    ("kind", models.TextField()),
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.region",
                        ),
                    ),
                    ("decile_max", models.SmallIntegerField(null=True)),
                    ("places", models.SmallIntegerField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("call", "position"), name="programmes_quota_position"),
                        models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="programmes_quota_places"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decile_max__isnull", True), ("kind", "region"), ("region__isnull", False)),
                                models.Q(
                                    ("decile_max__range", (1, 9)), ("kind", "deprivation"), ("region__isnull", True)
                                ),
                                models.Q(("decile_max__isnull", True), ("kind", "rural"), ("region__isnull", True)),
                                _connector="OR",
                            ),
                            name="programmes_quota_whom",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CallQuestion",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "call",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="asked", to="programmes.call"
                        ),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("text", models.TextField()),
                    ("asked_at", models.DateTimeField()),
                    ("answers", models.JSONField(default=dict)),
                    ("answered_at", models.DateTimeField(null=True)),
                    ("hidden", models.BooleanField(default=False)),
                ],
                options={
                    "indexes": [models.Index(fields=["call", "asked_at"], name="programmes_callquestion_of")],
                },
            ),
            migrations.CreateModel(
                name="Application",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "call",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="applications",
                            to="programmes.call",
                        ),
                    ),
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
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
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
                    (
                        "form",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.formversion"
                        ),
                    ),
                    ("title", models.TextField(blank=True, default="")),
                    ("summary", models.TextField(blank=True, default="")),
                    ("language", models.TextField(default="en")),
                    ("typed", models.JSONField(default=dict)),
                    ("revision", models.IntegerField(default=0)),
                    ("version", models.SmallIntegerField(default=0)),
                    ("state", models.TextField(default="draft")),
                    ("eligibility", models.JSONField(null=True)),
                    ("decision_id", models.BigIntegerField(null=True)),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("submitted_at", models.DateTimeField(null=True)),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["call", "state"], name="programmes_application_of"),
                        models.Index(fields=["account"], name="programmes_application_whose"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "draft",
                                        "submitted",
                                        "eligible",
                                        "ineligible",
                                        "under_review",
                                        "interview",
                                        "accepted",
                                        "waiting_list",
                                        "declined",
                                        "withdrawn",
                                        "contracted",
                                    ],
                                )
                            ),
                            name="programmes_application_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "draft"), ("submitted_at__isnull", True), ("version", 0)),
                                ("state", "withdrawn"),
                                models.Q(
                                    models.Q(("state", "draft"), _negated=True),
                                    ("submitted_at__isnull", False),
                                    ("version__gte", 1),
                                ),
                                _connector="OR",
                            ),
                            name="programmes_application_submitted",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ApplicationMember",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="members",
                            to="programmes.application",
                        ),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("email", models.TextField(blank=True, default="")),
                    ("part", models.TextField()),
                    ("invited_at", models.DateTimeField()),
                    ("joined_at", models.DateTimeField(null=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("account__isnull", True)), fields=["email"], name="programmes_invited"
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("part__in", ["lead", "writer", "reader"])),
                            name="programmes_applicationmember_part",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("account__isnull", False)),
                            fields=("application", "account"),
                            name="programmes_applicationmember_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("email", ""), _negated=True),
                            fields=("application", "email"),
                            name="programmes_applicationmember_email",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("part", "lead")),
                            fields=("application",),
                            name="programmes_applicationmember_one_lead",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("account__isnull", False), ("joined_at__isnull", False)),
                                models.Q(
                                    ("account__isnull", True),
                                    ("joined_at__isnull", True),
                                    models.Q(("email", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="programmes_applicationmember_joined",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ApplicationFile",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="files",
                            to="programmes.application",
                        ),
                    ),
                    ("question", models.TextField()),
                    ("name", models.TextField()),
                    ("media_type", models.TextField()),
                    ("digest", models.TextField()),
                    ("size", models.BigIntegerField()),
                    (
                        "added_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("added_at", models.DateTimeField()),
                    ("removed_at", models.DateTimeField(null=True)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("removed_at__isnull", True)),
                            fields=("application", "question", "digest"),
                            name="programmes_applicationfile_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Submission",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="submissions",
                            to="programmes.application",
                        ),
                    ),
                    ("version", models.SmallIntegerField()),
                    (
                        "form",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.formversion"
                        ),
                    ),
                    ("content", models.JSONField(null=True)),
                    ("digest", models.TextField()),
                    ("receipt", models.TextField(unique=True)),
                    (
                        "submitted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("submitted_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("application", "version"), name="programmes_submission_version"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("version__gte", 1)), name="programmes_submission_version_from_one"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Step",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="steps",
                            to="programmes.application",
                        ),
                    ),
                    ("before", models.TextField()),
                    ("after", models.TextField()),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("reason", models.TextField(blank=True, default="")),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "indexes": [models.Index(fields=["application", "at"], name="programmes_step_of")],
                },
            ),
        ),
        migrations.RunSQL(STEPS + KEPT + IN_TIME, UNDO),
    ]
