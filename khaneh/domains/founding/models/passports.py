"""Passports of houses: by what each is measured, and every time that it was."""

from __future__ import annotations

from django.db import models

from khaneh.domains.founding.models.proposals import Proposal
from khaneh.domains.founding.models.standards import Standard
from khaneh.domains.founding.types import PassportState


class Passport(models.Model):
    """Whether a house meets its standard, by the last time that it was judged."""

    id = models.BigAutoField(primary_key=True)
    house = models.OneToOneField("network.House", models.PROTECT, related_name="+")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    state = models.TextField()
    permille = models.SmallIntegerField()
    assessed_on = models.DateField()
    due_on = models.DateField()
    reminded = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PassportState]), name="founding_passport_state"
            ),
            models.CheckConstraint(
                condition=models.Q(permille__range=(0, 1000), due_on__gt=models.F("assessed_on")),
                name="founding_passport_numbers",
            ),
        )
        indexes = (models.Index(fields=["due_on"], condition=models.Q(reminded=False), name="founding_passport_due"),)


class PassportEntry(models.Model):
    """One line of a passport's history: append-only. It comes from the proposal at the opening, later from an assessment."""

    id = models.BigAutoField(primary_key=True)
    passport = models.ForeignKey(Passport, models.PROTECT, related_name="entries")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="+")
    permille = models.SmallIntegerField()
    meets = models.BooleanField()
    failed = models.JSONField(default=list)
    on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(permille__range=(0, 1000)), name="founding_passportentry_permille"
            ),
        )
