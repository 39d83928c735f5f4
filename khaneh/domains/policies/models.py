"""Rows of policies. PostgreSQL keeps what was published and decided as it was: triggers of migration 0001 refuse to change it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class Generation(models.Model):
    """The number under which an act's rules are in force; the row of act "" counts changes of the tree of houses and regions.

    Numbers come from one sequence and are never given twice, not even after a rollback, so that what a process keeps under a number
    stays true. They only grow (trigger).
    """

    act = models.TextField(primary_key=True)
    number = models.BigIntegerField()


class ActDefinition(models.Model):
    """What an act's rules were read with from a generation on: groups and kinds of facts, terms, limits, defaults. Never changed."""

    id = models.BigAutoField(primary_key=True)
    act = models.TextField()
    generation = models.BigIntegerField(unique=True)
    body = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["act", "generation"], name="policies_definition_act"),)


class RuleSet(models.Model):
    """The rules of one act at one place: the network (no place), a region or a house. One set each."""

    id = models.BigAutoField(primary_key=True)
    act = models.TextField()
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(region__isnull=True) | models.Q(house__isnull=True),
                name="policies_ruleset_one_place",
            ),
            models.UniqueConstraint(
                fields=["act", "region", "house"], nulls_distinct=False, name="policies_ruleset_once"
            ),
        )


class Version(models.Model):
    """One version of a set's rules. A draft has no number and no generation; publishing gives it both, and it never changes again."""

    id = models.BigAutoField(primary_key=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="versions")
    number = models.IntegerField(null=True)
    generation = models.BigIntegerField(null=True, unique=True)
    rules = models.JSONField(default=list)
    next_rule = models.IntegerField(default=1)
    revision = models.IntegerField(default=0)
    based_on = models.IntegerField(null=True)
    note = models.TextField(default="", blank=True)
    shipped = models.BooleanField(default=False)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, generation__isnull=True)
                | models.Q(number__gte=1, generation__isnull=False),
                name="policies_version_published_whole",
            ),
            models.UniqueConstraint(fields=["rule_set", "number"], name="policies_version_number"),
            models.UniqueConstraint(
                fields=["rule_set"], condition=models.Q(number__isnull=True), name="policies_version_one_draft"
            ),
        )


class Decision(models.Model):
    """A question and its answer, without any person, copy or record. `houses` and `regions` are where the house lay then, nearest first.

    No foreign keys: it is written with every act and outlives what it speaks of. PostgreSQL refuses to change one, and to delete one of
    the last thirty days.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.TextField()
    house_id = models.BigIntegerField()
    generation = models.BigIntegerField()
    at = models.DateTimeField()
    houses = ArrayField(models.BigIntegerField())
    regions = ArrayField(models.BigIntegerField())
    facts = models.JSONField()
    answer = models.JSONField()

    class Meta:
        # Decisions come nearly in the order of time: summaries of blocks find the old ones and cost an insert nothing.
        indexes = (BrinIndex(fields=["at"], name="policies_decision_at"),)
