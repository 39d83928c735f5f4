"""A reader's own lending, or that of somebody who let them act for them: loans, requests, fees, renewing, applying."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.types import Channel
from khaneh.domains.network.types import ROLES, Role
from khaneh.domains.people import queries as people
from khaneh.domains.people import services as people_services
from khaneh.domains.people.errors import TokenNotForAccount
from khaneh.domains.people.queries import Acting
from khaneh.domains.people.types import GUARDIANSHIP_KINDS
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, caller_of, writes
from khaneh.interfaces.api.routes.fees import Ledger, ledger_shape
from khaneh.interfaces.api.routes.guardians import RightsOut
from khaneh.interfaces.api.routes.lending import (
    Loans,
    RenewedLoans,
    RenewedOut,
    loans_shape,
    renewed_all_shape,
    renewed_shape,
)
from khaneh.interfaces.api.routes.members import Member, MemberWritten, shape
from khaneh.interfaces.api.routes.requests import Collecting, PlacedOut, Placing, Requests, Suspending, requests_shape
from khaneh.interfaces.api.things import OfThing, of_thing
from khaneh.interfaces.api.values import (
    Done,
    Id,
    IdInPath,
    Listed,
    Made,
    Names,
    Page,
    Reference,
    house,
    house_id,
)
from khaneh.kernel.refusal import NotAllowed, NotFound

router = Router(tags=["own account"])

ForWhom = Annotated[
    int | None, Field(ge=1, le=2**62, description="A member who let you act for them; yourself without it")
]


class RoleOut(Schema):
    """A role of the key that counts at this moment, at a house or an organisation."""

    role: Listed
    house: Reference | None
    organisation: int | None


class KeyOut(Schema):
    """What the key of this call may do at this moment."""

    token: int
    access: str
    own_account: bool
    name: str
    roles: list[RoleOut]


class ReaderActedFor(Schema):
    """Somebody for whom one may act; `kind` is null for oneself."""

    member: int
    name: str
    card: str
    kind: Listed | None
    rights: RightsOut


class Persons(Schema):
    """Oneself first."""

    persons: list[ReaderActedFor]


class For(Schema):
    """For whom."""

    member: ForWhom = None


class PageFor(Page):
    """Which part of a list, and whose."""

    member: ForWhom = None


class PlacingOwn(Placing):
    """`member` is somebody who let you request for them; yourself without it."""

    member: Id | None = None


class Read(OfThing):
    """Something that was read, while a history is kept."""

    loan: int
    lent_at: datetime
    ended_at: datetime


class History(Schema):
    """A page of what was read, the newest first."""

    total: int
    read: list[Read]


@router.get("/key", response={200: KeyOut, **FAILURES}, auth=KEY)
def key(request: HttpRequest) -> KeyOut:
    """What the key of this call may do."""
    caller = caller_of(request)
    return KeyOut(
        token=caller.token_id,
        access=caller.access.value,
        own_account=caller.own_account,
        name=caller.actor.name,
        roles=[
            RoleOut(
                role=Listed(code=grant.role, names=Names.of(ROLES[Role(grant.role)])),
                house=house(grant.house_id) if grant.house_id is not None else None,
                organisation=grant.organisation_id,
            )
            for grant in caller.actor.grants
        ],
    )


@router.get("/me", response={200: Member, **FAILURES}, auth=KEY)
def me(request: HttpRequest) -> Member:
    """One's own membership."""
    row = people.membership_of(_account(request), now=timezone.now())
    if row is None:
        raise NotFound(what="member")
    return shape(row)


@router.get("/me/persons", response={200: Persons, **FAILURES}, auth=KEY)
def me_persons(request: HttpRequest) -> Persons:
    """For whom one may act: oneself, children, a class, whoever asked."""
    return Persons(
        persons=[
            ReaderActedFor(
                member=one.member_id,
                name=one.name,
                card=one.card,
                kind=Listed.of(one.kind, GUARDIANSHIP_KINDS) if one.kind else None,
                rights=RightsOut(**one.rights._asdict()),
            )
            for one in people.acting_for(_account(request), now=timezone.now())
        ]
    )


@writes(router, "/me/application", answer=Made, status=201)
def me_apply(request: HttpRequest, body: MemberWritten) -> Made:
    """Ask for a membership. It waits until a desk of the home house approves it."""
    _account(request)
    made = people_services.apply_for_membership(actor=actor_of(request), draft=body.draft(), now=timezone.now())
    return Made(id=made)


@writes(router, "/me/wards", answer=Made, status=201)
def me_ward_apply(request: HttpRequest, body: MemberWritten) -> Made:
    """Ask for a membership for a child or a class, for whom one answers. It waits until a desk of the home house approves it."""
    _account(request)
    made = people_services.apply_for_membership(
        actor=actor_of(request), draft=body.draft(), now=timezone.now(), as_guardian=True
    )
    return Made(id=made)


@router.get("/me/loans", response={200: Loans, **FAILURES}, auth=KEY)
def me_loans(request: HttpRequest, page: Query[PageFor]) -> Loans:
    """What one has at home."""
    return loans_shape(_person(request, page.member, "see_loans").member_id, page)


@writes(router, "/me/loans/{loan_id}/renew", answer=RenewedOut)
def me_loan_renew(request: HttpRequest, loan_id: IdInPath, whose: Query[For]) -> RenewedOut:
    """Renew one loan."""
    person = _person(request, whose.member, "borrow")
    done = services.renew(
        actor=actor_of(request),
        loan_id=loan_id,
        now=timezone.now(),
        channel=Channel.API,
        for_member_id=person.member_id,
    )
    return renewed_shape(done)


