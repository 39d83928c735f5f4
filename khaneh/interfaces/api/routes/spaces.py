"""Spaces: what there is to book, when it is free; entered, changed, taken out of service and closed by those who keep them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    CLOSURE_KINDS,
    FACILITIES,
    KIND_GROUPS,
    SPACE_GROUPS,
    SPACE_KINDS,
    SPACE_STATES,
    ClosureKind,
    ClosureRow,
    FreeStarts,
    PriceUnit,
    SpaceDraft,
    SpaceGroup,
    SpaceRow,
    SpaceState,
    WeeklyHours,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import (
    MOST_MONEY,
    Body,
    Code,
    Day,
    Done,
    HouseCode,
    HouseInPath,
    IdInPath,
    Instant,
    Listed,
    Names,
    Point,
    Reference,
    Sum,
    house_id,
    reference,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

router = Router(tags=["spaces"])

_Text = Annotated[StrictStr, Field(max_length=5000, pattern=r"^[^\x00]*$")]
SpaceCode = Annotated[StrictStr, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Minutes = Annotated[StrictInt, Field(ge=0, le=366 * 24 * 60)]
FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}


class KindOfSpace(Schema):
    """What a space may be, and what sort of thing that is."""

    code: str
    names: Names
    group: str


class SpaceLists(Schema):
    """Controlled lists: kinds of space, groups of kinds, facilities."""

    kinds: list[KindOfSpace]
    groups: list[Listed]
    facilities: list[Listed]


class Hours(Schema):
    """A span of a space's own week: ISO weekday (Monday 1), minutes after midnight; `closes` may lie on the next day."""

    weekday: int
    opens: int
    closes: int


class SpaceOut(Schema):
    """Something that can be booked. `inside` are the ids of what it is in, the outermost first; `requires` are codes of qualifications.

    Starts and lengths lie on the grid of `slot_minutes`. A price without `price` is the policies' to say; see /spaces/{id}/quote.
    """

    id: int
    code: str
    house: Reference
    kind: Listed
    group: Listed
    names: Names
    state: Listed
    in_service: bool
    inside: list[int]
    capacity: int
    quantity: int
    facilities: list[Listed]
    slot_minutes: int
    min_minutes: int
    max_minutes: int
    setup_minutes: int
    cleanup_minutes: int
    approval: bool
    self_service: bool
    needs_code: bool
    price: Sum | None
    price_unit: str
    requires: list[str]
    calendar: str


class ClosureOut(Schema):
    """A time in which nobody may have a space; `units` of a counted one, none for all of it; open-ended without `ends`."""

    id: int
    kind: Listed
    units: list[int]
    starts: datetime
    ends: datetime | None


class SpaceWhole(SpaceOut):
    """A space's page: with what is in it, its own hours and its closures to come."""

    descriptions: Names
    hours: list[Hours]
    parts: list[SpaceOut]
    closures: list[ClosureOut]


class SpacesOut(Schema):
    """The spaces of a house, each after what it is in."""

    spaces: list[SpaceOut]


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


class NamesIn(Body):
    """A name in three languages; one of them is enough."""

    fa: _Text = ""
    vi: _Text = ""
    en: _Text = ""

    def label(self) -> Label:
        """As the kernel has it."""
        return Label(self.en, self.fa, self.vi)


class HoursIn(Body):
    """A span of a space's own week."""

    weekday: Annotated[StrictInt, Field(ge=1, le=7)]
    opens: Annotated[StrictInt, Field(ge=0, le=1439)]
    closes: Annotated[StrictInt, Field(ge=1, le=2879)]


class PriceIn(Body):
    """What it costs: minor units of a currency (ISO 4217), or hundredths of a credit by its code."""

    amount: Annotated[StrictInt, Field(ge=0, le=MOST_MONEY)]
    currency: Annotated[StrictStr, Field(pattern=r"^[A-Z][A-Z0-9]{2,11}$")]


