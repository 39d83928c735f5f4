"""Bookings that repeat: every day shown with what stands in its way, then booked, all that are chosen or none."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import Channel, MissingDay, Occurrence, Pattern, Repeat, SeriesPlan
from khaneh.interfaces.api import wording
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, writes
from khaneh.interfaces.api.problems import Reason, told
from khaneh.interfaces.api.routes.bookings import (
    BookingsOut,
    ForSomebody,
    Group,
    People,
    Title,
    at_desk,
    booking_shape,
    held_booking,
    override_of,
    persons_of,
)
from khaneh.interfaces.api.values import Body, Day, Id, IdInPath
from khaneh.kernel.calendars import Calendar

router = Router(tags=["bookings"])

Clock = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM on the clocks of the house")
]


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
    group: Group = []


class WantedPlan(PatternIn):
    """The same, as a question."""

    space: int = Field(ge=1, le=2**62)
    at: Clock
    minutes: int = Field(ge=1, le=366 * 24 * 60)
    people: int = Field(1, ge=1, le=100_000)
    organisation: int | None = Field(None, ge=1, le=2**62)


class WantedPlanFor(WantedPlan):
    """The same for a member by id."""

    member: int = Field(ge=1, le=2**62)


class RepeatingFor(Repeating, ForSomebody):
    """The same time on many days for somebody."""


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


@router.get("/me/series/plan", response={200: SeriesOut, **FAILURES}, auth=KEY)
def me_series_plan(request: HttpRequest, wanted: Query[WantedPlan]) -> SeriesOut:
    """Every day of a series, each with why it cannot be booked. Nothing is kept of it."""
    plan = services.plan_series(
        actor=actor_of(request), account_id=own_account(request), **_planned_as(wanted), now=timezone.now()
    )
    return _series(plan)


@writes(router, "/me/series", answer=SeriesOut, status=201)
def me_series_book(request: HttpRequest, body: Repeating) -> SeriesOut:
    """Book the days of a series, all that are chosen or none. Each is a booking that lives by itself from then on."""
    done = services.book_series(
        actor=actor_of(request), account_id=own_account(request), **_booked_as(body), now=timezone.now()
    )
    return _series(done)


@router.get("/series/plan", response={200: SeriesOut, **FAILURES}, auth=KEY)
def series_plan(request: HttpRequest, wanted: Query[WantedPlanFor]) -> SeriesOut:
    """The same for a member, at the desk of the house: under the rules that hold for them."""
    plan = services.plan_series(
        actor=at_desk(request, wanted.space), account_id=account_of(wanted.member), **_planned_as(wanted),
        now=timezone.now(),
    )  # fmt: skip
    return _series(plan)


@writes(router, "/series", answer=SeriesOut, status=201)
def series_book(request: HttpRequest, body: RepeatingFor) -> SeriesOut:
    """Book the days of a series for somebody, at the desk of the house."""
    done = services.book_series(
        actor=at_desk(request, body.space), account_id=body.account_id(), **_booked_as(body),
        override=override_of(body.override), now=timezone.now(),
    )  # fmt: skip
    return _series(done)


@router.get("/series/{series_id}", response={200: BookingsOut, **FAILURES}, auth=KEY)
def series(request: HttpRequest, series_id: IdInPath) -> BookingsOut:
    """The bookings of a series, by start."""
    found = queries.bookings_of_series(series_id, actor=actor_of(request))
    held_booking(request, found[0].id)
    return BookingsOut(bookings=[booking_shape(one) for one in found])


def _planned_as(wanted: WantedPlan) -> dict[str, Any]:
    return {
        "space_id": wanted.space, "pattern": wanted.pattern(), "at": time.fromisoformat(wanted.at),
        "minutes": wanted.minutes, "organisation_id": wanted.organisation, "people_count": wanted.people,
        "channel": Channel.API,
    }  # fmt: skip


def _booked_as(body: Repeating) -> dict[str, Any]:
    return {
        "space_id": body.space, "pattern": body.pattern.pattern(), "at": time.fromisoformat(body.at),
        "minutes": body.minutes, "only": body.only, "organisation_id": body.organisation,
        "people_count": body.people, "title": body.title, "channel": Channel.API, "persons": persons_of(body.group),
    }  # fmt: skip


def _series(plan: SeriesPlan) -> SeriesOut:
    return SeriesOut(series=plan.series_id, days=[_planned(one) for one in plan.occurrences])


def _planned(one: Occurrence) -> PlannedOut:
    return PlannedOut(
        number=one.number, day=one.planned.day, moved=one.planned.moved, left_out=one.planned.left_out,
        starts=one.starts, ends=one.ends, reasons=told(wording.of_quote(one.refusal, one.facts)), booking=one.booking_id,
    )  # fmt: skip
