"""Needs and offers, what brokers decide on them, matches, agreements and outcomes.

Protects: needs and offers, and matches, take only the steps of their life; what was submitted keeps its words until it is a draft again; a match
is of a need with an offer of its partner, never with the organisation that has the need, and names nobody
behind an anonymous one who has not agreed; a need is agreed by a match that is; texts of
agreements, decisions on what was submitted and outcomes stay as they were said; nothing of it is deleted. Locks nothing that exists. Fails
nowhere: it makes tables.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

STEPS = """
CREATE FUNCTION exchange_refuse(what text, which text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = which;
END $$;

CREATE FUNCTION exchange_posting_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'draft' THEN NEW.state IN ('submitted', 'closed')
        WHEN 'submitted' THEN NEW.state IN ('draft', 'reviewed', 'closed')
        WHEN 'reviewed' THEN NEW.state IN ('draft', 'published', 'closed')
        WHEN 'published' THEN NEW.state IN ('draft', 'matched', 'in_talks', 'closed', 'expired')
        WHEN 'matched' THEN NEW.state IN ('published', 'in_talks', 'closed')
        WHEN 'in_talks' THEN NEW.state IN ('published', 'matched', 'agreed', 'closed')
        WHEN 'agreed' THEN NEW.state = 'closed'
        WHEN 'expired' THEN NEW.state IN ('draft', 'published', 'closed')
        ELSE false END) THEN
        PERFORM exchange_refuse(format('a posting does not go from %s to %s', OLD.state, NEW.state), 'exchange_posting_steps');
    END IF;
    IF NEW.state = 'agreed' AND NOT EXISTS (SELECT FROM exchange_match WHERE need_id = NEW.id AND state = 'agreed') THEN
        PERFORM exchange_refuse(format('need %s is agreed with nobody', NEW.id), 'exchange_posting_agreed');
    END IF;
    IF (NEW.kind, NEW.organisation_id, NEW.made_at) IS DISTINCT FROM (OLD.kind, OLD.organisation_id, OLD.made_at)
        OR (OLD.state <> 'draft' AND NEW.state <> 'draft' AND
            (NEW.language, NEW.title, NEW.problem, NEW.context, NEW.limits, NEW.technology, NEW.anonymous, NEW.broker_house_id)
            IS DISTINCT FROM
            (OLD.language, OLD.title, OLD.problem, OLD.context, OLD.limits, OLD.technology, OLD.anonymous, OLD.broker_house_id)) THEN
        PERFORM exchange_refuse(format('posting %s keeps what was submitted', OLD.id), 'exchange_posting_kept');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exchange_posting_changes BEFORE UPDATE ON exchange_posting FOR EACH ROW EXECUTE FUNCTION exchange_posting_changes();

CREATE FUNCTION exchange_match_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM exchange_posting WHERE id = NEW.need_id AND kind = 'need' AND organisation_id <> NEW.partner_id)
            OR (NEW.offer_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM exchange_posting WHERE id = NEW.offer_id AND kind = 'offer' AND organisation_id = NEW.partner_id)) THEN
            PERFORM exchange_refuse('a match is of a need with another organisation, by an offer of it', 'exchange_match_sides');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'invited' THEN NEW.state IN ('interested', 'ended')
        WHEN 'interested' THEN NEW.state IN ('introduced', 'ended')
        WHEN 'introduced' THEN NEW.state IN ('in_talks', 'ended')
        WHEN 'in_talks' THEN NEW.state IN ('agreed', 'ended')
        ELSE false END) THEN
        PERFORM exchange_refuse(format('a match does not go from %s to %s', OLD.state, NEW.state), 'exchange_match_steps');
    END IF;
    IF NEW.state = 'introduced' AND NEW.owner_yes_at IS NULL AND EXISTS (SELECT FROM exchange_posting WHERE id = NEW.need_id AND anonymous) THEN
        PERFORM exchange_refuse(format('who stands behind need %s was not asked', NEW.need_id), 'exchange_match_owner_asked');
    END IF;
    IF (NEW.need_id, NEW.partner_id, NEW.by_partner, NEW.made_at) IS DISTINCT FROM
        (OLD.need_id, OLD.partner_id, OLD.by_partner, OLD.made_at) THEN
        PERFORM exchange_refuse(format('match %s stays what it was', OLD.id), 'exchange_match_kept');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exchange_match_changes BEFORE INSERT OR UPDATE ON exchange_match FOR EACH ROW EXECUTE FUNCTION exchange_match_changes();
