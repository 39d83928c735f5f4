"""Lending, taking back, renewing, requesting and paying at a machine: one service each, and its answer in the protocol's fields."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import CopyOnLoan, CopyUnknown
from khaneh.domains.circulation.permissions import RIGHT_HOLDERS
from khaneh.domains.circulation.queries import machines as queries
from khaneh.domains.circulation.types import (
    Channel,
    LoanState,
    Override,
    PaymentMethod,
    RequestLevel,
    Returned,
    ReturnedTo,
    TerminalKind,
)
from khaneh.domains.network import queries as network
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.infrastructure import db
from khaneh.interfaces.protocols.sip2 import printing, wording
from khaneh.interfaces.protocols.sip2.session import Session
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

CHANNEL = Channel.SIP2
LONGEST_OFFLINE = timedelta(days=31)  # a time told for longer ago is a clock that is wrong
_JUST_NOW = timedelta(minutes=2)  # a loan of this age was made by the message whose answer was lost
_UNDO = timedelta(minutes=10)
_MEDIA = {"book": "001", "children": "001", "short_loan": "001", "reference": "001", "periodical": "002", "rare": "001"}
_BINS = {
    ReturnedTo.SHELF: "1",
    ReturnedTo.HOLD_SHELF: "2",
    ReturnedTo.TRANSIT_TO_READER: "3",
    ReturnedTo.TRANSIT_HOME: "3",
    ReturnedTo.TRANSIT_TO_EVEN_OUT: "3",
    ReturnedTo.REPAIR: "4",
}
# What sorters do with an alert: 01 a reader of this house waits, 02 one of another house, 04 it goes to another house, 99 look at it.
_ALERTS = {
    ReturnedTo.HOLD_SHELF: "01",
    ReturnedTo.TRANSIT_TO_READER: "02",
    ReturnedTo.TRANSIT_HOME: "04",
    ReturnedTo.TRANSIT_TO_EVEN_OUT: "04",
    ReturnedTo.REPAIR: "99",
}


def media_of(item_type: str) -> str:
    """The protocol's code for a kind of copy."""
    return _MEDIA.get(item_type, "000")


def check_out(session: Session, message: m.CheckOut, now: datetime) -> m.Message:
    """11. Lent, renewed where the machine may and it is the reader's already, or taken back again (cancel)."""
    offline = message.no_block == "Y"
    reader = session.identify(message.patron, None if offline else message.pin, now, offline=offline)
    if message.cancel == "Y":
        return _undo(session, message, reader.member_id, now)
    at = happened(message.at, session.zone, now) if offline else now
    actor, override = _authority(session, offline=offline)
    house_id = session.machine.house.id
    try:
        lent = services.check_out(
            actor=actor, house_id=house_id, barcode=message.item, card=reader.card, now=at, channel=CHANNEL, override=override,
            promised_due=sip2.parse_instant(message.offline_due, session.zone) if offline else None,
        )  # fmt: skip
    except CopyOnLoan as refusal:
        doing = queries.copy_at_machine(barcode=message.item)
        if doing is None or doing.loan_id is None or doing.due_at is None or doing.lent_at is None:
            raise
        if doing.lent_to == reader.member_id and doing.loan_state == LoanState.OPEN:
            if message.may_renew == "Y" and not offline:
                renewed = services.renew(
                    actor=actor, loan_id=doing.loan_id, now=now, channel=CHANNEL, for_member_id=reader.member_id
                )
                return _lent(session, message, now, doing.loan_id, renewed.due_at, wording.RENEWED, renewed=True)
            if offline or (doing.channel == CHANNEL and now - doing.lent_at < _JUST_NOW):
                return _lent(session, message, now, doing.loan_id, doing.due_at, wording.LENT)
            words = (session.say(wording.LENT_ALREADY, day=_day(session, doing.due_at)),)
            return session.answer_to(
                message,
                now,
                title=_title(message.item),
                due=sip2.show_instant(doing.due_at, session.zone),
                screen=words,
            )
        if not offline:
            raise
        # The reader walked out with it, so it had come back: its loan to somebody else ended then.
        if doing.lent_at >= at:
            raise CopyOnLoan(**refusal.facts) from refusal
        with db.transaction():
            services.check_in(
                actor=actor, house_id=house_id, barcode=message.item, now=now, returned_at=at, channel=CHANNEL
            )
            lent = services.check_out(
                actor=actor, house_id=house_id, barcode=message.item, card=reader.card, now=now, channel=CHANNEL, override=override,
                promised_due=sip2.parse_instant(message.offline_due, session.zone),
            )  # fmt: skip
    return _lent(session, message, now, lent.loan_id, lent.due_at, wording.LENT)