@writes(router, "/me/loans/renew", answer=RenewedLoans)
def me_loans_renew(request: HttpRequest, whose: Query[For]) -> RenewedLoans:
    """Renew everything that may be renewed."""
    person = _person(request, whose.member, "borrow")
    done = services.renew_all(
        actor=actor_of(request),
        member_id=person.member_id,
        now=timezone.now(),
        channel=Channel.API,
        for_member_id=person.member_id,
    )
    return renewed_all_shape(done)


@writes(router, "/me/loans/{loan_id}/claim", answer=Done)
def me_loan_claim(request: HttpRequest, loan_id: IdInPath, whose: Query[For]) -> Done:
    """Say that it was returned."""
    person = _person(request, whose.member, "borrow")
    services.claim_returned(
        actor=actor_of(request), loan_id=loan_id, now=timezone.now(), for_member_id=person.member_id
    )
    return Done()


@router.get("/me/requests", response={200: Requests, **FAILURES}, auth=KEY)
def me_requests(request: HttpRequest, page: Query[PageFor]) -> Requests:
    """What one waits for."""
    return requests_shape(_person(request, page.member, "request").member_id, page)


@writes(router, "/me/requests", answer=PlacedOut, status=201)
def me_request_place(request: HttpRequest, body: PlacingOwn) -> PlacedOut:
    """Ask for a work, an edition or a copy, to be collected at a house."""
    person = _person(request, body.member, "request")
    placed = services.place_request(
        actor=actor_of(request),
        member_id=person.member_id,
        for_member_id=person.member_id,
        level=body.level,
        target_id=body.target,
        pickup_house_id=house_id(body.pickup),
        now=timezone.now(),
        channel=Channel.API,
        note=body.note,
    )
    return PlacedOut(request=placed.request_id, expires_at=placed.expires_at)


@writes(router, "/me/requests/{request_id}/cancel", answer=Done)
def me_request_cancel(request: HttpRequest, request_id: IdInPath, whose: Query[For]) -> Done:
    """End a request."""
    person = _person(request, whose.member, "request")
    services.cancel_request(
        actor=actor_of(request), request_id=request_id, now=timezone.now(), for_member_id=person.member_id
    )
    return Done()


@writes(router, "/me/requests/{request_id}/suspend", answer=Done)
def me_request_suspend(request: HttpRequest, request_id: IdInPath, body: Suspending, whose: Query[For]) -> Done:
    """Let others go first until a day."""
    person = _person(request, whose.member, "request")
    services.suspend_request(
        actor=actor_of(request),
        request_id=request_id,
        until=body.until,
        now=timezone.now(),
        for_member_id=person.member_id,
    )
    return Done()


@writes(router, "/me/requests/{request_id}/resume", answer=Done)
def me_request_resume(request: HttpRequest, request_id: IdInPath, whose: Query[For]) -> Done:
    """Wait again, in the old place."""
    person = _person(request, whose.member, "request")
    services.resume_request(
        actor=actor_of(request), request_id=request_id, now=timezone.now(), for_member_id=person.member_id
    )
    return Done()


@writes(router, "/me/requests/{request_id}/pickup", answer=Done)
def me_request_pickup(request: HttpRequest, request_id: IdInPath, body: Collecting, whose: Query[For]) -> Done:
    """Collect it at another house, keeping one's place in the queue."""
    person = _person(request, whose.member, "request")
    services.change_pickup(
        actor=actor_of(request),
        request_id=request_id,
        pickup_house_id=house_id(body.pickup),
        for_member_id=person.member_id,
        now=timezone.now(),
        channel=Channel.API,
    )
    return Done()


@router.get("/me/fees", response={200: Ledger, **FAILURES}, auth=KEY)
def me_fees(request: HttpRequest, page: Query[PageFor]) -> Ledger:
    """One's ledger."""
    return ledger_shape(_person(request, page.member, "pay").member_id, page)


@router.get("/me/history", response={200: History, **FAILURES}, auth=KEY)
def me_history(request: HttpRequest, page: Query[Page]) -> History:
    """What one has read, if one keeps it: one's own alone."""
    lines, total = own.history(_person(request, None, "").member_id, offset=page.offset, limit=page.limit)
    return History(
        total=total,
        read=[
            Read(
                loan=line.loan_id,
                **of_thing(line.thing),
                lent_at=line.lent_at,
                ended_at=line.ended_at,
            )
            for line in lines
        ],
    )


def _account(request: HttpRequest) -> int:
    """The account of a key that acts in its maker's own membership. Raises TokenNotForAccount."""
    caller = caller_of(request)
    if not caller.own_account or caller.actor.account_id is None:
        raise TokenNotForAccount
    return caller.actor.account_id


def _person(request: HttpRequest, member_id: int | None, right: str) -> Acting:
    """Whose lending it is: one's own, or that of somebody who gave this right. One statement. Raises TokenNotForAccount, NotFound, NotAllowed."""
    found = people.acting_for(_account(request), now=timezone.now())
    chosen = next((one for one in found if one.is_own if member_id is None or one.member_id == member_id), None)
    if member_id is not None and chosen is None:
        chosen = next((one for one in found if one.member_id == member_id), None)
    if chosen is None:
        raise NotFound(what="member")
    if not chosen.is_own and not getattr(chosen.rights, right, False):
        raise NotAllowed(act="people.act_for")
    return chosen
