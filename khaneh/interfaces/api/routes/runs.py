"""Runs of courses: when and where they are held, how many seats are left; planned, opened, moved and cancelled by those who give them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt, StrictStr

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.types import (
    LIVE_RUNS,
    RUN_STATES,
    MeetingDraft,
    MeetingRow,
    RunDraft,
    RunRow,
    RunState,
)
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import (
    Body,
    Code,
    GivenCode,
    HouseCode,
    HouseInPath,
    Id,
    IdInPath,
    Instant,
    Listed,
    Names,
    NamesIn,
    Note,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["learning"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
Seats = Annotated[StrictInt, Field(ge=1, le=10_000)]
Least = Annotated[StrictInt, Field(ge=0, le=10_000)]
Link = Annotated[StrictStr, Field(max_length=2000, pattern=r"^(https?://[^\s<>\"\x00]{3,})?$")]


class RoomOut(Schema):
    """A space that a meeting takes."""

    space: int
    code: str
    names: Names


class MeetingOut(Schema):
    """One time of a run, numbered from 1. Without rooms it is held elsewhere or online."""

    number: int
    starts: datetime
    ends: datetime
    rooms: list[RoomOut]


class RunOut(Schema):
    """A course held once in a house. `taken` seats are enrolled or kept for an offer, `free` are left, `waiting` are people who wait.

    While somebody waits nobody else gets a seat. One enrols until `enrol_until`.
    """

    id: int
    course: Reference
    house: Reference
    zone: str
    state: Listed
    capacity: int
    least: int
    taken: int
    free: int
    waiting: int
    starts: datetime
    ends: datetime
    enrol_until: datetime
    meetings: list[MeetingOut]
    teachers: list[str]
    is_online: bool
    notes: Names
    reason: str


class RunsOut(Schema):
    """Runs by start."""

    runs: list[RunOut]


class WantedRuns(Schema):
    """What is asked for; everything that is left out is not asked. `first` and `last` are instants: those under way at either count."""

    house: Code = ""
    region: Code = ""
    first: Instant | None = None
    last: Instant | None = None
    limit: int = Field(50, ge=1, le=200)


class WantedRunsOfHouse(Schema):
    """Which of a house: without `state` those that are planned, open or under way."""

    state: list[RunState] = Field([], max_length=5)
    first: Instant | None = None
    last: Instant | None = None
    limit: int = Field(50, ge=1, le=200)


class MeetingIn(Body):
    """One time, with the ids of the spaces that it takes; the first is where it is held."""

    starts: Instant
    ends: Instant
    spaces: Annotated[list[Id], Field(max_length=20)] = []

    def draft(self) -> MeetingDraft:
        """As the service takes it."""
        return MeetingDraft(self.starts, self.ends, tuple(self.spaces))


Meetings = Annotated[list[MeetingIn], Field(min_length=1, max_length=400)]
Teachers = Annotated[list[Id], Field(max_length=20)]


class RunPlanned(Body):
    """A run that shall be. `teachers` are accounts; `least` is the number below which it may not be worth while."""

    course: GivenCode
    house: HouseCode
    capacity: Seats
    meetings: Meetings
    least: Least = 1
    teachers: Teachers = []
    enrol_until: Instant | None = None
    online: Link = ""
    notes: NamesIn = NamesIn()

    def draft(self) -> RunDraft:
        """As the service takes it."""
        return RunDraft(
            course_code=self.course, house_code=self.house, capacity=self.capacity,
            meetings=tuple(one.draft() for one in self.meetings), least=self.least, teachers=tuple(self.teachers),
            enrol_until=self.enrol_until, online=self.online, notes=self.notes.label(),
        )  # fmt: skip


class RunChanged(Body):
    """What shall be otherwise; what is left out stays."""

    capacity: Seats | None = None
    least: Least | None = None
    teachers: Teachers | None = None
    enrol_until: Instant | None = None
    online: Link | None = None
    notes: NamesIn | None = None


class RunMoved(Body):
    """All its times and rooms, in the place of those that it has."""

    meetings: Meetings


class RunCancelled(Body):
    """Why; everybody in it and who waits is told."""

    reason: Annotated[Note, Field(min_length=1)]


@router.get("/runs", response={200: RunsOut, **FAILURES_PUBLIC})
def runs(request: HttpRequest, wanted: Query[WantedRuns]) -> RunsOut:
    """Runs that are open or under way."""
    found = queries.runs_of(
        house_id=house_id(wanted.house) if wanted.house else None,
        region_id=network.region(wanted.region).id if wanted.region else None,
        first=wanted.first, last=wanted.last, limit=wanted.limit,
    )  # fmt: skip
    return RunsOut(runs=[run_shape(one) for one in found])


@router.get("/runs/{run_id}", response={200: RunOut, **FAILURES_PUBLIC})
def run(request: HttpRequest, run_id: IdInPath) -> RunOut:
    """One run."""
    return run_shape(queries.run(run_id))


@router.get("/houses/{code}/runs", response={200: RunsOut, **FAILURES}, auth=KEY)
def house_runs(request: HttpRequest, code: HouseInPath, wanted: Query[WantedRunsOfHouse]) -> RunsOut:
    """Runs of a house; what is only planned as well, for those who work there."""
    found = queries.runs_of(
        actor=actor_of(request), house_id=house_id(code), first=wanted.first, last=wanted.last,
        states=wanted.state or LIVE_RUNS, limit=wanted.limit,
    )  # fmt: skip
    return RunsOut(runs=[run_shape(one) for one in found])


@writes(router, "/runs", answer=RunOut, status=201)
def run_plan(request: HttpRequest, body: RunPlanned) -> RunOut:
    """Plan a run and book its rooms, all of it or nothing."""
    return run_shape(services.plan_run(actor=actor_of(request), draft=body.draft(), now=timezone.now()))


@writes(router, "/runs/{run_id}/open", answer=RunOut)
def run_open(request: HttpRequest, run_id: IdInPath) -> RunOut:
    """Let people enrol."""
    return run_shape(services.open_run(actor=actor_of(request), run_id=run_id, now=timezone.now()))


@writes(router, "/runs/{run_id}/change", answer=RunOut)
def run_change(request: HttpRequest, run_id: IdInPath, body: RunChanged) -> RunOut:
    """Change everything but its times. More seats are offered to those who wait; fewer than are taken are refused."""
    changed = services.change_run(
        actor=actor_of(request), run_id=run_id, now=timezone.now(), capacity=body.capacity, least=body.least,
        teachers=body.teachers, enrol_until=body.enrol_until, online=body.online,
        notes=body.notes.label() if body.notes is not None else None,
    )  # fmt: skip
    return run_shape(changed)


@writes(router, "/runs/{run_id}/times", answer=RunOut)
def run_move(request: HttpRequest, run_id: IdInPath, body: RunMoved) -> RunOut:
    """Give a run that has not begun other times and rooms. Everybody enrolled is told."""
    meetings = [one.draft() for one in body.meetings]
    return run_shape(
        services.change_times(actor=actor_of(request), run_id=run_id, meetings=meetings, now=timezone.now())
    )


@writes(router, "/runs/{run_id}/cancel", answer=RunOut)
def run_cancel(request: HttpRequest, run_id: IdInPath, body: RunCancelled) -> RunOut:
    """Do not hold it, or not to its end; its rooms are free."""
    return run_shape(
        services.cancel_run(actor=actor_of(request), run_id=run_id, reason=body.reason, now=timezone.now())
    )


def run_shape(row: RunRow) -> RunOut:
    """A run as everybody sees it. No statement. The link for those who learn online is not for everybody."""
    return RunOut(
        id=row.id, course=Reference(code=row.course.code, names=Names.of(row.course.names)), house=reference(row.house),
        zone=row.zone, state=Listed.of(row.state, RUN_STATES), capacity=row.capacity, least=row.least, taken=row.taken,
        free=row.free, waiting=row.waiting, starts=row.starts, ends=row.ends, enrol_until=row.enrol_until,
        meetings=[_meeting(one) for one in row.meetings], teachers=[one.name for one in row.teachers],
        is_online=bool(row.online), notes=Names.of(row.notes), reason=row.reason,
    )  # fmt: skip


def _meeting(row: MeetingRow) -> MeetingOut:
    rooms = [RoomOut(space=one.space_id, code=one.code, names=Names.of(one.names)) for one in row.places]
    return MeetingOut(number=row.number, starts=row.starts, ends=row.ends, rooms=rooms)
