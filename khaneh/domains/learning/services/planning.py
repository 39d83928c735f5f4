"""Planning runs, opening them, changing their times and sizes, cancelling them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from khaneh.domains.discovery import services as discovery
from khaneh.domains.learning import notices, permissions
from khaneh.domains.learning.errors import (
    CapacityInUse,
    CourseStateRefused,
    NotYet,
    RunStateRefused,
    WrongTimes,
)
from khaneh.domains.learning.models import Attendance, Course, Enrolment, Meeting, Run, RunTeacher
from khaneh.domains.learning.queries.rows import run_rows
from khaneh.domains.learning.rules import drafts, queue
from khaneh.domains.learning.services import charging, rooms, teaching, waiting
from khaneh.domains.learning.services.judging import hold
from khaneh.domains.learning.types import (
    LIVE_RUNS,
    OPEN_ENROLMENTS,
    CourseState,
    EnrolmentState,
    MeetingDraft,
    RunDraft,
    RunRow,
    RunState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_REASON = 1000
MOST_TEACHERS = 20
_OPEN = [state.value for state in OPEN_ENROLMENTS]


def plan_run(*, actor: Actor, draft: RunDraft, now: datetime, responsible_id: int | None = None) -> RunRow:
    """Plan a run in a house, and book its rooms at once: all of it or nothing.

    The rooms are booked for `responsible_id`, else the first teacher, else who plans. Raises NotAllowed, NotFound, Invalid, WrongTimes,
    RoomTaken, TeacherBusy, CourseStateRefused for a course that is retired.
    """
    with db.transaction():
        wrong = drafts.run_problems(draft)
        course = Course.objects.filter(code=draft.course_code).first()
        house_id = network.house_ids_by_code([draft.house_code]).get(draft.house_code)
        if course is None:
            wrong["course_code"] = "unknown" if draft.course_code else "required"
        if house_id is None:
            wrong["house_code"] = "unknown" if draft.house_code else "required"
        teachers = _teachers(draft.teachers, wrong)
        meetings = sorted(draft.meetings)
        _judge_times(meetings, draft.enrol_until, wrong, now=now)
        if wrong or course is None or house_id is None:
            raise Invalid(fields=wrong)
        permissions.require_plan(actor, house_id=house_id)
        if course.state == CourseState.RETIRED:
            raise CourseStateRefused(state=course.state, wanted="run")
        answers = next((one for one in (responsible_id, *teachers, actor.account_id) if one is not None), None)
        spaces = rooms.known(actor, (space_id for one in meetings for space_id in one.space_ids))
        if spaces and answers is None:
            raise Invalid(fields={"teachers": "required"})
        teaching.require_free(teachers, meetings)
        made = Run.objects.create(
            course_id=course.pk, house_id=house_id, capacity=draft.capacity, least=draft.least,
            enrol_until=draft.enrol_until, online=draft.online, notes=draft.notes.to_dict(), planned_at=now,
            planned_by_id=actor.account_id, changed_at=now,
        )  # fmt: skip
        _set_teachers(made.pk, teachers)
        rows = [_meeting(made.pk, number, one) for number, one in enumerate(meetings, 1)]
        wanted = [(row, one.space_ids) for row, one in zip(rows, meetings, strict=True)]
        rooms.take(made, wanted, spaces, account_id=answers or 0, names=Label.from_dict(course.names), now=now)
        journal.record(
            "learning.run.planned",
            actor=actor,
            house_id=house_id,
            run_id=made.pk,
            course_id=course.pk,
            meetings=len(rows),
        )
    return _row(made.pk)


def open_run(*, actor: Actor, run_id: int, now: datetime) -> RunRow:
    """Let people enrol. Raises NotFound, NotAllowed, RunStateRefused, CourseStateRefused for a course that is not published."""
    with db.transaction():
        run = held_run(actor, run_id)
        course = Course.objects.get(pk=run.course_id)
        if run.state != RunState.PLANNED or (run.ends is not None and run.ends <= now):
            raise RunStateRefused(run_id=run_id, state=run.state)
        if course.state != CourseState.PUBLISHED:
            raise CourseStateRefused(state=course.state, wanted="open")
        Run.objects.filter(pk=run_id).update(state=RunState.OPEN.value, changed_at=now)
        discovery.touch("course", [run.course_id])
        journal.record("learning.run.opened", actor=actor, house_id=run.house_id, run_id=run_id)
    return _row(run_id)


def change_run(
    *,
    actor: Actor,
    run_id: int,
    now: datetime,
    capacity: int | None = None,
    least: int | None = None,
    teachers: Iterable[int] | None = None,
    enrol_until: datetime | None = None,
    online: str | None = None,
    notes: Label | None = None,
) -> RunRow:
    """Change a run but for its times. More seats are offered to those who wait; fewer than are taken are refused.

    Raises NotFound, NotAllowed, RunStateRefused, Invalid, CapacityInUse, TeacherBusy.
    """
    with db.transaction():
        run = held_run(actor, run_id)
        _live(run)
        seats = run.capacity if capacity is None else capacity
        fewest = run.least if least is None else least
        draft = RunDraft("", "", seats, (), least=fewest, online=online or "", notes=notes or Label("", "", ""))
        wrong = drafts.run_problems(draft)
        wanted = _teachers(teachers, wrong) if teachers is not None else None
        if enrol_until is not None and run.ends is not None and enrol_until > run.ends:
            wrong["enrol_until"] = "out_of_range"
        if wrong:
            raise Invalid(fields=wrong)
        _reseat(run, seats)
        values: dict[str, object] = {"capacity": seats, "least": fewest}
        if enrol_until is not None:
            values["enrol_until"] = enrol_until
        if online is not None:
            values["online"] = online
        if notes is not None:
            values["notes"] = notes.to_dict()
        Run.objects.filter(pk=run_id).update(changed_at=now, **values)
        if wanted is not None:
            teaching.require_free(wanted, Meeting.objects.filter(run_id=run_id), besides=run_id)
            _set_teachers(run_id, wanted)
        journal.record("learning.run.changed", actor=actor, house_id=run.house_id, run_id=run_id, fields=sorted(values))
        waiting.offer(run_id, now=now)
    return _row(run_id)


def change_times(*, actor: Actor, run_id: int, meetings: Sequence[MeetingDraft], now: datetime) -> RunRow:
    """Give a run that has not begun other times and rooms: the old ones are free, the new ones booked, or nothing changes.

    Everybody enrolled is told. Raises NotFound, NotAllowed, RunStateRefused, WrongTimes, Invalid, RoomTaken, TeacherBusy.
    """
    with db.transaction():
        run = held_run(actor, run_id)
        if (
            run.state not in (RunState.PLANNED, RunState.OPEN)
            or Attendance.objects.filter(meeting__run_id=run_id).exists()
        ):
            raise RunStateRefused(run_id=run_id, state=run.state)
        wanted = sorted(meetings)
        wrong: dict[str, str] = {}
        _judge_times(wanted, None, wrong, now=now)
        spaces = rooms.known(actor, (space_id for one in wanted for space_id in one.space_ids))
        teachers = list(RunTeacher.objects.filter(run_id=run_id).order_by("pk").values_list("account_id", flat=True))
        answers = next(iter(teachers), run.planned_by_id or actor.account_id)
        if spaces and answers is None:
            raise Invalid(fields={"teachers": "required"})
        teaching.require_free(teachers, wanted, besides=run_id)
        rooms.give_back(run_id, now=now)
        Meeting.objects.filter(run_id=run_id).delete()
        rows = [_meeting(run_id, number, one) for number, one in enumerate(wanted, 1)]
        if run.enrol_until is not None and run.enrol_until > wanted[0].starts:
            Run.objects.filter(pk=run_id).update(enrol_until=None)
        names = Label.from_dict(Course.objects.values_list("names", flat=True).get(pk=run.course_id))
        taken = [(row, one.space_ids) for row, one in zip(rows, wanted, strict=True)]
        rooms.take(run, taken, spaces, account_id=answers or 0, names=names, now=now)
        Run.objects.filter(pk=run_id).update(changed_at=now)
        journal.record("learning.run.moved", actor=actor, house_id=run.house_id, run_id=run_id, meetings=len(rows))
        notices.tell_moved(run_id, house_id=run.house_id, now=now)
    return _row(run_id)


def cancel_run(*, actor: Actor, run_id: int, reason: str, now: datetime) -> RunRow:
    """Do not hold it, or not to its end: rooms are free, and everybody in it and waiting is told why.

    Raises NotFound, NotAllowed, RunStateRefused, Invalid.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    with db.transaction():
        run = held_run(actor, run_id)
        _live(run)
        Run.objects.filter(pk=run_id).update(
            state=RunState.CANCELLED.value, reason=reason, ended_at=now, changed_at=now
        )
        concerned = Enrolment.objects.filter(run_id=run_id, state__in=_OPEN)
        told = list(concerned.order_by("pk").values_list("pk", flat=True))
        concerned.update(state=EnrolmentState.CANCELLED.value, seat=None, changed_at=now)
        rooms.give_back(run_id, now=now)
        discovery.touch("course", [run.course_id])
        journal.record(
            "learning.run.cancelled", actor=actor, house_id=run.house_id, run_id=run_id, enrolments=len(told)
        )
        notices.tell("cancelled", told, house_id=run.house_id, now=now)
        charging.settle(told, actor=actor, now=now)
    return _row(run_id)


