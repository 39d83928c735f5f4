"""Rounds of selection: reviewers, reviews, rankings, decisions and what follows from them.

Protects: a review takes only the steps of its life, and has no score before its conflict was declared nor another after it was submitted; the rules of a
round stay once they are fixed; a ranking is the bytes whose digests it names; decisions follow each other and give no more places than there are; what
was decided, answered, signed, written or done stays. Locks nothing that exists. Fails nowhere: it makes tables.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

# A review takes only the steps of its life; scores are written between the declaration and the submission.
REVIEWS = """
CREATE FUNCTION selection_review_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'assigned' THEN NEW.state IN ('declared', 'conflicted', 'taken_back')
        WHEN 'declared' THEN NEW.state IN ('drafted', 'submitted', 'conflicted', 'taken_back')
        WHEN 'drafted' THEN NEW.state IN ('submitted', 'conflicted', 'taken_back')
        WHEN 'submitted' THEN NEW.state = 'set_aside'
        WHEN 'taken_back' THEN NEW.state = 'assigned'
        ELSE false END) THEN
        RAISE EXCEPTION 'a review does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'selection_review_steps';
    END IF;
    IF (NEW.reviewer_id, NEW.application_id, NEW.round_id) IS DISTINCT FROM (OLD.reviewer_id, OLD.application_id, OLD.round_id)
        OR (OLD.state IN ('submitted', 'set_aside') AND (NEW.declared_at, NEW.submitted_at) IS DISTINCT FROM (OLD.declared_at, OLD.submitted_at))
        OR (OLD.state IN ('submitted', 'set_aside', 'conflicted') AND (
            (NEW.comment <> OLD.comment AND NEW.comment <> '') OR (NEW.note <> OLD.note AND NEW.note <> ''))) THEN
        RAISE EXCEPTION 'review % stays what it was', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'selection_review_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER selection_review_changes BEFORE UPDATE ON selection_review
    FOR EACH ROW EXECUTE FUNCTION selection_review_changes();

CREATE FUNCTION selection_score_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.review_id, NEW.criterion_id, NEW.value, NEW.maximum)
        IS NOT DISTINCT FROM (OLD.review_id, OLD.criterion_id, OLD.value, OLD.maximum) AND NEW.comment IN (OLD.comment, '') THEN
        RETURN NEW;
    END IF;
    SELECT state INTO found FROM selection_review WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.review_id ELSE NEW.review_id END;
    IF found NOT IN ('declared', 'drafted') THEN
        RAISE EXCEPTION 'no score is written in a review that is %', found
            USING ERRCODE = 'check_violation', CONSTRAINT = 'selection_score_open';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_score_changes BEFORE INSERT OR UPDATE OR DELETE ON selection_score
    FOR EACH ROW EXECUTE FUNCTION selection_score_changes();
"""

# The rules of a round stay from the moment in which they are fixed; what is published of the seed is its digest.
ROUNDS = """
ALTER TABLE selection_round ADD CONSTRAINT selection_round_commitment
    CHECK (commitment = encode(sha256(convert_to(seed, 'UTF8')), 'hex'));
ALTER TABLE selection_rankingrun ADD CONSTRAINT selection_rankingrun_digests
    CHECK (case_digest = encode(sha256("case"), 'hex') AND result_digest = encode(sha256(result), 'hex'));

CREATE FUNCTION selection_round_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.call_id, NEW.house_id, NEW.places, NEW.waiting, NEW.reviews_wanted, NEW.shrink, NEW.tie_step, NEW.spread, NEW.lowest, NEW.cap,
        NEW.equity, NEW.deprivation_index_id, NEW.appeal_days, NEW.seed, NEW.fixed_at)
        IS DISTINCT FROM
        (OLD.call_id, OLD.house_id, OLD.places, OLD.waiting, OLD.reviews_wanted, OLD.shrink, OLD.tie_step, OLD.spread, OLD.lowest, OLD.cap,
        OLD.equity, OLD.deprivation_index_id, OLD.appeal_days, OLD.seed, OLD.fixed_at) THEN
        RAISE EXCEPTION 'the rules of round % are fixed', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'selection_round_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER selection_round_changes BEFORE UPDATE ON selection_round
    FOR EACH ROW WHEN (OLD.fixed_at IS NOT NULL) EXECUTE FUNCTION selection_round_changes();
