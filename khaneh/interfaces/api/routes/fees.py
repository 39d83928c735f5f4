"""Money between members and houses: a ledger that only grows. Amounts are in minor units (rials, đồng, cents)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.types import FEE_KINDS, FeeKind, PaymentMethod
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, desk_of, require_member, writes
from khaneh.interfaces.api.values import (
    Amount,
    Body,
    Currency,
    HouseCode,
    IdInPath,
    Listed,
    Made,
    Note,
    Page,
    Reference,
    Sum,
    house,
    house_id,
)
from khaneh.kernel.money import Money

router = Router(tags=["fees"])


class Fee(Schema):
    """A line: charges above zero, payments, waivers and refunds below; `after` is what was owed after it in the same currency."""

    id: int
    kind: Listed
    amount: Sum
    after: Sum
    at: datetime
    note: str
    method: str | None
    house: Reference | None


class Ledger(Schema):
    """A page of a ledger, the newest first. `owed` has one sum a currency, below zero where it is credit."""

    total: int
    owed: list[Sum]
    fees: list[Fee]


class FeeAtHouse(Body):
    """An amount at a house."""

    house: HouseCode
    amount: Amount
    currency: Currency

    def money(self) -> Money:
        """As services take it."""
        return Money(self.amount, self.currency)


class Charging(FeeAtHouse):
    """What for: overdue, lost, damaged, processing or other."""

    kind: FeeKind
    note: Note = ""


class Paying(FeeAtHouse):
    """How the money came."""

    method: PaymentMethod


class Waiving(FeeAtHouse):
    """Why it is forgiven."""

    reason: Annotated[Note, Field(min_length=1)]


@router.get("/members/{member_id}/fees", response={200: Ledger, **FAILURES}, auth=KEY)
def member_fees(request: HttpRequest, member_id: IdInPath, page: Query[Page]) -> Ledger:
    """A member's ledger."""
    desk_of(request)
    require_member(member_id)
    return ledger_shape(member_id, page)


@writes(router, "/members/{member_id}/fees", answer=Made, status=201)
def fee_charge(request: HttpRequest, member_id: IdInPath, body: Charging) -> Made:
    """Charge a member at a desk."""
    entry = services.charge(
        actor=actor_of(request),
        house_id=house_id(body.house),
        member_id=member_id,
        kind=body.kind,
        amount=body.money(),
        note=body.note,
        now=timezone.now(),
    )
    return Made(id=entry)


@writes(router, "/members/{member_id}/payments", answer=Made, status=201)
def fee_pay(request: HttpRequest, member_id: IdInPath, body: Paying) -> Made:
    """Take a payment at a desk, of what is owed or a part."""
    entry = services.pay(
        actor=actor_of(request),
        house_id=house_id(body.house),
        member_id=member_id,
        amount=body.money(),
        method=body.method,
        now=timezone.now(),
    )
    return Made(id=entry)


@writes(router, "/members/{member_id}/waivers", answer=Made, status=201)
def fee_waive(request: HttpRequest, member_id: IdInPath, body: Waiving) -> Made:
    """Forgive what is owed or a part; for who leads the house."""
    entry = services.waive(
        actor=actor_of(request),
        house_id=house_id(body.house),
        member_id=member_id,
        amount=body.money(),
        reason=body.reason,
        now=timezone.now(),
    )
    return Made(id=entry)


def ledger_shape(member_id: int, page: Page) -> Ledger:
    """A page of a member's ledger. Two statements, and the houses."""
    lines, total = own.ledger(member_id, offset=page.offset, limit=page.limit)
    return Ledger(
        total=total,
        owed=[Sum.of(one) for one in own.owed(member_id)],
        fees=[
            Fee(
                id=line.id,
                kind=Listed.of(line.kind, FEE_KINDS),
                amount=Sum.of(line.amount),
                after=Sum.of(line.after),
                at=line.at,
                note=line.note,
                method=line.method.value if line.method else None,
                house=house(line.house_id) if line.house_id is not None else None,
            )
            for line in lines
        ],
    )
