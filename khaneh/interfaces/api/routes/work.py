"""A house's work of the day: what to fetch, what waits on the hold shelf, what travels, what is late; and its machines."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import lists, terminals
from khaneh.domains.circulation.types import (
    TERMINAL_KINDS,
    TRANSFER_REASONS,
    TerminalKind,
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
    Language,
    Listed,
    Made,
    Names,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["work of the day"])


class Most(Schema):
    """How many at most; what is done drops out of the list, so the next ones come."""

    limit: int = Field(200, ge=1, le=500)


class Pull(Schema):
    """A copy to fetch from the shelf for a reader who comes to `pickup`."""

    id: int
    copy_barcode: str | None
    record: int
    title: str
    location: str
    call_number: str
    pickup: Reference
    asked_at: datetime


class PullList(Schema):
    """What to fetch, in the order of the shelves."""

    pulls: list[Pull]


class Held(Schema):
    """A copy on the hold shelf."""

    request: int
    copy_barcode: str | None
    record: int
    title: str
    member: int
    since: datetime
    until: datetime


class HoldShelf(Schema):
    """What waits for its reader, that which has waited too long first."""

    held: list[Held]


class Transfer(Schema):
    """A copy on its way."""

    id: int
    copy_barcode: str | None
    record: int
    title: str
    reason: Listed
    origin: Reference
    to: Reference
    sent_at: datetime


class Transfers(Schema):
    """Copies on their way, the longest first."""

    transfers: list[Transfer]


class Direction(Most):
    """What comes to the house, or what it has sent."""

    direction: Literal["coming", "sent"] = "coming"


class Late(Schema):
    """A loan past its day."""

    loan: int
    copy_barcode: str | None
    record: int
    title: str
    member: int
    due_at: datetime
    claimed: bool


class Overdue(Schema):
    """Loans past their day, the latest first."""

    loans: list[Late]


class Sending(Body):
    """A copy that stands at `house` goes to another."""

    house: HouseCode
    copy_barcode: Barcode
    to: HouseCode
    reason: Literal[TransferReason.MANUAL, TransferReason.REBALANCE, TransferReason.RETURN] = TransferReason.MANUAL


class Terminal(Schema):
    """A machine of a house: a self-check, a sorter, a gate, a payment machine. It speaks SIP2."""

    id: int
    name: str
    kind: Listed
    encoding: str
    language: str
    asks_pin: bool
    added_at: datetime
    seen_at: datetime | None
    disabled_at: datetime | None


class Terminals(Schema):
    """The machines of a house, those in use first."""

    terminals: list[Terminal]


class Speaking(Body):
    """How a machine is spoken to."""

    kind: TerminalKind
    encoding: Literal["utf-8", "windows-1256"] = "utf-8"
    language: Language = "en"
    asks_pin: StrictBool = True


class NewTerminal(Speaking):
    """The name it signs in by, which no other machine of the network has."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f|]*$")]


class Password(Schema):
    """The machine's password, which nobody can read again."""

    id: int
    password: str


class Switching(Body):
    """In use or not."""

    on: StrictBool


@router.get("/houses/{code}/pull-list", response={200: PullList, **FAILURES}, auth=KEY)
def pull_list(request: HttpRequest, code: HouseInPath, most: Query[Most]) -> PullList:
    """What the house is asked to fetch. A copy that is fetched is scanned at its own desk (/returns): it says where it goes."""
    found = lists.pull_list(actor_of(request), house_id=house_id(code), limit=most.limit)
    houses = network.house_refs([one.pickup_house_id for one in found])
    return PullList(
        pulls=[
            Pull(
                id=one.target_id,
                copy_barcode=one.barcode,
                record=one.record_id,
                title=one.title,
                location=one.location,
                call_number=one.call_number,
                pickup=reference(houses[one.pickup_house_id]),
                asked_at=one.asked_at,
            )
            for one in found
        ]
    )


@writes(router, "/pull-list/{target_id}/not-found", answer=Done)
def pull_not_found(request: HttpRequest, target_id: IdInPath) -> Done:
    """It does not stand on its shelf: it is missing, and another is asked for."""
    services.not_on_shelf(actor=actor_of(request), target_id=target_id, now=timezone.now())
    return Done()


