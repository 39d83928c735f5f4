"""Requests of members as a desk keeps them, and the queue."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own, queue
from khaneh.domains.circulation.types import REQUEST_LEVELS, REQUEST_STATES, Channel, RequestLevel
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, desk_of, require_member, writes
from khaneh.interfaces.api.routes.lending import Overriding
from khaneh.interfaces.api.things import OfThing, of_thing
from khaneh.interfaces.api.values import (
    Body,
    Done,
    HouseCode,
    HouseInPath,
    Id,
    IdInPath,
    Instant,
    Listed,
    Note,
    Page,
    Reference,
    house,
    house_id,
    reference,
)

router = Router(tags=["requests"])


class Placing(Body):
    """What is asked for: `level` says whether `target` is the id of a work (any edition), a record or a copy."""

    level: RequestLevel
    target: Id
    pickup: HouseCode
    note: Note = ""


class PlacingFor(Placing):
    """For a member, with refusals passed over if need be."""

    member: Id
    override: Overriding | None = None


class PlacedOut(Schema):
    """A request, which waits until `expires_at` at most."""

    request: int
    expires_at: datetime | None


class Suspending(Body):
    """Let others go first until this instant."""

    until: Instant


class Collecting(Body):
    """Where it is to be collected."""

    pickup: HouseCode


class Expected(Schema):
    """When the copy is at the house of pickup. ready: until `latest`; dated: between `earliest` and `latest` in eight of ten cases; open: not

    before `earliest`; none: nobody can say, and `reason` is no_copy, too_long or suspended.
    """

    outlook: str
    earliest: datetime | None
    likely: datetime | None
    latest: datetime | None
    reason: str


class Place(Schema):
    """Which in the queue, counted from 1, null once it has its copy; `ahead_by_priority` of those ahead were put there by staff."""

    place: int | None
    ahead: int
    ahead_by_priority: int
    suspended_ahead: int
    behind: int
    copies: int
    expected: Expected


class Request(OfThing):
    """A request that is under way; `pickup` is where it is collected, `copy_barcode` the copy that was captured or asked for."""

    id: int
    state: Listed
    level: Listed
    work: int | None
    copy_barcode: str
    pickup: Reference
    placed_at: datetime
    suspended_until: datetime | None
    expires_at: datetime | None
    shelf_until: datetime | None
    note: str
    queue: Place | None


class Waiting(Schema):
    """Somebody who waits for a record or its work."""

    request: int
    member: int
    level: str
    pickup: Reference
    state: Listed
    priority: int
    placed_at: datetime
    suspended_until: datetime | None
    expected: Expected


class Queue(Schema):
    """Who waits, in order."""

    waiting: list[Waiting]


class Requests(Schema):
    """A page of requests, that which can be collected first."""

    total: int
    requests: list[Request]


@writes(router, "/requests", answer=PlacedOut, status=201)
def request_place(request: HttpRequest, body: PlacingFor) -> PlacedOut:
    """Put a member into the queue, at the desk of the house of pickup."""
    placed = services.place_request(
        actor=actor_of(request),
        member_id=body.member,
        level=body.level,
        target_id=body.target,
        pickup_house_id=house_id(body.pickup),
        now=timezone.now(),
        channel=Channel.API,
        note=body.note,
        override=body.override.value() if body.override else None,
    )
    return PlacedOut(request=placed.request_id, expires_at=placed.expires_at)


@writes(router, "/requests/{request_id}/cancel", answer=Done)
def request_cancel(request: HttpRequest, request_id: IdInPath) -> Done:
    """End a request; its copy serves the next reader when it is next scanned."""
    services.cancel_request(actor=actor_of(request), request_id=request_id, now=timezone.now(), reason="staff")
    return Done()


@writes(router, "/requests/{request_id}/suspend", answer=Done)
def request_suspend(request: HttpRequest, request_id: IdInPath, body: Suspending) -> Done:
    """Let others go first until a day, keeping one's place."""
    services.suspend_request(actor=actor_of(request), request_id=request_id, until=body.until, now=timezone.now())
    return Done()


@writes(router, "/requests/{request_id}/resume", answer=Done)
def request_resume(request: HttpRequest, request_id: IdInPath) -> Done:
    """Wait again, in the old place."""
    services.resume_request(actor=actor_of(request), request_id=request_id, now=timezone.now())
    return Done()


@writes(router, "/requests/{request_id}/pickup", answer=Done)
def request_pickup(request: HttpRequest, request_id: IdInPath, body: Collecting) -> Done:
    """Collect it at another house, keeping its place; for the desk of the house where it is collected so far."""
    services.change_pickup(
        actor=actor_of(request),
        request_id=request_id,
        pickup_house_id=house_id(body.pickup),
        for_member_id=None,
        now=timezone.now(),
        channel=Channel.API,
    )
    return Done()


@router.get("/members/{member_id}/requests", response={200: Requests, **FAILURES}, auth=KEY)
def member_requests(request: HttpRequest, member_id: IdInPath, page: Query[Page]) -> Requests:
    """What a member waits for."""
    desk_of(request)
    require_member(member_id)
    return requests_shape(member_id, page)


@router.get("/houses/{code}/queue/{record_id}", response={200: Queue, **FAILURES}, auth=KEY)
def record_queue(request: HttpRequest, code: HouseInPath, record_id: IdInPath) -> Queue:
    """Who waits for a record or its work, in the order of the queue; for the desk of a house."""
    lines, _copies = queue.staff_queue(
        actor_of(request), house_id=house_id(code), record_id=record_id, now=timezone.now()
    )
    houses = network.house_refs({line.pickup_house_id for line in lines})
    return Queue(
        waiting=[
            Waiting(
                request=line.request_id,
                member=line.member_id,
                level=line.level,
                pickup=reference(houses[line.pickup_house_id]),
                state=Listed.of(line.state, REQUEST_STATES),
                priority=line.priority,
                placed_at=line.placed_at,
                suspended_until=line.suspended_until,
                expected=_expected(line.expectation),
            )
            for line in lines
        ]
    )


def requests_shape(member_id: int, page: Page) -> Requests:
    """A page of a member's requests. Eight statements, and the houses of pickup."""
    found = own.own_requests(member_id)
    places = queue.places_of_member(member_id=member_id, now=timezone.now()) if found else {}
    shown = found[page.offset : page.offset + page.limit]
    return Requests(total=len(found), requests=[_shape(one, places.get(one.id)) for one in shown])


def _place(one: queue.QueuePlace) -> Place:
    return Place(
        place=one.place,
        ahead=one.ahead,
        ahead_by_priority=one.ahead_by_priority,
        suspended_ahead=one.suspended_ahead,
        behind=one.behind,
        copies=one.copies_able,
        expected=_expected(one.expectation),
    )


def _expected(one: queue.Expectation) -> Expected:
    return Expected(
        outlook=one.outlook.value, earliest=one.earliest, likely=one.likely, latest=one.latest, reason=one.reason
    )


def _shape(one: own.OwnRequest, place: queue.QueuePlace | None) -> Request:
    return Request(
        id=one.id,
        state=Listed.of(one.state, REQUEST_STATES),
        level=Listed.of(one.level, REQUEST_LEVELS),
        **of_thing(one.thing),
        work=one.thing.work_id if one.thing else None,
        copy_barcode=one.thing.barcode if one.thing else "",
        pickup=house(one.house_id),
        placed_at=one.placed_at,
        suspended_until=one.suspended_until,
        expires_at=one.expires_at,
        shelf_until=one.shelf_until,
        note=one.note,
        queue=_place(place) if place is not None else None,
    )
