"""How a reader stands, what they have, their coming and going: messages 23, 63, 35, 01 and 25."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import machines as queries
from khaneh.domains.circulation.queries.machines import Counts, Item, ItemList
from khaneh.domains.circulation.types import FEE_KINDS, FeeKind
from khaneh.domains.people import queries as people
from khaneh.domains.people import services as people_services
from khaneh.domains.people.types import BlockReason
from khaneh.domains.policies.types import Answer
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import wording
from khaneh.interfaces.protocols.sip2.lending import CHANNEL
from khaneh.interfaces.protocols.sip2.readers import NotIdentified, Reader
from khaneh.interfaces.protocols.sip2.session import Session
from khaneh.kernel.money import Money

# What a block that a machine placed begins with, so that a machine of the house may lift it and no other block.
MACHINE_NOTE = "SIP2"
_FLAGS = 14
_OF_LOANS_ALONE = ("limit.loans_max", "limit.type_loans_max")
_MOST_ITEMS = 50
# The place in `summary` that asks for a list, the list, and the field of the answer.
_SUMMARY = (
    (0, ItemList.READY, "hold_items"),
    (1, ItemList.OVERDUE, "overdue_items"),
    (2, ItemList.LENT, "charged_items"),
    (3, ItemList.CHARGES, "fine_items"),
    (5, ItemList.WAITING, "unavailable_hold_items"),
)


def status(session: Session, message: m.PatronStatus, now: datetime) -> m.Message:
    """23. Wrong PIN and unknown card are answers like others: BL and CQ tell."""
    try:
        reader = session.identify(message.patron, message.pin or None, now, fresh=True)
    except NotIdentified as error:
        return _not_identified(session, message, error, now)
    return _status_of(session, message, reader, now)


def information(session: Session, message: m.PatronInformation, now: datetime) -> m.Message:
    """63, with the items of the first list that is asked for, between BP and BQ."""
    try:
        reader = session.identify(message.patron, message.pin or None, now, fresh=True)
    except NotIdentified as error:
        return _not_identified(session, message, error, now)
    currency = session.house.currency
    has, foreseen = _standing(session, reader, now)
    values: dict[str, Any] = {}
    asked = next((one for one in _SUMMARY if message.summary[one[0] : one[0] + 1] == "Y"), None)
    if asked is not None:
        first, last = _number(message.first) or 1, _number(message.last)
        found = queries.items(
            member_id=reader.member_id,
            which=asked[1],
            currency=currency,
            now=now,
            first=first,
            last=last,
            most=_MOST_ITEMS,
        )
        values[asked[2]] = _named(found, currency, session.language)
    terms = foreseen.terms
    debt_max = terms.get("debt_max")
    return session.answer_to(
        message,
        now,
        **_common(session, reader, has, foreseen),
        holds=_four(has.ready),
        overdue=_four(has.overdue),
        charged=_four(has.lent),
        fines=_four(has.charges),
        unavailable_holds=_four(has.waiting),
        overdue_limit=_limit(terms.get("overdue_max")),
        charged_limit=_limit(terms.get("loans_max")),
        fee_limit=wording.amount(debt_max.amount if isinstance(debt_max, Money) else debt_max, currency)
        if isinstance(debt_max, Money | int)
        else None,
        **values,
    )


def end(session: Session, message: m.EndSession, now: datetime) -> m.Message:
    """35."""
    words = session.say(wording.GOODBYE)
    session.forget_reader()
    return session.answer_to(message, now, ended="Y", screen=(words,))


def block(session: Session, message: m.BlockPatron, now: datetime) -> m.Message:
    """01. The card was left or misused: nothing is lent on it until a desk, or this machine, lifts the block."""
    reader = session.identify(message.patron, None, now, offline=True)
    kept = " (card retained)" if message.retained == "Y" else ""
    people_services.set_block(
        actor=session.machine.actor(),
        member_id=reader.member_id,
        house_id=session.machine.house.id,
        reason=BlockReason.OTHER,
        note=f"{MACHINE_NOTE} {session.machine.name}{kept}: {message.reason}"[:500],
        now=now,
    )
    reader = session.identify(message.patron, None, now, fresh=True, offline=True)
    answer = _status_of(session, message, reader, now, name="")
    session.reader = None
    return answer


def enable(session: Session, message: m.PatronEnable, now: datetime) -> m.Message:
    """25. Lifts what machines of this house have blocked; what a person decided, a person lifts."""
    actor, house_id = session.machine.actor(), session.machine.house.id
    reader = session.identify(message.patron, message.pin or None, now)
    row = people.member(actor=actor, member_id=reader.member_id, now=now)
    for found in row.blocks:
        if found.house is not None and found.house.id == house_id and found.note.startswith(f"{MACHINE_NOTE} "):
            people_services.lift_block(actor=actor, block_id=found.id, now=now)
    reader = session.identify(message.patron, None, now, fresh=True)
    has, foreseen = _standing(session, reader, now)
    values = _common(session, reader, has, foreseen)
    del values["currency"], values["owed"]
    return session.answer_to(message, now, **values)


def _status_of(
    session: Session, message: m.PatronStatus | m.BlockPatron, reader: Reader, now: datetime, name: str | None = None
) -> m.Message:
    has, foreseen = _standing(session, reader, now)
    values = _common(session, reader, has, foreseen)
    if name is not None:
        values["name"] = name
    return session.answer_to(message, now, **values)


def _standing(session: Session, reader: Reader, now: datetime) -> tuple[Counts, Answer]:
    house = session.house
    has = queries.counts(member_id=reader.member_id, currency=house.currency, now=now)
    foreseen = services.foresee_loan(member=reader.standing, counts=has, house_id=house.id, channel=CHANNEL, now=now)
    return has, foreseen


def _common(session: Session, reader: Reader, has: Counts, foreseen: Answer) -> dict[str, Any]:
    """What 24, 26 and 64 have in common."""
    language = session.language
    lines = [one.label.pick(language) for one in foreseen.refusals[:3]]
    if has.ready:
        lines.append(session.say(wording.READY, number=has.ready))
    return {
        "flags": flags(foreseen, reader.standing.blocks),
        "name": reader.standing.name or reader.card,
        "valid": "Y",
        "pin_valid": {True: "Y", False: "N", None: None}[reader.pin_fits],
        "currency": session.house.currency,
        "owed": wording.amount(max(has.owed, 0), session.house.currency),
        "screen": tuple(lines),
    }


def flags(foreseen: Answer, blocks: tuple[str, ...]) -> str:
    """The fourteen places of the patron status, Y or blank, from what the rules answer."""
    codes = [one.code for one in foreseen.refusals]
    beyond_loans = any(code not in _OF_LOANS_ALONE for code in codes)
    said = {
        0: bool(codes) or not foreseen.permitted,
        1: beyond_loans,
        2: True,  # nothing is recalled here
        3: beyond_loans,
        4: BlockReason.CARD_LOST.value in blocks,
        5: any(code in _OF_LOANS_ALONE for code in codes),
        6: "limit.overdue_max" in codes,
        10: "limit.debt_max" in codes,
        11: "limit.debt_max" in codes,
    }
    return "".join("Y" if said.get(place) else " " for place in range(_FLAGS))


def _not_identified(
    session: Session, message: m.PatronStatus | m.PatronInformation, error: NotIdentified, now: datetime
) -> m.Message:
    """Nothing about the reader is told: neither the name nor how many loans."""
    known = error.standing is not None
    wrong = "N" if known and error.words is wording.PIN_WRONG else None
    return session.answer_to(
        message,
        now,
        flags="YYYY".ljust(_FLAGS),
        valid="Y" if known else "N",
        pin_valid=wrong if known else "N" if message.pin else None,
        screen=(session.say(error.words),),
    )


def _named(found: list[Item], currency: str, language: str) -> tuple[str, ...]:
    """Barcodes; titles for what has no copy yet; for a charge its amount and what it is for."""
    needed = [one.record_id for one in found if one.barcode is None and one.record_id is not None]
    titles = queries.titles(needed) if needed else {}
    return tuple(
        one.barcode
        or (
            f"{wording.amount(one.amount, currency)} {currency} {FEE_KINDS[FeeKind(one.kind)].pick(language)}"
            if one.kind
            else ""
        )
        or titles.get(one.record_id or 0)
        or f"#{one.record_id}"
        for one in found
    )


def _four(number: int) -> str:
    return f"{min(number, 9999):04}"


def _limit(value: object) -> str | None:
    return _four(value) if isinstance(value, int) else None


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else None
