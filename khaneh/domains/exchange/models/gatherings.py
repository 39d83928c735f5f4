"""Needs that come back without an answer, gathered by a job, decided by a person, answered by the house that is asked."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.exchange.models.postings import Posting
from khaneh.domains.exchange.types import GatheringAnswer, GatheringDecision

_PROPOSED = [one.value for one in GatheringDecision if one is not GatheringDecision.ASIDE]
_ASIDE = GatheringDecision.ASIDE.value
_TAKEN, _DECLINED = GatheringAnswer.TAKEN.value, GatheringAnswer.DECLINED.value


class Gathering(models.Model):
    """Needs that say the same. Until it is decided the job brings it up to date, or lets it go; then it stays as it is.

    `meaning`, `words` and `sector` say why they are together. What is proposed goes to `house`, which answers once. What it makes of it is
    `course` or the call of this number: calls are another domain's beside this one, so it is known by number alone.
    """

    id = models.BigAutoField(primary_key=True)
    meaning = models.FloatField(null=True)
    words = ArrayField(models.TextField(), default=list)
    sector = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    decision = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    answer = models.TextField(default="", blank=True)
    answer_note = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    call_id = models.BigIntegerField(null=True)
    course = models.ForeignKey("learning.Course", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True, house__isnull=True)
                | models.Q(decision__in=_PROPOSED, decided_at__isnull=False, house__isnull=False)
                | models.Q(decision=_ASIDE, decided_at__isnull=False, house__isnull=True),
                name="exchange_gathering_decision",
            ),
            # Whoever lays needs of others aside, or asks a library to buy something, says why and what.
            models.CheckConstraint(
                condition=~models.Q(decision__in=[_ASIDE, GatheringDecision.PURCHASE.value]) | ~models.Q(note=""),
                name="exchange_gathering_note",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | models.Q(answer=_TAKEN, answered_at__isnull=False, decision__in=_PROPOSED)
                | (models.Q(answer=_DECLINED, answered_at__isnull=False, decision__in=_PROPOSED) & ~models.Q(answer_note="")),
                name="exchange_gathering_answer",
            ),
            # A call or a course is taken by making one, and nothing else names one.
            models.CheckConstraint(
                condition=models.Q(answer=_TAKEN, decision=GatheringDecision.CALL.value, call_id__isnull=False, course__isnull=True)
                | models.Q(answer=_TAKEN, decision=GatheringDecision.COURSE.value, call_id__isnull=True, course__isnull=False)
                | models.Q(answer=_TAKEN, decision=GatheringDecision.PURCHASE.value, call_id__isnull=True, course__isnull=True)
                | (~models.Q(answer=_TAKEN) & models.Q(call_id__isnull=True, course__isnull=True)),
                name="exchange_gathering_made",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["house", "-decided_at"], name="exchange_gathering_house"),)


class GatheredNeed(models.Model):
    """A need in a gathering: in one at a time, and for good in one that is decided."""

    id = models.BigAutoField(primary_key=True)
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="members")
    need = models.OneToOneField(Posting, models.PROTECT, related_name="gathered")
