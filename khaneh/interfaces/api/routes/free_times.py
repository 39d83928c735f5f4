"""When spaces are free, near whom, and what holds those of a house."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import BOOKING_STATES, CLOSURE_KINDS, FreeStarts, SpaceGroup
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of
from khaneh.interfaces.api.routes.spaces import FAILURES_PUBLIC, SpaceOut, space_shape
from khaneh.interfaces.api.values import Code, Day, HouseInPath, IdInPath, Listed, Point, Reference, house_id, reference

router = Router(tags=["spaces"])


class FreeRange(Schema):
    """A booking of the length that was asked for may start at `first`, at `last`, and at every slot between."""

    first: datetime
    last: datetime


class FreeSpaceOut(Schema):
    """A space with free time; `kilometres` from the point that was asked about."""

    space: SpaceOut
    kilometres: float | None
    free: list[FreeRange]


class FreeSpaces(Schema):
    """Where there is room."""

    spaces: list[FreeSpaceOut]


class FreeTimes(Schema):
    """When there is room in one space."""

    minutes: int
    free: list[FreeRange]


class WantedTimes(Schema):
    """When, and how long."""

    first: Day | None = Field(None, description="The first day, on the clocks of each house; today without it")
    days: int = Field(14, ge=1, le=62)
    minutes: int = Field(60, ge=1, le=366 * 24 * 60)


class WantedFree(WantedTimes, Point):
    """What is looked for. Without `kind`, any of `group`; without both, anything."""

    kind: Code = ""
    group: SpaceGroup | None = None
    region: Code = Field("", description="A region's code: in it and what is below it")
    house: Code = Field("", description="A house's code: there alone")
    within_km: float | None = Field(None, gt=0, le=20_000, description="With `near`")
    people: int = Field(1, ge=1, le=100_000)
    facility: list[Code] = Field([], max_length=20, description="All of them")
    limit: int = Field(50, ge=1, le=200)


class HeldTime(Schema):
    """What holds a space: a booking, a request or a closure; with names for who works there, else only that it is held."""

    starts: datetime
    ends: datetime | None
    blocked_from: datetime
    blocked_until: datetime | None
    unit: int | None
    booking: int | None
    state: Listed | None
    closure: Listed | None
    booker: str
    title: str
    people: int
    mine: bool


class OpenTime(Schema):
    """A time in which a space may be booked."""

    starts: datetime
    ends: datetime


class WeekOfSpace(Schema):
    """A space on the days that were asked for."""

    space: SpaceOut
    held: list[HeldTime]
    open: list[OpenTime]


class WeekOut(Schema):
    """So many days of a house, on its own clocks."""

    house: Reference
    zone: str
    first: date
    days: int
    spaces: list[WeekOfSpace]


class WantedWeek(Schema):
    """Which days."""

    first: Day | None = Field(None, description="Today without it")
    days: int = Field(7, ge=1, le=31)


@router.get("/spaces/free", response={200: FreeSpaces, **FAILURES_PUBLIC})
def spaces_free(request: HttpRequest, wanted: Query[WantedFree]) -> FreeSpaces:
    """Where so many minutes are free: nearest first with `near`, else the soonest."""
    found = queries.free_spaces(
        now=timezone.now(),
        kind=wanted.kind,
        group=wanted.group,
        region_id=network.region(wanted.region).id if wanted.region else None,
        house_ids=[house_id(wanted.house)] if wanted.house else None,
        near=wanted.pair(),
        within_km=wanted.within_km,
        first=wanted.first,
        days=wanted.days,
        minutes=wanted.minutes,
        people=wanted.people,
        facilities=wanted.facility,
        limit=wanted.limit,
    )
    return FreeSpaces(
        spaces=[
            FreeSpaceOut(space=space_shape(one.space), kilometres=one.kilometres, free=_ranges(one.free))
            for one in found
        ]
    )


@router.get("/spaces/{space_id}/free", response={200: FreeTimes, **FAILURES_PUBLIC})
def space_free(request: HttpRequest, space_id: IdInPath, wanted: Query[WantedTimes]) -> FreeTimes:
    """When so many minutes are free in one space."""
    row = queries.space_by_id(space_id)
    found = queries.free_times(row, now=timezone.now(), first=wanted.first, days=wanted.days, minutes=wanted.minutes)
    return FreeTimes(minutes=wanted.minutes, free=_ranges(found))


@router.get("/houses/{code}/week", response={200: WeekOut, **FAILURES}, auth=KEY)
def house_week(request: HttpRequest, code: HouseInPath, wanted: Query[WantedWeek]) -> WeekOut:
    """What holds each space of a house; names for whoever works there."""
    number, now = house_id(code), timezone.now()
    first = wanted.first or network.house_facts(number).calendar.today(now)
    found = queries.week(number, first=first, actor=actor_of(request), now=now, days=wanted.days)
    return WeekOut(
        house=reference(found.house),
        zone=found.zone,
        first=found.first,
        days=found.days,
        spaces=[
            WeekOfSpace(
                space=space_shape(one.space),
                held=[
                    HeldTime(
                        starts=entry.starts, ends=entry.ends, blocked_from=entry.blocked_from,
                        blocked_until=entry.blocked_until, unit=entry.unit, booking=entry.booking_id,
                        state=Listed.of(entry.state, BOOKING_STATES) if entry.state else None,
                        closure=Listed.of(entry.closure, CLOSURE_KINDS) if entry.closure else None,
                        booker=entry.booker, title=entry.title, people=entry.people, mine=entry.mine,
                    )
                    for entry in one.entries
                ],
                open=[OpenTime(starts=starts, ends=ends) for starts, ends in one.open],
            )
            for one in found.spaces
        ],
    )  # fmt: skip


def _ranges(found: tuple[FreeStarts, ...]) -> list[FreeRange]:
    return [FreeRange(first=one.first, last=one.last) for one in found]
