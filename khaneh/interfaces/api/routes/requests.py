"""Requests of members as a desk keeps them, and the queue."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.types import REQUEST_LEVELS, REQUEST_STATES, Channel, RequestLevel
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, desk_of, require_member, writes
from khaneh.interfaces.api.routes.lending import Overriding
from khaneh.interfaces.api.values import (
    Body,
    Done,
    HouseCode,
    Id,
    IdInPath,
    Instant,
    Listed,
    Names,
    Note,
    Page,
    Reference,
    house,
    house_id,
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


class Request(Schema):
    """A request that is under way; `pickup` is where it is collected, `copy_barcode` the copy that was captured or asked for."""

    id: int
    state: Listed
    level: Listed
    record: int | None
    work: int | None
    title: str
    creator: str
    copy_barcode: str
    pickup: Reference
    placed_at: datetime
    suspended_until: datetime | None
    expires_at: datetime | None
    shelf_until: datetime | None
    note: str


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


@router.get("/members/{member_id}/requests", response={200: Requests, **FAILURES}, auth=KEY)
def member_requests(request: HttpRequest, member_id: IdInPath, page: Query[Page]) -> Requests:
    """What a member waits for."""
    desk_of(request)
    require_member(member_id)
    return requests_shape(member_id, page)


def requests_shape(member_id: int, page: Page) -> Requests:
    """A page of a member's requests. Two statements, and the houses of pickup."""
    found = own.own_requests(member_id)
    return Requests(total=len(found), requests=[_shape(one) for one in found[page.offset : page.offset + page.limit]])


def _shape(one: own.OwnRequest) -> Request:
    return Request(
        id=one.id,
        state=Listed(code=one.state.value, names=Names.of(REQUEST_STATES[one.state])),
        level=Listed(code=one.level.value, names=Names.of(REQUEST_LEVELS[one.level])),
        record=one.thing.record_id if one.thing else None,
        work=one.thing.work_id if one.thing else None,
        title=one.thing.title if one.thing else "",
        creator=one.thing.creator if one.thing else "",
        copy_barcode=one.thing.barcode if one.thing else "",
        pickup=house(one.house_id),
        placed_at=one.placed_at,
        suspended_until=one.suspended_until,
        expires_at=one.expires_at,
        shelf_until=one.shelf_until,
        note=one.note,
    )
