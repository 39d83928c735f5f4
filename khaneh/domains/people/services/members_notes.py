"""What a desk notes about a member: blocks, which stop lending until they are lifted, and messages, which stop nothing."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.people import permissions
from khaneh.domains.people.models import MemberBlock, MemberMessage
from khaneh.domains.people.rules.members import LONGEST_TEXT
from khaneh.domains.people.services.members_rows import held, is_own
from khaneh.domains.people.types import BlockReason
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def set_block(
    *,
    actor: Actor,
    member_id: int,
    house_id: int,
    reason: BlockReason,
    now: datetime,
    note: str = "",
    until: datetime | None = None,
) -> int:
    """Stop lending to a member in the whole network, at the desk of any house; gives the block's id. The member sees reason and note.

    Raises NotFound, NotAllowed, Invalid.
    """
    permissions.require_desk(actor, house_id)
    problems = {"note": "too_long"} if len(note) > LONGEST_TEXT else {}
    if until is not None and until <= now:
        problems["until"] = "out_of_range"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        member = held(member_id)
        block = MemberBlock.objects.create(
            member_id=member.pk,
            reason=reason.value,
            note=note.strip(),
            house_id=house_id,
            placed_by_id=actor.account_id,
            placed_at=now,
            until=until,
        )
        journal.record("people.block.set", actor=actor, house_id=house_id, member=member_id, reason=reason.value)
    return block.pk


def lift_block(*, actor: Actor, block_id: int, now: datetime) -> None:
    """Lend again: at a desk of the house that placed the block or of the member's home house. Raises NotFound, NotAllowed."""
    with db.transaction():
        member_id = (
            MemberBlock.objects.filter(pk=block_id, lifted_at__isnull=True).values_list("member_id", flat=True).first()
        )
        if member_id is None:
            raise NotFound(what="block")
        member = held(member_id)
        block = MemberBlock.objects.filter(pk=block_id, lifted_at__isnull=True).first()
        if block is None:
            raise NotFound(what="block")
        if block.house_id is None or not permissions.may_work_at(actor, block.house_id):
            permissions.require_desk(actor, member.home_house_id)
        block.lifted_at, block.lifted_by_id = now, actor.account_id
        block.save(update_fields=["lifted_at", "lifted_by"])
        journal.record(
            "people.block.lifted", actor=actor, house_id=block.house_id, member=member_id, reason=block.reason
        )


def leave_message(
    *,
    actor: Actor,
    member_id: int,
    house_id: int,
    text: str,
    now: datetime,
    for_staff: bool = False,
    until: datetime | None = None,
) -> int:
    """Leave a word for a member, or about them for the next colleague; gives its id. Raises NotFound, NotAllowed, Invalid."""
    permissions.require_desk(actor, house_id)
    words = text.strip()
    problems = {} if words and len(words) <= LONGEST_TEXT else {"text": "too_long" if words else "missing"}
    if until is not None and until <= now:
        problems["until"] = "out_of_range"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        member = held(member_id)
        message = MemberMessage.objects.create(
            member_id=member.pk,
            house_id=house_id,
            text=words,
            for_staff=for_staff,
            left_by_id=actor.account_id,
            left_at=now,
            until=until,
        )
        journal.record("people.message.left", actor=actor, house_id=house_id, member=member_id, for_staff=for_staff)
    return message.pk


def read_message(*, actor: Actor, message_id: int, now: datetime) -> None:
    """Put a message out of sight: the member theirs, whoever works at a desk one for colleagues and one given by word of mouth.

    Raises NotFound, NotAllowed.
    """
    with db.transaction():
        message = MemberMessage.objects.filter(pk=message_id, read_at__isnull=True).first()
        if message is None:
            raise NotFound(what="message")
        member = held(message.member_id)
        if message.for_staff or not is_own(actor, member, now=now):
            permissions.require_serve(actor)
        MemberMessage.objects.filter(pk=message_id).update(read_at=now)
        journal.record("people.message.read", actor=actor, house_id=message.house_id, member=message.member_id)
