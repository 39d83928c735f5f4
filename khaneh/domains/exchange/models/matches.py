"""A need and somebody who may have what it asks for: from the first word to what came of it."""

from __future__ import annotations

from django.db import models

from khaneh.domains.exchange.models.postings import Posting
from khaneh.domains.exchange.types import ALIVE, EndReason, MatchState, OutcomeKind, ProposedKind, Side

_KNOWN = [MatchState.INTRODUCED.value, MatchState.IN_TALKS.value, MatchState.AGREED.value]


class Decision(models.Model):
    """What a broker made of one proposal. `score` and `features` are those of the moment: the ranking learns from them."""

    id = models.BigAutoField(primary_key=True)
    need = models.ForeignKey(Posting, models.CASCADE, related_name="decisions")
    kind = models.TextField()
    key = models.BigIntegerField()
    accepted = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    score = models.FloatField()
    features = models.JSONField(default=dict)
    # The title of the moment, for what is not this domain's to look up.
    title = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["need", "kind", "key"], name="exchange_decision_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ProposedKind]), name="exchange_decision_kind"
            ),
        )


class Match(models.Model):
    """A need and an organisation that may have an answer, by an offer of it or without one. Never deleted.

    `partner` is that organisation; `words` what it said of itself; `evidence` why it was proposed, as it was at that moment.
    """

    id = models.BigAutoField(primary_key=True)
    need = models.ForeignKey(Posting, models.PROTECT, related_name="matches")
    offer = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="offered_in")
    partner = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    by_partner = models.BooleanField()
    state = models.TextField()
    words = models.TextField(default="", blank=True)
    evidence = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    # Who stands behind the need has said that they want to meet this partner, and may be named to them.
    owner_yes_at = models.DateTimeField(null=True)
    owner_yes_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    introduced_at = models.DateTimeField(null=True)
    introduced_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    meeting_at = models.DateTimeField(null=True)
    meeting_where = models.TextField(default="", blank=True)
    talks_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="", blank=True)
    end_note = models.TextField(default="", blank=True)
    asked_outcome_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in MatchState]), name="exchange_match_state"
            ),
            models.UniqueConstraint(
                fields=["need", "partner"],
                condition=models.Q(state__in=[*(state.value for state in ALIVE), MatchState.AGREED.value]),
                name="exchange_match_one_alive",
            ),
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(state=MatchState.AGREED.value),
                name="exchange_match_one_agreed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_KNOWN) | models.Q(introduced_at__isnull=False),
                name="exchange_match_introduced",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MatchState.AGREED.value, agreed_at__isnull=False)
                | (~models.Q(state=MatchState.AGREED.value) & models.Q(agreed_at__isnull=True)),
                name="exchange_match_agreed_at",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MatchState.ENDED.value, end_reason__in=[reason.value for reason in EndReason])
                | (~models.Q(state=MatchState.ENDED.value) & models.Q(end_reason="")),
                name="exchange_match_end_reason",
            ),
        )
        indexes = (
            models.Index(fields=["partner", "-changed_at"], name="exchange_match_of_partner"),
            models.Index(
                fields=["changed_at"],
                condition=models.Q(state__in=[MatchState.INVITED.value, MatchState.INTERESTED.value]),
                name="exchange_match_waiting",
            ),
        )


class Agreement(models.Model):
    """One version of the text that both sides are to accept. The text stays; the last version alone can be accepted."""

    id = models.BigAutoField(primary_key=True)
    match = models.ForeignKey(Match, models.PROTECT, related_name="agreements")
    version = models.SmallIntegerField()
    template = models.TextField()
    language = models.TextField()
    text = models.TextField()
    side = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    owner_at = models.DateTimeField(null=True)
    owner_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    partner_at = models.DateTimeField(null=True)
    partner_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["match", "version"], name="exchange_agreement_version"),
            models.CheckConstraint(
                condition=models.Q(side__in=[side.value for side in Side]), name="exchange_agreement_side"
            ),
        )


class Outcome(models.Model):
    """What came of an agreement, said by one side with what shows it, and confirmed by the other. Kept as it was said."""

    id = models.BigAutoField(primary_key=True)
    match = models.ForeignKey(Match, models.PROTECT, related_name="outcomes")
    kind = models.TextField()
    words = models.TextField()
    side = models.TextField()
    # Evidence: a file by its content, or an address.
    file_digest = models.CharField(max_length=64, default="", blank=True)
    file_name = models.TextField(default="", blank=True)
    link = models.TextField(default="", blank=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in OutcomeKind]), name="exchange_outcome_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=[side.value for side in Side]), name="exchange_outcome_side"
            ),
        )
