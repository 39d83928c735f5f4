"""What lends, renews and takes back at a desk, and what does not come back as it went. One call, one act of circulation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictStr, model_validator

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.services import ClaimOutcome
from khaneh.domains.circulation.services.renewing import RenewedAll
from khaneh.domains.circulation.types import LOAN_STATES, Channel, Override, Renewed, Returned
from khaneh.interfaces.api import undoing, wording
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, desk_of, require_member, writes
from khaneh.interfaces.api.problems import Reason
from khaneh.interfaces.api.things import OfThing, of_thing
from khaneh.interfaces.api.values import (
    Barcode,
    Body,
    Day,
    Done,
    HouseCode,
    Id,
    IdInPath,
    Instant,
    Listed,
    Note,
    Page,
    Reference,
    Sum,
    house,
    house_id,
)

router = Router(tags=["lending"])


class Overriding(Body):
    """Pass over refusals by named rights (see the `right` of each reason), for a reason that is kept."""

    rights: Annotated[list[Annotated[StrictStr, Field(max_length=64)]], Field(min_length=1, max_length=20)]
    reason: Annotated[Note, Field(min_length=1)]

    def value(self) -> Override:
        """As services take it."""
        return Override(frozenset(self.rights), self.reason)


class Lending(Body):
    """A copy by its barcode to a member by `card` or by id, at a house."""

    house: HouseCode
    copy_barcode: Barcode
    card: Barcode | None = None
    member: Id | None = None
    override: Overriding | None = None

    @model_validator(mode="after")
    def _one_member(self) -> Self:
        if (self.card is None) == (self.member is None):
            raise ValueError("card or member, not both")
        return self


class Loan(OfThing):
    """A loan that holds its copy. `renewals_left` is null without a limit, and no promise. `days` until it is due, below zero after."""

    id: int
    state: Listed
    copy_barcode: str
    house: Reference
    lent_at: datetime
    due_at: datetime
    days: int
    late: bool
    renewals: int
    renewals_left: int | None
    claimed: bool


class Loans(Schema):
    """A page of loans, soonest due first."""

    total: int
    loans: list[Loan]


class LentOut(Schema):
    """A copy was lent. `decision` is the number under which the rules' decision is kept, `undo` takes the loan back (/undo)."""

    loan: int
    member: int
    due_at: datetime
    decision: int | None
    undo: str


class TakingBack(Body):
    """A copy comes in at a house: returned, arrived or found. `returned_at` is when it was put into the box, if that was earlier."""

    house: HouseCode
    copy_barcode: Barcode
    returned_at: Instant | None = None


class ReturnedOut(Schema):
    """Where a copy goes from here: shelf, hold_shelf, transit_to_reader, transit_home, transit_to_even_out or repair; `to` is the house it goes to.

    `undo` takes the return back (/undo), where it ended a loan.
    """

    loan: int | None
    record: int
    goes_to: str
    to: Reference | None
    request: int | None
    transfer: int | None
    late_days: int
    fee: Sum | None
    was_lost: bool
    refunded: Sum | None
    undo: str | None = None


class Undoing(Body):
    """What the answer to the loan or the return gave."""

    undo: Annotated[StrictStr, Field(min_length=1, max_length=1_000, pattern=r"^[A-Za-z0-9_=-]+$")]


class Undone(Schema):
    """The loan that stands again where a return was taken back, under another number; null where a loan was."""

    loan: int | None


class Renewing(Body):
    """Pass over refusals, if need be."""

    override: Overriding | None = None


class RenewedOut(Schema):
    """Until when it is lent."""

    loan: int
    due_at: datetime
    renewals: int


class NotRenewed(Schema):
    """Why a loan was not renewed."""

    loan: int
    code: str
    reasons: list[Reason]


class RenewedLoans(Schema):
    """What came of renewing everything."""

    renewed: list[RenewedOut]
    refused: list[NotRenewed]


class Charged(Schema):
    """What it costs the member, in the currency of the house; null where nothing."""

    charged: int


class Settling(Body):
    """Whether the house believes that it was returned."""

    outcome: ClaimOutcome


class Dating(Body):
    """Another day for the loan, at the house that lent it, for a reason that is kept."""

    house: HouseCode
    due_on: Day
    reason: Annotated[Note, Field(min_length=1)]


class DueOut(Schema):
    """When it is due: moved to the next open day where the house is closed."""

    due_at: datetime


@writes(router, "/loans", answer=LentOut, status=201)
def loan_make(request: HttpRequest, body: Lending) -> LentOut:
    """Check out: lend a copy to a member. What refuses comes with every reason, and with the right that passes over each."""
    lent = services.check_out(
        actor=actor_of(request),
        house_id=house_id(body.house),
        barcode=body.copy_barcode,
        card=body.card or "",
        member_id=body.member,
        now=timezone.now(),
        channel=Channel.API,
        override=body.override.value() if body.override else None,
    )
    return LentOut(
        loan=lent.loan_id,
        member=lent.member_id,
        due_at=lent.due_at,
        decision=lent.decision_id,
        undo=undoing.seal(undoing.Act("loan", house_id(body.house), lent.loan_id)),
    )


@writes(router, "/returns", answer=ReturnedOut)
def loan_return(request: HttpRequest, body: TakingBack) -> ReturnedOut:
    """Check in: whatever a copy was doing, it is here; says where it goes. A transfer is received, and a lost copy found, by this too."""
    back = services.check_in(
        actor=actor_of(request),
        house_id=house_id(body.house),
        barcode=body.copy_barcode,
        now=timezone.now(),
        returned_at=body.returned_at,
        channel=Channel.API,
    )
    told = returned_shape(back)
    if back.loan_id is not None and back.member_id is not None:
        act = undoing.Act("return", house_id(body.house), back.loan_id, back.member_id, back.charge_id)
        told.undo = undoing.seal(act)
    return told


