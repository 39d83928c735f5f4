"""Waiting for a space that is taken, and answering what is offered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictInt

from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import WAITING_STATES, WaitingRow
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.routes.bookings import BookedOut, Group, Naming, People, Title, booked_shape, persons_of
from khaneh.interfaces.api.values import (
    Body,
    Code,
    Done,
    HouseCode,
    Id,
    IdInPath,
    Instant,
    Listed,
    Made,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["bookings"])


class WaitingFor(Body):
    """So many units at once of a space, or of any of a kind in a house, for so many minutes between two instants.

    `group` are those who come along, as far as they are named: what is offered has room for all of them in their own limits, too.
    """

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
    group: Group = []


class NamedOut(Schema):
    """Somebody who is to come along, by name; a member by account, too."""

    name: str
    account: int | None


class WaitingOut(Schema):
    """Somebody waits. `bookings` are kept for them while it is offered, until `answer_by`. `group` are those who are named to come along."""

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
    group: list[NamedOut]


class WaitingsOut(Schema):
    """What one waits for, the oldest first."""

    waiting: list[WaitingOut]


class AcceptedOut(Schema):
    """What was taken."""

    bookings: list[BookedOut]


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
        persons=persons_of(body.group),
    )  # fmt: skip
    return Made(id=made)


@writes(router, "/me/waiting/{waiting_id}/group", answer=Done)
def me_waiting_group(request: HttpRequest, waiting_id: IdInPath, body: Naming) -> Done:
    """Say anew who is to come along; one keeps one's place."""
    own_account(request)
    services.name_waiting(
        actor=actor_of(request), waiting_id=waiting_id, persons=persons_of(body.group), now=timezone.now()
    )
    return Done()


@writes(router, "/me/waiting/{waiting_id}/withdraw", answer=Done)
def me_waiting_withdraw(request: HttpRequest, waiting_id: IdInPath) -> Done:
    """Leave the group of somebody who waits: they are told."""
    own_account(request)
    services.leave_group(actor=actor_of(request), waiting_id=waiting_id, now=timezone.now())
    return Done()


@writes(router, "/me/waiting/{waiting_id}/accept", answer=AcceptedOut)
def me_waiting_accept(request: HttpRequest, waiting_id: IdInPath) -> AcceptedOut:
    """Take what is offered."""
    own_account(request)
    done = services.accept_offer(actor=actor_of(request), waiting_id=waiting_id, now=timezone.now())
    return AcceptedOut(bookings=[booked_shape(one) for one in done])


@writes(router, "/me/waiting/{waiting_id}/leave", answer=Done)
def me_waiting_leave(request: HttpRequest, waiting_id: IdInPath) -> Done:
    """Wait no more; an offer is declined by it and goes to the next."""
    own_account(request)
    services.leave_waiting_list(actor=actor_of(request), waiting_id=waiting_id, now=timezone.now())
    return Done()


def waiting_shape(row: WaitingRow) -> WaitingOut:
    """An entry of the waiting list."""
    return WaitingOut(
        id=row.id, house=reference(row.house), space=row.space_id, kind=row.kind, first=row.first, last=row.last,
        minutes=row.minutes, units=row.units, people=row.people, state=Listed.of(row.state, WAITING_STATES),
        joined_at=row.joined_at, answer_by=row.answer_by, bookings=list(row.bookings),
        group=[NamedOut(name=one.name, account=one.account_id) for one in row.persons],
    )  # fmt: skip
