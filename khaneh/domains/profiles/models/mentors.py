"""Mentors: what people publish of their own competence."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Mentor(models.Model):
    """One account's competence; nobody else sees it until it is published, and publishing is its holder's."""

    id = models.BigAutoField(primary_key=True)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    headlines = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    capabilities = ArrayField(models.TextField(), default=list)
    sectors = ArrayField(models.TextField(), default=list)
    sector_path = ArrayField(models.TextField(), default=list)
    languages = ArrayField(models.CharField(max_length=2), default=list)
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    hours = models.SmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(hours__range=(0, 200)), name="profiles_mentor_hours"),)
        indexes = (
            GinIndex(
                fields=["sector_path"],
                condition=models.Q(published_at__isnull=False),
                name="profiles_mentor_sector",
            ),
        )
