"""Courses: what is taught, what it asks for, what it awards, what it is taught with."""

from __future__ import annotations

from django.db import models

from khaneh.domains.learning.types import CourseKind, CourseState
from khaneh.kernel.money import CURRENCY_OR_CREDIT

MOST_HOURS = 10_000


class Course(models.Model):
    """What is taught. A house or an organisation gives it, one of the two. `search_key` is what a text is looked for in."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField()
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    search_key = models.TextField(default="", blank=True)
    hours = models.SmallIntegerField(default=0)
    pass_mark = models.SmallIntegerField(null=True)
    attendance = models.SmallIntegerField(default=80)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    approval = models.BooleanField(default=False)
    state = models.TextField(default=CourseState.DRAFT.value)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in CourseKind]), name="learning_course_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CourseState]), name="learning_course_state"
            ),
            models.CheckConstraint(
                condition=models.Q(house__isnull=True, organisation__isnull=False)
                | models.Q(house__isnull=False, organisation__isnull=True),
                name="learning_course_one_giver",
            ),
            models.CheckConstraint(
                condition=models.Q(hours__range=(0, MOST_HOURS), attendance__range=(0, 100))
                & (models.Q(pass_mark__isnull=True) | models.Q(pass_mark__range=(0, 100))),
                name="learning_course_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gte=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="learning_course_price",
            ),
        )

    def __str__(self) -> str:
        return self.code


class CourseRequirement(models.Model):
    """Who takes the course holds this until it begins. By identity: names may change."""

    id = models.BigAutoField(primary_key=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="requirements")
    qualification = models.ForeignKey("qualifications.Qualification", models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["course", "qualification"], name="learning_courserequirement_once"),
        )


class CourseAward(models.Model):
    """Who completes the course is awarded this."""

    id = models.BigAutoField(primary_key=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="awards")
    qualification = models.ForeignKey("qualifications.Qualification", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["course", "qualification"], name="learning_courseaward_once"),)


class Material(models.Model):
    """Something to read or use: a link, or a file kept by its content."""

    id = models.BigAutoField(primary_key=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="materials")
    names = models.JSONField(default=dict)
    url = models.TextField(default="", blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    media_type = models.TextField(default="", blank=True)
    size = models.BigIntegerField(default=0)
    public = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(url="") & ~models.Q(digest="")) | (~models.Q(url="") & models.Q(digest="")),
                name="learning_material_link_or_file",
            ),
        )
