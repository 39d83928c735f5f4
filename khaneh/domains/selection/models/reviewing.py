"""How the applications of a call are judged: the rules, who judges, what ties them to applicants, reviews, and rankings as they were reckoned."""

from __future__ import annotations

from django.db import models

from khaneh.domains.selection.types.lists import ReviewState, TieKind

_STATES = [state.value for state in ReviewState]


class Round(models.Model):
    """The rules by which one call selects. From `fixed_at` on they stay as they are, and `commitment` (SHA-256 of the seed) is public.

    Points are thousandths. `equity` is a list of {"kind", "value", "points"}. `contracts` are texts of the contract by language.
    """

    id = models.BigAutoField(primary_key=True)
    call = models.OneToOneField("programmes.Call", models.PROTECT, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    places = models.SmallIntegerField()
    waiting = models.SmallIntegerField(default=0)
    reviews_wanted = models.SmallIntegerField(default=3)
    load = models.SmallIntegerField(default=12)
    shrink = models.SmallIntegerField(default=5)
    tie_step = models.IntegerField(default=100)
    spread = models.IntegerField(default=25_000)
    lowest = models.IntegerField(default=0)
    cap = models.IntegerField(default=10_000)
    equity = models.JSONField(default=list)
    deprivation_index = models.ForeignKey("network.DeprivationIndex", models.PROTECT, null=True, related_name="+")
    appeal_days = models.SmallIntegerField(default=14)
    contracts = models.JSONField(default=dict)
    seed = models.TextField()
    commitment = models.TextField()
    made_at = models.DateTimeField()
    fixed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(places__range=(1, 1000), waiting__range=(0, 1000)), name="selection_round_places"
            ),
            models.CheckConstraint(
                condition=models.Q(reviews_wanted__range=(1, 9), load__range=(1, 500), shrink__range=(0, 50))
                & models.Q(appeal_days__range=(0, 90)),
                name="selection_round_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(tie_step__range=(1, 10_000), spread__range=(1, 100_000))
                & models.Q(lowest__range=(0, 100_000), cap__range=(0, 100_000)),
                name="selection_round_points",
            ),
        )


class Reviewer(models.Model):
    """Somebody who judges applications of one call, up to `load` of them. `account` is nobody once they are forgotten."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="reviewers")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    competence = models.TextField(default="", blank=True)
    load = models.SmallIntegerField()
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "account"], name="selection_reviewer_once"),
            models.CheckConstraint(condition=models.Q(load__range=(0, 500)), name="selection_reviewer_load"),
        )


class Tie(models.Model):
    """What somebody declared to tie them to a person or an organisation: it holds for every call until they end it."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Account", models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.CASCADE, null=True, related_name="+")
    kind = models.TextField()
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in TieKind]), name="selection_tie_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(other__isnull=False) ^ models.Q(organisation__isnull=False),
                name="selection_tie_to_one",
            ),
            models.UniqueConstraint(
                fields=["account", "other", "organisation", "kind"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="selection_tie_once",
            ),
        )


class Review(models.Model):
    """One reviewer's judgement of one application. Nothing confidential is shown before `declared_at`; no score is written either.

    `version` is the submission that was judged. `conflict` is what ties them; `note` is for officers alone, `comment` for applicants.
    """

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="reviews")
    application = models.ForeignKey("programmes.Application", models.PROTECT, related_name="+")
    state = models.TextField(default=ReviewState.ASSIGNED.value)
    version = models.SmallIntegerField(default=1)
    comment = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    conflict = models.TextField(default="", blank=True)
    conflict_note = models.TextField(default="", blank=True)
    assigned_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["reviewer", "application"], name="selection_review_once"),
            models.CheckConstraint(condition=models.Q(state__in=_STATES), name="selection_review_state"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["declared", "drafted", "submitted", "set_aside"])
                | models.Q(declared_at__isnull=False),
                name="selection_review_declared_first",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["submitted", "set_aside"], submitted_at__isnull=False)
                | (~models.Q(state__in=["submitted", "set_aside"]) & models.Q(submitted_at__isnull=True)),
                name="selection_review_submitted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["conflicted", "set_aside"])
                | models.Q(conflict__in=[kind.value for kind in TieKind]),
                name="selection_review_conflict_named",
            ),
        )
        indexes = (
            models.Index(fields=["application"], name="selection_review_of"),
            models.Index(fields=["round", "state"], name="selection_review_round"),
        )


class Score(models.Model):
    """A review's score for one criterion. Written while the review is a draft, kept from its submission on."""

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("programmes.Criterion", models.PROTECT, related_name="+")
    value = models.SmallIntegerField()
    # The criterion's scale, kept beside the score so that PostgreSQL can hold it.
    maximum = models.SmallIntegerField()
    comment = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["review", "criterion"], name="selection_score_once"),
            models.CheckConstraint(
                condition=models.Q(value__gte=0, value__lte=models.F("maximum")), name="selection_score_value"
            ),
        )


class RankingRun(models.Model):
    """A ranking as it was reckoned: `case` are the bytes of everything that it depends on, `result` those of the ranking. Kept for ever."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="runs")
    number = models.SmallIntegerField()
    case = models.BinaryField()
    case_digest = models.TextField()
    result = models.BinaryField()
    result_digest = models.TextField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round", "number"], name="selection_rankingrun_number"),)
