"""Rounds of the courier and the bookmobile: planned, driven stop by stop, each copy loaded and put down by a scan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictStr, model_validator

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.circulation.types import RUN_STATES, TRANSFER_REASONS
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.lending import ReturnedOut, returned_shape
from khaneh.interfaces.api.values import (
    Barcode,
    Body,
    Day,
    Done,
    HouseCode,
    HouseInPath,
    Id,
    IdInPath,
    Instant,
    Listed,
    Made,
    Reference,
    house,
    house_id,
    reference,
)

router = Router(tags=["rounds"])

Words = Annotated[StrictStr, Field(max_length=200, pattern=r"^[^\x00]*$")]


class Stop(Schema):
    """A stop of a round: a house, or a place of a bookmobile."""

    id: int
    house: Reference | None
    place: str
    planned_at: datetime | None
    reached_at: datetime | None
    missed_at: datetime | None


class Round(Schema):
    """A round with its stops in order; `base` is where it leaves what another round takes on."""

    id: int
    day: date
    name: str
    state: Listed
    base: Reference | None
    bookmobile: Reference | None
    started_at: datetime | None
    ended_at: datetime | None
    stops: list[Stop]


class Rounds(Schema):
    """Rounds, soonest first."""

    rounds: list[Round]


class Parcel(Schema):
    """A copy that a round carries or fetches."""

    transfer: int
    copy_barcode: str | None
    title: str
    reason: Listed
    to: Reference
    loaded_at: datetime | None


class Work(Schema):
    """What is done at one stop: to load, to put down, and what waits there but this round cannot bring."""

    stop: int
    load: list[Parcel]
    drop: list[Parcel]
    stays: list[Parcel]


class Sheet(Schema):
    """A round with the work of each of its stops."""

    round: Round
    work: list[Work]
    aboard: list[Parcel]
    delivered: int


class Since(Schema):
    """From which day on; the house's today without it."""

    since: date | None = None


class StopIn(Body):
    """A house, or a place of a bookmobile."""

    house: HouseCode | None = None
    place: Words = ""
    planned_at: Instant | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.house is None) == (not self.place):
            raise ValueError("house or place, not both")
        return self


class Planning(Body):
    """A round of a day. `base` or `bookmobile` says whose it is."""

    day: Day
    name: Words = ""
    base: HouseCode | None = None
    bookmobile: HouseCode | None = None
    driver: Annotated[Id | None, Field(description="The account of who drives")] = None
    stops: Annotated[list[StopIn], Field(min_length=1, max_length=100)]


class OnDay(Body):
    """On which day."""

    day: Day


class AtStop(Body):
    """A copy at a stop."""

    copy_barcode: Barcode


class ParcelScanned(Schema):
    """What the scan did: loaded, aboard (it was), received, left_at_base or stays; where the copy goes."""

    handled: str
    to: Reference | None
    returned: ReturnedOut | None


class ParcelsCounted(Schema):
    """How many copies go with the next round."""

    number: int


@router.get("/houses/{code}/rounds", response={200: Rounds, **FAILURES}, auth=KEY)
def rounds(request: HttpRequest, code: HouseInPath, wanted: Query[Since]) -> Rounds:
    """The rounds that come to a house or are of it; at most 60."""
    number = house_id(code)
    since = wanted.since or network.house_facts(number).calendar.today(timezone.now())
    return Rounds(rounds=[_round(row) for row in queries.runs(actor_of(request), house_id=number, since=since)])


@router.get("/rounds/{round_id}", response={200: Sheet, **FAILURES}, auth=KEY)
def round_sheet(request: HttpRequest, round_id: IdInPath) -> Sheet:
    """A round with what is to be loaded and put down at each stop; for its driver and the desks of its houses."""
    sheet = queries.sheet(actor_of(request), round_id)

    def parcels(rows: tuple[queries.ParcelRow, ...]) -> list[Parcel]:
        return [
            Parcel(
                transfer=one.transfer_id,
                copy_barcode=one.barcode,
                title=one.title,
                reason=Listed.of(one.reason, TRANSFER_REASONS),
                to=reference(sheet.houses[one.to_house_id]),
                loaded_at=one.loaded_at,
            )
            for one in rows
        ]

    return Sheet(
        round=_round(sheet.run),
        work=[
            Work(stop=one.stop.id, load=parcels(one.load), drop=parcels(one.drop), stays=parcels(one.stays))
            for one in sheet.work
        ],
        aboard=parcels(sheet.aboard),
        delivered=sheet.delivered,
    )