@writes(router, "/undo", answer=Undone)
def loan_undo(request: HttpRequest, body: Undoing) -> Undone:
    """Take back a loan or a return of the last ten minutes, with its fee and with what it set going; for the desk of its house."""
    act, actor, now = undoing.unseal(body.undo), actor_of(request), timezone.now()
    if act.name == "loan":
        services.undo_loan(actor=actor, house_id=act.house_id, loan_id=act.loan_id, now=now, channel=Channel.API)
        return Undone(loan=None)
    again = services.undo_return(
        actor=actor,
        house_id=act.house_id,
        loan_id=act.loan_id,
        member_id=act.member_id or 0,
        now=now,
        charge_id=act.charge_id,
    )
    return Undone(loan=again)


@writes(router, "/loans/{loan_id}/renew", answer=RenewedOut)
def loan_renew(request: HttpRequest, loan_id: IdInPath, body: Renewing) -> RenewedOut:
    """Renew one loan."""
    override = body.override.value() if body.override else None
    done = services.renew(
        actor=actor_of(request), loan_id=loan_id, now=timezone.now(), channel=Channel.API, override=override
    )
    return renewed_shape(done)


@writes(router, "/members/{member_id}/loans/renew", answer=RenewedLoans)
def loans_renew(request: HttpRequest, member_id: IdInPath) -> RenewedLoans:
    """Renew everything that a member has; one that may not be renewed stops none of the others."""
    actor = desk_of(request)
    require_member(member_id)
    done = services.renew_all(actor=actor, member_id=member_id, now=timezone.now(), channel=Channel.API)
    return renewed_all_shape(done)


@router.get("/members/{member_id}/loans", response={200: Loans, **FAILURES}, auth=KEY)
def member_loans(request: HttpRequest, member_id: IdInPath, page: Query[Page]) -> Loans:
    """What a member has at home."""
    desk_of(request)
    require_member(member_id)
    return loans_shape(member_id, page)


@writes(router, "/loans/{loan_id}/lost", answer=Charged)
def loan_lost(request: HttpRequest, loan_id: IdInPath) -> Charged:
    """Declare a lent copy lost; scanned anywhere, it is found and its price is taken off again."""
    return Charged(charged=services.declare_lost(actor=actor_of(request), loan_id=loan_id, now=timezone.now()))


@writes(router, "/loans/{loan_id}/claim", answer=Done)
def loan_claim(request: HttpRequest, loan_id: IdInPath) -> Done:
    """The member says that it was returned."""
    services.claim_returned(actor=actor_of(request), loan_id=loan_id, now=timezone.now())
    return Done()


@writes(router, "/loans/{loan_id}/claim/settle", answer=Done)
def loan_claim_settle(request: HttpRequest, loan_id: IdInPath, body: Settling) -> Done:
    """Decide a claim for which the copy did not turn up."""
    services.settle_claim(actor=actor_of(request), loan_id=loan_id, outcome=body.outcome, now=timezone.now())
    return Done()


@writes(router, "/loans/{loan_id}/due", answer=DueOut)
def loan_due(request: HttpRequest, loan_id: IdInPath, body: Dating) -> DueOut:
    """Give a loan another day than the rules gave it; needs the right change_due_date."""
    due = services.change_due_date(
        actor=actor_of(request),
        house_id=house_id(body.house),
        loan_id=loan_id,
        due_on=body.due_on,
        reason=body.reason,
        now=timezone.now(),
    )
    return DueOut(due_at=due)


def loans_shape(member_id: int, page: Page) -> Loans:
    """A page of a member's loans. Two statements, and the houses that lent."""
    found = own.own_loans(member_id, now=timezone.now())
    return Loans(
        total=len(found),
        loans=[_loan(one) for one in found[page.offset : page.offset + page.limit]],
    )


def renewed_shape(done: Renewed) -> RenewedOut:
    """A renewal."""
    return RenewedOut(loan=done.loan_id, due_at=done.due_at, renewals=done.renewals)


def renewed_all_shape(done: RenewedAll) -> RenewedLoans:
    """Renewals, and why not."""
    return RenewedLoans(
        renewed=[renewed_shape(one) for one in done.renewed],
        refused=[
            NotRenewed(
                loan=number,
                code=refusal.code,
                reasons=[Reason(**one._asdict()) for one in wording.reasons(refusal)],
            )
            for number, refusal in done.refused
        ],
    )


def _loan(one: own.OwnLoan) -> Loan:
    return Loan(
        id=one.id,
        state=Listed.of(one.state, LOAN_STATES),
        **of_thing(one.thing),
        copy_barcode=one.thing.barcode if one.thing else "",
        house=house(one.house_id),
        lent_at=one.lent_at,
        due_at=one.due_at,
        days=one.days,
        late=one.is_late,
        renewals=one.renewals,
        renewals_left=one.renewals_left,
        claimed=one.is_claimed,
    )


def returned_shape(back: Returned) -> ReturnedOut:
    """Where a copy goes."""
    return ReturnedOut(
        loan=back.loan_id,
        record=back.record_id,
        goes_to=back.goes_to.value,
        to=house(back.to_house_id) if back.to_house_id is not None else None,
        request=back.request_id,
        transfer=back.transfer_id,
        late_days=back.was_late_days,
        fee=Sum(amount=back.fee, currency=back.currency) if back.fee else None,
        was_lost=back.was_lost,
        refunded=Sum(amount=back.refunded, currency=back.currency) if back.refunded else None,
    )
