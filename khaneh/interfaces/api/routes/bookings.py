"""Bookings: asked about, made, changed, used and given up.

`/me/…` is for a key that acts in its maker's own name. The rest is for whoever booked, with such a key, and for the desk of the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt, StrictStr, model_validator

from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    END_REASONS,
    MOST_NAMED,
    Booked,
    BookingRow,
    Channel,
    Override,
    PersonDraft,
    Quote,
)
from khaneh.interfaces.api import wording
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, require_own_or, writes
from khaneh.interfaces.api.problems import Reason, told
from khaneh.interfaces.api.routes.lending import Overriding
from khaneh.interfaces.api.routes.spaces import SpaceOut, space_shape
from khaneh.interfaces.api.values import Body, Done, Id, IdInPath, Instant, Listed, Note, Reference, Sum, reference
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

router = Router(tags=["bookings"])

Title = Annotated[StrictStr, Field(max_length=300, pattern=r"^[^\x00]*$")]
People = Annotated[StrictInt, Field(ge=1, le=100_000)]
_NO_OVERRIDE = Override()


class PersonIn(Body):
    """Somebody who comes along: a name, and the card of a member."""

    name: Annotated[StrictStr, Field(max_length=200, pattern=r"^[^\x00]*$")]
    card: Annotated[StrictStr, Field(max_length=64, pattern=r"^[^\x00]*$")] = ""


Group = Annotated[list[PersonIn], Field(max_length=MOST_NAMED)]


class Wished(Body):
    """A time of a space. `organisation` is the id of one for which the booker may act. `group` are those who come along, as far as they are named:
    at least so many and whoever books come, even where `people` says fewer.
    """

    space: Id
    starts: Instant
    ends: Instant
    people: People = 1
    title: Title = ""
    organisation: Id | None = None
    group: Group = []


class ForSomebody(Body):
    """For somebody, by the desk of the house: a member by id, or an account. Refusals may be passed over by named rights."""

    member: Id | None = None
    account: Id | None = None
    override: Overriding | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.member is None) == (self.account is None):
            raise ValueError("member or account, not both")
        return self

    def account_id(self) -> int:
        """Whose account it is. Raises NotFound for a member without one."""
        return self.account if self.account is not None else account_of(self.member or 0)


class BookingFor(Wished, ForSomebody):
    """A time of a space for somebody."""


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


class PersonOut(Schema):
    """Somebody of a group; `account` where they are a member, `left_at` where they have withdrawn."""

    id: int
    name: str
    account: int | None
    came_at: datetime | None
    left_at: datetime | None


class GroupOut(Schema):
    """Those who are named, in order."""

    persons: list[PersonOut]


class Naming(Body):
    """Everybody who comes along."""

    group: Group


class Ending(Body):
    """Why, in words that who booked is told."""

    reason: Note = ""


class CheckingIn(Body):
    """The code, where whoever booked checks in alone."""

    code: Annotated[StrictStr, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""


@router.get("/spaces/{space_id}/quote", response={200: QuoteOut, **FAILURES}, auth=KEY)
def space_quote(request: HttpRequest, space_id: IdInPath, wanted: Query[WantedQuote]) -> QuoteOut:
    """What booking would meet, with every reason at once. Nothing is kept of it."""
    found = services.quote(
        actor=actor_of(request),
        space_id=space_id,
        starts=wanted.starts,
        ends=wanted.ends,
        account_id=account_of(wanted.member) if wanted.member is not None else own_account(request),
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
    return booked_shape(done)


@writes(router, "/bookings", answer=BookedOut, status=201)
def booking_make(request: HttpRequest, body: BookingFor) -> BookedOut:
    """Book for somebody, at the desk of the house."""
    done = services.book(
        actor=at_desk(request, body.space), account_id=body.account_id(), **_wish(body), override=override_of(body.override),
        now=timezone.now(),
    )  # fmt: skip
    return booked_shape(done)


@router.get("/bookings/{booking_id}", response={200: BookingOut, **FAILURES}, auth=KEY)
def booking(request: HttpRequest, booking_id: IdInPath) -> BookingOut:
    """One booking."""
    return booking_shape(held_booking(request, booking_id)[1])


@writes(router, "/bookings/{booking_id}/change", answer=BookedOut)
def booking_change(request: HttpRequest, booking_id: IdInPath, body: Changing) -> BookedOut:
    """Another time, space, number of people or title. What must be approved is requested anew. Nothing changes where it is refused."""
    actor, _ = held_booking(request, booking_id)
    done = services.change_booking(
        actor=actor, booking_id=booking_id, starts=body.starts, ends=body.ends, space_id=body.space,
        people_count=body.people, title=body.title, channel=Channel.API, override=override_of(body.override),
        now=timezone.now(),
    )  # fmt: skip
    return booked_shape(done)


@router.get("/bookings/{booking_id}/group", response={200: GroupOut, **FAILURES}, auth=KEY)
def booking_group(request: HttpRequest, booking_id: IdInPath) -> GroupOut:
    """Who comes along with a booking, by name; whoever has withdrawn too."""
    held_booking(request, booking_id)
    found = queries.persons_of([booking_id], with_left=True).get(booking_id, ())
    return GroupOut(
        persons=[
            PersonOut(id=one.id, name=one.name, account=one.account_id, came_at=one.came_at, left_at=one.left_at)
            for one in found
        ]
    )


@writes(router, "/bookings/{booking_id}/group", answer=Done)
def booking_group_change(request: HttpRequest, booking_id: IdInPath, body: Naming) -> Done:
    """Say anew who comes along: who is not named any more does not, whoever is new counts and is told."""
    actor, _ = held_booking(request, booking_id)
    services.name_persons(actor=actor, booking_id=booking_id, persons=persons_of(body.group), now=timezone.now())
    return Done()


@writes(router, "/bookings/{booking_id}/cancel", answer=Done)
def booking_cancel(request: HttpRequest, booking_id: IdInPath, body: Ending) -> Done:
    """Give a booking, a request or an offer up."""
    actor, _ = held_booking(request, booking_id)
    services.cancel(actor=actor, booking_id=booking_id, reason=body.reason, now=timezone.now())
    return Done()


@writes(router, "/bookings/{booking_id}/check-in", answer=Done)
def booking_check_in(request: HttpRequest, booking_id: IdInPath, body: CheckingIn) -> Done:
    """Who booked has come: the desk says so, or they themselves where the space is self-service."""
    actor, _ = held_booking(request, booking_id)
    services.check_in(actor=actor, booking_id=booking_id, code=body.code, now=timezone.now())
    return Done()


@writes(router, "/bookings/{booking_id}/finish", answer=Done)
def booking_finish(request: HttpRequest, booking_id: IdInPath) -> Done:
    """Who came has left: the rest of the time is free."""
    actor, _ = held_booking(request, booking_id)
    services.finish(actor=actor, booking_id=booking_id, now=timezone.now())
    return Done()


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


def quote_shape(found: Quote) -> QuoteOut:
    """What booking would meet."""
    return QuoteOut(
        possible=found.possible, approval=found.approval, price=Sum.of(found.price) if found.price else None,
        reasons=told(wording.of_quote(found.refusal, found.facts, found.answer)), lacks=list(found.lacks), facts=dict(found.facts),
    )  # fmt: skip


def held_booking(request: HttpRequest, booking_id: int) -> tuple[Actor, BookingRow]:
    """The booking, and who deals with it: a key that is not for its maker's own account does so at the desk alone.

    Raises NotFound, TokenNotForAccount.
    """
    actor = actor_of(request)
    row = queries.booking(booking_id, actor=actor)
    return require_own_or(request, at_desk=permissions.may_desk(actor, house_id=row.space.house.id)), row


def at_desk(request: HttpRequest, space_id: int) -> Actor:
    """Who books for others, at the house of a space. Raises NotFound, NotAllowed."""
    actor = actor_of(request)
    found = queries.spaces_by_ids([space_id]).get(space_id)
    if found is None:
        raise NotFound(what="space")
    permissions.require_desk(actor, house_id=found.house.id)
    return actor


def _wish(body: Wished) -> dict[str, Any]:
    return {
        "space_id": body.space, "starts": body.starts, "ends": body.ends, "people_count": body.people,
        "title": body.title, "organisation_id": body.organisation, "channel": Channel.API,
        "persons": persons_of(body.group),
    }  # fmt: skip


def persons_of(group: Sequence[PersonIn]) -> list[PersonDraft]:
    """Those who come along, as services take them."""
    return [PersonDraft(one.name, one.card) for one in group]


def override_of(given: Overriding | None) -> Override:
    """Rights by which refusals are passed over, as services take them."""
    return Override(frozenset(given.rights), given.reason) if given is not None else _NO_OVERRIDE


def booked_shape(done: Booked) -> BookedOut:
    """What booking gave."""
    return BookedOut(
        booking=done.booking_id, state=Listed.of(done.state, BOOKING_STATES),
        price=Sum.of(done.price) if done.price else None, code=done.code,
    )  # fmt: skip