@router.get("/houses/{code}/hold-shelf", response={200: HoldShelf, **FAILURES}, auth=KEY)
def hold_shelf(request: HttpRequest, code: HouseInPath, most: Query[Most]) -> HoldShelf:
    """What waits for its reader."""
    found = lists.hold_shelf(actor_of(request), house_id=house_id(code), limit=most.limit)
    return HoldShelf(
        held=[
            Held(
                request=one.request_id,
                copy_barcode=one.barcode,
                record=one.record_id,
                title=one.title,
                member=one.member_id,
                since=one.since,
                until=one.until,
            )
            for one in found
        ]
    )


@router.get("/houses/{code}/transfers", response={200: Transfers, **FAILURES}, auth=KEY)
def transfers(request: HttpRequest, code: HouseInPath, which: Query[Direction]) -> Transfers:
    """Copies on their way to or from a house."""
    found = lists.transfers(
        actor_of(request), house_id=house_id(code), coming=which.direction == "coming", limit=which.limit
    )
    houses = network.house_refs({number for one in found for number in (one.from_house_id, one.to_house_id)})
    return Transfers(
        transfers=[
            Transfer(
                id=one.id,
                copy_barcode=one.barcode,
                record=one.record_id,
                title=one.title,
                reason=Listed(code=one.reason.value, names=Names.of(TRANSFER_REASONS[one.reason])),
                origin=reference(houses[one.from_house_id]),
                to=reference(houses[one.to_house_id]),
                sent_at=one.sent_at,
            )
            for one in found
        ]
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
    found = lists.overdue(actor_of(request), house_id=house_id(code), now=timezone.now(), limit=most.limit)
    return Overdue(
        loans=[
            Late(
                loan=one.loan_id,
                copy_barcode=one.barcode,
                record=one.record_id,
                title=one.title,
                member=one.member_id,
                due_at=one.due_at,
                claimed=one.is_claimed,
            )
            for one in found
        ]
    )


@router.get("/houses/{code}/terminals", response={200: Terminals, **FAILURES}, auth=KEY)
def house_terminals(request: HttpRequest, code: HouseInPath) -> Terminals:
    """The machines of a house, for who manages it."""
    return Terminals(
        terminals=[
            Terminal(
                id=one.id,
                name=one.name,
                kind=Listed(code=one.kind.value, names=Names.of(TERMINAL_KINDS[one.kind])),
                encoding=one.encoding,
                language=one.language,
                asks_pin=one.asks_pin,
                added_at=one.added_at,
                seen_at=one.seen_at,
                disabled_at=one.disabled_at,
            )
            for one in terminals.terminals(actor_of(request), house_id=house_id(code))
        ]
    )


@writes(router, "/houses/{code}/terminals", answer=Password, status=201)
def terminal_add(request: HttpRequest, code: HouseInPath, body: NewTerminal) -> Password:
    """Let a machine in."""
    made, password = services.add_terminal(
        actor=actor_of(request), house_id=house_id(code), now=timezone.now(), **body.model_dump()
    )
    return Password(id=made, password=password)


@writes(router, "/terminals/{terminal_id}", answer=Done, method="put")
def terminal_change(request: HttpRequest, terminal_id: IdInPath, body: Speaking) -> Done:
    """Change how a machine is spoken to."""
    services.change_terminal(actor=actor_of(request), terminal_id=terminal_id, **body.model_dump())
    return Done()


@writes(router, "/terminals/{terminal_id}/password", answer=Password)
def terminal_password(request: HttpRequest, terminal_id: IdInPath) -> Password:
    """Give a machine another password; the old one opens nothing any more."""
    password = services.rotate_terminal_password(actor=actor_of(request), terminal_id=terminal_id, now=timezone.now())
    return Password(id=terminal_id, password=password)


@writes(router, "/terminals/{terminal_id}/switch", answer=Done)
def terminal_switch(request: HttpRequest, terminal_id: IdInPath, body: Switching) -> Done:
    """Cut a machine off, or let it in again."""
    services.switch_terminal(actor=actor_of(request), terminal_id=terminal_id, on=body.on, now=timezone.now())
    return Done()
