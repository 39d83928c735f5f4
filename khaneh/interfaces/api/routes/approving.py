"""Bookings that somebody must approve: what waits, what approving would do to others, the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from khaneh.domains.spaces import permissions, queries, services
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.bookings import BookedOut, BookingsOut, booked_shape, booking_shape
from khaneh.interfaces.api.values import Body, Done, HouseInPath, Id, IdInPath, Note, house_id

router = Router(tags=["bookings"])


class DecliningBooking(Body):
    """Why, in words that who asked is told."""

    reason: Annotated[Note, Field(min_length=1)]


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


@router.get("/houses/{code}/booking-requests", response={200: BookingsOut, **FAILURES}, auth=KEY)
def house_booking_requests(request: HttpRequest, code: HouseInPath) -> BookingsOut:
    """The requests that wait for an answer, the oldest first; for the desk of a house."""
    number, actor = house_id(code), actor_of(request)
    permissions.require_desk(actor, house_id=number)
    found = queries.requests_of(number, actor=actor, now=timezone.now())
    return BookingsOut(bookings=[booking_shape(one) for one in found])


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
    return booked_shape(
        services.approve(actor=actor_of(request), booking_id=booking_id, refusing=body.refusing, now=timezone.now())
    )


@writes(router, "/bookings/{booking_id}/refuse", answer=Done)
def booking_refuse(request: HttpRequest, booking_id: IdInPath, body: DecliningBooking) -> Done:
    """Do not give it; who asked is told why."""
    services.refuse(actor=actor_of(request), booking_id=booking_id, reason=body.reason, now=timezone.now())
    return Done()
