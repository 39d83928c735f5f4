"""A meeting whose room was taken from it: everybody is told, and the house takes another in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from khaneh.domains.learning import notices
from khaneh.domains.learning.errors import RoomNotMissing, RunStateRefused
from khaneh.domains.learning.models import Course, Meeting, MeetingPlace, Run, RunTeacher
from khaneh.domains.learning.queries.rows import KEPT, run_rows
from khaneh.domains.learning.services import rooms
from khaneh.domains.learning.services.planning import held_run
from khaneh.domains.learning.types import LIVE_RUNS, RunRow
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound

_LIVE = [state.value for state in LIVE_RUNS]


def note_lost(booking_id: int) -> None:
    """A booking was cancelled: where a run to come was to be held there, tell of it as soon as that stands. One statement."""
    lost = MeetingPlace.objects.filter(booking_id=booking_id, meeting__run__state__in=_LIVE)
    for meeting_id in lost.values_list("meeting_id", flat=True):
        jobs.defer("learning.room_lost", meeting_id=meeting_id)


def tell_lost(*, meeting_id: int, now: datetime) -> None:
    """Everybody with a seat, and who teaches, is told that a meeting has no room; nobody where it has one again, or is over."""
    with db.transaction():
        meeting = Meeting.objects.select_related("run").filter(pk=meeting_id, ends__gt=now).first()
        if meeting is None or meeting.run.state not in _LIVE or not _lost(meeting):
            return
        journal.record(
            "learning.run.room_lost", actor=SYSTEM, house_id=meeting.run.house_id, run_id=meeting.run_id,
            meeting=meeting.number,
        )  # fmt: skip
        notices.tell_room(meeting_id, found=False, now=now)


def replace_room(*, actor: Actor, run_id: int, meeting: int, space_ids: Sequence[int], now: datetime) -> RunRow:
    """Book spaces for a meeting (by its number) in place of those that it has lost, all of them or none; everybody is told.

    Raises NotFound, NotAllowed, Invalid, RoomTaken, RoomNotMissing, RunStateRefused for a meeting or a run that is over.
    """
    with db.transaction():
        run = held_run(actor, run_id)
        found = Meeting.objects.filter(run_id=run_id, number=meeting).first()
        if found is None:
            raise NotFound(what="meeting")
        if run.state not in _LIVE or found.ends <= now:
            raise RunStateRefused(run_id=run_id, state=run.state)
        lost = _lost(found)
        if not lost:
            raise RoomNotMissing(run_id=run_id, meeting=meeting)
        spaces = rooms.known(actor, space_ids)
        teachers = RunTeacher.objects.filter(run_id=run_id).order_by("pk").values_list("account_id", flat=True)
        answers = next(iter(teachers), run.planned_by_id or actor.account_id)
        if not spaces or answers is None:
            raise Invalid(fields={"spaces": "required"} if not spaces else {"teachers": "required"})
        MeetingPlace.objects.filter(pk__in=lost).delete()
        names = Label.from_dict(Course.objects.values_list("names", flat=True).get(pk=run.course_id))
        rooms.take(run, [(found, space_ids)], spaces, account_id=answers, names=names, now=now)
        Run.objects.filter(pk=run_id).update(changed_at=now)
        journal.record("learning.run.room_found", actor=actor, house_id=run.house_id, run_id=run_id, meeting=meeting)
        notices.tell_room(found.pk, found=True, now=now)
    return run_rows(Run.objects.filter(pk=run_id))[0]


def _lost(meeting: Meeting) -> list[int]:
    """The places of a meeting to come that are not booked any more. One statement."""
    places = MeetingPlace.objects.filter(meeting=meeting).exclude(booking__state__in=KEPT)
    return list(places.values_list("pk", flat=True))
