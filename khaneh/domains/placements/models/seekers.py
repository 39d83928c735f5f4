"""Who looks for a place, as far as they say so, and what they are interested in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.placements.models.vacancies import Skill, Vacancy


class Seeker(models.Model):
    """One account's profile. Without `consented_at` nobody but its holder sees any of it."""

    id = models.BigAutoField(primary_key=True)
    account = models.OneToOneField("people.Account", models.PROTECT, related_name="+")
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    km = models.SmallIntegerField(default=30)
    kinds = ArrayField(models.TextField(), default=list)
    remote = models.BooleanField(default=False)
    about = models.TextField(default="", blank=True)
    consented_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(km__range=(0, 2000)), name="placements_seeker_km"),)


class SeekerSkill(models.Model):
    """A skill that somebody has, as they say."""

    id = models.BigAutoField(primary_key=True)
    seeker = models.ForeignKey(Seeker, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["seeker", "skill"], name="placements_seekerskill_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 3)), name="placements_seekerskill_level"),
        )


class Interest(models.Model):
    """Somebody has told an employer that a vacancy interests them: from then on the employer knows their name."""

    id = models.BigAutoField(primary_key=True)
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="interests")
    seeker = models.ForeignKey(Seeker, models.CASCADE, related_name="interests")
    note = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["vacancy", "seeker"], name="placements_interest_once"),)
