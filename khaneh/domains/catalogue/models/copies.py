"""Copies: what stands on a shelf."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from khaneh.domains.catalogue.models.contributions import Contribution
from khaneh.domains.catalogue.models.records import Record
from khaneh.domains.catalogue.types import CopyState, ItemType


class Copy(models.Model):
    """One copy. A barcode names one copy in the whole network; withdrawn copies leave theirs free.

    `house` owns it, `current_house` is where it is kept for the time being (none: at its own); a floating copy stays where it is returned.

    `barcode_given` and `house_given` keep what a source said where it could not be taken over: the barcode is another copy's, the
    house is not known.
    """

    id = models.BigAutoField(primary_key=True)
    # Both are checked by a trigger, for all rows of a statement at once (migration 0003): no constraint row by row.
    record = models.ForeignKey(Record, models.PROTECT, related_name="copies", db_constraint=False)
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, related_name="copies", db_constraint=False
    )
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    barcode = models.TextField(null=True)  # noqa: DJ001 - absent is not empty: several copies may have none
    location = models.TextField(default="", blank=True)
    call_number = models.TextField(default="", blank=True)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.CharField(max_length=3, default="", blank=True)
    state = models.CharField(max_length=14, default=CopyState.AVAILABLE.value)
    # What an index may ask: that asks for the state would be written anew with every loan and return.
    withdrawn = models.GeneratedField(
        expression=models.Q(state=CopyState.WITHDRAWN.value),  # type: ignore[arg-type]  # the stubs know no condition here
        output_field=models.BooleanField(),
        db_persist=True,
    )
    item_type = models.CharField(max_length=12, default=ItemType.BOOK.value, db_default=ItemType.BOOK.value)
    current_house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    floating = models.BooleanField(default=False, db_default=False)
    barcode_given = models.TextField(default="", blank=True)
    house_given = models.TextField(default="", blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_copy"
        constraints = (
            models.UniqueConstraint(
                fields=["barcode"],
                condition=models.Q(barcode__isnull=False, withdrawn=False),
                name="catalogue_copy_barcode",
            ),
            models.CheckConstraint(condition=~models.Q(barcode=""), name="catalogue_copy_barcode_not_empty"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CopyState]), name="catalogue_copy_state"
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True) | ~models.Q(price_currency=""),
                name="catalogue_copy_price_has_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(item_type__in=[kind.value for kind in ItemType]), name="catalogue_copy_item_type"
            ),
        )

    def __str__(self) -> str:
        return self.barcode or f"copy {self.pk}"
