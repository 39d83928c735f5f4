"""The ledger of fees, and statistics that know no person."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import CHARGES, Act, FeeKind


class FeeEntry(models.Model):
    """One line of the ledger, never changed or deleted (trigger). A balance is the sum of a member's lines in one currency.

    Charges are above zero; payments, waivers and refunds below. `settles` names the charge that a line pays or takes back.
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    loan = models.ForeignKey("circulation.Loan", models.PROTECT, null=True, related_name="+", db_index=False)
    settles = models.ForeignKey("self", models.PROTECT, null=True, related_name="settled_by")
    method = models.CharField(max_length=8, default="", blank=True)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    note = models.TextField(default="", blank=True)
    key = models.TextField(null=True, unique=True)  # noqa: DJ001 - absent is not empty: what may be told twice has a key

    class Meta:
        db_table = "circulation_fee_entry"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in FeeKind]), name="circulation_fee_entry_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in CHARGES], amount__gt=0)
                | (~models.Q(kind__in=[kind.value for kind in CHARGES]) & models.Q(amount__lt=0)),
                name="circulation_fee_entry_sign",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex="^[A-Z]{3}$"), name="circulation_fee_entry_currency"
            ),
        )
        indexes = (
            models.Index(fields=["member", "at"], name="circulation_fee_of_member"),
            models.Index(fields=["loan"], condition=models.Q(loan__isnull=False), name="circulation_fee_of_loan"),
            models.Index(fields=["house", "at"], name="circulation_fee_of_house"),
        )


class Statistic(models.Model):
    """One act, for counting: where, what kind, by what sort of person. No person, no copy, no title, no time of day."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    act = models.CharField(max_length=12)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    home_house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.TextField(default="", blank=True)
    age_band = models.CharField(max_length=5, default="", blank=True)
    item_type = models.CharField(max_length=12, default="", blank=True)
    channel = models.CharField(max_length=10, default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(act__in=[act.value for act in Act]), name="circulation_statistic_act"
            ),
        )
        indexes = (models.Index(fields=["house", "day", "act"], name="circulation_statistic_house"),)
