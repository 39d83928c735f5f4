"""Bookings: asked about, made, changed, approved, used and given up; series of them, and waiting for what is taken.

`/me/…` is for a key that acts in its maker's own name. The rest is for whoever booked, with such a key, and for the desk of the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt, StrictStr, model_validator

from khaneh.domains.people import queries as people
from khaneh.domains.people.errors import TokenNotForAccount
from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    END_REASONS,
    WAITING_STATES,
    Booked,
    BookingRow,
    Channel,
    MissingDay,
    Occurrence,
    Override,
    Pattern,
    Quote,
    Repeat,
    SeriesPlan,
    WaitingRow,
)
from khaneh.interfaces.api import wording
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, caller_of, writes
from khaneh.interfaces.api.problems import Reason
from khaneh.interfaces.api.routes.lending import Overriding
from khaneh.interfaces.api.routes.spaces import SpaceOut, space_shape
from khaneh.interfaces.api.values import (
    Body,
    Code,
    Day,
    Done,
    HouseCode,
    HouseInPath,
    Id,
    IdInPath,
    Instant,
    Listed,
    Made,
    Note,
    Reference,
    Sum,
    house_id,
    reference,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.refusal import NotFound

router = Router(tags=["bookings"])

Title = Annotated[StrictStr, Field(max_length=300, pattern=r"^[^\x00]*$")]
People = Annotated[StrictInt, Field(ge=1, le=100_000)]
Clock = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM on the clocks of the house")
]
_NO_OVERRIDE = Override()


class Wished(Body):
    """A time of a space. `organisation` is the id of one for which the booker may act."""

    space: Id
    starts: Instant
    ends: Instant
    people: People = 1
    title: Title = ""
    organisation: Id | None = None


class BookingFor(Wished):
    """For somebody, by the desk of the house: a member by id, or an account. Refusals may be passed over by named rights."""

    member: Id | None = None
    account: Id | None = None
    override: Overriding | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.member is None) == (self.account is None):
            raise ValueError("member or account, not both")
        return self


class BookedOut(Schema):
    """A booking was made: confirmed, or requested where somebody must approve. `code` opens the door or checks in, where one is needed."""

    booking: int
    state: Listed
    price: Sum | None
    code: str


class BookingOut(Schema):
    """A booking, for who booked it and for the desk. `cancel_until` is the last instant to cancel without the desk."""

    id: int
    space: SpaceOut
    state: Listed
    starts: datetime
    ends: datetime
    unit: int | None
    people: int
    title: str
    account: int | None
    booker: str
    organisation: Reference | None
    series: int | None
    price: Sum | None
    code: str
    booked_at: datetime
    held_until: datetime | None
    cancel_until: datetime | None
    checked_in_at: datetime | None
    end_reason: Listed | None
    reason: str
    revision: int


class BookingsOut(Schema):
    """Bookings: those to come by start, or those that are over, the latest first."""

    bookings: list[BookingOut]


class WantedBookings(Schema):
    """Which."""

    past: bool = False
    limit: int = Field(100, ge=1, le=200)


class QuoteOut(Schema):
    """What booking would meet. `reasons` are all that stands in the way; `lacks` the codes of qualifications that the booker lacks."""

    possible: bool
    approval: bool
    price: Sum | None
    reasons: list[Reason]
    lacks: list[str]
    facts: dict[str, Any]


class WantedQuote(Schema):
    """A time of a space."""

    starts: Instant
    ends: Instant
    people: int = Field(1, ge=1, le=100_000)
    organisation: int | None = Field(None, ge=1, le=2**62)
    member: int | None = Field(None, ge=1, le=2**62, description="For whom, at the desk; oneself without it")


class Changing(Body):
    """What shall be otherwise; what is left out stays."""

    starts: Instant | None = None
    ends: Instant | None = None
    space: Id | None = None
    people: People | None = None
    title: Title | None = None
    override: Overriding | None = None


class Ending(Body):
    """Why, in words that who booked is told."""

    reason: Note = ""


class DecliningBooking(Body):
    """Why, in words that who asked is told."""

    reason: Annotated[Note, Field(min_length=1)]


class CheckingIn(Body):
    """The code, where whoever booked checks in alone."""

    code: Annotated[StrictStr, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""


class Approving(Body):
    """The other requests that are known to be without room then: these are refused."""

    refusing: Annotated[list[Id], Field(max_length=500)] = []


class ClashOut(Schema):
    """Another request that would find no room."""

    booking: int
    starts: datetime
    ends: datetime
    booker: str
    people: int
    booked_at: datetime


class ApprovalOut(Schema):
    """What approving would do. `short`: who asked has too little to pay for it."""

    booking: int
    possible: bool
    short: bool
    refuses: list[ClashOut]


class PatternIn(Body):
    """How it repeats: from `first` on, until a day (included) or so many times; at most 500 days.

    `weekdays` are ISO numbers (Monday 1). `day` is the day of the month in `calendar`, that of `first` without it; `missing` is what becomes
    of a month that has no such day.
    """

    repeat: Repeat
    first: Day
    until: Day | None = None
    count: Annotated[int, Field(ge=1, le=500)] | None = None
    every: Annotated[int, Field(ge=1, le=52)] = 1
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)] = []
    calendar: Calendar = Calendar.GREGORIAN
    day: Annotated[int, Field(ge=0, le=31)] = 0
    missing: MissingDay = MissingDay.SKIP

    def pattern(self) -> Pattern:
        """As the service takes it."""
        return Pattern(
            self.repeat, self.first, self.until, self.count, self.every, tuple(self.weekdays), self.calendar, self.day,
            self.missing,
        )  # fmt: skip


class Repeating(Body):
    """The same time on many days. `only` are the numbers of the days that shall be booked, all without it."""

    space: Id
    pattern: PatternIn
    at: Clock
    minutes: Annotated[StrictInt, Field(ge=1, le=366 * 24 * 60)]
    people: People = 1
    title: Title = ""
    organisation: Id | None = None
    only: Annotated[list[Annotated[StrictInt, Field(ge=1, le=1000)]], Field(max_length=500)] | None = None


class WantedPlan(PatternIn):
    """The same, as a question."""

    space: int = Field(ge=1, le=2**62)
    at: Clock
    minutes: int = Field(ge=1, le=366 * 24 * 60)
    people: int = Field(1, ge=1, le=100_000)
    organisation: int | None = Field(None, ge=1, le=2**62)


class PlannedOut(Schema):
    """A day of a series. `left_out`: the month has no such day. `reasons` are why it cannot be booked; `booking` once it is."""

    number: int
    day: date
    moved: bool
    left_out: bool
    starts: datetime | None
    ends: datetime | None
    reasons: list[Reason]
    booking: int | None


class SeriesOut(Schema):
    """All days of a series, in order; `series` once it is saved."""

    series: int | None
    days: list[PlannedOut]


class WaitingFor(Body):
    """So many units at once of a space, or of any of a kind in a house, for so many minutes between two instants."""

    house: HouseCode
    space: Id | None = None
    kind: Code = ""
    first: Instant
    last: Instant
    minutes: Annotated[StrictInt, Field(ge=1, le=366 * 24 * 60)]
    units: Annotated[StrictInt, Field(ge=1, le=500)] = 1
    people: People = 1
    title: Title = ""
    organisation: Id | None = None


class WaitingOut(Schema):
    """Somebody waits. `bookings` are kept for them while it is offered, until `answer_by`."""

    id: int
    house: Reference
    space: int | None
    kind: str
    first: datetime
    last: datetime
    minutes: int
    units: int
    people: int
    state: Listed
    joined_at: datetime
    answer_by: datetime | None
    bookings: list[int]


class WaitingsOut(Schema):
    """What one waits for, the oldest first."""

    waiting: list[WaitingOut]


class AcceptedOut(Schema):
    """What was taken."""

    bookings: list[BookedOut]


@router.get("/spaces/{space_id}/quote", response={200: QuoteOut, **FAILURES}, auth=KEY)
def space_quote(request: HttpRequest, space_id: IdInPath, wanted: Query[WantedQuote]) -> QuoteOut:
    """What booking would meet, with every reason at once. Nothing is kept of it."""
    found = services.quote(
        actor=actor_of(request),
        space_id=space_id,
        starts=wanted.starts,
        ends=wanted.ends,
        account_id=_account_of(wanted.member) if wanted.member is not None else own_account(request),
        organisation_id=wanted.organisation,
        people_count=wanted.people,
        channel=Channel.API,
        now=timezone.now(),
    )
    return quote_shape(found)


@router.get("/me/bookings", response={200: BookingsOut, **FAILURES}, auth=KEY)
def me_bookings(request: HttpRequest, wanted: Query[WantedBookings]) -> BookingsOut:
    """What one has booked."""
    account = own_account(request)
    found = queries.bookings_of(account, now=timezone.now(), past=wanted.past, limit=wanted.limit)
    return BookingsOut(bookings=[booking_shape(one) for one in found])


@writes(router, "/me/bookings", answer=BookedOut, status=201)
def me_book(request: HttpRequest, body: Wished) -> BookedOut:
    """Book a time of a space."""
    done = services.book(actor=actor_of(request), account_id=own_account(request), **_wish(body), now=timezone.now())
    return _booked(done)


@router.get("/me/series/plan", response={200: SeriesOut, **FAILURES}, auth=KEY)
def me_series_plan(request: HttpRequest, wanted: Query[WantedPlan]) -> SeriesOut:
    """Every day of a series, each with why it cannot be booked. Nothing is kept of it."""
    plan = services.plan_series(
        actor=actor_of(request), space_id=wanted.space, pattern=wanted.pattern(), at=time.fromisoformat(wanted.at),
        minutes=wanted.minutes, account_id=own_account(request), organisation_id=wanted.organisation,
        people_count=wanted.people, channel=Channel.API, now=timezone.now(),
    )  # fmt: skip
    return _series(plan)


@writes(router, "/me/series", answer=SeriesOut, status=201)
def me_series_book(request: HttpRequest, body: Repeating) -> SeriesOut:
    """Book the days of a series, all that are chosen or none. Each is a booking that lives by itself from then on."""
    done = services.book_series(
        actor=actor_of(request), space_id=body.space, pattern=body.pattern.pattern(), at=time.fromisoformat(body.at),
        minutes=body.minutes, only=body.only, account_id=own_account(request), organisation_id=body.organisation,
        people_count=body.people, title=body.title, channel=Channel.API, now=timezone.now(),
    )  # fmt: skip
    return _series(done)


@router.get("/me/waiting", response={200: WaitingsOut, **FAILURES}, auth=KEY)
def me_waiting(request: HttpRequest) -> WaitingsOut:
    """What one waits for, and what is offered."""
    found = queries.waiting_of(own_account(request), now=timezone.now())
    return WaitingsOut(waiting=[waiting_shape(one) for one in found])


@writes(router, "/me/waiting", answer=Made, status=201)
def me_wait(request: HttpRequest, body: WaitingFor) -> Made:
    """Wait for what is taken. Refused where there is room at this moment (spaces.free_already)."""
    made = services.join_waiting_list(
        actor=actor_of(request), account_id=own_account(request), house_id=house_id(body.house), space_id=body.space,
        kind=body.kind, first=body.first, last=body.last, minutes=body.minutes, units=body.units,
        people_count=body.people, title=body.title, organisation_id=body.organisation, now=timezone.now(),
    )  # fmt: skip
    return Made(id=made)


@writes(router, "/me/waiting/{waiting_id}/accept", answer=AcceptedOut)
def me_waiting_accept(request: HttpRequest, waiting_id: IdInPath) -> AcceptedOut:
    """Take what is offered."""
    own_account(request)
    done = services.accept_offer(actor=actor_of(request), waiting_id=waiting_id, now=timezone.now())
    return AcceptedOut(bookings=[_booked(one) for one in done])


@writes(router, "/me/waiting/{waiting_id}/leave", answer=Done)
def me_waiting_leave(request: HttpRequest, waiting_id: IdInPath) -> Done:
    """Wait no more; an offer is declined by it and goes to the next."""
    own_account(request)
    services.leave_waiting_list(actor=actor_of(request), waiting_id=waiting_id, now=timezone.now())
    return Done()


@writes(router, "/bookings", answer=BookedOut, status=201)
def booking_make(request: HttpRequest, body: BookingFor) -> BookedOut:
    """Book for somebody, at the desk of the house."""
    account = body.account if body.account is not None else _account_of(body.member or 0)
    done = services.book(
        actor=_at_desk(request, body.space), account_id=account, **_wish(body), override=_override(body.override),
        now=timezone.now(),
    )  # fmt: skip
    return _booked(done)


@router.get("/houses/{code}/booking-requests", response={200: BookingsOut, **FAILURES}, auth=KEY)
def house_booking_requests(request: HttpRequest, code: HouseInPath) -> BookingsOut:
    """The requests that wait for an answer, the oldest first; for the desk of a house."""
    number, actor = house_id(code), actor_of(request)
    permissions.require_desk(actor, house_id=number)
    found = queries.requests_of(number, actor=actor, now=timezone.now())
    return BookingsOut(bookings=[booking_shape(one) for one in found])


@router.get("/bookings/{booking_id}", response={200: BookingOut, **FAILURES}, auth=KEY)
def booking(request: HttpRequest, booking_id: IdInPath) -> BookingOut:
    """One booking."""
    return booking_shape(_of(request, booking_id)[1])


@router.get("/series/{series_id}", response={200: BookingsOut, **FAILURES}, auth=KEY)
def series(request: HttpRequest, series_id: IdInPath) -> BookingsOut:
    """The bookings of a series, by start."""
    found = queries.bookings_of_series(series_id, actor=actor_of(request))
    _of(request, found[0].id)
    return BookingsOut(bookings=[booking_shape(one) for one in found])


@writes(router, "/bookings/{booking_id}/change", answer=BookedOut)
def booking_change(request: HttpRequest, booking_id: IdInPath, body: Changing) -> BookedOut:
    """Another time, space, number of people or title. What must be approved is requested anew. Nothing changes where it is refused."""
    actor, _ = _of(request, booking_id)
    done = services.change_booking(
        actor=actor, booking_id=booking_id, starts=body.starts, ends=body.ends, space_id=body.space,
        people_count=body.people, title=body.title, channel=Channel.API, override=_override(body.override),
        now=timezone.now(),
    )  # fmt: skip
    return _booked(done)


@writes(router, "/bookings/{booking_id}/cancel", answer=Done)
def booking_cancel(request: HttpRequest, booking_id: IdInPath, body: Ending) -> Done:
    """Give a booking, a request or an offer up."""
    actor, _ = _of(request, booking_id)
    services.cancel(actor=actor, booking_id=booking_id, reason=body.reason, now=timezone.now())
    return Done()


@writes(router, "/bookings/{booking_id}/check-in", answer=Done)
def booking_check_in(request: HttpRequest, booking_id: IdInPath, body: CheckingIn) -> Done:
    """Who booked has come: the desk says so, or they themselves where the space is self-service."""
    actor, _ = _of(request, booking_id)
    services.check_in(actor=actor, booking_id=booking_id, code=body.code, now=timezone.now())
    return Done()


@writes(router, "/bookings/{booking_id}/finish", answer=Done)
def booking_finish(request: HttpRequest, booking_id: IdInPath) -> Done:
    """Who came has left: the rest of the time is free."""
    actor, _ = _of(request, booking_id)
    services.finish(actor=actor, booking_id=booking_id, now=timezone.now())
    return Done()


@router.get("/bookings/{booking_id}/approval", response={200: ApprovalOut, **FAILURES}, auth=KEY)
def booking_approval(request: HttpRequest, booking_id: IdInPath) -> ApprovalOut:
    """What approving a request would do, and which others it would leave without room. Nothing is kept of it."""
    found = services.weigh_approval(actor=actor_of(request), booking_id=booking_id, now=timezone.now())
    clashes = [
        ClashOut(
            booking=one.booking_id, starts=one.starts, ends=one.ends, booker=one.booker, people=one.people,
            booked_at=one.booked_at,
        )
        for one in found.refuses
    ]  # fmt: skip
    return ApprovalOut(booking=found.booking_id, possible=found.possible, short=found.short, refuses=clashes)


@writes(router, "/bookings/{booking_id}/approve", answer=BookedOut)
def booking_approve(request: HttpRequest, booking_id: IdInPath, body: Approving) -> BookedOut:
    """Give a request its place. Refused (spaces.others_refused) where it would refuse more than was said."""
    return _booked(
        services.approve(actor=actor_of(request), booking_id=booking_id, refusing=body.refusing, now=timezone.now())
    )


@writes(router, "/bookings/{booking_id}/refuse", answer=Done)
def booking_refuse(request: HttpRequest, booking_id: IdInPath, body: DecliningBooking) -> Done:
    """Do not give it; who asked is told why."""
    services.refuse(actor=actor_of(request), booking_id=booking_id, reason=body.reason, now=timezone.now())
    return Done()


def own_account(request: HttpRequest) -> int:
    """The account of a key that acts in its maker's own name. Raises TokenNotForAccount."""
    caller = caller_of(request)
    if not caller.own_account or caller.actor.account_id is None:
        raise TokenNotForAccount
    return caller.actor.account_id