def check_in(session: Session, message: m.CheckIn, now: datetime) -> m.Message:
    """09. Taken back, with where it goes."""
    if message.cancel == "Y":
        return session.answer_to(message, now, screen=(session.say(wording.RETURN_NOT_UNDONE),))
    offline = message.no_block == "Y"
    told = message.returned if message.returned.strip() else message.at if offline else ""
    label = queries.copy_label(message.item)
    came = services.check_in(
        actor=session.machine.actor(),
        house_id=session.machine.house.id,
        barcode=message.item,
        now=now,
        returned_at=happened(told, session.zone, now) if told else None,
        channel=CHANNEL,
    )
    if label is None:
        raise CopyUnknown(barcode=message.item)
    owner = network.house_facts(label.house_id) if label.house_id is not None else None
    to = network.house_facts(came.to_house_id) if came.to_house_id is not None else None
    lines = _on_return(session, came, to.names.pick(session.language) if to else "")
    sorts = session.machine.kind == TerminalKind.SORTER
    alert = _ALERTS.get(came.goes_to) or ("99" if came.was_lost else None)
    return session.answer_to(
        message,
        now,
        ok="1",
        resensitize="Y",
        alert="Y" if alert else "N",
        permanent_location=owner.code if owner else "",
        title=label.title or label.barcode,
        sort_bin=_BINS[came.goes_to],
        media=media_of(label.item_type),
        call_number=label.call_number or None,
        destination=to.code if to else None,
        alert_type=alert,
        # Whoever waits is told to the sorter behind the wall, not to the screen in front of it.
        hold_patron=queries.hold_card(came.request_id) or None if sorts and came.request_id is not None else None,
        screen=lines,
        printed=printing.lines((label.title, *lines), session.print_width) if alert and sorts else (),
    )


def renew(session: Session, message: m.Renew, now: datetime) -> m.Message:
    """29."""
    reader = session.identify(message.patron, message.pin, now)
    doing = queries.copy_at_machine(barcode=message.item) if message.item else None
    if doing is None:
        raise CopyUnknown(barcode=message.item or "")
    if doing.loan_id is None or doing.lent_to != reader.member_id:
        return session.answer_to(message, now, screen=(session.say(wording.NOT_YOUR_LOAN),))
    renewed = services.renew(
        actor=session.machine.actor(), loan_id=doing.loan_id, now=now, channel=CHANNEL, for_member_id=reader.member_id
    )
    return _lent(session, message, now, renewed.loan_id, renewed.due_at, wording.RENEWED, renewed=True)


def renew_all(session: Session, message: m.RenewAll, now: datetime) -> m.Message:
    """65."""
    reader = session.identify(message.patron, message.pin, now)
    came = services.renew_all(
        actor=session.machine.actor(),
        member_id=reader.member_id,
        now=now,
        channel=CHANNEL,
        for_member_id=reader.member_id,
    )
    barcodes = queries.barcodes_of_loans(
        [*(one.loan_id for one in came.renewed), *(number for number, _ in came.refused)]
    )
    yes, no = len(came.renewed), len(came.refused)
    return session.answer_to(
        message,
        now,
        ok="1",
        renewed_count=f"{min(yes, 9999):04}",
        unrenewed_count=f"{min(no, 9999):04}",
        renewed=tuple(barcodes[one.loan_id] for one in came.renewed),
        unrenewed=tuple(barcodes[number] for number, _ in came.refused),
        screen=(session.say(wording.RENEWED_SOME, yes=yes, no=no),),
    )


def hold(session: Session, message: m.Hold, now: datetime) -> m.Message:
    """15. Placed, cancelled, or collected at another house: what else may be changed of a request is not for a machine."""
    reader = session.identify(message.patron, message.pin, now)
    label = queries.copy_label(message.item) if message.item else None
    record_id = label.record_id if label else _record_id(message.title)
    if record_id is None:
        raise CopyUnknown(barcode=message.item or "")
    copy_id = label.id if label else None
    actor = session.machine.actor()
    found = None
    if message.mode != "+":
        found = queries.own_request(member_id=reader.member_id, record_id=record_id, copy_id=copy_id)
        if found is None:
            return session.answer_to(message, now, screen=(session.say(wording.NO_SUCH_REQUEST),))
    if message.mode == "-" and found is not None:
        services.cancel_request(actor=actor, request_id=found, now=now, for_member_id=reader.member_id)
        return session.answer_to(message, now, ok="1", screen=(session.say(wording.REQUEST_CANCELLED),))
    pickup = message.pickup or session.machine.house.code
    house_id = network.house_ids_by_code([pickup]).get(pickup)
    if house_id is None:
        return session.answer_to(message, now, screen=(session.say(wording.HOUSE_UNKNOWN),))
    if found is not None:
        services.change_pickup(
            actor=actor, request_id=found, pickup_house_id=house_id, for_member_id=reader.member_id, now=now, channel=CHANNEL
        )  # fmt: skip
        number = queries.place_in_queue(found)
        words = session.say(
            wording.REQUEST_MOVED, house=network.house_facts(house_id).names.pick(session.language), number=number
        )
        return session.answer_to(message, now, ok="1", queue=str(number), pickup=pickup, screen=(words,))
    this_copy = message.kind == "3" and copy_id is not None
    placed = services.place_request(
        actor=actor,
        member_id=reader.member_id,
        level=RequestLevel.COPY if this_copy else RequestLevel.RECORD,
        target_id=copy_id if this_copy and copy_id is not None else record_id,
        pickup_house_id=house_id,
        now=now,
        channel=CHANNEL,
        for_member_id=reader.member_id,
    )
    number = queries.place_in_queue(placed.request_id)
    return session.answer_to(
        message,
        now,
        ok="1",
        expires=sip2.show_instant(placed.expires_at, session.zone) if placed.expires_at else None,
        queue=str(number),
        pickup=pickup,
        title=(label.title if label else "") or message.title,
        screen=(session.say(wording.REQUESTED, number=number),),
    )