def start_runs(*, now: datetime, limit: int = 200) -> int:
    """Runs whose first meeting has begun are under way: who asks or waits is told that there is no place. Gives how many."""
    due = Run.objects.filter(state=RunState.OPEN.value, starts__lte=now).order_by("starts", "pk")
    started = 0
    for number in list(due.values_list("pk", flat=True)[:limit]):
        with db.transaction():
            hold(run_ids=[number])
            done = Run.objects.filter(pk=number, state=RunState.OPEN.value, starts__lte=now).update(
                state=RunState.RUNNING.value, changed_at=now
            )
            if done:
                started += 1
                waiting.end_queue(number, now=now)
    return started


def held_run(actor: Actor, run_id: int) -> Run:
    """The run, held, for who plans in its house. Raises NotFound, NotAllowed."""
    hold(run_ids=[run_id])
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound(what="run")
    if not permissions.may_plan(actor, house_id=run.house_id):
        raise NotFound(what="run") if run.state == RunState.PLANNED else NotAllowed(act="learning.plan")
    return run


def require_ended(run: Run, *, now: datetime) -> None:
    """A run is judged once its last meeting has begun. One statement. Raises NotYet."""
    last = Meeting.objects.filter(run_id=run.pk).aggregate(last=Max("starts"))["last"]
    if last is not None and now < last:
        raise NotYet(**{"from": last.isoformat()})


