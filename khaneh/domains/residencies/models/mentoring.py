"""Who mentors whom, when a mentor has time, and the sessions that were agreed."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from khaneh.domains.residencies.models.residencies import Residency
from khaneh.domains.residencies.types import LIVE_SESSIONS, SessionState

_LIVE = [state.value for state in LIVE_SESSIONS]
_ORDERED = models.Q(ends__gt=models.F("starts"))


def _time() -> models.Func:
    return models.Func(models.F("starts"), models.F("ends"), function="tstzrange", output_field=models.TextField())


class Mentorship(models.Model):
    """Somebody mentors a team, from a day until another."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    why = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["residency", "mentor"],
                condition=models.Q(until__isnull=True, mentor__isnull=False),
                name="residencies_mentorship_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="residencies_mentorship_days",
            ),
        )


class Slot(models.Model):
    """A time that a mentor has for one session. A mentor's slots never share time."""

    id = models.BigAutoField(primary_key=True)
    mentor = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    place = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_ORDERED, name="residencies_slot_order"),
            ExclusionConstraint(
                name="residencies_slot_apart",
                expressions=[("mentor", RangeOperators.EQUAL), (_time(), RangeOperators.OVERLAPS)],
            ),
        )


class Session(models.Model):
    """A mentoring session of a team in a mentor's slot. `starts` and `ends` are the slot's, so that a team is in one place at a time."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="sessions")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="sessions")
    mentor = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    topic = models.TextField()
    state = models.TextField(default=SessionState.BOOKED.value)
    summary = models.TextField(default="", blank=True)
    booked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_ORDERED, name="residencies_session_order"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in SessionState]), name="residencies_session_state"
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=models.Q(state__in=_LIVE), name="residencies_session_one_a_slot"
            ),
            ExclusionConstraint(
                name="residencies_session_apart",
                expressions=[("residency", RangeOperators.EQUAL), (_time(), RangeOperators.OVERLAPS)],
                condition=models.Q(state__in=_LIVE),
            ),
        )
