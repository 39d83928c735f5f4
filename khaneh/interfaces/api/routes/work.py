"""A house's work of the day: what to fetch, what waits on the hold shelf, what travels, what is late."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import lists
from khaneh.domains.circulation.types import (
    TRANSFER_REASONS,
    TransferReason,
)
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.values import (
    Barcode,
    Body,
    Done,
    HouseCode,
    HouseInPath,
    IdInPath,
    Listed,
    Made,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["work of the day"])


class Most(Schema):
    """Which part of the list. What is done drops out of it: who works it off asks for its beginning again and again."""

    offset: int = Field(0, ge=0, le=100_000, description="How many to leave out before the first")
    limit: int = Field(200, ge=1, le=500, description="How many at most")


class OfCopy(Schema):
    """The copy that a line is about."""

    copy_barcode: str | None
    record: int
    title: str


class Part(Schema):
    """`more` says that the list goes on after this part."""

    more: bool


class Pull(OfCopy):
    """A copy to fetch from the shelf for a reader who comes to `pickup`."""

    id: int
    location: str
    call_number: str
    pickup: Reference
    asked_at: datetime


class PullList(Part):
    """What to fetch, in the order of the shelves."""

    pulls: list[Pull]


class Held(OfCopy):
    """A copy on the hold shelf."""

    request: int
    member: int
    since: datetime
    until: datetime


class HoldShelf(Part):
    """What waits for its reader, that which has waited too long first."""

    held: list[Held]


class Transfer(OfCopy):
    """A copy on its way."""

    id: int
    reason: Listed
    origin: Reference
    to: Reference
    sent_at: datetime


class Transfers(Part):
    """Copies on their way, the longest first."""

    transfers: list[Transfer]


class Direction(Most):
    """What comes to the house, or what it has sent."""

    direction: Literal["coming", "sent"] = "coming"


class Late(OfCopy):
    """A loan past its day."""

    loan: int
    member: int
    due_at: datetime
    claimed: bool


class Overdue(Part):
    """Loans past their day, the latest first."""

    loans: list[Late]


class Sending(Body):
    """A copy that stands at `house` goes to another."""

    house: HouseCode
    copy_barcode: Barcode
    to: HouseCode
    reason: Literal[TransferReason.MANUAL, TransferReason.REBALANCE, TransferReason.RETURN] = TransferReason.MANUAL


@router.get("/houses/{code}/pull-list", response={200: PullList, **FAILURES}, auth=KEY)
def pull_list(request: HttpRequest, code: HouseInPath, most: Query[Most]) -> PullList:
    """What the house is asked to fetch. A copy that is fetched is scanned at its own desk (/returns): it says where it goes."""
    found = lists.pull_list(actor_of(request), house_id=house_id(code), offset=most.offset, limit=most.limit + 1)
    houses = network.house_refs([one.pickup_house_id for one in found])
    return PullList(
        more=len(found) > most.limit,
        pulls=[
            Pull(
                id=one.target_id,
                **_copy(one),
                location=one.location,
                call_number=one.call_number,
                pickup=reference(houses[one.pickup_house_id]),
                asked_at=one.asked_at,
            )
            for one in found[: most.limit]
        ],
    )


@writes(router, "/pull-list/{target_id}/not-found", answer=Done)
def pull_not_found(request: HttpRequest, target_id: IdInPath) -> Done:
    """It does not stand on its shelf: it is missing, and another is asked for."""
    services.not_on_shelf(actor=actor_of(request), target_id=target_id, now=timezone.now())
    return Done()


@router.get("/houses/{code}/hold-shelf", response={200: HoldShelf, **FAILURES}, auth=KEY)
def hold_shelf(request: HttpRequest, code: HouseInPath, most: Query[Most]) -> HoldShelf:
    """What waits for its reader."""
    found = lists.hold_shelf(actor_of(request), house_id=house_id(code), offset=most.offset, limit=most.limit + 1)
    return HoldShelf(
        more=len(found) > most.limit,
        held=[
            Held(
                request=one.request_id,
                **_copy(one),
                member=one.member_id,
                since=one.since,
                until=one.until,
            )
            for one in found[: most.limit]
        ],
    )


@router.get("/houses/{code}/transfers", response={200: Transfers, **FAILURES}, auth=KEY)
def transfers(request: HttpRequest, code: HouseInPath, which: Query[Direction]) -> Transfers:
    """Copies on their way to or from a house."""
    found = lists.transfers(
        actor_of(request),
        house_id=house_id(code),
        coming=which.direction == "coming",
        offset=which.offset,
        limit=which.limit + 1,
    )
    houses = network.house_refs({number for one in found for number in (one.from_house_id, one.to_house_id)})
    return Transfers(
        more=len(found) > which.limit,
        transfers=[
            Transfer(
                id=one.id,
                **_copy(one),
                reason=Listed.of(one.reason, TRANSFER_REASONS),
                origin=reference(houses[one.from_house_id]),
                to=reference(houses[one.to_house_id]),
                sent_at=one.sent_at,
            )
            for one in found[: which.limit]
        ],
    )


@writes(router, "/transfers", answer=Made, status=201)
def transfer_send(request: HttpRequest, body: Sending) -> Made:
    """Send a copy to another house. It is received by taking it in there (/returns)."""
    made = services.send_transfer(
        actor=actor_of(request),
        house_id=house_id(body.house),
        barcode=body.copy_barcode,
        to_house_id=house_id(body.to),
        reason=body.reason,
        now=timezone.now(),
    )
    return Made(id=made)


@writes(router, "/transfers/{transfer_id}/cancel", answer=Done)
def transfer_cancel(request: HttpRequest, transfer_id: IdInPath) -> Done:
    """What was to be sent stays where it stood."""
    services.cancel_transfer(actor=actor_of(request), transfer_id=transfer_id, now=timezone.now())
    return Done()


@writes(router, "/transfers/{transfer_id}/lost", answer=Done)
def transfer_lost(request: HttpRequest, transfer_id: IdInPath) -> Done:
    """It did not arrive: it is missing, and its reader waits for another."""
    services.lose_transfer(actor=actor_of(request), transfer_id=transfer_id, now=timezone.now())
    return Done()


@router.get("/houses/{code}/overdue", response={200: Overdue, **FAILURES}, auth=KEY)
def overdue(request: HttpRequest, code: HouseInPath, most: Query[Most]) -> Overdue:
    """What the house has lent and should have back."""
    found = lists.overdue(
        actor_of(request), house_id=house_id(code), now=timezone.now(), offset=most.offset, limit=most.limit + 1
    )
    return Overdue(
        more=len(found) > most.limit,
        loans=[
            Late(
                loan=one.loan_id,
                **_copy(one),
                member=one.member_id,
                due_at=one.due_at,
                claimed=one.is_claimed,
            )
            for one in found[: most.limit]
        ],
    )


def _copy(one: lists.PullLine | lists.ShelfLine | lists.TransferLine | lists.OverdueLine) -> dict[str, Any]:
    return {"copy_barcode": one.barcode, "record": one.record_id, "title": one.title}
