"""Standards and their checklists, proposals with tasks and money, assessments with evidence, passports.

Protects: what is published, submitted, spent, decided or written into a passport stays as it is; a standard and a proposal take only the
steps of their life; a house has one proposal on its way; nobody spends or plans more than the budget (triggers count under the lock of the
proposal's row). Locks nothing that exists. Fails nowhere: it makes tables.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

# What is published never changes: neither the standard nor its checklist. The row of the standard is held while an item changes, so that
# nothing is written into a checklist that is published at the same moment.
STANDARDS = """
CREATE FUNCTION founding_standard_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'standard % is kept as it is', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_standard_kept';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('draft', 'published'), ('published', 'retired')) THEN
        RAISE EXCEPTION 'a standard does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_standard_steps';
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - '{state,retired_at}'::text[]) <> (to_jsonb(OLD) - '{state,retired_at}'::text[]) THEN
        RAISE EXCEPTION 'standard % is kept as it is', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_standard_kept';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'published' AND NOT EXISTS (SELECT FROM founding_item WHERE standard_id = NEW.id) THEN
        RAISE EXCEPTION 'standard % has no checklist', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_standard_items';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER founding_standard_changes BEFORE UPDATE OR DELETE ON founding_standard
    FOR EACH ROW EXECUTE FUNCTION founding_standard_changes();

CREATE FUNCTION founding_item_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row record := coalesce(NEW, OLD); of bigint := row.standard_id; stands text;
BEGIN
    SELECT state INTO stands FROM founding_standard WHERE id = of FOR NO KEY UPDATE;
    IF stands <> 'draft' OR (TG_OP = 'UPDATE' AND NEW.standard_id <> OLD.standard_id) THEN
        RAISE EXCEPTION 'the checklist of standard % is kept as it is', of
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_standard_kept';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER founding_item_changes BEFORE INSERT OR UPDATE OR DELETE ON founding_item
    FOR EACH ROW EXECUTE FUNCTION founding_item_changes();
"""

# Money is counted under the lock of the proposal's row, so that two who spend at once are counted one after the other.
PROPOSALS = """
CREATE FUNCTION founding_proposal_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'proposed' THEN NEW.state IN ('assessed', 'withdrawn')
        WHEN 'assessed' THEN NEW.state IN ('approved', 'refused', 'withdrawn')
        WHEN 'approved' THEN NEW.state IN ('fitting_out', 'withdrawn')
        WHEN 'fitting_out' THEN NEW.state IN ('open', 'withdrawn')
        ELSE false END) THEN
        RAISE EXCEPTION 'a proposal does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_proposal_steps';
    END IF;
    IF (NEW.house_id, NEW.made_at, NEW.made_key) IS DISTINCT FROM (OLD.house_id, OLD.made_at, OLD.made_key)
        OR (OLD.state <> 'proposed' AND NEW.standard_id <> OLD.standard_id)
        OR (OLD.permille IS NOT NULL AND (NEW.permille, NEW.failed) IS DISTINCT FROM (OLD.permille, OLD.failed))
        OR (OLD.decided_at IS NOT NULL AND (NEW.decided_at, NEW.reason, NEW.despite, NEW.weighed, NEW.currency)
            IS DISTINCT FROM (OLD.decided_at, OLD.reason, OLD.despite, OLD.weighed, OLD.currency))
        OR (NEW.made_by_id IS NOT NULL AND NEW.made_by_id IS DISTINCT FROM OLD.made_by_id)
        OR (OLD.decided_at IS NOT NULL AND NEW.decided_by_id IS NOT NULL AND NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id)
        OR (OLD.state IN ('refused', 'withdrawn', 'open') AND (to_jsonb(NEW) - '{made_by_id,decided_by_id}'::text[])
            <> (to_jsonb(OLD) - '{made_by_id,decided_by_id}'::text[])) THEN
        RAISE EXCEPTION 'proposal % stays what it was', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_proposal_kept';
    END IF;
    IF NEW.budget IS DISTINCT FROM OLD.budget AND NEW.budget < greatest(
        (SELECT coalesce(sum(amount), 0) FROM founding_spend WHERE proposal_id = NEW.id),
        (SELECT coalesce(sum(planned), 0) FROM founding_task WHERE proposal_id = NEW.id AND state <> 'dropped')) THEN
        RAISE EXCEPTION 'more than the budget of proposal % is spent or planned', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_proposal_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER founding_proposal_changes BEFORE UPDATE ON founding_proposal
    FOR EACH ROW EXECUTE FUNCTION founding_proposal_changes();

