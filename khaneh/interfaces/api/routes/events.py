"""Events: what is on, when, where, and whether there is a place; proposed, changed, opened, called off and closed by houses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.events import queries, services
from khaneh.domains.events.types import (
    ADMISSIONS,
    EVENT_KINDS,
    EVENT_STATES,
    TRANSPORTS,
    EventFilter,
    EventRow,
    EventState,
    LegRow,
)
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.calling import actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.routes.event_drafts import EventChanged, EventWritten
from khaneh.interfaces.api.values import (
    Body,
    Code,
    Done,
    IdInPath,
    Instant,
    Listed,
    Made,
    Names,
    Note,
    Reference,
    Sum,
    house_id,
    reference,
)

router = Router(tags=["events"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
_MOST = 100
Kind = Literal["talk", "meetup", "fair", "exhibition", "tour", "joint", "competition", "reading", "other"]


class Share(Schema):
    """Places that a house keeps for its members: so many at first, and at this moment, of which so many are taken."""

    house: Reference
    promised: int
    places: int
    taken: int


class TourStop(Schema):
    """A stop of a tour: a house, an organisation, or a place in words."""

    number: int
    house: Reference | None
    organisation: Reference | None
    names: Names
    arrives: datetime
    leaves: datetime
    transport: Listed
    seats: int | None
    meeting: Names


class EventOut(Schema):
    """An event. `capacity`, `taken` and `free` count people; without a capacity one just comes. `price` is for each person.

    `free` are places that anybody may take, `waiting` people who wait; while somebody waits nobody else gets a place.
    """

    id: int
    house: Reference
    kind: Listed
    names: Names
    state: Listed
    admission: Listed
    starts: datetime
    ends: datetime
    zone: str
    place: Names
    online: bool
    capacity: int | None
    taken: int
    free: int | None
    waiting: int
    largest_group: int
    price: Sum | None
    registration_from: datetime | None
    registration_until: datetime | None
    sectors: list[str]
    organisers: list[Reference]
    calendar: str


class EventWhole(EventOut):
    """An event's page: with what it is about, the shares of houses, and the stops of a tour with the seats of its vehicles."""

    descriptions: Names
    shares: list[Share]
    shares_released: datetime | None
    stops: list[TourStop]
    seats: int | None
    riding: int
    reason: str


class EventsOut(Schema):
    """So many events by start, and how many there are in all."""

    total: int
    events: list[EventOut]


class WantedEvents(Schema):
    """What is asked for; everything that is left out is not asked. `first` and `last` are instants with a zone."""

    house: Code = ""
    region: Code = ""
    kind: list[Kind] = Field(default_factory=list, max_length=9)
    sector: list[Code] = Field(default_factory=list, max_length=20)
    first: Instant | None = None
    last: Instant | None = None
    with_places: bool = False
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 50


class CallingOff(Body):
    """Why, in words that everybody who registered is told."""

    reason: Annotated[Note, Field(min_length=1)]


class EndedOut(Done):
    """How many registrations ended by it."""

    registrations: int


