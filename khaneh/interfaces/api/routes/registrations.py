"""Registrations for events: what registering would meet, registering alone, with a group, for an organisation; changed, given up, answered.

`/me/…` is for a key that acts in its maker's own name. The rest is for who registered, with such a key, and for the desk of the event's houses.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from khaneh.domains.events import permissions, queries, services
from khaneh.domains.events.types import (
    END_REASONS,
    REGISTRATION_STATES,
    Channel,
    EventRow,
    OwnRegistration,
    Registered,
    RegistrationRow,
    RegistrationState,
)
from khaneh.interfaces.api import wording
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, require_own_or, writes
from khaneh.interfaces.api.problems import Reason, told
from khaneh.interfaces.api.routes.bookings import override_of
from khaneh.interfaces.api.routes.events import EventOut, event_shape
from khaneh.interfaces.api.routes.lending import Overriding
from khaneh.interfaces.api.values import (
    Body,
    Code,
    Done,
    HouseInPath,
    Id,
    IdInPath,
    Listed,
    Note,
    PriceIn,
    Reference,
    Sum,
    house_id,
    reference,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

router = Router(tags=["events"])

People = Annotated[StrictInt, Field(ge=1, le=100_000)]
PersonName = Annotated[StrictStr, Field(max_length=200, pattern=r"^[^\x00]*$")]
PersonNames = Annotated[list[PersonName], Field(max_length=1000)]
Remark = Annotated[StrictStr, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class RegistrationQuoteOut(Schema):
    """What registering would meet: the state that it would give (null where it is refused), the price for all who come and for `each`.

    `ahead` people wait before.
    """

    possible: bool
    state: Listed | None
    ahead: int
    price: Sum | None
    each: Sum | None
    reasons: list[Reason]
    facts: dict[str, Any]


class WantedRegistration(Schema):
    """For whom: a member by id at the desk, oneself without it; how many; for an organisation by id; by one's own means on a tour."""

    member: int | None = Field(None, ge=1, le=2**62)
    organisation: int | None = Field(None, ge=1, le=2**62)
    people: int = Field(1, ge=1, le=100_000)
    own_transport: bool = False


class RegistrationOut(Schema):
    """A registration. `name` is the account's, or a guest's; `people_names` those of a group as far as they were said; `came` of them came.

    `house` is the one whose share of places they have; `code` is shown at the door; `cancel_until` the last instant to cancel without the desk.
    `price` is what each costs, `costs` what is charged as it stands: until `refund_until` all of it is given back, then all but `late_percent`.
    """

    id: int
    event: int
    state: Listed
    account: int | None
    name: str
    organisation: Reference | None
    house: Reference | None
    people: int
    people_names: list[str]
    own_transport: bool
    note: str
    code: str
    came: int
    ahead: int
    registered_at: datetime
    price: Sum | None
    costs: list[Sum]
    refund_until: datetime | None
    late_percent: int
    cancel_until: datetime | None
    end_reason: Listed | None
    reason: str
    rating: int | None
    words: str


class OwnRegistrationOut(RegistrationOut):
    """A registration with its event; `online` is the link for those who have a place."""

    about: EventOut
    online: str


class OwnRegistrations(Schema):
    """Those to come by start, or those that are over, the latest first."""

    registrations: list[OwnRegistrationOut]


class WantedRegistrations(Schema):
    """Which."""

    past: bool = False
    limit: int = Field(100, ge=1, le=200)


class Registering(Body):
    """An event, how many come, and their names where one likes to say them. `organisation` is the id of one for which one may act.

    `agreed` is what each costs, as it was shown (`each` of a quote): what costs more is refused.
    """

    event: Id
    people: People = 1
    names: PersonNames = []
    own_transport: StrictBool = False
    note: Remark = ""
    organisation: Id | None = None
    agreed: PriceIn | None = None


class RegisteringOther(Registering):
    """For somebody, by the desk: a `member` by id, an `account`, or a `guest` by name; perhaps by the share of a `house`."""

    member: Id | None = None
    account: Id | None = None
    guest: PersonName = ""
    house: Code = ""
    override: Overriding | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum((self.member is not None, self.account is not None, bool(self.guest.strip()))) != 1:
            raise ValueError("one of member, account and guest")
        return self


