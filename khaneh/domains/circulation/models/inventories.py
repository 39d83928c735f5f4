"""Taking stock of a shelf by scanning it."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import ScanFinding


class Inventory(models.Model):
    """One stocktaking of a house's shelves: a location, a range of call numbers, or all.

    What it expects is noted in `InventoryExpected` when it opens, and goes from there when it closes.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    location = models.TextField(default="", blank=True)
    call_from = models.TextField(default="", blank=True)
    call_to = models.TextField(default="", blank=True)
    opened_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    expected = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"inventory {self.pk} of house {self.house_id}"


class InventoryExpected(models.Model):
    """A copy that should stand on the shelf of an open inventory. `seen`: a desk has had it in hand since (trigger on the occupancy)."""

    id = models.BigAutoField(primary_key=True)
    inventory = models.ForeignKey(Inventory, models.CASCADE, related_name="+", db_index=False)
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, related_name="+", db_index=False)
    seen = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "circulation_inventory_expected"
        constraints = (
            models.UniqueConstraint(fields=["copy", "inventory"], name="circulation_inventory_expected_once"),
        )
        indexes = (models.Index(fields=["inventory"], name="circulation_inventory_expects"),)


class InventoryScan(models.Model):
    """A barcode found on the shelf, or (at closing) a copy that was not."""

    id = models.BigAutoField(primary_key=True)
    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="scans")
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, null=True, related_name="+")
    barcode = models.TextField()
    finding = models.CharField(max_length=10)
    detail = models.CharField(max_length=14, default="", db_default="", blank=True)
    scanned_at = models.DateTimeField()
    scanned_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=14, default="", db_default="", blank=True)

    class Meta:
        db_table = "circulation_inventory_scan"
        constraints = (
            models.UniqueConstraint(fields=["inventory", "barcode"], name="circulation_inventory_scan_once"),
            models.CheckConstraint(
                condition=models.Q(finding__in=[finding.value for finding in ScanFinding]),
                name="circulation_inventory_scan_finding",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="circulation_inventory_scan_settled",
            ),
        )
        indexes = (
            models.Index(
                fields=["inventory", "finding"],
                condition=~models.Q(finding="expected"),
                name="circulation_inventory_found",
            ),
        )