def _reseat(run: Run, capacity: int) -> None:
    """Where there are fewer seats, who has a higher one moves to one that is free. Raises CapacityInUse."""
    seated = Enrolment.objects.filter(run_id=run.pk, seat__isnull=False)
    taken = {seat: number for seat, number in seated.order_by("seat").values_list("seat", "pk") if seat is not None}
    if len(taken) > capacity:
        raise CapacityInUse(capacity=capacity, taken=len(taken))
    high = [number for seat, number in taken.items() if seat > capacity]
    for number, seat in zip(high, queue.seats(set(taken), len(high), capacity), strict=True):
        Enrolment.objects.filter(pk=number).update(seat=seat)


def _judge_times(
    meetings: Sequence[MeetingDraft], enrol_until: datetime | None, wrong: dict[str, str], *, now: datetime
) -> None:
    problem = drafts.times_problem(meetings, now=now)
    if problem:
        raise WrongTimes(**problem)
    if enrol_until is not None and not now - timedelta(days=3660) < enrol_until <= meetings[-1].ends:
        wrong["enrol_until"] = "out_of_range"


def _teachers(teachers: Iterable[int], wrong: dict[str, str]) -> list[int]:
    wanted = list(dict.fromkeys(teachers))
    if len(wanted) > MOST_TEACHERS:
        wrong["teachers"] = "too_many"
    elif wanted and set(wanted) - people.account_names(wanted).keys():
        wrong["teachers"] = "unknown"
    return wanted


def _set_teachers(run_id: int, teachers: Sequence[int]) -> None:
    RunTeacher.objects.filter(run_id=run_id).delete()
    RunTeacher.objects.bulk_create(RunTeacher(run_id=run_id, account_id=number) for number in teachers)


def _meeting(run_id: int, number: int, draft: MeetingDraft) -> Meeting:
    return Meeting.objects.create(run_id=run_id, number=number, starts=draft.starts, ends=draft.ends)


def _live(run: Run) -> None:
    if run.state not in [state.value for state in LIVE_RUNS]:
        raise RunStateRefused(run_id=run.pk, state=run.state)


def _row(run_id: int) -> RunRow:
    return run_rows(Run.objects.filter(pk=run_id))[0]
