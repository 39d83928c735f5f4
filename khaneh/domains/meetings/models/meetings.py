"""Meetings of two participants, who sits in them when, and what each side says came of it."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models.functions import Greatest, Least

from khaneh.domains.meetings.models.matchmakings import Matchmaking, Participant, Round, Table
from khaneh.domains.meetings.types import LIVE_MEETINGS, SEATED_MEETINGS, MeetingState, Outcome

_LIVE = [state.value for state in LIVE_MEETINGS]
_SEATED = [state.value for state in SEATED_MEETINGS]


def _time() -> models.Func:
    return models.Func(models.F("starts"), models.F("ends"), function="tstzrange", output_field=models.TextField())


class Meeting(models.Model):
    """One asks another for a meeting. `starts` and `ends` are those of its round, copied by the database."""

    id = models.BigAutoField(primary_key=True)
    matchmaking = models.ForeignKey(Matchmaking, models.PROTECT, related_name="meetings")
    asker = models.ForeignKey(Participant, models.PROTECT, related_name="asked_for")
    asked = models.ForeignKey(Participant, models.PROTECT, related_name="asked_of")
    message = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)
    state = models.TextField(default=MeetingState.ASKED.value)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="meetings")
    table = models.ForeignKey(Table, models.PROTECT, null=True, related_name="meetings")
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)
    # Of a missed meeting who did not come; nobody where both did not.
    absent = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in MeetingState]), name="meetings_meeting_state"
            ),
            models.CheckConstraint(condition=~models.Q(asker=models.F("asked")), name="meetings_meeting_two"),
            models.CheckConstraint(
                condition=models.Q(round__isnull=True, table__isnull=True, starts__isnull=True, ends__isnull=True)
                | models.Q(round__isnull=False, table__isnull=False, starts__isnull=False, ends__isnull=False),
                name="meetings_meeting_seat",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[MeetingState.HELD.value, MeetingState.MISSED.value])
                | models.Q(round__isnull=False),
                name="meetings_meeting_held_somewhere",
            ),
            models.UniqueConstraint(
                Least("asker", "asked"),
                Greatest("asker", "asked"),
                condition=models.Q(state__in=_LIVE),
                name="meetings_meeting_pair",
            ),
            ExclusionConstraint(
                name="meetings_table_apart",
                expressions=[("table", RangeOperators.EQUAL), (_time(), RangeOperators.OVERLAPS)],
                condition=models.Q(state__in=_SEATED, table__isnull=False),
            ),
        )
        indexes = (models.Index(fields=["matchmaking", "state"], name="meetings_of_matchmaking"),)


class Sitting(models.Model):
    """That a participant, or one of their people, is in a meeting at a time. Written by the database alone, from meetings and people.

    One row for the participant itself (`account` null) and one for each who comes for it: neither is in two meetings at once, whichever
    sessions they belong to.
    """

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sittings")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="meetings_participant_apart",
                expressions=[
                    ("participant", RangeOperators.EQUAL),
                    (_time(), RangeOperators.OVERLAPS),
                    ("meeting", RangeOperators.NOT_EQUAL),
                ],
            ),
            ExclusionConstraint(
                name="meetings_person_apart",
                expressions=[("account", RangeOperators.EQUAL), (_time(), RangeOperators.OVERLAPS)],
            ),
        )


class Said(models.Model):
    """What one side says came of a meeting. The other side never sees it, the house as numbers."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="said")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    outcome = models.TextField()
    note = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["meeting", "participant"], name="meetings_said_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=[one.value for one in Outcome]), name="meetings_said_outcome"
            ),
        )
