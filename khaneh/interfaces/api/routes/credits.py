"""Balances: what somebody has and owes for bookings, money at the desk, and credits of houses that agreed work earns.

Amounts are in the smallest parts: of a currency, or hundredths of a credit, whose code has four to twelve signs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt, StrictStr, model_validator

from khaneh.domains.credits import queries, services
from khaneh.domains.credits.types import (
    ENTRY_KINDS,
    MEANS,
    WORK_KINDS,
    WORK_STATES,
    EntryRow,
    Holder,
    Means,
    UnitRow,
    WorkRow,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, writes
from khaneh.interfaces.api.values import (
    MOST_MONEY,
    Amount,
    Body,
    Currency,
    Day,
    Done,
    HouseCode,
    HouseInPath,
    Id,
    IdInPath,
    Listed,
    Made,
    Names,
    Note,
    Reference,
    Sum,
    Unit,
    house_id,
    reference,
)
from khaneh.kernel.money import CURRENCY_OR_CREDIT, Money

router = Router(tags=["credits"])

Minutes = Annotated[StrictInt, Field(ge=1, le=1440)]
WorkKind = Annotated[StrictStr, Field(pattern=rf"^({'|'.join(WORK_KINDS)})$")]


class CreditOut(Schema):
    """A credit. `rates` are hundredths of it for an hour of each kind of work; without a house it is the network's."""

    code: str
    names: Names
    house: Reference | None
    rates: dict[str, int]


class CreditsOut(Schema):
    """Those that are given and taken, by code."""

    credits: list[CreditOut]


class BalancesOut(Schema):
    """One sum a unit; of money below zero is owed."""

    balances: list[Sum]


class LineOut(Schema):
    """A line; `after` is what there was then. `source` names what it is about, e.g. `spaces.booking:12`."""

    id: int
    kind: Listed
    amount: Sum
    after: Sum
    source: str
    note: str
    means: Listed | None
    house: Reference | None
    at: datetime


class LinesOut(Schema):
    """The latest first. `next` is the `before` of the page after this one, null on the last."""

    lines: list[LineOut]
    next: int | None


class LinesAsked(Schema):
    """Which lines: of a unit, before a line."""

    unit: str = Field("", pattern=f"{CURRENCY_OR_CREDIT}|^$")
    before: int | None = Field(None, ge=1, le=2**62)
    limit: int = Field(50, ge=1, le=100)


class AgreedWork(Schema):
    """Work for a house. `earns` is by today's rate while it waits, and what it earned once it is confirmed."""

    id: int
    house: Reference
    kind: Listed
    minutes: int
    done_on: date
    note: str
    state: Listed
    earns: Sum
    reason: str


class WorksOut(Schema):
    """Pieces of work."""

    works: list[AgreedWork]


class RecordingWork(Body):
    """Work for a house, today or on a day of the last year. It waits for the house's word."""

    house: HouseCode
    kind: WorkKind
    minutes: Minutes
    done_on: Day | None = None
    note: Note = ""


class ConfirmingWork(Body):
    """In so many minutes, where they were others."""

    minutes: Minutes | None = None


class RejectingWork(Body):
    """Why it earns nothing; whoever recorded it is told."""

    reason: Annotated[Note, Field(min_length=1)]


class ForHolder(Body):
    """Whose balance: a member's, an account's, or an organisation's, each by id; and at which house."""

    house: HouseCode
    member: Id | None = None
    account: Id | None = None
    organisation: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.member, self.account, self.organisation)) != 1:
            raise ValueError("one of member, account and organisation")
        return self

    def holder(self) -> Holder:
        """As services take it. Raises NotFound for a member without an account."""
        if self.member is not None:
            return Holder(account_of(self.member))
        return Holder(self.account, self.organisation)


class PayingBalance(ForHolder):
    """Money over the counter."""

    amount: Amount
    currency: Currency
    means: Means
    note: Note = ""


class CorrectingBalance(ForHolder):
    """Up or down, for a reason that the holder reads."""

    amount: Annotated[StrictInt, Field(ge=-MOST_MONEY, le=MOST_MONEY)]
    unit: Unit
    reason: Annotated[Note, Field(min_length=1)]


@router.get("/credits", response=CreditsOut)
def credits_given(request: HttpRequest) -> CreditsOut:
    """Which credits there are, and what earns them."""
    return CreditsOut(credits=[_credit(one) for one in queries.units()])


@router.get("/me/balances", response={200: BalancesOut, **FAILURES}, auth=KEY)
def me_balances(request: HttpRequest) -> BalancesOut:
    """What one has and owes."""
    return _balances(request, Holder(own_account(request)), None)


@router.get("/me/ledger", response={200: LinesOut, **FAILURES}, auth=KEY)
def me_ledger(request: HttpRequest, asked: Query[LinesAsked]) -> LinesOut:
    """How that came about."""
    rows = queries.statement(
        Holder(own_account(request)),
        actor=actor_of(request),
        unit=asked.unit,
        before=asked.before,
        limit=asked.limit + 1,
    )
    lines = rows[: asked.limit]
    return LinesOut(
        lines=[_line(one) for one in lines], next=lines[-1].id if len(rows) > asked.limit and lines else None
    )


