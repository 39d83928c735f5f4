"""The locks of every act on meetings: the session first, then the people whose time is given away (`db.lock` sorts them).

Whatever changes who meets whom when in a session holds that session, so that rounds, tables and limits are judged on what stays so; people
are held after it, because they may come to two sessions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.meetings import permissions
from khaneh.domains.meetings.errors import NotOpen, StateRefused
from khaneh.domains.meetings.models import Matchmaking, Meeting, Participant, Person, Round
from khaneh.domains.meetings.types import MatchmakingState, ParticipantState, PersonState
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def held(matchmaking_id: int) -> Matchmaking:
    """A session with its lock. Raises NotFound."""
    db.lock(("meetings.matchmaking", matchmaking_id))
    found = Matchmaking.objects.filter(pk=matchmaking_id).first()
    if found is None:
        raise NotFound(what="matchmaking")
    return found


def run_by(actor: Actor, matchmaking_id: int) -> Matchmaking:
    """A session with its lock, for whoever runs it. Raises NotFound to who may not even see it, NotAllowed."""
    found = held(matchmaking_id)
    permissions.require_see(actor, found)
    permissions.require_run(actor, house_id=found.house_id)
    return found


def hold_people(participants: Iterable[int]) -> None:
    """Hold the time of everybody who comes for these participants, after the session. One or two statements."""
    who = Person.objects.filter(participant_id__in=list(participants), state=PersonState.COMING.value)
    things = [("meetings.person", number) for number in who.values_list("account_id", flat=True)]
    if things:
        db.lock(*things)


def own_meeting(actor: Actor, meeting_id: int) -> tuple[Matchmaking, Participant, Meeting]:
    """A meeting of the actor's own participant, with its session's lock. Raises NotFound."""
    one, meeting = any_meeting(meeting_id)
    mine = permissions.own(actor, one.pk)
    if mine.pk not in (meeting.asker_id, meeting.asked_id):
        raise NotFound(what="meeting")
    return one, mine, meeting


def any_meeting(meeting_id: int) -> tuple[Matchmaking, Meeting]:
    """A meeting with its session's lock. Raises NotFound."""
    number = Meeting.objects.filter(pk=meeting_id).values_list("matchmaking_id", flat=True).first()
    if number is None:
        raise NotFound(what="meeting")
    one = held(number)
    found = Meeting.objects.select_related("asker", "asked", "round", "table").get(pk=meeting_id)
    return one, found


def registering(one: Matchmaking, now: datetime) -> None:
    """Only while people register. Raises NotOpen."""
    if one.state != MatchmakingState.OPEN:
        raise NotOpen(why="state")
    closes = one.closes_at or first_start(one)
    if closes is None or closes <= now:
        raise NotOpen(why="closed")


def going_on(one: Matchmaking, now: datetime) -> None:
    """Only while it is open and has rounds to come. Raises NotOpen."""
    if one.state != MatchmakingState.OPEN:
        raise NotOpen(why="state")
    if not Round.objects.filter(matchmaking_id=one.pk, starts__gt=now).exists():
        raise NotOpen(why="over")


def first_start(one: Matchmaking) -> datetime | None:
    """When its first round begins."""
    return Round.objects.filter(matchmaking_id=one.pk).order_by("number").values_list("starts", flat=True).first()


def registered(one: Matchmaking, participant_id: int) -> Participant:
    """A participant of this session who takes part. Raises NotFound."""
    found = Participant.objects.filter(
        pk=participant_id, matchmaking_id=one.pk, state=ParticipantState.REGISTERED.value
    ).first()
    if found is None:
        raise NotFound(what="participant")
    return found


def not_over(one: Matchmaking) -> None:
    """Not cancelled. Raises StateRefused."""
    if one.state == MatchmakingState.CANCELLED:
        raise StateRefused(what="matchmaking", state=one.state)
