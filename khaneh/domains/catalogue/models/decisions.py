"""What was decided about likeness: merges, and pairs that wait for a person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from khaneh.domains.catalogue.models.records import Record
from khaneh.domains.catalogue.types import ReviewState


class MergeDecision(models.Model):
    """One merge: the contributions and copies that it moved from a record into another one, and why.

    At most one merge of a record stands at a time. An undone merge stays as a row; only the undoing may be added to it (trigger).
    """

    id = models.BigAutoField(primary_key=True)
    from_record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    into_record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    contributions = ArrayField(models.BigIntegerField())
    copies = ArrayField(models.BigIntegerField(), default=list)  # those that no contribution brought
    score = models.FloatField(null=True)
    evidence = models.JSONField(default=list)
    reason = models.TextField(default="", blank=True)
    is_automatic = models.BooleanField()
    works = models.JSONField(null=True)  # where it moved records to another work: [[record, work before or null]]
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)
    undo_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "catalogue_merge_decision"
        constraints = (
            models.UniqueConstraint(
                fields=["from_record"], condition=models.Q(undone_at__isnull=True), name="catalogue_merge_stands_once"
            ),
        )

    def __str__(self) -> str:
        return f"merge {self.pk}"


class ReviewPair(models.Model):
    """Two records that may be one. `different` also keeps the program from merging the two by itself.

    `left` and `right` are the records as they were asked about, for ever; `standing_left` and `standing_right` those that stand for
    them, the older first. Triggers keep them so (migration 0004), whoever merges and undoes. Where both are one, or where somebody
    said of these two that they are different, the question needs no answer any more.
    """

    id = models.BigAutoField(primary_key=True)
    left = models.ForeignKey(Record, models.PROTECT, related_name="+")
    right = models.ForeignKey(Record, models.PROTECT, related_name="+")
    standing_left = models.BigIntegerField(db_default=0, editable=False)
    standing_right = models.BigIntegerField(db_default=0, editable=False)
    score = models.FloatField()
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=ReviewState.OPEN.value)
    reason = models.TextField(default="", blank=True)
    account_id = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField(null=True)
    put_back_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_review_pair"
        indexes = (
            models.Index(fields=["put_back_at", "id"], condition=models.Q(state="open"), name="catalogue_review_open"),
            models.Index(fields=["standing_left", "standing_right"], name="catalogue_review_standing"),
            models.Index(fields=["standing_right"], name="catalogue_review_right"),
        )
        constraints = (
            models.UniqueConstraint(fields=["left", "right"], name="catalogue_review_once"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="catalogue_review_in_order"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ReviewState]), name="catalogue_review_state"
            ),
        )

    def __str__(self) -> str:
        return f"records {self.left_id} and {self.right_id}"
