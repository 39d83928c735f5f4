"""What sources gave, byte for byte, and the keys by which likely twins are found."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from khaneh.domains.catalogue.models.imports import ImportBatch
from khaneh.domains.catalogue.models.records import Record
from khaneh.domains.catalogue.models.sources import Source


class Contribution(models.Model):
    """A source's record as it last gave it. A trigger refuses to delete one, and to change its bytes without keeping the old ones.

    `identity` names it within its source: "003|001", or "#" and the digest where there is no control number. `occurrence` counts from
    0 the records that bear the same number in one file.
    """

    id = models.BigAutoField(primary_key=True)
    # The three parents are checked by a trigger, for all rows of a statement at once (migration 0003): no constraint row by row.
    record = models.ForeignKey(Record, models.PROTECT, related_name="contributions", db_constraint=False)
    own_record_id = models.BigIntegerField()  # the record it began with; where that was merged to, there `record` is
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="contributions", db_index=False, db_constraint=False
    )
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, related_name="contributions", db_index=False, db_constraint=False
    )
    identity = models.TextField()
    occurrence = models.SmallIntegerField(default=0)
    version = models.SmallIntegerField(default=1)
    position = models.IntegerField()
    raw = models.BinaryField()
    digest = models.BinaryField()
    serialisation = models.CharField(max_length=10)
    dialect = models.CharField(max_length=10)
    encoding = models.CharField(max_length=30)
    problems = models.TextField(default="[]")
    comparable = models.TextField()
    keys = models.BinaryField()  # eight bytes each, as in MatchKey: what to take away when the record changes
    work_keys = models.BinaryField()
    added_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_contribution"
        constraints = (
            models.UniqueConstraint(
                fields=["source", "identity", "occurrence"], name="catalogue_contribution_identity"
            ),
        )

    def __str__(self) -> str:
        return f"contribution {self.pk}"


class ContributionVersion(models.Model):
    """What a source gave before it gave something else. Append-only by trigger."""

    id = models.BigAutoField(primary_key=True)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="versions")
    version = models.SmallIntegerField()
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+", db_index=False)
    raw = models.BinaryField()
    digest = models.BinaryField()
    serialisation = models.CharField(max_length=10)
    dialect = models.CharField(max_length=10)
    encoding = models.CharField(max_length=30)
    problems = models.TextField(default="[]")
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_contribution_version"
        constraints = (
            models.UniqueConstraint(fields=["contribution", "version"], name="catalogue_contribution_version_number"),
        )

    def __str__(self) -> str:
        return f"version {self.version} of contribution {self.contribution_id}"


class MatchKey(models.Model):
    """A hashed key of a contribution. Derived from `Contribution.keys` and `.work_keys`, hence without a foreign key.

    Five rows and more a contribution: one index, no trigger, sixteen bytes.
    """

    pk = models.CompositePrimaryKey("key", "contribution_id")
    key = models.BigIntegerField()
    contribution_id = models.BigIntegerField()

    class Meta:
        db_table = "catalogue_match_key"

    def __str__(self) -> str:
        return f"{self.key} of contribution {self.contribution_id}"