"""

KEPT = """
CREATE FUNCTION exchange_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exchange_refuse(TG_TABLE_NAME || ' is kept as it is', TG_TABLE_NAME || '_kept');
    RETURN NULL;
END $$;
CREATE TRIGGER exchange_match_no_delete BEFORE DELETE ON exchange_match FOR EACH ROW EXECUTE FUNCTION exchange_never();
CREATE TRIGGER exchange_agreement_no_delete BEFORE DELETE ON exchange_agreement FOR EACH ROW EXECUTE FUNCTION exchange_never();
CREATE TRIGGER exchange_outcome_no_delete BEFORE DELETE ON exchange_outcome FOR EACH ROW EXECUTE FUNCTION exchange_never();
CREATE TRIGGER exchange_review_said BEFORE UPDATE ON exchange_review FOR EACH ROW
    WHEN ((NEW.posting_id, NEW.verdict, NEW.reason, NEW.note, NEW.decided_at) IS DISTINCT FROM
        (OLD.posting_id, OLD.verdict, OLD.reason, OLD.note, OLD.decided_at))
    EXECUTE FUNCTION exchange_never();
CREATE TRIGGER exchange_agreement_text BEFORE UPDATE ON exchange_agreement FOR EACH ROW
    WHEN ((NEW.match_id, NEW.version, NEW.text, NEW.language) IS DISTINCT FROM (OLD.match_id, OLD.version, OLD.text, OLD.language)
        OR (OLD.owner_at IS NOT NULL AND NEW.owner_at IS DISTINCT FROM OLD.owner_at)
        OR (OLD.partner_at IS NOT NULL AND NEW.partner_at IS DISTINCT FROM OLD.partner_at))
    EXECUTE FUNCTION exchange_never();
CREATE TRIGGER exchange_outcome_said BEFORE UPDATE ON exchange_outcome FOR EACH ROW
    WHEN ((NEW.match_id, NEW.kind, NEW.words, NEW.side, NEW.file_digest, NEW.link, NEW.told_at) IS DISTINCT FROM
        (OLD.match_id, OLD.kind, OLD.words, OLD.side, OLD.file_digest, OLD.link, OLD.told_at)
        OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at))
    EXECUTE FUNCTION exchange_never();