def booking_shape(row: BookingRow) -> BookingOut:
    """A booking as who booked and the desk see it."""
    return BookingOut(
        id=row.id, space=space_shape(row.space), state=Listed.of(row.state, BOOKING_STATES), starts=row.starts,
        ends=row.ends, unit=row.unit, people=row.people, title=row.title, account=row.account_id, booker=row.booker,
        organisation=reference(row.organisation) if row.organisation else None, series=row.series_id,
        price=Sum.of(row.price) if row.price else None, code=row.code, booked_at=row.booked_at,
        held_until=row.held_until, cancel_until=row.cancel_until, checked_in_at=row.checked_in_at,
        end_reason=Listed.of(row.end_reason, END_REASONS) if row.end_reason else None, reason=row.reason,
        revision=row.revision,
    )  # fmt: skip


def waiting_shape(row: WaitingRow) -> WaitingOut:
    """An entry of the waiting list."""
    return WaitingOut(
        id=row.id, house=reference(row.house), space=row.space_id, kind=row.kind, first=row.first, last=row.last,
        minutes=row.minutes, units=row.units, people=row.people, state=Listed.of(row.state, WAITING_STATES),
        joined_at=row.joined_at, answer_by=row.answer_by, bookings=list(row.bookings),
    )  # fmt: skip