class RegisteredOut(Schema):
    """What registering gave: confirmed, requested where somebody must approve, or waiting with so many people ahead.

    `price` is for all who come: charged, or to be charged with the place.
    """

    registration: int
    state: Listed
    code: str
    ahead: int
    price: Sum | None


class ChangingRegistration(Body):
    """What shall be otherwise; what is left out stays."""

    people: People | None = None
    names: PersonNames | None = None
    own_transport: StrictBool | None = None
    note: Remark | None = None
    agreed: PriceIn | None = None


class CancellingRegistration(Body):
    """Why; told where the desk cancels it."""

    reason: Note = ""


class DecliningRegistration(Body):
    """Why, in words that who asked is told."""

    reason: Annotated[Note, Field(min_length=1)]


@router.get("/events/{event_id}/quote", response={200: RegistrationQuoteOut, **FAILURES}, auth=KEY)
def event_quote(request: HttpRequest, event_id: IdInPath, wanted: Query[WantedRegistration]) -> RegistrationQuoteOut:
    """What registering would meet, with every reason at once. Nothing is kept of it."""
    if wanted.member is None:
        actor, account = actor_of(request), own_account(request)
    else:
        actor = require_door(request, event_id)[0]
        account = account_of(wanted.member)
    found = services.quote(
        actor=actor, event_id=event_id, now=timezone.now(), account_id=account, organisation_id=wanted.organisation,
        people_count=wanted.people, own_transport=wanted.own_transport, channel=Channel.API,
    )  # fmt: skip
    return RegistrationQuoteOut(
        possible=found.possible, state=Listed.of(found.state, REGISTRATION_STATES) if found.state else None,
        ahead=found.ahead, price=Sum.of(found.price) if found.price else None,
        each=Sum.of(found.each) if found.each else None,
        reasons=told(wording.of_quote(found.refusal, found.facts, found.answer)), facts=dict(found.facts),
    )  # fmt: skip


@router.get("/me/registrations", response={200: OwnRegistrations, **FAILURES}, auth=KEY)
def me_registrations(request: HttpRequest, wanted: Query[WantedRegistrations]) -> OwnRegistrations:
    """What one has registered for."""
    found = queries.registrations_of(own_account(request), now=timezone.now(), past=wanted.past, limit=wanted.limit)
    return OwnRegistrations(registrations=[_with_event(one) for one in found])


@writes(router, "/me/registrations", answer=RegisteredOut, status=201)
def me_register(request: HttpRequest, body: Registering) -> RegisteredOut:
    """Register oneself, alone or with a group, perhaps for an organisation."""
    own_account(request)
    return _registered(services.register(actor=actor_of(request), **_wish(body), now=timezone.now()))


@writes(router, "/registrations", answer=RegisteredOut, status=201)
def register_other(request: HttpRequest, body: RegisteringOther) -> RegisteredOut:
    """Register somebody, at the desk of a house of the event."""
    actor, _ = require_door(request, body.event)
    done = services.register(
        actor=actor, account_id=body.account if body.member is None else account_of(body.member), guest=body.guest,
        house_id=house_id(body.house) if body.house else None, **_wish(body), override=override_of(body.override),
        now=timezone.now(),
    )  # fmt: skip
    return _registered(done)


@router.get("/houses/{code}/registration-requests", response={200: OwnRegistrations, **FAILURES}, auth=KEY)
def house_registration_requests(request: HttpRequest, code: HouseInPath) -> OwnRegistrations:
    """The requests that a house has to answer, the oldest first; for who answers there."""
    number, actor = house_id(code), actor_of(request)
    permissions.require_lead(actor, house_id=number)
    found = queries.requests_of([number], actor=actor, now=timezone.now())
    return OwnRegistrations(registrations=[_with_event(one) for one in found])


@router.get("/registrations/{registration_id}", response={200: OwnRegistrationOut, **FAILURES}, auth=KEY)
def registration(request: HttpRequest, registration_id: IdInPath) -> OwnRegistrationOut:
    """One registration."""
    return _with_event(_held(request, registration_id)[1])


@writes(router, "/registrations/{registration_id}/change", answer=RegisteredOut)
def registration_change(request: HttpRequest, registration_id: IdInPath, body: ChangingRegistration) -> RegisteredOut:
    """Come with more or fewer, say who comes. Fewer keep their place; nothing changes where it is refused."""
    actor, _ = _held(request, registration_id)
    done = services.change_registration(
        actor=actor, registration_id=registration_id, now=timezone.now(), people_count=body.people, names=body.names,
        own_transport=body.own_transport, note=body.note, agreed=_agreed(body.agreed),
    )  # fmt: skip
    return _registered(done)


