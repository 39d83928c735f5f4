"""What a person decides about messages that went wrong, and about addresses that reach nobody."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.notices import permissions
from khaneh.domains.notices.errors import MessageSettled
from khaneh.domains.notices.models import AddressProblem, Message
from khaneh.domains.notices.services.finishing import finish_messages
from khaneh.domains.notices.types import State
from khaneh.domains.people import services as people
from khaneh.domains.people.queries.contacts import contacts
from khaneh.domains.people.types import BlockReason
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def send_again(*, actor: Actor, message_id: int, now: datetime) -> None:
    """Put a failed message, or one that was perhaps sent, back into the queue. Raises NotFound, NotAllowed, MessageSettled."""
    with db.transaction():
        message = _held(actor, message_id, State.FAILED, State.UNSURE)
        Message.objects.filter(pk=message.pk).update(
            state=State.WAITING.value, attempts=0, together=False, not_before=now, reason="", detail="",
            settled_by=actor.account_id,
        )  # fmt: skip
        _record("again", actor, message)


def take_as_sent(*, actor: Actor, message_id: int, now: datetime) -> None:
    """Somebody knows that it arrived. Raises NotFound, NotAllowed, MessageSettled."""
    with db.transaction():
        message = _held(actor, message_id, State.UNSURE)
        Message.objects.filter(pk=message.pk).update(
            state=State.SENT.value, sent_at=message.claimed_at or now, reason="settled", settled_by=actor.account_id
        )
        finish_messages([message.pk], now=now)
        _record("taken_as_sent", actor, message)


def give_up(*, actor: Actor, message_id: int, now: datetime) -> None:
    """Do not send it: the reader was told otherwise, or need not know. Raises NotFound, NotAllowed, MessageSettled."""
    with db.transaction():
        message = _held(actor, message_id, State.WAITING, State.FAILED, State.UNSURE)
        Message.objects.filter(pk=message.pk).update(
            state=State.SUPPRESSED.value, reason="settled", settled_by=actor.account_id
        )
        finish_messages([message.pk], now=now)
        _record("given_up", actor, message)


def settle_address(*, actor: Actor, problem_id: int, now: datetime, block: bool = False) -> None:
    """The address is right after all or was corrected, and messages may go again; with `block` the member is blocked until it is.

    Raises NotFound, NotAllowed.
    """
    with db.transaction():
        problem = AddressProblem.objects.select_for_update().filter(pk=problem_id, settled_at=None).first()
        if problem is None:
            raise NotFound(what="address_problem")
        contact = contacts([problem.member_id]).get(problem.member_id)
        if contact is not None:
            permissions.require_queue(actor, house_id=contact.home_house_id)
            if block:
                people.set_block(
                    actor=actor, member_id=contact.member_id, house_id=contact.home_house_id,
                    reason=BlockReason.CONTACT_WRONG, now=now,
                )  # fmt: skip
        AddressProblem.objects.filter(pk=problem_id).update(settled_at=now, settled_by=actor.account_id)
        journal.record(
            "notices.address.settled",
            actor=actor,
            house_id=contact.home_house_id if contact else None,
            member_id=problem.member_id,
        )


def _held(actor: Actor, message_id: int, *states: State) -> Message:
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotFound(what="message")
    permissions.require_queue(actor, house_id=message.house_id)
    if message.state not in states:
        raise MessageSettled(state=message.state)
    return message


def _record(act: str, actor: Actor, message: Message) -> None:
    journal.record(f"notices.message.{act}", actor=actor, house_id=message.house_id, message_id=message.pk)
