"""Units, what each holder has of them, the ledger, and work that earns. What must always be so, PostgreSQL keeps (see README)."""

from __future__ import annotations

from django.db import models

from khaneh.domains.credits.types import MEANS, WORK_KINDS, EntryKind, UnitKind, WorkState
from khaneh.kernel.money import CREDIT, CURRENCY

_ABOVE = [EntryKind.REFUND.value, EntryKind.PAYMENT.value, EntryKind.EARNED.value]
_BELOW = [EntryKind.CHARGE.value, EntryKind.PAYOUT.value]
_PAID = [EntryKind.PAYMENT.value, EntryKind.PAYOUT.value]
_COSTS = [EntryKind.CHARGE.value, EntryKind.REFUND.value]


class Unit(models.Model):
    """What is counted: a currency, known by its code, or a credit, of a house or of the whole network. Its kind never changes (trigger)."""

    code = models.TextField(primary_key=True)
    kind = models.TextField()
    names = models.JSONField(default=dict)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=UnitKind.CURRENCY.value, code__regex=CURRENCY, house__isnull=True)
                | models.Q(kind=UnitKind.CREDIT.value, code__regex=CREDIT),
                name="credits_unit_code",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Rate(models.Model):
    """What an hour of a kind of work earns of a credit, in hundredths."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="rates", db_index=False)
    kind = models.TextField()
    per_hour = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "kind"], name="credits_rate_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(WORK_KINDS)), name="credits_rate_kind"),
            models.CheckConstraint(condition=models.Q(per_hour__range=(1, 10**6)), name="credits_rate_amount"),
        )


class Balance(models.Model):
    """What an account or an organisation has of a unit: the sum of its entries, written by their trigger alone. `may_owe` is the unit's."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "network.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField(default=0)
    may_owe = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, organisation__isnull=True)
                | models.Q(account__isnull=True, organisation__isnull=False),
                name="credits_balance_one_holder",
            ),
            models.CheckConstraint(
                condition=models.Q(may_owe=True) | models.Q(amount__gte=0), name="credits_balance_not_owed"
            ),
            models.UniqueConstraint(
                fields=["account", "unit"], condition=models.Q(account__isnull=False), name="credits_balance_of_account"
            ),
            models.UniqueConstraint(
                fields=["organisation", "unit"],
                condition=models.Q(organisation__isnull=False),
                name="credits_balance_of_organisation",
            ),
        )


class Entry(models.Model):
    """One line of the ledger, never changed (but for words, which may be emptied) and never deleted: triggers.

    `after` is the balance with it, written by the trigger; a charge says down to what it may go (`floor`, none for no limit). `step` counts
    the lines about one `source`, so that two who charge for the same at once cannot both.
    """

    id = models.BigAutoField(primary_key=True)
    balance = models.ForeignKey(Balance, models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    amount = models.BigIntegerField()
    after = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(null=True)
    source = models.TextField(default="", blank=True)
    step = models.SmallIntegerField(null=True)
    means = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    key = models.TextField(null=True, unique=True)  # noqa: DJ001 - absent is not empty: what may be told twice has a key

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=_ABOVE, amount__gt=0)
                | models.Q(kind__in=_BELOW, amount__lt=0)
                | (models.Q(kind=EntryKind.ADJUSTED.value) & ~models.Q(amount=0)),
                name="credits_entry_sign",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0)
                | models.Q(floor__isnull=True)
                | models.Q(after__gte=models.F("floor")),
                name="credits_entry_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=_PAID, means__in=[one.value for one in MEANS])
                | (~models.Q(kind__in=_PAID) & models.Q(means="")),
                name="credits_entry_means",
            ),
            models.CheckConstraint(
                condition=models.Q(source="", step__isnull=True) | (~models.Q(source="") & models.Q(step__gte=1)),
                name="credits_entry_step",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=[*_COSTS, EntryKind.EARNED.value]) | ~models.Q(source=""),
                name="credits_entry_of_something",
            ),
            models.UniqueConstraint(
                fields=["source", "step"], condition=~models.Q(source=""), name="credits_entry_one_step"
            ),
        )
        indexes = (
            models.Index(fields=["balance", "-id"], name="credits_entry_of_balance"),
            models.Index(
                fields=["house", "-id"], condition=models.Q(kind__in=_PAID), name="credits_entry_paid_at_house"
            ),
        )


class Work(models.Model):
    """Work that somebody did for a house, and what came of it; the credit is that of the house or of what the house is in."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    minutes = models.SmallIntegerField()
    done_on = models.DateField()
    note = models.TextField(default="", blank=True)
    state = models.TextField(default=WorkState.PENDING.value)
    recorded_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    key = models.TextField(null=True, unique=True)  # noqa: DJ001 - as above

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=list(WORK_KINDS)), name="credits_work_kind"),
            models.CheckConstraint(condition=models.Q(minutes__range=(1, 1440)), name="credits_work_minutes"),
            models.CheckConstraint(
                condition=models.Q(state=WorkState.PENDING.value, decided_at__isnull=True, account__isnull=False)
                | models.Q(
                    state__in=[WorkState.CONFIRMED.value, WorkState.REJECTED.value, WorkState.WITHDRAWN.value],
                    decided_at__isnull=False,
                ),
                name="credits_work_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state=WorkState.CONFIRMED.value, entry__isnull=False)
                | (~models.Q(state=WorkState.CONFIRMED.value) & models.Q(entry__isnull=True)),
                name="credits_work_earns_when_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(state=WorkState.WITHDRAWN.value)
                | models.Q(decided_by__isnull=True)
                | models.Q(account__isnull=True)
                | ~models.Q(decided_by=models.F("account")),
                name="credits_work_not_ones_own",
            ),
        )
        indexes = (
            models.Index(
                fields=["house", "id"], condition=models.Q(state=WorkState.PENDING.value), name="credits_work_waiting"
            ),
            models.Index(fields=["account", "-id"], name="credits_work_of_account"),
        )