@router.get("/events", response={200: EventsOut, **FAILURES_PUBLIC})
def events(request: HttpRequest, wanted: Query[WantedEvents]) -> EventsOut:
    """What is on, by start; what is only proposed is not there, what was cancelled is."""
    page = queries.calendar(
        EventFilter(
            house_ids=(house_id(wanted.house),) if wanted.house else (),
            region_id=network.region(wanted.region).id if wanted.region else None,
            kinds=tuple(wanted.kind),
            sectors=tuple(wanted.sector),
            first=wanted.first,
            last=wanted.last,
            states=(EventState.OPEN, EventState.FULL, EventState.HELD, EventState.CANCELLED),
            with_places=wanted.with_places,
        ),
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return EventsOut(total=page.total, events=[event_shape(row) for row in page.events])


@router.get("/events/{event_id}", response={200: EventWhole, **FAILURES_PUBLIC})
def event(request: HttpRequest, event_id: IdInPath) -> EventWhole:
    """One event."""
    return event_whole(queries.event(event_id))


@writes(router, "/events", answer=Made, status=201)
def event_propose(request: HttpRequest, body: EventWritten) -> Made:
    """Enter an event that a house may hold; nobody else sees it before it is opened."""
    draft = body.draft(house_id(body.house))
    return Made(id=services.propose_event(actor=actor_of(request), draft=draft, now=timezone.now()).id)


@writes(router, "/events/{event_id}", answer=EventWhole, method="put")
def event_change(request: HttpRequest, event_id: IdInPath, body: EventChanged) -> EventWhole:
    """Make everything of an event but its house and state as this says. When it moves, its rooms move with it, and whoever comes is told."""
    actor = actor_of(request)
    draft = body.draft(queries.event(event_id, actor=actor).house.id)
    return event_whole(services.change_event(actor=actor, event_id=event_id, draft=draft, now=timezone.now()))


@writes(router, "/events/{event_id}/open", answer=EventWhole)
def event_open(request: HttpRequest, event_id: IdInPath) -> EventWhole:
    """Let everybody know of it, and register."""
    return event_whole(services.open_event(actor=actor_of(request), event_id=event_id, now=timezone.now()))


@writes(router, "/events/{event_id}/cancel", answer=EndedOut)
def event_cancel(request: HttpRequest, event_id: IdInPath, body: CallingOff) -> EndedOut:
    """It does not take place: whoever registered is told why and has their money back, and its rooms are free."""
    ended = services.cancel_event(actor=actor_of(request), event_id=event_id, reason=body.reason, now=timezone.now())
    return EndedOut(registrations=ended)


@writes(router, "/events/{event_id}/close", answer=Done)
def event_close(request: HttpRequest, event_id: IdInPath) -> Done:
    """It has taken place."""
    services.close_event(actor=actor_of(request), event_id=event_id, now=timezone.now())
    return Done()


def event_whole(row: EventRow) -> EventWhole:
    """An event with everything that is told of it. No statement."""
    return EventWhole(
        **event_shape(row).dict(),
        descriptions=Names.of(row.descriptions),
        shares=[
            Share(house=reference(one.house), promised=one.promised, places=one.places, taken=one.taken)
            for one in row.shares
        ],
        shares_released=row.released_at,
        stops=[_stop(one) for one in row.legs],
        seats=row.seats,
        riding=row.riding,
        reason=row.reason,
    )


def event_shape(row: EventRow) -> EventOut:
    """An event as lists show it. No statement. The link for those who come online is not for everybody."""
    return EventOut(
        id=row.id, house=reference(row.house), kind=_named(row.kind, EVENT_KINDS), names=Names.of(row.names),
        state=Listed.of(row.state, EVENT_STATES), admission=Listed.of(row.admission, ADMISSIONS), starts=row.starts,
        ends=row.ends, zone=row.zone, place=Names.of(row.place), online=bool(row.online_url), capacity=row.capacity,
        taken=row.taken, free=row.free, waiting=row.waiting, largest_group=row.largest_group,
        price=Sum.of(row.price) if row.price else None, registration_from=row.opens_at, registration_until=row.closes_at,
        sectors=list(row.sectors), organisers=[reference(one) for one in row.organisers],
        calendar=f"/calendars/event/{row.id}.ics",
    )  # fmt: skip


def _stop(leg: LegRow) -> TourStop:
    return TourStop(
        number=leg.number, house=reference(leg.house) if leg.house else None,
        organisation=reference(leg.organisation) if leg.organisation else None, names=Names.of(leg.names),
        arrives=leg.arrives, leaves=leg.leaves, transport=_named(leg.transport, TRANSPORTS), seats=leg.seats,
        meeting=Names.of(leg.meeting),
    )  # fmt: skip


def _named(code: str, names: Any) -> Listed:
    return Listed(code=code, names=Names.of(names[code]))
