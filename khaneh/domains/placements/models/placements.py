"""Placements, and what employers were asked and answered about them."""

from __future__ import annotations

from django.db import models

from khaneh.domains.placements.models.vacancies import Vacancy
from khaneh.domains.placements.types import HOLDING, MILESTONES, OPEN_PLACEMENTS, EndReason, PlacementState

_BEGUN = [
    PlacementState.STARTED.value,
    PlacementState.CONFIRMED_3.value,
    PlacementState.CONFIRMED_12.value,
    PlacementState.ENDED.value,
    PlacementState.UNKNOWN.value,
]


class Placement(models.Model):
    """A vacancy was offered to somebody, and what came of it. Never deleted: who asks to be forgotten is taken out of it.

    `match` is why it was offered; `organisation` the vacancy's, for which the confirmations speak.
    """

    id = models.BigAutoField(primary_key=True)
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="placements")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    state = models.TextField(default=PlacementState.OFFERED.value)
    note = models.TextField(default="", blank=True)
    match = models.JSONField(null=True)
    offered_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    starts_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PlacementState]),
                name="placements_placement_state",
            ),
            models.UniqueConstraint(
                fields=["vacancy", "account"],
                condition=models.Q(account__isnull=False, state__in=[state.value for state in OPEN_PLACEMENTS]),
                name="placements_placement_one_open",
            ),
            models.CheckConstraint(
                condition=(models.Q(state=PlacementState.OFFERED.value) & models.Q(answer_by__isnull=False))
                | (~models.Q(state=PlacementState.OFFERED.value) & models.Q(answer_by__isnull=True)),
                name="placements_placement_answer_by",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_BEGUN, started_on__isnull=False)
                | (~models.Q(state__in=_BEGUN) & models.Q(started_on__isnull=True)),
                name="placements_placement_begun",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[PlacementState.DECLINED.value, PlacementState.ENDED.value],
                    end_reason__in=[reason.value for reason in EndReason],
                )
                | (
                    ~models.Q(state__in=[PlacementState.DECLINED.value, PlacementState.ENDED.value])
                    & models.Q(end_reason="")
                ),
                name="placements_placement_end_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=PlacementState.ENDED.value, ended_on__gte=models.F("started_on"))
                | (~models.Q(state=PlacementState.ENDED.value) & models.Q(ended_on__isnull=True)),
                name="placements_placement_ended_on",
            ),
        )
        indexes = (
            models.Index(
                fields=["vacancy"],
                condition=models.Q(state__in=[state.value for state in HOLDING]),
                name="placements_placement_held",
            ),
            models.Index(
                fields=["answer_by"],
                condition=models.Q(state=PlacementState.OFFERED.value),
                name="placements_placement_answers",
            ),
        )


class Confirmation(models.Model):
    """After so many months the employer is asked whether somebody works there still. Answered once."""

    id = models.BigAutoField(primary_key=True)
    placement = models.ForeignKey(Placement, models.CASCADE, related_name="confirmations")
    months = models.SmallIntegerField()
    due_on = models.DateField()
    reminded = models.SmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    still = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["placement", "months"], name="placements_confirmation_once"),
            models.CheckConstraint(
                condition=models.Q(months__in=list(MILESTONES)), name="placements_confirmation_months"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, still__isnull=True)
                | models.Q(answered_at__isnull=False, still__isnull=False),
                name="placements_confirmation_answer",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_on"],
                condition=models.Q(answered_at__isnull=True),
                name="placements_confirmation_due",
            ),
        )
