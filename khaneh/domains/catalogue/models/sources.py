"""Who gives records, and how their copies are written."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Profile(models.Model):
    """How copies are read from a record, made by a librarian; `rules` in the form of `rules.intake.profile`, checked before it is saved.

    The ready-made ones are in the program, not in this table.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_profile"

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Somebody's catalogue: control numbers are its own, and mean something only within it."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=120, unique=True)
    names = models.JSONField(default=dict)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    profile = models.CharField(max_length=60, default="auto")  # the name of a ready-made profile or of one in the table
    encoding = models.CharField(max_length=30, default="", blank=True)
    dialect = models.CharField(max_length=10, default="", blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_source"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(dialect__in=["", "marc21", "unimarc"]), name="catalogue_source_dialect"
            ),
        )

    def __str__(self) -> str:
        return self.code
