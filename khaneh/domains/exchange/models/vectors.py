"""What needs are compared with: texts of companies, mentors, offers, machines and courses with their vectors, and what was learnt."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.exchange.models.postings import Posting
from khaneh.domains.exchange.types import ProposedKind

_KINDS = [kind.value for kind in ProposedKind if kind is not ProposedKind.RECORD] + ["need"]


class MatchText(models.Model):
    """A text that is compared, written by a job beside what it was made from. Derived: losing the table loses nothing.

    `vector` is float16[384] as bytes, of the model `version`; None until it is made, and where there is no model. `terms` are the text's
    words as `rules.shelf.terms_of` numbers them, by its version `terms_version`, so that a process that begins reads no text. `revision`
    grows with every change, so that a process that holds them all reads what has changed since. What is not to be found any more stays as a
    row without text (`gone`), for the same reason.

    `looked_at`: when the catalogue was last looked through for a need. `proposed_at`: when a company was last among those proposed for an
    open need, `best` the best score that it had for any when that was last reckoned.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    key = models.BigIntegerField()
    organisation = models.ForeignKey("network.Organisation", models.CASCADE, null=True, related_name="+")
    # Empty where it is written in several.
    language = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    sectors = ArrayField(models.TextField(), default=list)
    region_path = ArrayField(models.IntegerField(), default=list)
    readiness = models.SmallIntegerField(null=True)
    partnerships = ArrayField(models.TextField(), default=list)
    digest = models.CharField(max_length=64)
    vector = models.BinaryField(null=True)
    version = models.TextField(blank=True, default="")
    terms = models.BinaryField(null=True)
    terms_version = models.SmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField(null=True)
    best = models.FloatField(null=True)
    gone = models.BooleanField(default=False)
    revision = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "key"], name="exchange_match_text_once"),
            models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="exchange_match_text_kind"),
            models.CheckConstraint(
                condition=models.Q(gone=False) | models.Q(text="", vector__isnull=True), name="exchange_match_text_gone"
            ),
        )
        indexes = (
            models.Index(fields=["revision"], name="exchange_match_text_revision"),
            models.Index(
                fields=["id"], condition=models.Q(vector__isnull=True, gone=False), name="exchange_match_text_unread"
            ),
        )


class NearRecord(models.Model):
    """A record of the catalogue that may help with a need, found by a job. Derived, as the texts are.

    `words` and `meaning` are the evidence, from 0 to 1; `said` what both texts say, and `about` what the record says of itself, to be shown.
    """

    id = models.BigAutoField(primary_key=True)
    need = models.ForeignKey(Posting, models.CASCADE, related_name="near_records")
    # Of the catalogue, where a record may go or be merged: it is looked up when it is shown.
    key = models.BigIntegerField()
    words = models.FloatField()
    meaning = models.FloatField()
    said = ArrayField(models.TextField(), default=list)
    about = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["need", "key"], name="exchange_near_record_once"),)


class LearntWeights(models.Model):
    """What each piece of evidence counts, learnt from `decisions` decided proposals. The last row is in force; the others tell its history."""

    id = models.BigAutoField(primary_key=True)
    weights = models.JSONField()
    accepted = models.IntegerField()
    refused = models.IntegerField()
    learnt_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted__gte=0, refused__gte=0), name="exchange_learnt_weights_counts"
            ),
        )
