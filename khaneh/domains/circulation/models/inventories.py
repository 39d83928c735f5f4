"""Taking stock of a shelf by scanning it."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import ScanFinding


class Inventory(models.Model):
    """One stocktaking of a house's shelves: a location, a range of call numbers, or all. What it expects is noted when it opens."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    location = models.TextField(default="", blank=True)
    call_from = models.TextField(default="", blank=True)
    call_to = models.TextField(default="", blank=True)
    opened_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    expected = models.IntegerField(default=0)


class InventoryScan(models.Model):
    """A barcode found on the shelf, or (at closing) a copy that was not."""

    id = models.BigAutoField(primary_key=True)
    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="scans")
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, null=True, related_name="+")
    barcode = models.TextField()
    finding = models.CharField(max_length=10)
    scanned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "circulation_inventory_scan"
        constraints = (
            models.UniqueConstraint(fields=["inventory", "barcode"], name="circulation_inventory_scan_once"),
            models.CheckConstraint(
                condition=models.Q(finding__in=[finding.value for finding in ScanFinding]),
                name="circulation_inventory_scan_finding",
            ),
        )
