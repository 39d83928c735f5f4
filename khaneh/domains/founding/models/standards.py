"""Standards and their checklists. What is published stays as it is: triggers of migration 0001."""

from __future__ import annotations

from django.db import models

from khaneh.domains.founding.types import FOUNDED_KINDS, StandardState


class Standard(models.Model):
    """A version of a standard for one kind of house, published by an authority."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    version = models.IntegerField()
    authority = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    kind = models.TextField()
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    pass_percent = models.SmallIntegerField()
    assessors = models.SmallIntegerField(default=1)
    valid_months = models.SmallIntegerField(default=24)
    state = models.TextField(default=StandardState.DRAFT.value)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="founding_standard_version"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(state=StandardState.DRAFT.value),
                name="founding_standard_one_draft",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(FOUNDED_KINDS)), name="founding_standard_kind"),
            models.CheckConstraint(
                condition=models.Q(
                    version__gte=1, pass_percent__range=(1, 100), assessors__range=(1, 5), valid_months__range=(1, 120)
                ),
                name="founding_standard_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(state=StandardState.DRAFT.value, published_at__isnull=True, retired_at__isnull=True)
                | models.Q(state=StandardState.PUBLISHED.value, published_at__isnull=False, retired_at__isnull=True)
                | models.Q(state=StandardState.RETIRED.value, published_at__isnull=False, retired_at__isnull=False),
                name="founding_standard_state",
            ),
        )


class Item(models.Model):
    """A line of the checklist."""

    id = models.BigAutoField(primary_key=True)
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="items", db_index=False)
    position = models.SmallIntegerField()
    code = models.TextField()
    sections = models.JSONField(default=dict)
    names = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    weight = models.SmallIntegerField(default=1)
    scale = models.SmallIntegerField(default=4)
    least = models.SmallIntegerField(default=0)
    photo = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["standard", "code"], name="founding_item_once"),
            models.CheckConstraint(
                condition=models.Q(
                    weight__range=(1, 100), scale__range=(1, 10), least__gte=0, least__lte=models.F("scale")
                ),
                name="founding_item_numbers",
            ),
        )