"""

# What was decided stays; a place is counted under the lock of the round's row, so that two who give the last one are counted one after the other.
DECISIONS = """
CREATE FUNCTION selection_decision_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free smallint; before smallint;
BEGIN
    -- Who gives a place back does not wait for who gives places: they hold the application, which the other waits for.
    IF NEW.kind = 'accepted' THEN
        SELECT places INTO free FROM selection_round WHERE id = NEW.round_id FOR NO KEY UPDATE;
    END IF;
    SELECT coalesce(max(number), 0) INTO before FROM selection_decision WHERE application_id = NEW.application_id AND id <> NEW.id;
    IF NEW.number <> before + 1 THEN
        RAISE EXCEPTION 'decision % of application % does not follow %', NEW.number, NEW.application_id, before
            USING ERRCODE = 'check_violation', CONSTRAINT = 'selection_decision_follows';
    END IF;
    IF NEW.kind = 'accepted' AND (
        SELECT count(*) FROM (
            SELECT DISTINCT ON (application_id) kind FROM selection_decision WHERE round_id = NEW.round_id
            ORDER BY application_id, number DESC
        ) AS last WHERE kind = 'accepted') > free THEN
        RAISE EXCEPTION 'round % has no place left', NEW.round_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'selection_round_places_left';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER selection_decision_made AFTER INSERT ON selection_decision
    FOR EACH ROW EXECUTE FUNCTION selection_decision_made();
"""

# Kept as they are: whoever is forgotten is taken out of them (an account becomes nobody's), and applicants' own words with them.
KEPT = """
CREATE FUNCTION selection_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE old_row jsonb; new_row jsonb; word text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD); new_row := to_jsonb(NEW);
        FOREACH word IN ARRAY TG_ARGV LOOP
            IF new_row -> word IN ('null'::jsonb, '""'::jsonb) THEN
                old_row := old_row - word; new_row := new_row - word;
            END IF;
        END LOOP;
        IF old_row = new_row THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER selection_rankingrun_kept BEFORE UPDATE OR DELETE ON selection_rankingrun
    FOR EACH ROW EXECUTE FUNCTION selection_kept('made_by_id');
CREATE TRIGGER selection_decision_kept BEFORE UPDATE OR DELETE ON selection_decision
    FOR EACH ROW EXECUTE FUNCTION selection_kept('decided_by_id');
CREATE TRIGGER selection_letter_kept BEFORE UPDATE OR DELETE ON selection_letter
    FOR EACH ROW EXECUTE FUNCTION selection_kept('body', 'subject');
CREATE TRIGGER selection_trail_kept BEFORE UPDATE OR DELETE ON selection_trail
    FOR EACH ROW EXECUTE FUNCTION selection_kept('account_id');
CREATE TRIGGER selection_review_no_delete BEFORE DELETE ON selection_review FOR EACH ROW EXECUTE FUNCTION selection_kept();
CREATE TRIGGER selection_appeal_kept BEFORE UPDATE ON selection_appeal FOR EACH ROW WHEN (OLD.state <> 'open')
    EXECUTE FUNCTION selection_kept('text', 'made_by_id', 'answered_by_id', 'decided_by_id');
CREATE TRIGGER selection_appeal_no_delete BEFORE DELETE ON selection_appeal FOR EACH ROW EXECUTE FUNCTION selection_kept();
CREATE TRIGGER selection_contract_kept BEFORE UPDATE ON selection_contract FOR EACH ROW WHEN (OLD.state <> 'issued')
    EXECUTE FUNCTION selection_kept('issued_by_id', 'signed_by_id', 'signed_name');