CREATE FUNCTION founding_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own founding_proposal;
BEGIN
    SELECT * INTO own FROM founding_proposal WHERE id = NEW.proposal_id FOR NO KEY UPDATE;
    IF own.state NOT IN ('approved', 'fitting_out') OR (TG_TABLE_NAME = 'founding_spend' AND own.state <> 'fitting_out') THEN
        RAISE EXCEPTION 'proposal % is not being fitted out', own.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_proposal_steps';
    END IF;
    IF (TG_TABLE_NAME = 'founding_spend' AND (SELECT sum(amount) FROM founding_spend WHERE proposal_id = own.id) > own.budget)
        OR (TG_TABLE_NAME = 'founding_task'
            AND (SELECT sum(planned) FROM founding_task WHERE proposal_id = own.id AND state <> 'dropped') > own.budget) THEN
        RAISE EXCEPTION 'more than the budget of proposal %', own.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_proposal_budget';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER founding_spend_money AFTER INSERT ON founding_spend FOR EACH ROW EXECUTE FUNCTION founding_money();
CREATE TRIGGER founding_task_money AFTER INSERT OR UPDATE OF planned, state ON founding_task
    FOR EACH ROW EXECUTE FUNCTION founding_money();
"""

# Which rows stay as they are: once written, or once their assessment is submitted. A name may be taken out of them.
KEPT = """
CREATE FUNCTION founding_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER founding_proposal_no_delete BEFORE DELETE ON founding_proposal FOR EACH ROW EXECUTE FUNCTION founding_never();
CREATE TRIGGER founding_spend_no_delete BEFORE DELETE ON founding_spend FOR EACH ROW EXECUTE FUNCTION founding_never();
CREATE TRIGGER founding_spend_no_update BEFORE UPDATE ON founding_spend FOR EACH ROW
    WHEN (NEW.noted_by_id IS NOT NULL OR (to_jsonb(NEW) - 'noted_by_id') <> (to_jsonb(OLD) - 'noted_by_id'))
    EXECUTE FUNCTION founding_never();
CREATE TRIGGER founding_passportentry_kept BEFORE UPDATE OR DELETE ON founding_passportentry
    FOR EACH ROW EXECUTE FUNCTION founding_never();
CREATE TRIGGER founding_assessment_no_delete BEFORE DELETE ON founding_assessment FOR EACH ROW EXECUTE FUNCTION founding_never();
CREATE TRIGGER founding_assessment_closed BEFORE UPDATE ON founding_assessment FOR EACH ROW
    WHEN (OLD.state <> 'drafted' AND (NEW.assessor_id IS NOT NULL OR (to_jsonb(NEW) - 'assessor_id') <> (to_jsonb(OLD) - 'assessor_id')))
    EXECUTE FUNCTION founding_never();

CREATE FUNCTION founding_evidence_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row record := coalesce(NEW, OLD); own founding_assessment; what founding_item;
BEGIN
    SELECT * INTO own FROM founding_assessment WHERE id = row.assessment_id FOR NO KEY UPDATE;
    IF own.state <> 'drafted' THEN
        RAISE EXCEPTION 'assessment % is kept as it is', own.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_assessment_kept';
    END IF;
    IF TG_OP <> 'DELETE' AND row.item_id IS NOT NULL THEN
        SELECT * INTO what FROM founding_item WHERE id = row.item_id;
        IF what.standard_id <> own.standard_id OR (TG_TABLE_NAME = 'founding_score' AND (to_jsonb(row) ->> 'score')::int > what.scale) THEN
            RAISE EXCEPTION 'item % does not belong to it, or has no such score', row.item_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'founding_score_fits';
        END IF;
    END IF;
    RETURN row;
END $$;
CREATE TRIGGER founding_score_changes BEFORE INSERT OR UPDATE OR DELETE ON founding_score
    FOR EACH ROW EXECUTE FUNCTION founding_evidence_changes();
CREATE TRIGGER founding_photo_changes BEFORE INSERT OR UPDATE OR DELETE ON founding_photo
    FOR EACH ROW EXECUTE FUNCTION founding_evidence_changes();
