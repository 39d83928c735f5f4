"""When spaces are not to be had: out of service, or closed for a time; with the notes that whoever works there leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt, StrictStr

from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import ClosureKind, SpaceState
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.spaces import ClosureOut, closure_shape
from khaneh.interfaces.api.values import Body, Done, HouseInPath, IdInPath, Instant, house_id

router = Router(tags=["spaces"])

_MOST = 500


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


class NotedClosure(ClosureOut):
    """A closure as whoever works there sees it: of which space, and what was said of it."""

    space: int
    note: str


class NotedClosures(Schema):
    """By start, at most 500."""

    closures: list[NotedClosure]


class WantedClosures(Schema):
    """Those within a time: from this moment, for ninety days, where nothing else is said."""

    first: Instant | None = None
    days: int = Field(90, ge=1, le=366)


@router.get("/houses/{code}/closures", response={200: NotedClosures, **FAILURES}, auth=KEY)
def house_closures(request: HttpRequest, code: HouseInPath, wanted: Query[WantedClosures]) -> NotedClosures:
    """What is closed in a house and why; for its desk."""
    number = house_id(code)
    permissions.require_desk(actor_of(request), house_id=number)
    first = wanted.first or timezone.now()
    # Time ends with the year 9999.
    last = first + min(timedelta(days=wanted.days), datetime.max.replace(tzinfo=UTC) - first)
    found = queries.closures_of_house(number, first=first, last=last, limit=_MOST)
    return NotedClosures(
        closures=[NotedClosure(**closure_shape(one).dict(), space=one.space_id, note=one.note) for one in found]
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
