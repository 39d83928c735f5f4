"""What assessors found: scores with evidence, and photographs. What is submitted stays as it is: triggers of migration 0001."""

from __future__ import annotations

from django.db import models

from khaneh.domains.founding.models.passports import Passport, PassportEntry
from khaneh.domains.founding.models.proposals import Proposal
from khaneh.domains.founding.models.standards import Item, Standard
from khaneh.domains.founding.types import AssessmentState

_SUBMITTED = AssessmentState.SUBMITTED.value


class Assessment(models.Model):
    """One assessor's judgement of a proposal, or of a house in service: by its passport, or by itself until it has one. `entry` is what it
    made of a passport."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="assessments")
    passport = models.ForeignKey(Passport, models.PROTECT, null=True, related_name="assessments")
    # Of a house that was never measured: until it is submitted, when the passport takes its place.
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    assessor = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    state = models.TextField(default=AssessmentState.DRAFTED.value)
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    permille = models.SmallIntegerField(null=True)
    failed = models.JSONField(default=list)
    summary = models.TextField(default="", blank=True)
    entry = models.OneToOneField(PassportEntry, models.PROTECT, null=True, related_name="assessment")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(proposal__isnull=False, passport__isnull=True, house__isnull=True)
                | models.Q(proposal__isnull=True, passport__isnull=False, house__isnull=True)
                | models.Q(proposal__isnull=True, passport__isnull=True, house__isnull=False, entry__isnull=True),
                name="founding_assessment_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=_SUBMITTED, submitted_at__isnull=False, permille__isnull=False, permille__range=(0, 1000)
                )
                | models.Q(
                    state__in=[AssessmentState.DRAFTED.value, AssessmentState.GIVEN_UP.value],
                    submitted_at__isnull=True,
                    permille__isnull=True,
                ),
                name="founding_assessment_state",
            ),
            models.UniqueConstraint(
                fields=["proposal", "assessor"],
                condition=~models.Q(state=AssessmentState.GIVEN_UP.value),
                name="founding_assessment_one_an_assessor",
            ),
            # Of a house in service one is written at a time: it alone decides whether the standard is met.
            models.UniqueConstraint(
                fields=["passport"],
                condition=models.Q(state=AssessmentState.DRAFTED.value),
                name="founding_assessment_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["house"],
                condition=models.Q(state=AssessmentState.DRAFTED.value),
                name="founding_assessment_first_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(house__isnull=True) | ~models.Q(state=_SUBMITTED),
                name="founding_assessment_first_makes_a_passport",
            ),
        )


class Score(models.Model):
    """What was given for an item, and what was seen."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assessment", "item"], name="founding_score_once"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 10)), name="founding_score_range"),
        )


class Photo(models.Model):
    """A photograph as evidence, kept in two sizes; the pictures lie in the blob store under their digests."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="photos", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    small = models.CharField(max_length=64)
    large = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    alt = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["assessment", "item", "large"], nulls_distinct=False, name="founding_photo_once"
            ),
            models.CheckConstraint(
                condition=models.Q(small__regex="^[0-9a-f]{64}$", large__regex="^[0-9a-f]{64}$"),
                name="founding_photo_digests",
            ),
        )
