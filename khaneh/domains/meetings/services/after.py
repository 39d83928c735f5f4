"""What became of a meeting: held, or somebody did not come; and what each side says of it for itself."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.meetings import permissions
from khaneh.domains.meetings.errors import NotYet, StateRefused
from khaneh.domains.meetings.models import Meeting, Said
from khaneh.domains.meetings.rules import drafts
from khaneh.domains.meetings.services import holding
from khaneh.domains.meetings.types import MeetingState, Outcome
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def note_meeting(*, actor: Actor, meeting_id: int, absent_id: int | None, held: bool, now: datetime) -> None:
    """A meeting that has begun was held, or did not take place: `absent_id` did not come (None: neither). Twice it is once.

    Both sides may say so, each that it was held or that the other did not come, and who runs the session. Raises NotFound, NotYet, StateRefused.
    """
    with db.transaction():
        one, meeting = holding.any_meeting(meeting_id)
        both = (meeting.asker_id, meeting.asked_id)
        if absent_id is not None and absent_id not in both:
            raise NotFound(what="participant")
        if not permissions.may_run(actor, house_id=one.house_id):
            mine = permissions.own(actor, one.pk)
            # Of a meeting that did not take place each says that the other was not there.
            if mine.pk not in both or (not held and absent_id in (None, mine.pk)):
                raise NotFound(what="meeting")
        wanted = MeetingState.HELD if held else MeetingState.MISSED
        if meeting.state == wanted:
            return
        if meeting.state != MeetingState.ACCEPTED:
            raise StateRefused(what="meeting", state=meeting.state)
        if meeting.starts is None or now < meeting.starts:
            raise NotYet
        Meeting.objects.filter(pk=meeting_id).update(
            state=wanted.value, absent_id=None if held else absent_id, changed_at=now
        )
        journal.record(
            f"meetings.meeting.{wanted.value}", actor=actor, house_id=one.house_id, matchmaking_id=one.pk,
            meeting_id=meeting_id,
        )  # fmt: skip


def say_outcome(*, actor: Actor, meeting_id: int, outcome: Outcome, note: str, now: datetime) -> None:
    """One side says for itself what came of a meeting that has begun; nobody else reads it, the house counts it. It can be said anew.

    Raises NotFound, NotYet, StateRefused, Invalid.
    """
    wrong = drafts.note_problem("note", note)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one, mine, meeting = holding.own_meeting(actor, meeting_id)
        if meeting.state not in (MeetingState.ACCEPTED, MeetingState.HELD):
            raise StateRefused(what="meeting", state=meeting.state)
        if meeting.starts is None or now < meeting.starts:
            raise NotYet
        Said.objects.update_or_create(
            meeting_id=meeting_id, participant_id=mine.pk,
            defaults={"outcome": outcome.value, "note": note.strip(), "at": now},
        )  # fmt: skip
        if meeting.state == MeetingState.ACCEPTED:
            Meeting.objects.filter(pk=meeting_id).update(state=MeetingState.HELD.value, changed_at=now)
        journal.record(
            "meetings.outcome.said", actor=actor, house_id=one.house_id, matchmaking_id=one.pk, meeting_id=meeting_id
        )