def quote_shape(found: Quote) -> QuoteOut:
    """What booking would meet."""
    told = _reasons(found.refusal, found.facts)
    if found.answer is not None and not found.answer.permitted:
        told += [Reason(**one._asdict()) for one in wording.of_answer(found.answer)]
    return QuoteOut(
        possible=found.possible, approval=found.approval, price=Sum.of(found.price) if found.price else None,
        reasons=told, lacks=list(found.lacks), facts=dict(found.facts),
    )  # fmt: skip


def _of(request: HttpRequest, booking_id: int) -> tuple[Actor, BookingRow]:
    """The booking, and who deals with it: a key that is not for its maker's own account does so at the desk alone.

    Raises NotFound, TokenNotForAccount.
    """
    caller = caller_of(request)
    row = queries.booking(booking_id, actor=caller.actor)
    if not caller.own_account and not permissions.may_desk(caller.actor, house_id=row.space.house.id):
        raise TokenNotForAccount
    return caller.actor, row


def _at_desk(request: HttpRequest, space_id: int) -> Actor:
    """Who books for others, at the house of a space. Raises NotFound, NotAllowed."""
    actor = actor_of(request)
    found = queries.spaces_by_ids([space_id]).get(space_id)
    if found is None:
        raise NotFound(what="space")
    permissions.require_desk(actor, house_id=found.house.id)
    return actor


