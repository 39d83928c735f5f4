"""One asks another for a meeting; the other answers; both agree on a time, or it ends."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.meetings import notices, permissions
from khaneh.domains.meetings.errors import AlreadyAsked, RoundTaken, StateRefused, TooManyAsked
from khaneh.domains.meetings.models import Matchmaking, Meeting, Round
from khaneh.domains.meetings.queries import elsewhere
from khaneh.domains.meetings.rules import drafts
from khaneh.domains.meetings.services import holding, seating
from khaneh.domains.meetings.types import LIVE_MEETINGS, MeetingState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

# Questions of one participant that wait: more would be sent to everybody.
MOST_WAITING = 30
_LIVE = {state.value for state in LIVE_MEETINGS}


def ask(*, actor: Actor, matchmaking_id: int, participant_id: int, message: str, now: datetime) -> int:
    """Ask another participant for a meeting. Gives its number; asked twice it is one. Who was asked by them already accepts with that.

    Raises NotFound, NotOpen, AlreadyAsked (also where they have declined before), TooManyAsked, Invalid.
    """
    wrong = drafts.note_problem("message", message)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.held(matchmaking_id)
        mine = permissions.own(actor, one.pk)
        holding.going_on(one, now)
        other = holding.registered(one, participant_id)
        if other.pk == mine.pk:
            raise NotFound(what="participant")
        between = list(
            Meeting.objects.filter(
                matchmaking_id=one.pk, asker_id__in=[mine.pk, other.pk], asked_id__in=[mine.pk, other.pk]
            ).order_by("-pk")
        )
        live = next((row for row in between if row.state in _LIVE), None)
        if live is not None:
            if live.state == MeetingState.ASKED and live.asked_id == mine.pk:
                _accept(one, live, actor, message.strip(), now)
                return live.pk
            if live.state == MeetingState.ASKED:
                return live.pk
            raise AlreadyAsked(meeting_id=live.pk)
        refused = next((row for row in between if row.state == MeetingState.DECLINED and row.asker_id == mine.pk), None)
        if refused is not None:
            raise AlreadyAsked(meeting_id=refused.pk)
        if Meeting.objects.filter(asker_id=mine.pk, state=MeetingState.ASKED.value).count() >= MOST_WAITING:
            raise TooManyAsked(most=MOST_WAITING)
        made = Meeting.objects.create(
            matchmaking=one, asker_id=mine.pk, asked_id=other.pk, message=message.strip(),
            asked_by_id=actor.account_id, asked_at=now, changed_at=now,
        )  # fmt: skip
        _record("asked", one, made, actor)
        notices.tell_about("meetings.asked", one, other.pk, made, now=now)
    return made.pk


def accept(*, actor: Actor, meeting_id: int, round_id: int | None, answer: str, now: datetime) -> None:
    """Who was asked says yes, with a time or without one; twice it is once. Raises NotFound, NotOpen, StateRefused, RoundTaken, Invalid."""
    wrong = drafts.note_problem("answer", answer)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one, mine, meeting = holding.own_meeting(actor, meeting_id)
        if meeting.asked_id != mine.pk:
            raise NotFound(what="meeting")
        if meeting.state == MeetingState.ACCEPTED and (round_id is None or meeting.round_id == round_id):
            return
        holding.going_on(one, now)
        _only(meeting, MeetingState.ASKED)
        _accept(one, meeting, actor, answer.strip(), now)
        if round_id is not None:
            _place(one, meeting, round_id, now)
            notices.tell_about("meetings.placed", one, meeting.asker_id, meeting, now=now)


def decline(*, actor: Actor, meeting_id: int, answer: str, now: datetime) -> None:
    """Who was asked says no. Raises NotFound, StateRefused, Invalid."""
    wrong = drafts.note_problem("answer", answer)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one, mine, meeting = holding.own_meeting(actor, meeting_id)
        if meeting.asked_id != mine.pk:
            raise NotFound(what="meeting")
        if meeting.state == MeetingState.DECLINED:
            return
        _only(meeting, MeetingState.ASKED)
        _write(meeting, MeetingState.DECLINED, now, answer=answer.strip())
        _record("declined", one, meeting, actor)
        notices.tell_about("meetings.declined", one, meeting.asker_id, meeting, now=now)


def take_back(*, actor: Actor, meeting_id: int, now: datetime) -> None:
    """Who asked does not want to any more, before there was an answer. Raises NotFound, StateRefused."""
    with db.transaction():
        one, mine, meeting = holding.own_meeting(actor, meeting_id)
        if meeting.asker_id != mine.pk:
            raise NotFound(what="meeting")
        if meeting.state == MeetingState.WITHDRAWN:
            return
        _only(meeting, MeetingState.ASKED)
        _write(meeting, MeetingState.WITHDRAWN, now)
        _record("withdrawn", one, meeting, actor)


def choose_time(*, actor: Actor, meeting_id: int, round_id: int, now: datetime) -> None:
    """One of both, or who runs the session, gives an accepted meeting its time, or another one; a table that is free is found.

    Raises NotFound, NotOpen, StateRefused, RoundTaken.
    """
    with db.transaction():
        one, meeting = holding.any_meeting(meeting_id)
        runs = permissions.may_run(actor, house_id=one.house_id)
        told = [meeting.asker_id, meeting.asked_id]
        if not runs:
            mine = permissions.own(actor, one.pk)
            if mine.pk not in told:
                raise NotFound(what="meeting")
            told.remove(mine.pk)
        holding.going_on(one, now)
        _only(meeting, MeetingState.ACCEPTED)
        if meeting.round_id == round_id:
            return
        _begun(meeting, now)
        _place(one, meeting, round_id, now)
        _record("placed", one, meeting, actor)
        for who in told:
            notices.tell_about("meetings.placed", one, who, meeting, now=now)


def cancel_meeting(*, actor: Actor, meeting_id: int, now: datetime) -> None:
    """One of both cannot come, or who runs the session ends it, before it begins; the time is free again. Raises NotFound, StateRefused, RoundTaken."""
    with db.transaction():
        one, meeting = holding.any_meeting(meeting_id)
        told = [meeting.asker_id, meeting.asked_id]
        if not permissions.may_run(actor, house_id=one.house_id):
            mine = permissions.own(actor, one.pk)
            if mine.pk not in told:
                raise NotFound(what="meeting")
            told.remove(mine.pk)
        if meeting.state == MeetingState.CANCELLED:
            return
        _only(meeting, MeetingState.ACCEPTED)
        _begun(meeting, now)
        _write(meeting, MeetingState.CANCELLED, now)
        _record("cancelled", one, meeting, actor)
        for who in told:
            notices.tell_about("meetings.cancelled", one, who, meeting, now=now)


def _accept(one: Matchmaking, meeting: Meeting, actor: Actor, answer: str, now: datetime) -> None:
    _write(meeting, MeetingState.ACCEPTED, now, answer=answer)
    meeting.state = MeetingState.ACCEPTED.value
    _record("accepted", one, meeting, actor)
    notices.tell_about("meetings.accepted", one, meeting.asker_id, meeting, now=now)


def _place(one: Matchmaking, meeting: Meeting, round_id: int, now: datetime) -> None:
    each = Round.objects.filter(pk=round_id, matchmaking_id=one.pk).first()
    if each is None:
        raise NotFound(what="round")
    pair = (meeting.asker_id, meeting.asked_id)
    holding.hold_people(pair)
    why = elsewhere.why_not(one, pair, each, meeting_id=meeting.pk, now=now)
    if why:
        raise RoundTaken(why=why)
    table = elsewhere.free_table(one, each, meeting_id=meeting.pk)
    if table is None:
        raise RoundTaken(why="tables")
    seating.seat(meeting, each.pk, table.pk, by_hand=True, now=now)
    meeting.round, meeting.table, meeting.starts = each, table, each.starts


def _only(meeting: Meeting, state: MeetingState) -> None:
    if meeting.state != state:
        raise StateRefused(what="meeting", state=meeting.state)


def _begun(meeting: Meeting, now: datetime) -> None:
    if meeting.starts is not None and meeting.starts <= now:
        raise RoundTaken(why="over")


def _write(meeting: Meeting, state: MeetingState, now: datetime, **facts: str) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=state.value, changed_at=now, **facts)


def _record(what: str, one: Matchmaking, meeting: Meeting, actor: Actor) -> None:
    journal.record(
        f"meetings.meeting.{what}", actor=actor, house_id=one.house_id, matchmaking_id=one.pk, meeting_id=meeting.pk
    )
