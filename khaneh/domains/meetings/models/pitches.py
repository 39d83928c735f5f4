"""Demo days: the order in which teams pitch at an event, and who wants to know more."""

from __future__ import annotations

from django.db import models

from khaneh.domains.meetings.types import InterestState, PitchOrder

_OPEN = [InterestState.ASKED.value, InterestState.ACCEPTED.value]


class DemoDay(models.Model):
    """The running order of an event."""

    id = models.BigAutoField(primary_key=True)
    event = models.OneToOneField("events.Event", models.PROTECT, related_name="+")
    order = models.TextField(default=PitchOrder.BY_HAND.value)
    seed = models.TextField(default="", blank=True)
    pause_minutes = models.SmallIntegerField(default=2)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(order=PitchOrder.BY_HAND.value) | ~models.Q(seed=""), name="meetings_demoday_drawn"
            ),
            models.CheckConstraint(condition=models.Q(pause_minutes__range=(0, 60)), name="meetings_demoday_pause"),
        )


class Pitch(models.Model):
    """A team's or an organisation's turn."""

    id = models.BigAutoField(primary_key=True)
    day = models.ForeignKey(DemoDay, models.PROTECT, related_name="pitches")
    number = models.SmallIntegerField()
    residency = models.ForeignKey("residencies.Residency", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    title = models.TextField()
    summary = models.TextField(default="", blank=True)
    speaker = models.TextField(default="", blank=True)
    minutes = models.SmallIntegerField(default=5)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["day", "number"],
                name="meetings_pitch_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["day", "residency"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="meetings_pitch_residency",
            ),
            models.UniqueConstraint(
                fields=["day", "organisation"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="meetings_pitch_organisation",
            ),
            models.CheckConstraint(condition=models.Q(minutes__range=(1, 60)), name="meetings_pitch_minutes"),
            models.CheckConstraint(
                condition=models.Q(residency__isnull=False) | models.Q(organisation__isnull=False),
                name="meetings_pitch_somebodys",
            ),
        )


class Interest(models.Model):
    """Somebody asks a team for contact after its pitch."""

    id = models.BigAutoField(primary_key=True)
    pitch = models.ForeignKey(Pitch, models.PROTECT, related_name="interests")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    message = models.TextField(default="", blank=True)
    state = models.TextField(default=InterestState.ASKED.value)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in InterestState]), name="meetings_interest_state"
            ),
            models.UniqueConstraint(
                fields=["pitch", "account"],
                condition=models.Q(account__isnull=False, state__in=_OPEN),
                name="meetings_interest_once",
            ),
        )