class SpaceChanged(Body):
    """Everything of a space but its code and its state. `hours` narrow the house's own; `requires` are codes of qualifications."""

    house: HouseCode
    kind: Literal[tuple(SPACE_KINDS)]  # type: ignore[valid-type]
    names: NamesIn
    descriptions: NamesIn = NamesIn()
    parent: Annotated[
        StrictStr, Field(max_length=64, pattern=r"^[^\x00]*$", description="The code of what it is in")
    ] = ""
    capacity: Annotated[StrictInt, Field(ge=1, le=100_000)] = 1
    quantity: Annotated[StrictInt, Field(ge=1, le=500)] = 1
    facilities: Annotated[list[Literal[tuple(FACILITIES)]], Field(max_length=50)] = []  # type: ignore[valid-type]
    slot_minutes: Annotated[StrictInt, Field(ge=5, le=1440)] = 30
    min_minutes: Minutes = 30
    max_minutes: Minutes = 480
    setup_minutes: Annotated[StrictInt, Field(ge=0, le=1440)] = 0
    cleanup_minutes: Annotated[StrictInt, Field(ge=0, le=1440)] = 0
    approval: StrictBool = False
    self_service: StrictBool = False
    needs_code: StrictBool = False
    instructions: NamesIn = NamesIn()
    price: PriceIn | None = None
    price_unit: PriceUnit = PriceUnit.HOUR
    hours: Annotated[list[HoursIn], Field(max_length=50)] = []
    requires: Annotated[list[SpaceCode], Field(max_length=20)] = []

    def draft(self, code: str) -> SpaceDraft:
        """As the service takes it."""
        return SpaceDraft(
            code=code, house_code=self.house, kind=self.kind, names=self.names.label(),
            descriptions=self.descriptions.label(), parent_code=self.parent, capacity=self.capacity,
            quantity=self.quantity, facilities=tuple(self.facilities), slot_minutes=self.slot_minutes,
            min_minutes=self.min_minutes, max_minutes=self.max_minutes, setup_minutes=self.setup_minutes,
            cleanup_minutes=self.cleanup_minutes, approval=self.approval, self_service=self.self_service,
            needs_code=self.needs_code, instructions=self.instructions.label(),
            price=Money(self.price.amount, self.price.currency) if self.price else None, price_unit=self.price_unit,
            hours=tuple(WeeklyHours(one.weekday, one.opens, one.closes) for one in self.hours),
            requires=tuple(self.requires),
        )  # fmt: skip


class SpaceWritten(SpaceChanged):
    """A space that shall be."""

    code: SpaceCode