@writes(router, "/rounds", answer=Made, status=201)
def round_plan(request: HttpRequest, body: Planning) -> Made:
    """Plan a round, at the desk of its base or bookmobile."""
    return Made(id=_plan(request, body, None))


@writes(router, "/rounds/{round_id}", answer=Made, method="put")
def round_change(request: HttpRequest, round_id: IdInPath, body: Planning) -> Made:
    """Plan a round anew that has not begun."""
    return Made(id=_plan(request, body, round_id))


@writes(router, "/rounds/{round_id}/repeat", answer=Made, status=201)
def round_repeat(request: HttpRequest, round_id: IdInPath, body: OnDay) -> Made:
    """The same round on another day."""
    return Made(id=services.repeat_run(actor=actor_of(request), run_id=round_id, day=body.day, now=timezone.now()))


@writes(router, "/rounds/{round_id}/start", answer=Done)
def round_start(request: HttpRequest, round_id: IdInPath) -> Done:
    """Set out."""
    services.start_run(actor=actor_of(request), run_id=round_id, now=timezone.now())
    return Done()


@writes(router, "/rounds/{round_id}/stops/{stop_id}/reach", answer=Done)
def round_reach(request: HttpRequest, round_id: IdInPath, stop_id: IdInPath) -> Done:
    """The round has come to a stop."""
    services.reach_stop(actor=actor_of(request), run_id=round_id, stop_id=stop_id, now=timezone.now())
    return Done()


@writes(router, "/rounds/{round_id}/stops/{stop_id}/miss", answer=ParcelsCounted)
def round_miss(request: HttpRequest, round_id: IdInPath, stop_id: IdInPath) -> ParcelsCounted:
    """The round passes a stop by."""
    number = services.miss_stop(actor=actor_of(request), run_id=round_id, stop_id=stop_id, now=timezone.now())
    return ParcelsCounted(number=number)


@writes(router, "/rounds/{round_id}/stops/{stop_id}/scans", answer=ParcelScanned)
def round_scan(request: HttpRequest, round_id: IdInPath, stop_id: IdInPath, body: AtStop) -> ParcelScanned:
    """Load a copy or put it down, whichever is to be done with it at this stop."""
    done = services.scan_at_stop(
        actor=actor_of(request), run_id=round_id, stop_id=stop_id, barcode=body.copy_barcode, now=timezone.now()
    )
    return ParcelScanned(
        handled=done.handled.value,
        to=house(done.to_house_id) if done.to_house_id is not None else None,
        returned=returned_shape(done.returned) if done.returned is not None else None,
    )


@writes(router, "/rounds/{round_id}/end", answer=ParcelsCounted)
def round_end(request: HttpRequest, round_id: IdInPath) -> ParcelsCounted:
    """The round is over; what is still aboard is at its base."""
    return ParcelsCounted(number=services.end_run(actor=actor_of(request), run_id=round_id, now=timezone.now()))


@writes(router, "/rounds/{round_id}/cancel", answer=Done)
def round_cancel(request: HttpRequest, round_id: IdInPath) -> Done:
    """The round does not set out."""
    services.cancel_run(actor=actor_of(request), run_id=round_id, now=timezone.now())
    return Done()


def _plan(request: HttpRequest, body: Planning, round_id: int | None) -> int:
    stops = [
        StopDraft(house_id(one.house) if one.house is not None else None, one.place, one.planned_at)
        for one in body.stops
    ]
    return services.plan_run(
        actor=actor_of(request),
        day=body.day,
        stops=stops,
        now=timezone.now(),
        name=body.name,
        base_house_id=house_id(body.base) if body.base is not None else None,
        bookmobile_id=house_id(body.bookmobile) if body.bookmobile is not None else None,
        driver_id=body.driver,
        run_id=round_id,
    )


def _round(row: queries.RunRow) -> Round:
    return Round(
        id=row.id,
        day=row.day,
        name=row.name,
        state=Listed.of(row.state, RUN_STATES),
        base=reference(row.base) if row.base else None,
        bookmobile=reference(row.bookmobile) if row.bookmobile else None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        stops=[
            Stop(
                id=stop.id,
                house=reference(stop.house) if stop.house else None,
                place=stop.place,
                planned_at=stop.planned_at,
                reached_at=stop.reached_at,
                missed_at=stop.missed_at,
            )
            for stop in row.stops
        ],
    )