"""

UNDO = """
DROP FUNCTION founding_standard_changes, founding_item_changes, founding_proposal_changes, founding_money, founding_never,
    founding_evidence_changes CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0003_holidays_by_uid"),
        ("people", "__first__"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Standard",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField()),
                    ("version", models.IntegerField()),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("pass_percent", models.SmallIntegerField()),
                    ("assessors", models.SmallIntegerField(default=1)),
                    ("valid_months", models.SmallIntegerField(default=24)),
                    ("state", models.TextField(default="draft")),
                    ("made_at", models.DateTimeField()),
                    ("published_at", models.DateTimeField(null=True)),
                    ("retired_at", models.DateTimeField(null=True)),
                    (
                        "authority",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("code", "version"), name="founding_standard_version"),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "draft")), fields=("code",), name="founding_standard_one_draft"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
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
                            name="founding_standard_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("assessors__range", (1, 5)),
                                ("pass_percent__range", (1, 100)),
                                ("valid_months__range", (1, 120)),
                                ("version__gte", 1),
                            ),
                            name="founding_standard_numbers",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("published_at__isnull", True), ("retired_at__isnull", True), ("state", "draft")
                                ),
                                models.Q(
                                    ("published_at__isnull", False),
                                    ("retired_at__isnull", True),
                                    ("state", "published"),
                                ),
                                models.Q(
                                    ("published_at__isnull", False), ("retired_at__isnull", False), ("state", "retired")
                                ),
                                _connector="OR",
                            ),
                            name="founding_standard_state",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Item",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("position", models.SmallIntegerField()),
                    ("code", models.TextField()),
                    ("sections", models.JSONField(default=dict)),
                    ("names", models.JSONField(default=dict)),
                    ("evidence", models.JSONField(default=dict)),
                    ("weight", models.SmallIntegerField(default=1)),
                    ("scale", models.SmallIntegerField(default=4)),
                    ("least", models.SmallIntegerField(default=0)),
                    ("photo", models.BooleanField(default=False)),
                    (
                        "standard",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="items",
                            to="founding.standard",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("standard", "code"), name="founding_item_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("least__gte", 0),
                                ("least__lte", models.F("scale")),
                                ("scale__range", (1, 10)),
                                ("weight__range", (1, 100)),
                            ),
                            name="founding_item_numbers",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Proposal",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="proposed")),
                    ("plan", models.TextField()),
                    ("area", models.IntegerField(null=True)),
                    ("asked", models.BigIntegerField(null=True)),
                    ("currency", models.TextField(blank=True, default="")),
                    ("opens_on", models.DateField(null=True)),
                    ("made_at", models.DateTimeField()),
                    ("made_key", models.TextField(unique=True)),
                    ("weighed", models.JSONField()),
                    ("permille", models.SmallIntegerField(null=True)),
                    ("failed", models.JSONField(default=list)),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("despite", models.BooleanField(default=False)),
                    ("budget", models.BigIntegerField(null=True)),
                    ("opened_on", models.DateField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "decided_by",
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
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "standard",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="founding.standard"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    ["proposed", "assessed", "approved", "fitting_out", "open", "refused", "withdrawn"],
                                )
                            ),
                            name="founding_proposal_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["proposed", "assessed", "approved", "fitting_out"])),
                            fields=("house",),
                            name="founding_proposal_one_underway",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("permille__isnull", False),
                                    ("permille__range", (0, 1000)),
                                    ("state__in", ["assessed", "approved", "fitting_out", "open", "refused"]),
                                ),
                                models.Q(("permille__isnull", True), ("state", "proposed")),
                                ("state", "withdrawn"),
                                _connector="OR",
                            ),
                            name="founding_proposal_judged",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("decided_at__isnull", False),
                                    ("state__in", ["approved", "fitting_out", "open", "refused"]),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                models.Q(
                                    models.Q(
                                        ("state__in", ["approved", "fitting_out", "open", "refused", "withdrawn"]),
                                        _negated=True,
                                    ),
                                    ("decided_at__isnull", True),
                                    ("reason", ""),
                                ),
                                ("state", "withdrawn"),
                                _connector="OR",
                            ),
                            name="founding_proposal_decided",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("budget__gte", 0),
                                    ("budget__isnull", False),
                                    ("currency__regex", "^[A-Z]{3}$"),
                                    ("state__in", ["approved", "fitting_out", "open"]),
                                ),
                                models.Q(
                                    models.Q(
                                        ("state__in", ["approved", "fitting_out", "open", "withdrawn"]), _negated=True
                                    ),
                                    ("budget__isnull", True),
                                ),
                                ("state", "withdrawn"),
                                _connector="OR",
                            ),
                            name="founding_proposal_funded",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("opened_on__isnull", False), ("state", "open")),
                                models.Q(models.Q(("state", "open"), _negated=True), ("opened_on__isnull", True)),
                                _connector="OR",
                            ),
                            name="founding_proposal_opened",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at__isnull", False), ("state", "withdrawn")),
                                models.Q(models.Q(("state", "withdrawn"), _negated=True), ("ended_at__isnull", True)),
                                _connector="OR",
                            ),
                            name="founding_proposal_ended",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Task",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("title", models.TextField()),
                    ("due_on", models.DateField()),
                    ("planned", models.BigIntegerField(default=0)),
                    ("state", models.TextField(default="open")),
                    ("done_on", models.DateField(null=True)),
                    ("reminded", models.BooleanField(default=False)),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    (
                        "proposal",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="founding.proposal"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("reminded", False), ("state", "open")),
                            fields=["due_on"],
                            name="founding_task_late",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(("planned__gte", 0)), name="founding_task_planned"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("done_on__isnull", False), ("state", "done")),
                                models.Q(("done_on__isnull", True), ("state__in", ["open", "dropped"])),
                                _connector="OR",
                            ),
                            name="founding_task_state",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Spend",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("amount", models.BigIntegerField()),
                    ("spent_on", models.DateField()),
                    ("receipt", models.TextField()),
                    ("noted_at", models.DateTimeField()),
                    ("made_key", models.TextField(unique=True)),
                    (
                        "noted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "proposal",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="spends", to="founding.proposal"
                        ),
                    ),
                    (
                        "reverses",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="reversed_by",
                            to="founding.spend",
                        ),
                    ),
                    (
                        "task",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="spends",
                            to="founding.task",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("amount__gt", 0), ("reverses__isnull", True)),
                                models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                                _connector="OR",
                            ),
                            name="founding_spend_amount",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("receipt", ""), _negated=True), name="founding_spend_receipt"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Passport",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField()),
                    ("permille", models.SmallIntegerField()),
                    ("assessed_on", models.DateField()),
                    ("due_on", models.DateField()),
                    ("reminded", models.BooleanField(default=False)),
                    (
                        "house",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "standard",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="founding.standard"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("reminded", False)), fields=["due_on"], name="founding_passport_due"
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["meets", "falls_short"])), name="founding_passport_state"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("due_on__gt", models.F("assessed_on")), ("permille__range", (0, 1000))),
                            name="founding_passport_numbers",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PassportEntry",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("permille", models.SmallIntegerField()),
                    ("meets", models.BooleanField()),
                    ("failed", models.JSONField(default=list)),
                    ("on", models.DateField()),
                    (
                        "passport",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="founding.passport"
                        ),
                    ),
                    (
                        "proposal",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="founding.proposal",
                        ),
                    ),
                    (
                        "standard",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="founding.standard"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("permille__range", (0, 1000))), name="founding_passportentry_permille"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Assessment",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="drafted")),
                    ("begun_at", models.DateTimeField()),
                    ("submitted_at", models.DateTimeField(null=True)),
                    ("permille", models.SmallIntegerField(null=True)),
                    ("failed", models.JSONField(default=list)),
                    ("summary", models.TextField(blank=True, default="")),
                    (
                        "assessor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "passport",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="assessments",
                            to="founding.passport",
                        ),
                    ),
                    (
                        "entry",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="assessment",
                            to="founding.passportentry",
                        ),
                    ),
                    (
                        "proposal",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="assessments",
                            to="founding.proposal",
                        ),
                    ),
                    (
                        "standard",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="founding.standard"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("passport__isnull", True), ("proposal__isnull", False)),
                                models.Q(("passport__isnull", False), ("proposal__isnull", True)),
                                _connector="OR",
                            ),
                            name="founding_assessment_of_one",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("permille__isnull", False),
                                    ("permille__range", (0, 1000)),
                                    ("state", "submitted"),
                                    ("submitted_at__isnull", False),
                                ),
                                models.Q(
                                    ("permille__isnull", True),
                                    ("state__in", ["drafted", "given_up"]),
                                    ("submitted_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="founding_assessment_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "given_up"), _negated=True),
                            fields=("proposal", "assessor"),
                            name="founding_assessment_one_an_assessor",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "drafted")),
                            fields=("passport",),
                            name="founding_assessment_one_at_a_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Score",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("score", models.SmallIntegerField()),
                    ("note", models.TextField(blank=True, default="")),
                    (
                        "assessment",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="scores",
                            to="founding.assessment",
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="founding.item"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("assessment", "item"), name="founding_score_once"),
                        models.CheckConstraint(
                            condition=models.Q(("score__range", (0, 10))), name="founding_score_range"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Photo",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("small", models.CharField(max_length=64)),
                    ("large", models.CharField(max_length=64)),
                    ("width", models.IntegerField()),
                    ("height", models.IntegerField()),
                    ("alt", models.TextField()),
                    ("added_at", models.DateTimeField()),
                    (
                        "assessment",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="photos",
                            to="founding.assessment",
                        ),
                    ),
                    (
                        "item",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="founding.item"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("assessment", "item", "large"), name="founding_photo_once", nulls_distinct=False
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("large__regex", "^[0-9a-f]{64}$"), ("small__regex", "^[0-9a-f]{64}$")),
                            name="founding_photo_digests",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(STANDARDS, migrations.RunSQL.noop),
        migrations.RunSQL(PROPOSALS, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, UNDO),
    ]