class SpaceStateIn(Body):
    """The state that it shall have; `reason` is told to those whose bookings end by it."""

    state: SpaceState
    reason: Annotated[StrictStr, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class Closing(Body):
    """Close it from an instant until another, or until it is lifted. `note` is told to those whose bookings end by it."""

    kind: ClosureKind
    starts: Instant
    ends: Instant | None = None
    units: Annotated[list[Annotated[StrictInt, Field(ge=1, le=500)]], Field(max_length=500)] = []
    note: Annotated[StrictStr, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class EndedBookings(Schema):
    """The closure, if one was made, and the bookings that ended by it; each of those who booked is told and offered what else is free."""

    closure: int | None
    bookings: list[int]


@router.get("/spaces/kinds", response=SpaceLists)
def space_kinds(request: HttpRequest) -> SpaceLists:
    """What spaces may be and have."""
    return SpaceLists(
        kinds=[
            KindOfSpace(code=code, names=Names.of(label), group=KIND_GROUPS[code].value)
            for code, label in SPACE_KINDS.items()
        ],
        groups=[Listed.of(one, SPACE_GROUPS) for one in SpaceGroup],
        facilities=[_named(code, FACILITIES) for code in FACILITIES],
    )


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


@router.get("/spaces/{space_id}", response={200: SpaceWhole, **FAILURES_PUBLIC})
def space(request: HttpRequest, space_id: IdInPath) -> SpaceWhole:
    """One space."""
    row = queries.space_by_id(space_id)
    return SpaceWhole(
        **space_shape(row).dict(),
        descriptions=Names.of(row.descriptions),
        hours=[Hours(**one._asdict()) for one in row.hours],
        parts=[space_shape(one) for one in queries.parts_of(space_id)],
        closures=[closure_shape(one) for one in queries.closures_of(space_id, now=timezone.now())],
    )


@router.get("/spaces/{space_id}/free", response={200: FreeTimes, **FAILURES_PUBLIC})
def space_free(request: HttpRequest, space_id: IdInPath, wanted: Query[WantedTimes]) -> FreeTimes:
    """When so many minutes are free in one space."""
    row = queries.space_by_id(space_id)
    found = queries.free_times(row, now=timezone.now(), first=wanted.first, days=wanted.days, minutes=wanted.minutes)
    return FreeTimes(minutes=wanted.minutes, free=_ranges(found))


@router.get("/houses/{code}/spaces", response={200: SpacesOut, **FAILURES_PUBLIC})
def house_spaces(request: HttpRequest, code: HouseInPath) -> SpacesOut:
    """The spaces of a house that are not retired."""
    number = house_id(code)
    if number not in network.public_places():
        raise NotFound(what="house")
    return SpacesOut(spaces=[space_shape(one) for one in queries.spaces_of_house(number)])


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


@writes(router, "/spaces", answer=SpaceOut, status=201)
def space_add(request: HttpRequest, body: SpaceWritten) -> SpaceOut:
    """Enter a space of a house."""
    return space_shape(services.add_space(actor=actor_of(request), draft=body.draft(body.code), now=timezone.now()))


@writes(router, "/spaces/{space_id}", answer=SpaceOut, method="put")
def space_change(request: HttpRequest, space_id: IdInPath, body: SpaceChanged) -> SpaceOut:
    """Make everything of a space but its code and state as this says. What is booked stays as it was booked."""
    code = queries.space_by_id(space_id, actor=actor_of(request)).code
    return space_shape(
        services.change_space(actor=actor_of(request), code=code, draft=body.draft(code), now=timezone.now())
    )


@writes(router, "/spaces/{space_id}/state", answer=EndedBookings)
def space_state(request: HttpRequest, space_id: IdInPath, body: SpaceStateIn) -> EndedBookings:
    """Take a space out of service, or back into it."""
    code = queries.space_by_id(space_id, actor=actor_of(request)).code
    done = services.change_space_state(
        actor=actor_of(request), code=code, state=body.state, reason=body.reason, now=timezone.now()
    )
    return EndedBookings(closure=done.closure_id, bookings=list(done.booking_ids))


@writes(router, "/spaces/{space_id}/closures", answer=EndedBookings, status=201)
def space_close(request: HttpRequest, space_id: IdInPath, body: Closing) -> EndedBookings:
    """Close a space, or some units of a counted one, for a time. What is in it is closed with it."""
    done = services.close_space(
        actor=actor_of(request), space_id=space_id, kind=body.kind, starts=body.starts, ends=body.ends,
        units=body.units, note=body.note, now=timezone.now(),
    )  # fmt: skip
    return EndedBookings(closure=done.closure_id, bookings=list(done.booking_ids))


@writes(router, "/closures/{closure_id}/lift", answer=Done)
def closure_lift(request: HttpRequest, closure_id: IdInPath) -> Done:
    """Open it again before the closure would have ended; who waits is offered it."""
    services.lift_closure(actor=actor_of(request), closure_id=closure_id, now=timezone.now())
    return Done()


def space_shape(row: SpaceRow) -> SpaceOut:
    """A space as lists show it. No statement."""
    return SpaceOut(
        id=row.id, code=row.code, house=reference(row.house), kind=_named(row.kind, SPACE_KINDS),
        group=Listed.of(row.group, SPACE_GROUPS), names=Names.of(row.names), state=Listed.of(row.state, SPACE_STATES),
        in_service=row.in_service, inside=list(row.path[:-1]), capacity=row.capacity, quantity=row.quantity,
        facilities=[_named(code, FACILITIES) for code in row.facilities], slot_minutes=row.slot_minutes,
        min_minutes=row.min_minutes, max_minutes=row.max_minutes, setup_minutes=row.setup_minutes,
        cleanup_minutes=row.cleanup_minutes, approval=row.approval, self_service=row.self_service,
        needs_code=row.needs_code, price=Sum.of(row.price) if row.price else None, price_unit=row.price_unit.value,
        requires=[code for _, code in row.requires], calendar=f"/calendars/space/{row.id}.ics",
    )  # fmt: skip


def closure_shape(row: ClosureRow) -> ClosureOut:
    """A closure; its note is for staff."""
    kind = Listed.of(row.kind, CLOSURE_KINDS)
    return ClosureOut(id=row.id, kind=kind, units=list(row.units), starts=row.starts, ends=row.ends)


def _ranges(found: tuple[FreeStarts, ...]) -> list[FreeRange]:
    return [FreeRange(first=one.first, last=one.last) for one in found]


def _named(code: str, names: Any) -> Listed:
    return Listed(code=code, names=Names.of(names[code]))