def _account_of(member_id: int) -> int:
    contact = people.contacts([member_id]).get(member_id)
    if contact is None or contact.account_id is None:
        raise NotFound(what="account")
    return contact.account_id


def _wish(body: Wished) -> dict[str, Any]:
    return {
        "space_id": body.space, "starts": body.starts, "ends": body.ends, "people_count": body.people,
        "title": body.title, "organisation_id": body.organisation, "channel": Channel.API,
    }  # fmt: skip


def _override(given: Overriding | None) -> Override:
    return Override(frozenset(given.rights), given.reason) if given is not None else _NO_OVERRIDE


def _booked(done: Booked) -> BookedOut:
    return BookedOut(
        booking=done.booking_id, state=Listed.of(done.state, BOOKING_STATES),
        price=Sum.of(done.price) if done.price else None, code=done.code,
    )  # fmt: skip


def _series(plan: SeriesPlan) -> SeriesOut:
    return SeriesOut(series=plan.series_id, days=[_planned(one) for one in plan.occurrences])


def _planned(one: Occurrence) -> PlannedOut:
    return PlannedOut(
        number=one.number, day=one.planned.day, moved=one.planned.moved, left_out=one.planned.left_out,
        starts=one.starts, ends=one.ends, reasons=_reasons(one.refusal, one.facts), booking=one.booking_id,
    )  # fmt: skip


def _reasons(code: str, facts: Mapping[str, Any]) -> list[Reason]:
    return [Reason(**one._asdict()) for one in wording.of_code(code, facts)] if code else []
