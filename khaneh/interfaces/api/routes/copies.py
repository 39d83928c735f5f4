"""A copy by its barcode: what it is doing, that it came in damaged, that it was read in the house."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, model_validator

from khaneh.domains.catalogue.types import COPY_STATES
from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import machines
from khaneh.domains.circulation.types import Channel
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, desk_of, writes
from khaneh.interfaces.api.values import (
    Amount,
    Body,
    Currency,
    Done,
    HouseCode,
    Id,
    Listed,
    Note,
    Reference,
    house,
    house_id,
)
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

router = Router(tags=["lending"])
BarcodeInPath = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]


class Damaging(Body):
    """What came in damaged at a house; `member` and the amount charge who brought it back."""

    house: HouseCode
    member: Id | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    note: Note = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len({self.member is None, self.amount is None, self.currency is None}) > 1:
            raise ValueError("member, amount and currency, or none of them")
        return self


class DamagedOut(Schema):
    """The line of the ledger, if the member was charged."""

    fee: int | None


class Using(Body):
    """At which house it was read."""

    house: HouseCode


class CopyOut(Schema):
    """A copy and what it is doing."""

    barcode: str
    record: int
    state: Listed
    house: Reference | None
    loan: int | None
    due_at: datetime | None
    transfer: int | None
    travels_to: Reference | None
    held_until: datetime | None
    waiting: int


@router.get("/copies/{barcode}", response={200: CopyOut, **FAILURES}, auth=KEY)
def copy(request: HttpRequest, barcode: BarcodeInPath) -> CopyOut:
    """A copy by its barcode, and what it is doing; never with whom."""
    desk_of(request)
    found = machines.copy_at_machine(barcode=barcode)
    if found is None:
        raise NotFound(what="copy")
    return CopyOut(
        barcode=found.copy.barcode or "",
        record=found.copy.record_id,
        state=Listed.of(found.copy.state, COPY_STATES),
        house=house(found.copy.house_id) if found.copy.house_id is not None else None,
        loan=found.loan_id,
        due_at=found.due_at,
        transfer=found.transfer_id,
        travels_to=house(found.travels_to) if found.travels_to is not None else None,
        held_until=found.shelf_until,
        waiting=found.waiting,
    )


@writes(router, "/copies/{barcode}/damaged", answer=DamagedOut)
def copy_damaged(request: HttpRequest, barcode: BarcodeInPath, body: Damaging) -> DamagedOut:
    """A copy that came in goes to repair; whoever waits for it waits for another."""
    amount = Money(body.amount, body.currency) if body.amount is not None and body.currency is not None else None
    entry = services.mark_damaged(
        actor=actor_of(request),
        house_id=house_id(body.house),
        barcode=barcode,
        now=timezone.now(),
        member_id=body.member,
        amount=amount,
        note=body.note,
    )
    return DamagedOut(fee=entry)


@writes(router, "/copies/{barcode}/used", answer=Done)
def copy_used(request: HttpRequest, barcode: BarcodeInPath, body: Using) -> Done:
    """Count that a copy was read in the house."""
    services.use_in_house(
        actor=actor_of(request), house_id=house_id(body.house), barcode=barcode, now=timezone.now(), channel=Channel.API
    )
    return Done()
