"""Sending: one message at a time, marked before it goes and after it went, so that nothing goes twice.

claim (transaction: the row is written as `sending`) → hand over (no transaction) → mark (transaction: sent, waiting again, failed, unsure).
A sender that dies in the middle leaves `sending` behind; `recover` makes that `unsure`, which only a person settles, except with a carrier
that takes a token once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import F

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries.telephones import house_phone
from khaneh.domains.notices import registry
from khaneh.domains.notices.frame import FRAME
from khaneh.domains.notices.models import AddressProblem, Message, Notice
from khaneh.domains.notices.queries.readers import Reader, readers
from khaneh.domains.notices.queries.texts import common, quiet_hours, texts_in_force
from khaneh.domains.notices.rules import phones, timing, writing
from khaneh.domains.notices.services.finishing import finish_messages
from khaneh.domains.notices.types import Channel, EventType, Letter, Reading, Round, State, Text
from khaneh.infrastructure import db
from khaneh.infrastructure.outgoing import Handed, Outcome
from khaneh.kernel.calendars import calendar_for
from khaneh.kernel.refusal import NotFound

log = logging.getLogger(__name__)

# A sender that has not come back after this is dead: servers are waited for in seconds.
DEAD_AFTER = timedelta(minutes=15)


class MailCarrier(Protocol):
    """Who takes mail."""

    def send(self, *, to: str, subject: str, plain: str, html: str, token: str, leave: str = "") -> Handed:
        """Hand over one mail; `leave` is where such mail ends by a POST."""


class SmsCarrier(Protocol):
    """Who takes text messages. `sends_once`: the same token again is the same message."""

    @property
    def sends_once(self) -> bool:
        """Whether a message may be handed over again when nobody knows whether it went."""

    def send(self, *, to: str, text: str, token: str) -> Handed:
        """Hand over one message."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in hand: marked, written, addressed."""

    message_id: int
    member_id: int | None
    attempt: int
    channel: Channel
    address: str
    token: str
    letter: Letter


def send_due(*, mail: MailCarrier, sms: SmsCarrier, now: datetime, limit: int = 200) -> Round:
    """Send what is due, at most `limit` messages. Several may do this at the same time; each message goes through one hand."""
    counts = dict.fromkeys(("sent", "retried", "failed", "unsure", "suppressed"), 0)
    for _ in range(limit):
        claimed = claim(now=now)
        if claimed is None:
            break
        if isinstance(claimed, State):
            counts["failed" if claimed is State.FAILED else "suppressed"] += 1
            continue
        result = hand_over(claimed, mail=mail, sms=sms)
        counts[mark(claimed, result, now=now)] += 1
    return Round(**counts)


def claim(*, now: datetime) -> Claimed | State | None:
    """Take the next message that is due: write it, mark it `sending`, and commit before anything leaves the house.

    A state where the message turned out not to be sent (suppressed, or failed because its text cannot be written); None where none is due.
    """
    with db.transaction():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=State.WAITING.value, not_before__lte=now)
            .order_by("not_before", "pk")
            .first()
        )
        if message is None:
            return None
        claimed = _prepare(message, now)
        if isinstance(claimed, str):
            state = State.FAILED if claimed == "text_wrong" else State.SUPPRESSED
            Message.objects.filter(pk=message.pk).update(state=state.value, reason=claimed)
            if state is State.SUPPRESSED:
                finish_messages([message.pk], now=now)
            return state
        Message.objects.filter(pk=message.pk).update(
            state=State.SENDING.value, claimed_at=now, attempts=F("attempts") + 1, reason="", detail=""
        )
        return claimed


def hand_over(claimed: Claimed, *, mail: MailCarrier, sms: SmsCarrier) -> Handed:
    """Give a claimed message to its carrier. Outside any transaction."""
    if claimed.channel is Channel.SMS:
        return sms.send(to=claimed.address, text=claimed.letter.plain, token=claimed.token)
    letter = claimed.letter
    if letter.leave:
        return mail.send(
            to=claimed.address, subject=letter.subject, plain=letter.plain, html=letter.html, token=claimed.token,
            leave=letter.leave,
        )  # fmt: skip
    return mail.send(
        to=claimed.address, subject=letter.subject, plain=letter.plain, html=letter.html, token=claimed.token
    )


