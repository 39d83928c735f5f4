"""Matchmaking sessions: rounds, tables, who takes part, who comes for them, and when they cannot meet."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.meetings.types import GuestKind, MatchmakingState, ParticipantState, PersonState

_ORDERED = models.Q(ends__gt=models.F("starts"))


class Matchmaking(models.Model):
    """A session at which participants meet in rounds at tables; of an event, or by itself in a house."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    event = models.ForeignKey("events.Event", models.PROTECT, null=True, related_name="+")
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    place = models.JSONField(default=dict)
    state = models.TextField(default=MatchmakingState.DRAFT.value)
    reason = models.TextField(default="", blank=True)
    slot_minutes = models.SmallIntegerField(default=20)
    pause_minutes = models.SmallIntegerField(default=5)
    guests = ArrayField(models.TextField(), default=list)
    sectors = ArrayField(models.TextField(), default=list)
    most_meetings = models.SmallIntegerField(default=12)
    closes_at = models.DateTimeField(null=True)
    # What a form carries, so that one sent twice makes one session.
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in MatchmakingState]), name="meetings_state"
            ),
            models.CheckConstraint(condition=models.Q(slot_minutes__range=(5, 120)), name="meetings_slot"),
            models.CheckConstraint(condition=models.Q(pause_minutes__range=(0, 60)), name="meetings_pause"),
            models.CheckConstraint(condition=models.Q(most_meetings__range=(1, 100)), name="meetings_most"),
        )
        indexes = (models.Index(fields=["house", "state"], name="meetings_of_house"),)


class Round(models.Model):
    """A time at which one meeting a table takes place."""

    id = models.BigAutoField(primary_key=True)
    matchmaking = models.ForeignKey(Matchmaking, models.PROTECT, related_name="rounds")
    number = models.SmallIntegerField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_ORDERED, name="meetings_round_order"),
            models.UniqueConstraint(fields=["matchmaking", "number"], name="meetings_round_number"),
        )


class Table(models.Model):
    """A table, a room or a place on the net: one meeting at a time."""

    id = models.BigAutoField(primary_key=True)
    matchmaking = models.ForeignKey(Matchmaking, models.PROTECT, related_name="tables")
    number = models.SmallIntegerField()
    name = models.TextField(default="", blank=True)
    online_url = models.TextField(default="", blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["matchmaking", "number"], name="meetings_table_number"),)


class Participant(models.Model):
    """Who takes part: an organisation, a team of a house, or a mentor."""

    id = models.BigAutoField(primary_key=True)
    matchmaking = models.ForeignKey(Matchmaking, models.PROTECT, related_name="participants")
    kind = models.TextField()
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    residency = models.ForeignKey("residencies.Residency", models.PROTECT, null=True, related_name="+")
    mentor = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    offers = models.TextField(default="", blank=True)
    seeks = models.TextField(default="", blank=True)
    published = models.BooleanField(default=False)
    state = models.TextField(default=ParticipantState.REGISTERED.value)
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in GuestKind]), name="meetings_participant_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ParticipantState]),
                name="meetings_participant_state",
            ),
            models.UniqueConstraint(
                fields=["matchmaking", "organisation"],
                condition=models.Q(organisation__isnull=False, state=ParticipantState.REGISTERED.value),
                name="meetings_participant_organisation",
            ),
            models.UniqueConstraint(
                fields=["matchmaking", "residency"],
                condition=models.Q(residency__isnull=False, state=ParticipantState.REGISTERED.value),
                name="meetings_participant_residency",
            ),
        )


class Person(models.Model):
    """Somebody who comes for a participant, or is asked to. In a session everybody comes for one participant."""

    id = models.BigAutoField(primary_key=True)
    matchmaking = models.ForeignKey(Matchmaking, models.PROTECT, related_name="people")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="people")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    state = models.TextField(default=PersonState.ASKED.value)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PersonState]), name="meetings_person_state"
            ),
            models.UniqueConstraint(fields=["participant", "account"], name="meetings_person_of_participant"),
            models.UniqueConstraint(
                fields=["matchmaking", "account"],
                condition=models.Q(state=PersonState.COMING.value),
                name="meetings_person_comes_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state=PersonState.ASKED.value) | models.Q(answered_at__isnull=False),
                name="meetings_person_answered",
            ),
        )
        indexes = (models.Index(fields=["account"], name="meetings_person_account"),)


class Absence(models.Model):
    """A round at which a participant cannot meet. Whoever says nothing can at all of them."""

    id = models.BigAutoField(primary_key=True)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="absences")
    round = models.ForeignKey(Round, models.CASCADE, related_name="absences")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["participant", "round"], name="meetings_absence_once"),)


class Plan(models.Model):
    """A plan as it was made: what it was made from, and what came out, so that anybody with the right can make it again. Holds numbers alone."""

    id = models.BigAutoField(primary_key=True)
    matchmaking = models.ForeignKey(Matchmaking, models.PROTECT, related_name="plans")
    problem = models.TextField()
    seats = models.JSONField()
    digest = models.CharField(max_length=64)
    placed = models.IntegerField()
    wanted = models.IntegerField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