"""

UNDO = """
DROP FUNCTION exchange_posting_changes, exchange_match_changes, exchange_never, exchange_refuse CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0004_withdrawn_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Posting",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("anonymous", models.BooleanField(default=False)),
                    ("language", models.TextField()),
                    ("title", models.TextField()),
                    ("problem", models.TextField()),
                    ("context", models.TextField(blank=True, default="")),
                    ("limits", models.TextField(blank=True, default="")),
                    ("technology", models.TextField(blank=True, default="")),
                    ("readiness", models.SmallIntegerField(null=True)),
                    ("budget_from", models.BigIntegerField(null=True)),
                    ("budget_to", models.BigIntegerField(null=True)),
                    ("currency", models.CharField(blank=True, default="", max_length=3)),
                    ("wanted_by", models.DateField(null=True)),
                    (
                        "partnerships",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("sector", models.TextField(blank=True, default="")),
                    ("state", models.TextField(default="draft")),
                    ("close_reason", models.TextField(blank=True, default="")),
                    ("text_hash", models.CharField(max_length=64)),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("submitted_at", models.DateTimeField(null=True)),
                    ("published_at", models.DateTimeField(null=True)),
                    ("closes_on", models.DateField(null=True)),
                    ("asked_to_renew", models.BooleanField(default=False)),
                    ("renewals", models.SmallIntegerField(default=0)),
                    (
                        "broker_house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
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
                            condition=models.Q(("state__in", ["published", "matched", "in_talks"])),
                            fields=["kind", "-published_at", "-id"],
                            name="exchange_posting_open",
                        ),
                        models.Index(fields=["organisation", "-changed_at"], name="exchange_posting_of"),
                        models.Index(
                            condition=models.Q(("state", "submitted")),
                            fields=["broker_house", "submitted_at"],
                            name="exchange_posting_review",
                        ),
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["closes_on"],
                            name="exchange_posting_closes",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["need", "offer"])), name="exchange_posting_kind"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "draft",
                                        "submitted",
                                        "reviewed",
                                        "published",
                                        "matched",
                                        "in_talks",
                                        "agreed",
                                        "closed",
                                        "expired",
                                    ],
                                ),
                                models.Q(
                                    ("kind", "need"),
                                    models.Q(("state__in", ["matched", "in_talks", "agreed"]), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            name="exchange_posting_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("anonymous", False), ("kind", "need"), _connector="OR"),
                            name="exchange_posting_anonymous",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("language__in", ["fa", "vi", "en"])), name="exchange_posting_language"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("readiness__isnull", True), ("readiness__range", (1, 9)), _connector="OR"
                            ),
                            name="exchange_posting_readiness",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("budget_from__isnull", True), ("budget_to__isnull", True), ("currency", "")),
                                models.Q(
                                    ("budget_from__gte", 0),
                                    ("budget_to__isnull", True),
                                    ("currency__regex", "^[A-Z]{3}$"),
                                ),
                                models.Q(
                                    ("budget_from__gte", 0),
                                    ("budget_to__gte", models.F("budget_from")),
                                    ("currency__regex", "^[A-Z]{3}$"),
                                ),
                                _connector="OR",
                            ),
                            name="exchange_posting_budget",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["published", "matched", "in_talks", "agreed", "expired"]),
                                    _negated=True,
                                ),
                                models.Q(("closes_on__isnull", False), ("published_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="exchange_posting_published_until",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "close_reason__in",
                                        ["solved_here", "solved_elsewhere", "not_wanted", "refused", "withdrawn"],
                                    ),
                                    ("state", "closed"),
                                ),
                                models.Q(models.Q(("state", "closed"), _negated=True), ("close_reason", "")),
                                _connector="OR",
                            ),
                            name="exchange_posting_close_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Match",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("by_partner", models.BooleanField()),
                    ("state", models.TextField()),
                    ("words", models.TextField(blank=True, default="")),
                    ("evidence", models.JSONField(default=list)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("owner_yes_at", models.DateTimeField(null=True)),
                    ("introduced_at", models.DateTimeField(null=True)),
                    ("meeting_at", models.DateTimeField(null=True)),
                    ("meeting_where", models.TextField(blank=True, default="")),
                    ("talks_at", models.DateTimeField(null=True)),
                    ("agreed_at", models.DateTimeField(null=True)),
                    ("end_reason", models.TextField(blank=True, default="")),
                    ("end_note", models.TextField(blank=True, default="")),
                    ("asked_outcome_at", models.DateTimeField(null=True)),
                    (
                        "introduced_by",
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
                        "owner_yes_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
                        ),
                    ),
                    (
                        "need",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="matches", to="exchange.posting"
                        ),
                    ),
                    (
                        "offer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="offered_in",
                            to="exchange.posting",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["partner", "-changed_at"], name="exchange_match_of_partner"),
                        models.Index(
                            condition=models.Q(("state__in", ["invited", "interested"])),
                            fields=["changed_at"],
                            name="exchange_match_waiting",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["invited", "interested", "introduced", "in_talks", "agreed", "ended"])
                            ),
                            name="exchange_match_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("state__in", ["invited", "interested", "introduced", "in_talks", "agreed"])
                            ),
                            fields=("need", "partner"),
                            name="exchange_match_one_alive",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "agreed")), fields=("need",), name="exchange_match_one_agreed"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["introduced", "in_talks", "agreed"]), _negated=True),
                                ("introduced_at__isnull", False),
                                _connector="OR",
                            ),
                            name="exchange_match_introduced",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("agreed_at__isnull", False), ("state", "agreed")),
                                models.Q(models.Q(("state", "agreed"), _negated=True), ("agreed_at__isnull", True)),
                                _connector="OR",
                            ),
                            name="exchange_match_agreed_at",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "end_reason__in",
                                        [
                                            "partner",
                                            "owner",
                                            "broker",
                                            "no_answer",
                                            "other_agreed",
                                            "closed",
                                            "expired",
                                            "withdrawn",
                                        ],
                                    ),
                                    ("state", "ended"),
                                ),
                                models.Q(models.Q(("state", "ended"), _negated=True), ("end_reason", "")),
                                _connector="OR",
                            ),
                            name="exchange_match_end_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Decision",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("key", models.BigIntegerField()),
                    ("accepted", models.BooleanField()),
                    ("reason", models.TextField(blank=True, default="")),
                    ("score", models.FloatField()),
                    ("features", models.JSONField(default=dict)),
                    ("title", models.TextField(blank=True, default="")),
                    ("decided_at", models.DateTimeField()),
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
                        "need",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="exchange.posting"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("need", "kind", "key"), name="exchange_decision_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["organisation", "offer", "mentor", "machine", "course", "record"])
                            ),
                            name="exchange_decision_kind",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Review",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("verdict", models.TextField()),
                    ("reason", models.TextField(blank=True, default="")),
                    ("note", models.TextField(blank=True, default="")),
                    ("decided_at", models.DateTimeField()),
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
                        "posting",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="exchange.posting"
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["posting", "-decided_at"], name="exchange_review_of")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("reason", ""), ("verdict", "approved")),
                                models.Q(
                                    (
                                        "reason__in",
                                        [
                                            "unclear",
                                            "personal_data",
                                            "not_technology",
                                            "twice",
                                            "advertising",
                                            "unlawful",
                                        ],
                                    ),
                                    ("verdict__in", ["returned", "refused"]),
                                ),
                                _connector="OR",
                            ),
                            name="exchange_review_verdict",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Agreement",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("version", models.SmallIntegerField()),
                    ("template", models.TextField()),
                    ("language", models.TextField()),
                    ("text", models.TextField()),
                    ("side", models.TextField()),
                    ("made_at", models.DateTimeField()),
                    ("owner_at", models.DateTimeField(null=True)),
                    ("partner_at", models.DateTimeField(null=True)),
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
                        "owner_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "partner_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "match",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="exchange.match"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("match", "version"), name="exchange_agreement_version"),
                        models.CheckConstraint(
                            condition=models.Q(("side__in", ["owner", "partner", "broker"])),
                            name="exchange_agreement_side",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Outcome",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("words", models.TextField()),
                    ("side", models.TextField()),
                    ("file_digest", models.CharField(blank=True, default="", max_length=64)),
                    ("file_name", models.TextField(blank=True, default="")),
                    ("link", models.TextField(blank=True, default="")),
                    ("told_at", models.DateTimeField()),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "match",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="exchange.match"
                        ),
                    ),
                    (
                        "told_by",
                        models.ForeignKey(
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
                            condition=models.Q(("kind__in", ["in_use", "pilot_done", "being_built", "no_result"])),
                            name="exchange_outcome_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("side__in", ["owner", "partner", "broker"])),
                            name="exchange_outcome_side",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="LearntWeights",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("weights", models.JSONField()),
                    ("accepted", models.IntegerField()),
                    ("refused", models.IntegerField()),
                    ("learnt_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("accepted__gte", 0), ("refused__gte", 0)),
                            name="exchange_learnt_weights_counts",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MatchText",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("key", models.BigIntegerField()),
                    ("language", models.TextField(blank=True, default="")),
                    ("text", models.TextField(blank=True, default="")),
                    (
                        "sectors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "region_path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.IntegerField(), default=list, size=None
                        ),
                    ),
                    ("readiness", models.SmallIntegerField(null=True)),
                    (
                        "partnerships",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("digest", models.CharField(max_length=64)),
                    ("vector", models.BinaryField(null=True)),
                    ("version", models.TextField(blank=True, default="")),
                    ("gone", models.BooleanField(default=False)),
                    ("revision", models.BigIntegerField()),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["revision"], name="exchange_match_text_revision"),
                        models.Index(
                            condition=models.Q(("gone", False), ("vector__isnull", True)),
                            fields=["id"],
                            name="exchange_match_text_unread",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("kind", "key"), name="exchange_match_text_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind__in", ["organisation", "offer", "mentor", "machine", "course", "need"])
                            ),
                            name="exchange_match_text_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("gone", False), models.Q(("text", ""), ("vector__isnull", True)), _connector="OR"
                            ),
                            name="exchange_match_text_gone",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, UNDO),
    ]