@router.get("/me/works", response={200: WorksOut, **FAILURES}, auth=KEY)
def me_works(request: HttpRequest) -> WorksOut:
    """One's own work, the latest first."""
    return WorksOut(works=[_work(one) for one in queries.works_of(own_account(request), limit=200)])


@writes(router, "/me/works", answer=AgreedWork, status=201)
def me_work_record(request: HttpRequest, body: RecordingWork) -> AgreedWork:
    """Record work that one did."""
    done = services.record_work(
        actor=actor_of(request), account_id=own_account(request), house_id=house_id(body.house), kind=body.kind,
        minutes=body.minutes, done_on=body.done_on, note=body.note, now=timezone.now(),
    )  # fmt: skip
    return _work(done)


@writes(router, "/me/works/{work_id}/withdraw", answer=Done)
def me_work_withdraw(request: HttpRequest, work_id: IdInPath) -> Done:
    """Take it back while it waits."""
    own_account(request)
    services.withdraw_work(actor=actor_of(request), work_id=work_id, now=timezone.now())
    return Done()


@router.get("/houses/{code}/works", response={200: WorksOut, **FAILURES}, auth=KEY)
def works_waiting(request: HttpRequest, code: HouseInPath) -> WorksOut:
    """What waits for a house's word, the oldest first; nothing for who may not give it."""
    return WorksOut(works=[_work(one) for one in queries.works_waiting(house_id(code), actor=actor_of(request))])


@writes(router, "/works/{work_id}/confirm", answer=Made)
def work_confirm(request: HttpRequest, work_id: IdInPath, body: ConfirmingWork) -> Made:
    """It was done: it earns. Gives the line of the ledger."""
    entry = services.confirm_work(actor=actor_of(request), work_id=work_id, minutes=body.minutes, now=timezone.now())
    return Made(id=entry)


@writes(router, "/works/{work_id}/reject", answer=Done)
def work_reject(request: HttpRequest, work_id: IdInPath, body: RejectingWork) -> Done:
    """It earns nothing."""
    services.reject_work(actor=actor_of(request), work_id=work_id, reason=body.reason, now=timezone.now())
    return Done()


@router.get("/houses/{code}/members/{member_id}/balances", response={200: BalancesOut, **FAILURES}, auth=KEY)
def member_balances(request: HttpRequest, code: HouseInPath, member_id: IdInPath) -> BalancesOut:
    """What a member has and owes, for the desk of a house; empty for who does not work there."""
    return _balances(request, Holder(account_of(member_id)), house_id(code))


@writes(router, "/balances/payments", answer=Made, status=201)
def balance_pay(request: HttpRequest, body: PayingBalance) -> Made:
    """Take money at the desk; what is more than is owed is the holder's to spend."""
    entry = services.pay(
        actor=actor_of(request), holder=body.holder(), unit=body.currency, amount=body.amount, means=body.means,
        house_id=house_id(body.house), note=body.note, now=timezone.now(),
    )  # fmt: skip
    return Made(id=entry)


@writes(router, "/balances/payouts", answer=Made, status=201)
def balance_pay_out(request: HttpRequest, body: PayingBalance) -> Made:
    """Give money back, at most what there is; for who manages the house."""
    entry = services.pay_out(
        actor=actor_of(request), holder=body.holder(), unit=body.currency, amount=body.amount, means=body.means,
        house_id=house_id(body.house), note=body.note, now=timezone.now(),
    )  # fmt: skip
    return Made(id=entry)


@writes(router, "/balances/corrections", answer=Made, status=201)
def balance_correct(request: HttpRequest, body: CorrectingBalance) -> Made:
    """Correct a balance; for who manages the house, and never one's own."""
    entry = services.adjust(
        actor=actor_of(request), holder=body.holder(), unit=body.unit, amount=body.amount, reason=body.reason,
        house_id=house_id(body.house), now=timezone.now(),
    )  # fmt: skip
    return Made(id=entry)


def _balances(request: HttpRequest, holder: Holder, at_house: int | None) -> BalancesOut:
    rows = queries.balances_of(holder, actor=actor_of(request), at_house=at_house)
    return BalancesOut(balances=[Sum.of(row.money) for row in rows])


def _credit(row: UnitRow) -> CreditOut:
    return CreditOut(
        code=row.code,
        names=Names.of(row.names),
        house=reference(row.house) if row.house else None,
        rates=dict(row.rates),
    )


def _line(row: EntryRow) -> LineOut:
    return LineOut(
        id=row.id, kind=Listed.of(row.kind, ENTRY_KINDS), amount=Sum.of(Money(row.amount, row.unit)),
        after=Sum.of(Money(row.after, row.unit)), source=row.source, note=row.note,
        means=Listed.of(row.means, MEANS) if row.means else None, house=reference(row.house) if row.house else None,
        at=row.at,
    )  # fmt: skip


def _work(row: WorkRow) -> AgreedWork:
    return AgreedWork(
        id=row.id, house=reference(row.house), kind=Listed(code=row.kind, names=Names.of(WORK_KINDS[row.kind])),
        minutes=row.minutes, done_on=row.done_on, note=row.note, state=Listed.of(row.state, WORK_STATES),
        earns=Sum.of(Money(row.amount, row.unit)), reason=row.reason,
    )  # fmt: skip
