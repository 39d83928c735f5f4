"""Rounds of the courier and the bookmobile."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import RunState


class Run(models.Model):
    """A round of the courier, or of a bookmobile (a house of its own, which lends at its stops), on one day.

    What cannot be brought to its house on this round is left at `base`, from where another round takes it.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    name = models.TextField(default="", blank=True)
    bookmobile = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    base = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    driver = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, default=RunState.PLANNED.value)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RunState]), name="circulation_run_state"
            ),
        )
        indexes = (models.Index(fields=["day"], name="circulation_run_day"),)

    def __str__(self) -> str:
        return f"run {self.pk} {self.day}"


class RunStop(models.Model):
    """A stop of a round, in order: a house, or a place where a bookmobile stands and lends. The base may come twice."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="stops")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.TextField(default="", db_default="", blank=True)
    position = models.SmallIntegerField()
    planned_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "position"], name="circulation_runstop_position"),
            models.CheckConstraint(
                condition=models.Q(house__isnull=False, place="")
                | (models.Q(house__isnull=True) & ~models.Q(place="")),
                name="circulation_runstop_house_or_place",
            ),
            models.CheckConstraint(
                condition=models.Q(reached_at__isnull=True) | models.Q(missed_at__isnull=True),
                name="circulation_runstop_reached_or_missed",
            ),
        )
        indexes = (models.Index(fields=["house"], name="circulation_runstop_of_house"),)
