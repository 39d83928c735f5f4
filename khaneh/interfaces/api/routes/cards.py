"""What a member borrows with, and what stops them: cards, PINs, blocks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.people import services
from khaneh.domains.people.types import (
    BLOCK_REASONS,
    BlockReason,
    BlockRow,
    CardRow,
)
from khaneh.interfaces.api.calling import actor_of, desk_of, writes
from khaneh.interfaces.api.values import (
    Barcode,
    Body,
    Done,
    HouseCode,
    IdInPath,
    Instant,
    Listed,
    Made,
    Note,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["members"])


class Card(Schema):
    """A card that a member has or had."""

    barcode: str
    state: str
    issued_at: datetime
    ended_at: datetime | None


class Block(Schema):
    """Why a member may not borrow."""

    id: int
    reason: Listed
    note: str
    house: Reference | None
    placed_at: datetime
    until: datetime | None


class Issued(Schema):
    """A member and the card in use."""

    member: int
    card: str


class MemberAtHouse(Body):
    """At the desk of which house."""

    house: HouseCode


class NewCard(MemberAtHouse):
    """`replace` takes the place of the card in use, `lost` says that it was lost."""

    barcode: Barcode | None = None
    replace: StrictBool = False
    lost: StrictBool = False


class Pin(MemberAtHouse):
    """Four to eight digits, not all the same nor in a row."""

    pin: Annotated[StrictStr, Field(min_length=1, max_length=12, pattern=r"^[^\x00]*$")]


class Blocking(MemberAtHouse):
    """Why and until when a member may not borrow; without `until`, until it is lifted."""

    reason: BlockReason
    note: Note = ""
    until: Instant | None = None


@writes(router, "/members/{member_id}/card", answer=Issued)
def member_card(request: HttpRequest, member_id: IdInPath, body: NewCard) -> Issued:
    """Give a card: ours, or the one whose barcode is given."""
    actor, where = actor_of(request), house_id(body.house)
    if body.replace or body.lost:
        barcode = services.replace_card(
            actor=actor,
            member_id=member_id,
            house_id=where,
            now=timezone.now(),
            barcode=body.barcode or "",
            lost=body.lost,
        )
    else:
        barcode = services.issue_card(
            actor=actor, member_id=member_id, house_id=where, now=timezone.now(), barcode=body.barcode or ""
        )
    return Issued(member=member_id, card=barcode)


@writes(router, "/members/{member_id}/pin", answer=Done)
def member_pin(request: HttpRequest, member_id: IdInPath, body: Pin) -> Done:
    """Set the PIN for self-checks."""
    services.set_pin(
        actor=desk_of(request), member_id=member_id, pin=body.pin, now=timezone.now(), house_id=house_id(body.house)
    )
    return Done()


@writes(router, "/members/{member_id}/blocks", answer=Made, status=201)
def member_block(request: HttpRequest, member_id: IdInPath, body: Blocking) -> Made:
    """Stop lending to a member."""
    made = services.set_block(
        actor=actor_of(request),
        member_id=member_id,
        house_id=house_id(body.house),
        reason=body.reason,
        note=body.note,
        until=body.until,
        now=timezone.now(),
    )
    return Made(id=made)


@writes(router, "/members/blocks/{block_id}/lift", answer=Done)
def member_unblock(request: HttpRequest, block_id: IdInPath) -> Done:
    """Lend to a member again."""
    services.lift_block(actor=actor_of(request), block_id=block_id, now=timezone.now())
    return Done()


def card_shape(card: CardRow) -> Card:
    """A card."""
    return Card(barcode=card.barcode, state=card.state.value, issued_at=card.issued_at, ended_at=card.ended_at)


def block_shape(block: BlockRow) -> Block:
    """A block."""
    return Block(
        id=block.id,
        reason=Listed.of(block.reason, BLOCK_REASONS),
        note=block.note,
        house=reference(block.house) if block.house else None,
        placed_at=block.placed_at,
        until=block.until,
    )
