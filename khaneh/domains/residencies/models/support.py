"""The support ledger: budget lines, tranches, and what was given. What must always be so, PostgreSQL keeps (see README)."""

from __future__ import annotations

from django.db import models

from khaneh.domains.residencies.models.residencies import Milestone, Residency
from khaneh.domains.residencies.types import DAYS, IN_MONEY, MINUTES, SupportKind, TrancheState
from khaneh.kernel.money import CURRENCY

_KINDS = [kind.value for kind in SupportKind]
_MONEY = [kind.value for kind in SupportKind if kind in IN_MONEY]


def _unit_fits() -> models.Q:
    return (
        models.Q(kind__in=_MONEY, unit__regex=CURRENCY)
        | models.Q(kind=SupportKind.PREMISES.value, unit=DAYS)
        | models.Q(
            kind__in=[SupportKind.MENTORING.value, SupportKind.EQUIPMENT.value, SupportKind.TRAINING.value],
            unit=MINUTES,
        )
    )


class Line(models.Model):
    """A line of an agreement's budget: so much of one kind by one giver, kept by a house. `promised` and `given` are written by triggers alone."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    giver = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    agreement = models.TextField()
    names = models.JSONField(default=dict)
    kind = models.TextField()
    unit = models.TextField()
    amount = models.BigIntegerField()
    promised = models.BigIntegerField(default=0)
    given = models.BigIntegerField(default=0)
    first = models.DateField()
    last = models.DateField()
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="residencies_line_kind"),
            models.CheckConstraint(condition=_unit_fits(), name="residencies_line_unit"),
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="residencies_line_days"),
            models.CheckConstraint(
                condition=models.Q(promised__gte=0, given__gte=0, amount__gt=0), name="residencies_line_above_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=models.F("promised") + models.F("given")),
                name="residencies_line_not_passed",
            ),
        )
        indexes = (models.Index(fields=["house"], name="residencies_line_of_house"),)


class Tranche(models.Model):
    """A part of what a line gives a team, due when a milestone is reached, or at once where it waits for none."""

    id = models.BigAutoField(primary_key=True)
    residency = models.ForeignKey(Residency, models.PROTECT, related_name="tranches")
    line = models.ForeignKey(Line, models.PROTECT, related_name="tranches")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="tranches")
    amount = models.BigIntegerField()
    state = models.TextField(default=TrancheState.PROMISED.value)
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="residencies_tranche_amount"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in TrancheState]), name="residencies_tranche_state"
            ),
        )


class Support(models.Model):
    """One line of the ledger: what was given to whom, by whom, under which budget line. Never changed, never deleted: triggers.

    What was wrong is taken back by a line of its own (`reverses`) with the amount below zero. `receipt` numbers it within its house and year.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    residency = models.ForeignKey(Residency, models.PROTECT, null=True, related_name="support")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    giver = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="support")
    tranche = models.ForeignKey(Tranche, models.PROTECT, null=True, related_name="support")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    kind = models.TextField()
    unit = models.TextField()
    amount = models.BigIntegerField()
    given_on = models.DateField()
    note = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)
    receipt = models.TextField(unique=True)
    key = models.TextField(unique=True)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="residencies_support_kind"),
            models.CheckConstraint(condition=_unit_fits(), name="residencies_support_unit"),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, amount__gt=0)
                | models.Q(reverses__isnull=False, amount__lt=0),
                name="residencies_support_sign",
            ),
            models.CheckConstraint(
                condition=models.Q(residency__isnull=False) | models.Q(organisation__isnull=False),
                name="residencies_support_to_somebody",
            ),
            models.UniqueConstraint(
                fields=["tranche"],
                condition=models.Q(tranche__isnull=False, reverses__isnull=True),
                name="residencies_support_tranche_once",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(reverses__isnull=True) & ~models.Q(source=""),
                name="residencies_support_source_once",
            ),
        )
        indexes = (models.Index(fields=["house", "-given_on", "-id"], name="residencies_support_of_house"),)


class Acknowledgement(models.Model):
    """The team says that it has what a line of the ledger says."""

    id = models.BigAutoField(primary_key=True)
    support = models.OneToOneField(Support, models.PROTECT, related_name="acknowledgement")
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
