"""Residencies with what they were allotted, what they plan to reach, how they are, what they ask for and what becomes of them."""

from __future__ import annotations

from django.db import models

from khaneh.domains.residencies.types import (
    FATES,
    OVER_REASONS,
    REQUEST_KINDS,
    REVENUE_BANDS,
    MilestoneState,
    RequestState,
    ResidencyState,
)

_OVER = [ResidencyState.LEFT.value, ResidencyState.ENDED.value]
_DONE = [ResidencyState.GRADUATED.value, *_OVER]
_DECIDED = [MilestoneState.REACHED.value, MilestoneState.DROPPED.value]
_ANSWERED = [RequestState.DONE.value, RequestState.REFUSED.value]


class Residency(models.Model):
    """A team in a house on a plan. Never deleted: who asks to be forgotten is taken out of it.

    `founder` answers for the team; `organisation` is it, once there is one.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    founder = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    application = models.OneToOneField("programmes.Application", models.PROTECT, null=True, related_name="+")
    names = models.JSONField(default=dict)
    plan = models.TextField(default="", blank=True)
    people = models.SmallIntegerField(default=1)
    state = models.TextField(default=ResidencyState.OFFERED.value)
    starts_on = models.DateField()
    ends_on = models.DateField()
    moved_in_on = models.DateField(null=True)
    over_on = models.DateField(null=True)
    over_reason = models.TextField(default="", blank=True)
    follow_up_consent_at = models.DateTimeField(null=True)
    # What a form carries, so that one sent twice makes one residency.
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ResidencyState]), name="residencies_state"
            ),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="residencies_days"),
            models.CheckConstraint(condition=models.Q(people__range=(1, 200)), name="residencies_people"),
            models.CheckConstraint(
                condition=models.Q(state=ResidencyState.OFFERED.value, moved_in_on__isnull=True)
                | models.Q(
                    state__in=[ResidencyState.MOVED_IN.value, ResidencyState.GRADUATED.value], moved_in_on__isnull=False
                )
                | models.Q(state=ResidencyState.LEFT.value, moved_in_on__isnull=False)
                | models.Q(state=ResidencyState.ENDED.value),
                name="residencies_moved_in",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_DONE, over_on__isnull=False)
                | (~models.Q(state__in=_DONE) & models.Q(over_on__isnull=True)),
                name="residencies_over_on",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_OVER, over_reason__in=[one.value for one in OVER_REASONS])
                | (~models.Q(state__in=_OVER) & models.Q(over_reason="")),
                name="residencies_over_reason",
            ),
            models.UniqueConstraint(
                fields=["house", "organisation"],
                condition=models.Q(
                    organisation__isnull=False,
                    state__in=[ResidencyState.OFFERED.value, ResidencyState.MOVED_IN.value],
                ),
                name="residencies_one_open",
            ),
        )
        indexes = (models.Index(fields=["house", "state"], name="residencies_of_house"),)


class Allotment(models.Model):
    """A desk or a room that a residency has: a long booking of it."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="allotments")
    booking = models.OneToOneField("spaces.Booking", models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    given_back_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="residencies_allotment_days"),
        )


class Milestone(models.Model):
    """Something that a residency is to reach by a day, and whether the house has found that it did."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="milestones")
    number = models.SmallIntegerField()
    names = models.JSONField(default=dict)
    wanted = models.TextField(default="", blank=True)
    due_on = models.DateField()
    state = models.TextField(default=MilestoneState.PLANNED.value)
    said = models.TextField(default="", blank=True)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    answer = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["residency", "number"], name="residencies_milestone_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in MilestoneState]),
                name="residencies_milestone_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_DECIDED, decided_at__isnull=False)
                | (~models.Q(state__in=_DECIDED) & models.Q(decided_at__isnull=True)),
                name="residencies_milestone_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[MilestoneState.SUBMITTED.value, MilestoneState.REACHED.value])
                | models.Q(submitted_at__isnull=False),
                name="residencies_milestone_submitted",
            ),
        )


class Evidence(models.Model):
    """A file that shows that a milestone was reached, under the name of its content."""

    id = models.BigAutoField(primary_key=True)
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="evidence")
    digest = models.CharField(max_length=64)
    name = models.TextField()
    media = models.TextField()
    size = models.BigIntegerField()
    given_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["milestone", "digest"], name="residencies_evidence_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="residencies_evidence_size"),
        )


class Request(models.Model):
    """A service that a residency asks the house for."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="requests")
    kind = models.TextField()
    text = models.TextField()
    state = models.TextField(default=RequestState.ASKED.value)
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(default="", blank=True)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    made_key = models.TextField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=list(REQUEST_KINDS)), name="residencies_request_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RequestState]), name="residencies_request_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_ANSWERED) | ~models.Q(answer=""), name="residencies_request_answer"
            ),
        )


class HealthCheck(models.Model):
    """How a mentor finds a team on a day, each area from 1 (badly) to 5. Kept as it was written."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="checks")
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    scores = models.JSONField()
    note = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["residency", "by", "on"], name="residencies_healthcheck_once_a_day"),
        )


class FollowUp(models.Model):
    """What is known of a team so many years after it graduated. What was not said is null, and shown as unknown."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="follow_ups")
    year = models.SmallIntegerField()
    due_on = models.DateField()
    asked = models.BooleanField(default=False)
    fate = models.TextField(default="", blank=True)
    people = models.IntegerField(null=True)
    revenue_band = models.TextField(default="", blank=True)
    exports = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["residency", "year"], name="residencies_followup_once"),
            models.CheckConstraint(condition=models.Q(year__range=(1, 5)), name="residencies_followup_year"),
            models.CheckConstraint(
                condition=models.Q(fate="") | models.Q(fate__in=[one.value for one in FATES]),
                name="residencies_followup_fate",
            ),
            models.CheckConstraint(
                condition=models.Q(revenue_band="") | models.Q(revenue_band__in=list(REVENUE_BANDS)),
                name="residencies_followup_band",
            ),
            models.CheckConstraint(
                condition=models.Q(people__isnull=True) | models.Q(people__range=(0, 100_000)),
                name="residencies_followup_people",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=False)
                | models.Q(fate="", people__isnull=True, revenue_band="", exports__isnull=True),
                name="residencies_followup_answered",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_on"], condition=models.Q(answered_at__isnull=True), name="residencies_followup_due"
            ),
        )
