"""Needs and offers, and what brokers decided on them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.exchange.types import CloseReason, PostingKind, PostingState, ReviewReason, ReviewVerdict

_SHOWN = [
    PostingState.PUBLISHED.value, PostingState.MATCHED.value, PostingState.IN_TALKS.value, PostingState.AGREED.value,
    PostingState.EXPIRED.value,
]  # fmt: skip
_LANGUAGES = ["fa", "vi", "en"]


class Posting(models.Model):
    """A need or an offer, written in one language and kept as it was written. Changes only while it is a draft.

    `house` is where it is needed, where that is a house; `broker_house` the one whose brokers review it and stand between the sides.
    `problem`, `context`, `limits` and `technology` are what the form asks for (`types.PARTS`). `closes_on` is the last day on which it is
    shown, on the clocks of the broker's house. `text_hash` is of the folded text: the same twice is one.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    broker_house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    anonymous = models.BooleanField(default=False)
    language = models.TextField()
    title = models.TextField()
    problem = models.TextField()
    context = models.TextField(default="", blank=True)
    limits = models.TextField(default="", blank=True)
    technology = models.TextField(default="", blank=True)
    readiness = models.SmallIntegerField(null=True)
    budget_from = models.BigIntegerField(null=True)
    budget_to = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    wanted_by = models.DateField(null=True)
    partnerships = ArrayField(models.TextField(), default=list)
    sector = models.TextField(default="", blank=True)
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    state = models.TextField(default=PostingState.DRAFT.value)
    close_reason = models.TextField(default="", blank=True)
    text_hash = models.CharField(max_length=64)
    # What a form carries, so that one sent twice makes one posting.
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    closes_on = models.DateField(null=True)
    asked_to_renew = models.BooleanField(default=False)
    renewals = models.SmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in PostingKind]), name="exchange_posting_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PostingState])
                & (
                    models.Q(kind=PostingKind.NEED.value)
                    | ~models.Q(
                        state__in=[
                            PostingState.MATCHED.value,
                            PostingState.IN_TALKS.value,
                            PostingState.AGREED.value,
                        ]
                    )
                ),
                name="exchange_posting_state",
            ),
            # Behind a broker stands who needs something; who offers something wants to be known.
            models.CheckConstraint(
                condition=models.Q(anonymous=False) | models.Q(kind=PostingKind.NEED.value),
                name="exchange_posting_anonymous",
            ),
            models.CheckConstraint(condition=models.Q(language__in=_LANGUAGES), name="exchange_posting_language"),
            models.CheckConstraint(
                condition=models.Q(readiness__isnull=True) | models.Q(readiness__range=(1, 9)),
                name="exchange_posting_readiness",
            ),
            models.CheckConstraint(
                condition=models.Q(budget_from__isnull=True, budget_to__isnull=True, currency="")
                | models.Q(budget_from__gte=0, budget_to__isnull=True, currency__regex="^[A-Z]{3}$")
                | models.Q(budget_from__gte=0, budget_to__gte=models.F("budget_from"), currency__regex="^[A-Z]{3}$"),
                name="exchange_posting_budget",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_SHOWN) | models.Q(published_at__isnull=False, closes_on__isnull=False),
                name="exchange_posting_published_until",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=PostingState.CLOSED.value, close_reason__in=[reason.value for reason in CloseReason]
                )
                | (~models.Q(state=PostingState.CLOSED.value) & models.Q(close_reason="")),
                name="exchange_posting_close_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=["kind", "-published_at", "-id"],
                condition=models.Q(state__in=["published", "matched", "in_talks"]),
                name="exchange_posting_open",
            ),
            models.Index(fields=["organisation", "-changed_at"], name="exchange_posting_of"),
            models.Index(
                fields=["broker_house", "submitted_at"],
                condition=models.Q(state=PostingState.SUBMITTED.value),
                name="exchange_posting_review",
            ),
            models.Index(
                fields=["closes_on"],
                condition=models.Q(state=PostingState.PUBLISHED.value),
                name="exchange_posting_closes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Review(models.Model):
    """One decision of a broker on what was submitted. Kept for ever."""

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, models.CASCADE, related_name="reviews")
    verdict = models.TextField()
    reason = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(verdict=ReviewVerdict.APPROVED.value, reason="")
                | models.Q(
                    verdict__in=[ReviewVerdict.RETURNED.value, ReviewVerdict.REFUSED.value],
                    reason__in=[reason.value for reason in ReviewReason],
                ),
                name="exchange_review_verdict",
            ),
        )
        indexes = (models.Index(fields=["posting", "-decided_at"], name="exchange_review_of"),)
