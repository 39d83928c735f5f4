"""Proposals for houses, what has to be done until they open, and what it costs."""

from __future__ import annotations

from django.db import models

from khaneh.domains.founding.models.standards import Standard
from khaneh.domains.founding.types import DECIDED, FUNDED, JUDGED, UNDERWAY, ProposalState, TaskState
from khaneh.kernel.money import CURRENCY

_WITHDRAWN = ProposalState.WITHDRAWN.value
_JUDGED = [state.value for state in JUDGED]
_DECIDED = [state.value for state in DECIDED]
_FUNDED = [state.value for state in FUNDED]


class Proposal(models.Model):
    """A house that shall be. Never deleted; `weighed` is its place beside others at the last step, `despite` that it was approved though
    it falls short of its standard."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    state = models.TextField(default=ProposalState.PROPOSED.value)
    plan = models.TextField()
    area = models.IntegerField(null=True)
    asked = models.BigIntegerField(null=True)
    currency = models.TextField(default="", blank=True)
    opens_on = models.DateField(null=True)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_key = models.TextField(unique=True)
    weighed = models.JSONField()
    permille = models.SmallIntegerField(null=True)
    failed = models.JSONField(default=list)
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    despite = models.BooleanField(default=False)
    budget = models.BigIntegerField(null=True)
    opened_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ProposalState]), name="founding_proposal_state"
            ),
            models.UniqueConstraint(
                fields=["house"],
                condition=models.Q(state__in=[state.value for state in UNDERWAY]),
                name="founding_proposal_one_underway",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_JUDGED, permille__isnull=False, permille__range=(0, 1000))
                | models.Q(state=ProposalState.PROPOSED.value, permille__isnull=True)
                | models.Q(state=_WITHDRAWN),
                name="founding_proposal_judged",
            ),
            models.CheckConstraint(
                condition=(models.Q(state__in=_DECIDED, decided_at__isnull=False) & ~models.Q(reason=""))
                | (~models.Q(state__in=[*_DECIDED, _WITHDRAWN]) & models.Q(decided_at__isnull=True, reason=""))
                | models.Q(state=_WITHDRAWN),
                name="founding_proposal_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_FUNDED, budget__isnull=False, budget__gte=0, currency__regex=CURRENCY)
                | (~models.Q(state__in=[*_FUNDED, _WITHDRAWN]) & models.Q(budget__isnull=True))
                | models.Q(state=_WITHDRAWN),
                name="founding_proposal_funded",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.OPEN.value, opened_on__isnull=False)
                | (~models.Q(state=ProposalState.OPEN.value) & models.Q(opened_on__isnull=True)),
                name="founding_proposal_opened",
            ),
            models.CheckConstraint(
                condition=models.Q(state=_WITHDRAWN, ended_at__isnull=False)
                | (~models.Q(state=_WITHDRAWN) & models.Q(ended_at__isnull=True)),
                name="founding_proposal_ended",
            ),
        )


class Task(models.Model):
    """Something to be done until the house can open. What all of them may cost is at most the budget: a trigger counts."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="tasks")
    title = models.TextField()
    due_on = models.DateField()
    planned = models.BigIntegerField(default=0)
    state = models.TextField(default=TaskState.OPEN.value)
    done_on = models.DateField(null=True)
    reminded = models.BooleanField(default=False)
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(planned__gte=0), name="founding_task_planned"),
            models.CheckConstraint(
                condition=models.Q(state=TaskState.DONE.value, done_on__isnull=False)
                | models.Q(state__in=[TaskState.OPEN.value, TaskState.DROPPED.value], done_on__isnull=True),
                name="founding_task_state",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_on"],
                condition=models.Q(state=TaskState.OPEN.value, reminded=False),
                name="founding_task_late",
            ),
        )


class Spend(models.Model):
    """Money that went out for a proposal: append-only, in minor units of its currency. What was wrong is taken back by another line."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="spends")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="spends")
    amount = models.BigIntegerField()
    spent_on = models.DateField()
    receipt = models.TextField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    noted_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    made_key = models.TextField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, amount__gt=0)
                | models.Q(reverses__isnull=False, amount__lt=0),
                name="founding_spend_amount",
            ),
            models.CheckConstraint(condition=~models.Q(receipt=""), name="founding_spend_receipt"),
        )