def fee_paid(session: Session, message: m.FeePaid, now: datetime) -> m.Message:
    """37. A transaction's number makes it one payment for ever, not for minutes only."""
    reader = session.identify(message.patron, message.pin, now)
    currency = message.currency.strip().upper() or session.house.currency
    try:
        amount = Money.parse(message.amount, currency)
    except ValueError:
        return session.answer_to(message, now, screen=(session.say(wording.AMOUNT_UNREADABLE),))
    key = f"sip2:{session.machine.id}:{message.transaction}" if message.transaction else None
    services.pay(
        actor=session.machine.actor(),
        house_id=session.machine.house.id,
        member_id=reader.member_id,
        amount=amount,
        method=PaymentMethod.CASH if message.payment_type == "00" else PaymentMethod.CARD,
        now=now,
        key=key,
    )
    line = session.say(wording.PAID, money=wording.money(amount.amount, currency, session.language))
    return session.answer_to(
        message, now, accepted="Y", screen=(line,), printed=printing.lines((line,), session.print_width)
    )


def happened(told: str, zone: str, now: datetime) -> datetime:
    """When a machine says that it was; now, where that is no time, not yet, or so long ago that its clock must be wrong."""
    at = sip2.parse_instant(told, zone)
    return at if at is not None and now - LONGEST_OFFLINE <= at <= now else now


def _authority(session: Session, *, offline: bool) -> tuple[Actor, Override | None]:
    """On whose authority: the desk's; for what happened without a line, the house's, because the copy is gone already (CIRC-SIP-2)."""
    if not offline:
        return session.machine.actor(), None
    rights = frozenset(right for right in RIGHT_HOLDERS if right.startswith("lend_"))
    return Actor(name=session.machine.name, is_system=True), Override(rights, "Lent by a machine without a line")


def _undo(session: Session, message: m.CheckOut, member_id: int, now: datetime) -> m.Message:
    """The copy did not leave after all: the reader's loan of the last minutes at this kind of door ends."""
    doing = queries.copy_at_machine(barcode=message.item)
    recent = doing is not None and doing.lent_at is not None and now - doing.lent_at < _UNDO
    if doing is None or doing.lent_to != member_id or doing.channel != CHANNEL or not recent:
        return session.answer_to(message, now, screen=(session.say(wording.NOTHING_TO_CANCEL),))
    services.check_in(
        actor=session.machine.actor(), house_id=session.machine.house.id, barcode=message.item, now=now, channel=CHANNEL
    )
    return session.answer_to(message, now, ok="1", title=_title(message.item), screen=(session.say(wording.CANCELLED),))


def _lent(
    session: Session,
    message: m.CheckOut | m.Renew,
    now: datetime,
    loan_id: int,
    due_at: datetime,
    words: Label,
    *,
    renewed: bool = False,
) -> m.Message:
    label = queries.copy_label(message.item or "")
    line = session.say(words, day=_day(session, due_at))
    title = (label.title or label.barcode) if label else ""
    return session.answer_to(
        message,
        now,
        ok="1",
        renewed="Y" if renewed else "N",
        desensitize="N" if renewed else "Y",
        title=title,
        due=sip2.show_instant(due_at, session.zone),
        media=media_of(label.item_type) if label else None,
        transaction=str(loan_id),
        screen=(line,),
        printed=printing.lines((title, line), session.print_width),
    )


def _on_return(session: Session, came: Returned, house: str) -> tuple[str, ...]:
    """What the screen says of a copy that came in."""
    where = {
        ReturnedTo.HOLD_SHELF: wording.FOR_HOLD_SHELF,
        ReturnedTo.TRANSIT_TO_READER: wording.FOR_READER_ELSEWHERE,
        ReturnedTo.TRANSIT_HOME: wording.FOR_HOME,
        ReturnedTo.TRANSIT_TO_EVEN_OUT: wording.TOO_MANY,
        ReturnedTo.REPAIR: wording.FOR_REPAIR,
    }.get(came.goes_to)
    lines = [session.say(wording.RETURNED)]
    if came.fee:
        lines.append(session.say(wording.LATE_FEE, money=wording.money(came.fee, came.currency, session.language)))
    if where is not None:
        lines.append(session.say(where, house=house))
    return tuple(lines)


def _day(session: Session, instant: datetime) -> str:
    return wording.day(instant, zone=session.zone, language=session.language)


def _title(barcode: str) -> str:
    label = queries.copy_label(barcode)
    return (label.title or label.barcode) if label else ""


def _record_id(title: str | None) -> int | None:
    """Our own number of a record: the only title that names exactly one thing."""
    text = (title or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
