"""What came of events: how many were there, what is told of it, and counts by kind."""

from __future__ import annotations

from django.db import models

from khaneh.domains.events.models.events import Event
from khaneh.domains.events.types import OUTCOMES


class Outcome(models.Model):
    """What an event came to. `attendance` is an estimate, for where nobody counted at the door."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="outcome")
    attendance = models.IntegerField(null=True)
    text = models.TextField(default="", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(attendance__isnull=True) | models.Q(attendance__range=(0, 10_000_000)),
                name="events_outcome_attendance",
            ),
        )


class OutcomeCount(models.Model):
    """So many contacts, agreements … that came of it."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="outcome_counts")
    kind = models.TextField()
    number = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "kind"], name="events_outcomecount_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(OUTCOMES)), name="events_outcomecount_kind"),
            models.CheckConstraint(condition=models.Q(number__range=(1, 1_000_000)), name="events_outcomecount_number"),
        )