def mark(claimed: Claimed, result: Handed, *, now: datetime) -> str:
    """Write down what came of it; gives the name of the count it belongs to. A row that went on meanwhile is left as it is."""
    with db.transaction():
        row = Message.objects.filter(
            pk=claimed.message_id, attempts=claimed.attempt, state__in=[State.SENDING.value, State.UNSURE.value]
        )
        facts: dict[str, Any] = {"reason": result.reason, "detail": result.detail}
        if result.outcome is Outcome.SENT:
            if row.update(state=State.SENT.value, sent_at=now, reason="", detail=""):
                finish_messages([claimed.message_id], now=now)
            return "sent"
        if result.outcome is Outcome.UNSURE:
            row.update(state=State.UNSURE.value, **facts)
            return "unsure"
        wait = timing.wait_after(claimed.attempt) if result.outcome is Outcome.LATER else None
        if wait is not None:
            row.update(state=State.WAITING.value, not_before=_next_try(claimed, now + wait), **facts)
            return "retried"
        row.update(state=State.FAILED.value, **facts)
        if result.address_wrong and claimed.member_id is not None:
            note_wrong_address(
                member_id=claimed.member_id, channel=claimed.channel, address=claimed.address, reason=result.reason,
                now=now,
            )  # fmt: skip
        return "failed"


def recover(*, sms: SmsCarrier, now: datetime) -> int:
    """What a dead sender held is perhaps sent; gives how many. What its carrier takes once is simply sent again."""
    dead = Message.objects.filter(state=State.SENDING.value, claimed_at__lt=now - DEAD_AFTER)
    if sms.sends_once:
        dead.filter(channel=Channel.SMS.value).update(state=State.WAITING.value, not_before=now)
    return dead.update(state=State.UNSURE.value, reason="no_answer")


def note_wrong_address(*, member_id: int, channel: Channel, address: str, reason: str, now: datetime) -> None:
    """An address reaches nobody: nothing more is sent there, and the desk is asked to settle it. Bounces that come later use this too."""
    found, fresh = AddressProblem.objects.get_or_create(
        member_id=member_id, channel=channel.value, settled_at=None,
        defaults={"address": address, "reason": reason, "found_at": now},
    )  # fmt: skip
    if not fresh:
        times = 1 if found.address != address else F("times") + 1
        AddressProblem.objects.filter(pk=found.pk).update(address=address, reason=reason, found_at=now, times=times)


def _next_try(claimed: Claimed, at: datetime) -> datetime:
    house = network.house_facts(Message.objects.values_list("house_id", flat=True).get(pk=claimed.message_id))
    return timing.after_quiet(at, quiet_hours(house), house.calendar.zone)


def _prepare(message: Message, now: datetime) -> Claimed | str:
    """The message written and addressed, or the reason why it is not to be sent."""
    found = readers(member_ids=[message.member_id], account_ids=[message.account_id])
    contact = found.get((message.member_id, message.account_id))
    if contact is None or contact.gone:
        return "not_member"
    house = network.house_facts(message.house_id)
    channel = Channel(message.channel)
    address = contact.email if channel is Channel.EMAIL else phones.international(contact.phone, house.country)
    if not address:
        return "no_address"
    if AddressProblem.objects.filter(
        member_id=contact.member_id or 0, channel=channel.value, address=address, settled_at=None
    ).exists():
        return "address_wrong"
    notices = list(Notice.objects.filter(parts__message_id=message.pk).order_by("told_at", "pk"))
    if all(one.until is not None and one.until <= now for one in notices):
        return "too_late"
    told = _told([one for one in notices if one.until is None or now < one.until], contact, now)
    if not told:
        return "no_longer_true"
    try:
        letter = _write(message, contact, told)
    except (ValueError, KeyError, TypeError):
        # A template or facts of a wrong shape: somebody has to look, and no other message waits for it.
        log.exception("notices.text_wrong", extra={"message_id": message.pk, "events": message.events})
        return "text_wrong"
    return Claimed(message.pk, contact.member_id, message.attempts + 1, channel, address, str(message.token), letter)


def _told(notices: list[Notice], contact: Reader, now: datetime) -> list[tuple[EventType, list[Mapping[str, Any]]]]:
    """What there is to tell, by event, in the order told; what is no longer true is left out."""
    by_event: dict[str, list[Mapping[str, Any]]] = {}
    for one in notices:
        by_event.setdefault(one.event, []).append(one.facts)
    told = []
    for code, facts in by_event.items():
        try:
            event = registry.event(code)
        except NotFound:
            continue
        items = event.resolve(facts, contact.language, now) if event.resolve is not None else facts
        true = [item for item in items if item is not None]
        if true:
            told.append((event, true))
    return told


def _write(message: Message, contact: Reader, told: list[tuple[EventType, list[Mapping[str, Any]]]]) -> Letter:
    house, channel = network.house_facts(message.house_id), Channel(message.channel)
    texts: dict[str, Text] = texts_in_force(
        house=house, channel=channel, language=contact.language, events=[event.code for event, _ in told]
    )
    return writing.letter(
        channel=channel,
        reading=Reading(contact.language, calendar_for(contact.calendar, contact.language), house.calendar.zone),
        frame=texts[FRAME.code],
        sections=[(event, texts[event.code], items) for event, items in told],
        common=common(house, name=contact.name, language=contact.language, phone=house_phone(house.id)),
    )