@writes(router, "/registrations/{registration_id}/cancel", answer=Done)
def registration_cancel(request: HttpRequest, registration_id: IdInPath, body: CancellingRegistration) -> Done:
    """Give it up; whoever waits gets the places."""
    actor, _ = _held(request, registration_id)
    services.cancel_registration(actor=actor, registration_id=registration_id, now=timezone.now(), reason=body.reason)
    return Done()


@writes(router, "/registrations/{registration_id}/approve", answer=RegisteredOut)
def registration_approve(request: HttpRequest, registration_id: IdInPath) -> RegisteredOut:
    """Let who asks come: they get their places, or wait for them in the order in which they asked."""
    done = services.approve_registration(
        actor=actor_of(request), registration_id=registration_id, now=timezone.now()
    )  # fmt: skip
    return _registered(done)


@writes(router, "/registrations/{registration_id}/refuse", answer=Done)
def registration_refuse(request: HttpRequest, registration_id: IdInPath, body: DecliningRegistration) -> Done:
    """Do not let them come."""
    services.refuse_registration(
        actor=actor_of(request), registration_id=registration_id, reason=body.reason, now=timezone.now()
    )
    return Done()


def registration_facts(row: RegistrationRow) -> dict[str, Any]:
    """The fields of `RegistrationOut`."""
    return {
        "id": row.id, "event": row.event_id, "state": Listed.of(row.state, REGISTRATION_STATES),
        "account": row.account_id, "name": row.name,
        "organisation": reference(row.organisation) if row.organisation else None,
        "house": reference(row.house) if row.house else None, "people": row.people, "people_names": list(row.names),
        "own_transport": row.own_transport, "note": row.note, "code": row.code, "came": row.came, "ahead": row.ahead,
        "registered_at": row.registered_at, "price": Sum.of(row.price) if row.price else None,
        "costs": [Sum.of(one) for one in row.costs], "refund_until": row.refund_until,
        "late_percent": row.late_percent, "cancel_until": row.cancel_until,
        "end_reason": Listed.of(row.end_reason, END_REASONS) if row.end_reason else None, "reason": row.reason,
        "rating": row.rating, "words": row.words,
    }  # fmt: skip


def require_door(request: HttpRequest, event_id: int) -> tuple[Actor, EventRow]:
    """Who works at the desk of a house of the event. Raises NotFound, also where they do not and it is only proposed, NotAllowed."""
    actor = actor_of(request)
    row = queries.event(event_id, actor=actor)
    permissions.require_desk(actor, house_ids=[one.id for one in row.houses])
    return actor, row


def _held(request: HttpRequest, registration_id: int) -> tuple[Actor, OwnRegistration]:
    """A registration with its event, and who deals with it. Raises NotFound, TokenNotForAccount."""
    actor = actor_of(request)
    found = queries.registration(registration_id, actor=actor)
    at_desk = permissions.may_desk(actor, house_ids=[one.id for one in found.event.houses])
    return require_own_or(request, at_desk=at_desk), found


def _wish(body: Registering) -> dict[str, Any]:
    return {
        "event_id": body.event, "people_count": body.people, "names": body.names, "own_transport": body.own_transport,
        "note": body.note, "organisation_id": body.organisation, "channel": Channel.API,
        "agreed": _agreed(body.agreed),
    }  # fmt: skip


def _agreed(price: PriceIn | None) -> Money | None:
    return price.money() if price is not None else None


def _registered(done: Registered) -> RegisteredOut:
    return RegisteredOut(
        registration=done.registration_id, state=Listed.of(done.state, REGISTRATION_STATES), code=done.code,
        ahead=done.ahead, price=Sum.of(done.price) if done.price else None,
    )  # fmt: skip


def _with_event(found: OwnRegistration) -> OwnRegistrationOut:
    has_place = found.registration.state is RegistrationState.CONFIRMED
    return OwnRegistrationOut(
        **registration_facts(found.registration), about=event_shape(found.event),
        online=found.event.online_url if has_place else "",
    )  # fmt: skip
