"""Skills, and the vacancies that ask for them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.placements.types import Level, VacancyKind, VacancyState

_PUBLIC = [VacancyState.PUBLISHED.value, VacancyState.FILLED.value, VacancyState.EXPIRED.value]


class Skill(models.Model):
    """Something that people can do: a concept of ESCO by its address, or our own with its words in three languages.

    `esco_words` are ESCO's own for it as they were taken in, the preferred one first. What was merged into another is not active and stays, so
    that kept evidence has its words.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    esco = models.TextField(default="", blank=True)
    esco_words = ArrayField(models.TextField(), default=list)
    names = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["esco"], condition=~models.Q(esco=""), name="placements_skill_one_esco"),
        )

    def __str__(self) -> str:
        return self.code


class Vacancy(models.Model):
    """Work that an organisation offers. `latitude` and `longitude` are where it is, as far as is known, for distances."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    kind = models.TextField()
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    count = models.SmallIntegerField(default=1)
    remote = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    hours = models.SmallIntegerField(null=True)
    pay_from = models.BigIntegerField(null=True)
    pay_to = models.BigIntegerField(null=True)
    pay_currency = models.CharField(max_length=3, default="", blank=True)
    starts_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    state = models.TextField(default=VacancyState.DRAFT.value)
    # What a form carries, so that one sent twice makes one vacancy.
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in VacancyState]), name="placements_vacancy_state"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in VacancyKind]), name="placements_vacancy_kind"
            ),
            models.CheckConstraint(condition=models.Q(count__range=(1, 500)), name="placements_vacancy_count"),
            models.CheckConstraint(
                condition=models.Q(region__isnull=False) | models.Q(remote=True), name="placements_vacancy_somewhere"
            ),
            models.CheckConstraint(
                condition=models.Q(pay_from__isnull=True, pay_to__isnull=True)
                | models.Q(pay_from__gte=0, pay_to__isnull=True, pay_currency__regex="^[A-Z]{3}$")
                | models.Q(pay_from__gte=0, pay_to__gte=models.F("pay_from"), pay_currency__regex="^[A-Z]{3}$"),
                name="placements_vacancy_pay",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_PUBLIC) | models.Q(published_at__isnull=False, closes_on__isnull=False),
                name="placements_vacancy_published_until",
            ),
        )
        indexes = (
            models.Index(
                fields=["-published_at"],
                condition=models.Q(state=VacancyState.PUBLISHED.value),
                name="placements_vacancy_open",
            ),
            models.Index(
                fields=["closes_on"],
                condition=models.Q(state=VacancyState.PUBLISHED.value),
                name="placements_vacancy_closes",
            ),
        )


class VacancySkill(models.Model):
    """A skill that a vacancy asks for."""

    id = models.BigAutoField(primary_key=True)
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.SmallIntegerField(default=Level.BASIC.value)
    essential = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["vacancy", "skill"], name="placements_vacancyskill_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 3)), name="placements_vacancyskill_level"),
        )


class VacancyQualification(models.Model):
    """A qualification that a vacancy asks for."""

    id = models.BigAutoField(primary_key=True)
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="qualifications")
    qualification = models.ForeignKey("qualifications.Qualification", models.PROTECT, related_name="+")
    essential = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["vacancy", "qualification"], name="placements_vacancyqualification_once"),
        )
