"""Runs of courses: when, where, by whom, for how many."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from khaneh.domains.learning.models.courses import Course
from khaneh.domains.learning.types import RunState

MOST_SEATS = 10_000


class Run(models.Model):
    """A course held once in a house. `starts` and `ends` are those of its first and last meeting, written by a trigger."""

    id = models.BigAutoField(primary_key=True)
    course = models.ForeignKey(Course, models.PROTECT, related_name="runs")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    capacity = models.SmallIntegerField()
    least = models.SmallIntegerField(default=1)
    state = models.TextField(default=RunState.PLANNED.value)
    starts = models.DateTimeField(null=True, editable=False)
    ends = models.DateTimeField(null=True, editable=False)
    enrol_until = models.DateTimeField(null=True)
    online = models.TextField(default="", blank=True)
    notes = models.JSONField(default=dict)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RunState]), name="learning_run_state"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__range=(1, MOST_SEATS), least__gte=0, least__lte=models.F("capacity")),
                name="learning_run_seats",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[RunState.FINISHED.value, RunState.CANCELLED.value], ended_at__isnull=False
                )
                | (
                    ~models.Q(state__in=[RunState.FINISHED.value, RunState.CANCELLED.value])
                    & models.Q(ended_at__isnull=True)
                ),
                name="learning_run_end",
            ),
        )
        indexes = (
            models.Index(fields=["house", "starts"], name="learning_run_of_house"),
            models.Index(
                fields=["starts"],
                condition=models.Q(state__in=[RunState.OPEN.value, RunState.RUNNING.value]),
                name="learning_run_live",
            ),
        )


class RunTeacher(models.Model):
    """Somebody who teaches a run."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="teachers")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "account"], name="learning_runteacher_once"),)


class Meeting(models.Model):
    """One time of a run. Two of one run never overlap."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="meetings", db_index=False)
    number = models.SmallIntegerField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "number"], name="learning_meeting_number"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="learning_meeting_period"),
            ExclusionConstraint(
                name="learning_meeting_apart",
                expressions=[
                    ("run", RangeOperators.EQUAL),
                    (
                        models.Func(
                            models.F("starts"),
                            models.F("ends"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )
        indexes = (models.Index(fields=["starts"], name="learning_meeting_when"),)


class MeetingPlace(models.Model):
    """A space that a meeting takes, by its booking; the lowest number is where it is held."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="places")
    booking = models.OneToOneField("spaces.Booking", models.PROTECT, related_name="+")


class Teaching(models.Model):
    """Somebody teaches at a time; written by triggers alone, from the meetings and teachers of runs that are not cancelled.

    Nobody teaches two meetings at once, in whatever houses they are.
    """

    id = models.BigAutoField(primary_key=True)
    teacher = models.ForeignKey(RunTeacher, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", db_index=False)
    during = DateTimeRangeField()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="learning_teaching_one_place",
                expressions=[("account", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        )
