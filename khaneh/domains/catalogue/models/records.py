"""Union records and the works they belong to."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Work(models.Model):
    """One text across editions and languages. A row exists where two records at least belong to it or a person made it."""

    id = models.BigAutoField(primary_key=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_work"

    def __str__(self) -> str:
        return f"work {self.pk}"


class Record(models.Model):
    """A record of the union: what contributions to it say is derived, never stored as truth.

    Every contribution begins with a record of its own. A merge points that record at another one (`merged_into`) and moves its
    contributions there; the row stays as it was, so that taking the merge back restores it byte for byte. `document` is a derived
    cache (JSON, see `rules.intake.document`) of what this record's contributions say; `is_stale` says that it must be derived again.
    """

    id = models.BigAutoField(primary_key=True)
    work = models.ForeignKey(Work, models.PROTECT, null=True, related_name="records", db_index=False)
    work_is_manual = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    is_stale = models.BooleanField(default=False)
    document = models.TextField()
    added_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_record"
        indexes = (
            models.Index(fields=["work"], condition=models.Q(work__isnull=False), name="catalogue_record_work"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="catalogue_record_merged"
            ),
            models.Index(fields=["id"], condition=models.Q(is_stale=True), name="catalogue_record_stale"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="catalogue_record_not_into_itself",
            ),
        )

    def __str__(self) -> str:
        return f"record {self.pk}"
