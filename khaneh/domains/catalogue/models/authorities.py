"""Authority records: kept as they came, and used for the other forms of a name."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from khaneh.domains.catalogue.models.imports import ImportBatch
from khaneh.domains.catalogue.models.sources import Source


class Authority(models.Model):
    """A source's authority record. `heading` is the established form."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="authorities", db_index=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+", db_index=False)
    identity = models.TextField()
    raw = models.BinaryField()
    digest = models.BinaryField()
    serialisation = models.CharField(max_length=10)
    dialect = models.CharField(max_length=10)
    encoding = models.CharField(max_length=30)
    kind = models.CharField(max_length=10)  # person | body | meeting | title | topic | place | form
    heading = models.TextField()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_authority"
        constraints = (models.UniqueConstraint(fields=["source", "identity"], name="catalogue_authority_identity"),)

    def __str__(self) -> str:
        return self.heading


class AuthorityName(models.Model):
    """One form of a heading. `key` is the form folded for comparison (`kernel.orthography.match_key`)."""

    id = models.BigAutoField(primary_key=True)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="names")
    relation = models.CharField(max_length=8)  # heading | see | see_also
    name = models.TextField()
    key = models.TextField()

    class Meta:
        db_table = "catalogue_authority_name"
        indexes = (models.Index(fields=["key"], name="catalogue_authority_name_key"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(relation__in=["heading", "see", "see_also"]), name="catalogue_authority_relation"
            ),
        )

    def __str__(self) -> str:
        return self.name