CREATE TRIGGER selection_contract_no_delete BEFORE DELETE ON selection_contract FOR EACH ROW EXECUTE FUNCTION selection_kept();
"""

UNDO = """
DROP FUNCTION selection_review_changes, selection_score_changes, selection_round_changes, selection_decision_made, selection_kept CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0004_withdrawn_organisations"),
        ("programmes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Round",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("places", models.SmallIntegerField()),
                    ("waiting", models.SmallIntegerField(default=0)),
                    ("reviews_wanted", models.SmallIntegerField(default=3)),
                    ("load", models.SmallIntegerField(default=12)),
                    ("shrink", models.SmallIntegerField(default=5)),
                    ("tie_step", models.IntegerField(default=100)),
                    ("spread", models.IntegerField(default=25000)),
                    ("lowest", models.IntegerField(default=0)),
                    ("cap", models.IntegerField(default=10000)),
                    ("equity", models.JSONField(default=list)),
                    ("appeal_days", models.SmallIntegerField(default=14)),
                    ("contracts", models.JSONField(default=dict)),
                    ("seed", models.TextField()),
                    ("commitment", models.TextField()),
                    ("made_at", models.DateTimeField()),
                    ("fixed_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "call",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.call"
                        ),
                    ),
                    (
                        "deprivation_index",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.deprivationindex",
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
                            condition=models.Q(("places__range", (1, 1000)), ("waiting__range", (0, 1000))),
                            name="selection_round_places",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("load__range", (1, 500)),
                                ("reviews_wanted__range", (1, 9)),
                                ("shrink__range", (0, 50)),
                                ("appeal_days__range", (0, 90)),
                            ),
                            name="selection_round_numbers",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("spread__range", (1, 100000)),
                                ("tie_step__range", (1, 10000)),
                                ("cap__range", (0, 100000)),
                                ("lowest__range", (0, 100000)),
                            ),
                            name="selection_round_points",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Reviewer",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("competence", models.TextField(blank=True, default="")),
                    ("load", models.SmallIntegerField()),
                    ("added_at", models.DateTimeField()),
                    ("left_at", models.DateTimeField(null=True)),
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
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="reviewers", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "account"), name="selection_reviewer_once"),
                        models.CheckConstraint(
                            condition=models.Q(("load__range", (0, 500))), name="selection_reviewer_load"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Review",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="assigned")),
                    ("version", models.SmallIntegerField(default=1)),
                    ("comment", models.TextField(blank=True, default="")),
                    ("note", models.TextField(blank=True, default="")),
                    ("conflict", models.TextField(blank=True, default="")),
                    ("conflict_note", models.TextField(blank=True, default="")),
                    ("assigned_at", models.DateTimeField()),
                    ("declared_at", models.DateTimeField(null=True)),
                    ("submitted_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.application"
                        ),
                    ),
                    (
                        "reviewer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="selection.reviewer"
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("reviewer", "application"), name="selection_review_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "assigned",
                                        "declared",
                                        "drafted",
                                        "submitted",
                                        "conflicted",
                                        "set_aside",
                                        "taken_back",
                                    ],
                                )
                            ),
                            name="selection_review_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["declared", "drafted", "submitted", "set_aside"]), _negated=True
                                ),
                                ("declared_at__isnull", False),
                                _connector="OR",
                            ),
                            name="selection_review_declared_first",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["submitted", "set_aside"]), ("submitted_at__isnull", False)),
                                models.Q(
                                    models.Q(("state__in", ["submitted", "set_aside"]), _negated=True),
                                    ("submitted_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="selection_review_submitted",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["conflicted", "set_aside"]), _negated=True),
                                (
                                    "conflict__in",
                                    [
                                        "self",
                                        "organisation",
                                        "family",
                                        "mentoring",
                                        "investment",
                                        "tenancy",
                                        "business",
                                        "other",
                                    ],
                                ),
                                _connector="OR",
                            ),
                            name="selection_review_conflict_named",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["application"], name="selection_review_of"),
                        models.Index(fields=["round", "state"], name="selection_review_round"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RankingRun",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.SmallIntegerField()),
                    ("case", models.BinaryField()),
                    ("case_digest", models.TextField()),
                    ("result", models.BinaryField()),
                    ("result_digest", models.TextField()),
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
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "number"), name="selection_rankingrun_number")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Letter",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("language", models.TextField()),
                    ("subject", models.TextField()),
                    ("body", models.TextField()),
                    ("written_at", models.DateTimeField()),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.application"
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="selection.round"
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
                                        "interview",
                                        "accepted",
                                        "waiting_list",
                                        "declined",
                                        "appeal_upheld",
                                        "appeal_rejected",
                                        "contract",
                                    ],
                                )
                            ),
                            name="selection_letter_kind",
                        )
                    ],
                    "indexes": [models.Index(fields=["application", "-written_at"], name="selection_letter_of")],
                },
            ),
            migrations.CreateModel(
                name="Decision",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.SmallIntegerField()),
                    ("kind", models.TextField()),
                    ("reason", models.TextField()),
                    ("line", models.JSONField(null=True)),
                    ("departs", models.BooleanField(default=False)),
                    ("decided_at", models.DateTimeField()),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.application"
                        ),
                    ),
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
                        "ranking",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="selection.rankingrun",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("application", "number"), name="selection_decision_number"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["accepted", "waiting_list", "declined", "reopened", "released"])
                            ),
                            name="selection_decision_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason", ""), _negated=True), name="selection_decision_reason"
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["round", "application", "-number"], name="selection_decision_last")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Contract",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.TextField(unique=True)),
                    ("language", models.TextField()),
                    ("text", models.TextField()),
                    ("digest", models.TextField()),
                    ("state", models.TextField(default="issued")),
                    ("issued_at", models.DateTimeField()),
                    ("signed_name", models.TextField(blank=True, default="")),
                    ("signed_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "application",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.application"
                        ),
                    ),
                    (
                        "issued_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "signed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "taken_back"), _negated=True),
                            fields=("application",),
                            name="selection_contract_one",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["issued", "signed", "taken_back"])),
                            name="selection_contract_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("signed_at__isnull", False), ("state", "signed")),
                                models.Q(models.Q(("state", "signed"), _negated=True), ("signed_at__isnull", True)),
                                _connector="OR",
                            ),
                            name="selection_contract_signed",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Score",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("value", models.SmallIntegerField()),
                    ("maximum", models.SmallIntegerField()),
                    ("comment", models.TextField(blank=True, default="")),
                    (
                        "criterion",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.criterion"
                        ),
                    ),
                    (
                        "review",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="selection.review"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("review", "criterion"), name="selection_score_once"),
                        models.CheckConstraint(
                            condition=models.Q(("value__gte", 0), ("value__lte", models.F("maximum"))),
                            name="selection_score_value",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Slot",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("starts_at", models.DateTimeField()),
                    ("minutes", models.SmallIntegerField()),
                    ("place", models.TextField()),
                    ("taken_at", models.DateTimeField(null=True)),
                    (
                        "application",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="programmes.application",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="slots", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "starts_at", "place"), name="selection_slot_once"),
                        models.UniqueConstraint(
                            condition=models.Q(("application__isnull", False)),
                            fields=("application",),
                            name="selection_slot_one_each",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("minutes__range", (5, 480))), name="selection_slot_minutes"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("application__isnull", True), ("taken_at__isnull", True)),
                                models.Q(("application__isnull", False), ("taken_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="selection_slot_taken",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Tie",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("declared_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "other",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                                        "self",
                                        "organisation",
                                        "family",
                                        "mentoring",
                                        "investment",
                                        "tenancy",
                                        "business",
                                        "other",
                                    ],
                                )
                            ),
                            name="selection_tie_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("other__isnull", False), ("organisation__isnull", False), _connector="XOR"
                            ),
                            name="selection_tie_to_one",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True)),
                            fields=("account", "other", "organisation", "kind"),
                            name="selection_tie_once",
                            nulls_distinct=False,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Trail",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("facts", models.JSONField(default=dict)),
                    ("at", models.DateTimeField()),
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
                        "application",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="programmes.application",
                        ),
                    ),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="trail", to="selection.round"
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["round", "application", "id"], name="selection_trail_of")],
                },
            ),
            migrations.CreateModel(
                name="Appeal",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("text", models.TextField()),
                    ("made_at", models.DateTimeField()),
                    ("state", models.TextField(default="open")),
                    ("answer", models.TextField(blank=True, default="")),
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
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "decision",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="selection.decision"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["open", "upheld", "rejected"])),
                            name="selection_appeal_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_at__isnull", True), ("state", "open")),
                                models.Q(
                                    models.Q(("state", "open"), _negated=True),
                                    ("answered_at__isnull", False),
                                    models.Q(("answer", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="selection_appeal_answered",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("answered_by__isnull", True),
                                ("decided_by__isnull", True),
                                models.Q(("answered_by", models.F("decided_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="selection_appeal_by_another",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(REVIEWS + ROUNDS + DECISIONS + KEPT, UNDO),
    ]
