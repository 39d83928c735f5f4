"""Files that were poured in, how far they are, and what could not be read."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from khaneh.domains.catalogue.models.sources import Source
from khaneh.domains.catalogue.types import ImportState, QuarantineState


class ImportBatch(models.Model):
    """One file from one source. `checkpoint` and `counts` change in the transaction that writes the rows they speak of."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    profile = models.CharField(max_length=60, default="auto")
    rules = models.JSONField(default=dict)  # the profile's rules as they were when the import began
    name = models.TextField()
    path = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.JSONField(null=True)  # formats.marc.pieces.FileFormat, once it is known
    forced_encoding = models.CharField(max_length=30, default="", blank=True)
    forced_dialect = models.CharField(max_length=10, default="", blank=True)
    checkpoint = models.BigIntegerField(default=0)
    progress = models.BigIntegerField(default=0)  # bytes of the file as it lies there, packed or not
    position = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    seconds = models.FloatField(default=0.0)
    state = models.CharField(max_length=10, default=ImportState.WAITING.value)
    failure = models.TextField(default="", blank=True)
    account_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_import_batch"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ImportState]), name="catalogue_batch_state"
            ),
            # A file that is under way is taken up again, never begun a second time beside itself.
            models.UniqueConstraint(
                fields=["source", "sha256"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="catalogue_batch_under_way",
            ),
        )

    def __str__(self) -> str:
        return self.name


class SeenAgain(models.Model):
    """A contribution that a running import met unchanged: a further record of its file under the same number is another one.

    Written with each chunk, emptied when the import ends; hence without foreign keys.
    """

    pk = models.CompositePrimaryKey("batch_id", "contribution_id")
    batch_id = models.BigIntegerField()
    contribution_id = models.BigIntegerField()

    class Meta:
        db_table = "catalogue_seen_again"

    def __str__(self) -> str:
        return f"contribution {self.contribution_id} again in import {self.batch_id}"


class QuarantineItem(models.Model):
    """A record that could not be read or decided, with its bytes. A trigger refuses to delete one or to change its bytes.

    A record over the size limit keeps its first bytes only: `size` says how long it was and the file still holds it.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="quarantine")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    position = models.IntegerField()
    offset = models.BigIntegerField()
    size = models.BigIntegerField()
    raw = models.BinaryField()
    digest = models.BinaryField()
    serialisation = models.CharField(max_length=10)
    dialect = models.CharField(max_length=10)
    encoding = models.CharField(max_length=30)
    reasons = ArrayField(models.TextField())
    facts = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=QuarantineState.OPEN.value)
    resolution = models.JSONField(default=dict)
    contribution_id = models.BigIntegerField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_quarantine_item"
        indexes = (
            models.Index(fields=["source", "id"], condition=models.Q(state="open"), name="catalogue_quarantine_open"),
        )
        constraints = (
            models.UniqueConstraint(fields=["source", "digest"], name="catalogue_quarantine_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in QuarantineState]),
                name="catalogue_quarantine_state",
            ),
        )

    def __str__(self) -> str:
        return f"quarantined record {self.pk}"
