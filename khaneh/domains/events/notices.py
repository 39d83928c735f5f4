"""What the domain tells people of. A notice holds the registration's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.credits import queries as ledger
from khaneh.domains.events import permissions
from khaneh.domains.events.models import Registration
from khaneh.domains.events.queries.rows import by_ids
from khaneh.domains.events.rules import prices
from khaneh.domains.events.types import (
    END_REASONS,
    HOLDING,
    REGISTRATION_STATES,
    EndReason,
    EventRow,
    EventState,
    RegistrationState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Told, Urgency, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.contacts import members_of_accounts
from khaneh.domains.spaces.types import BookingState
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money, is_credit, minor_digits

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})

_EVENT = Variable(
    "event", Label("Event", "رویداد", "Sự kiện"), Kind.TEXT,
    Label("Talk: paper from straw", "سخنرانی: کاغذ از کاه", "Tọa đàm: giấy từ rơm"),
)  # fmt: skip
_STARTS = Variable("starts", Label("From", "از", "Từ"), Kind.INSTANT, "2026-03-03T06:30:00Z")
_ENDS = Variable("ends", Label("Until", "تا", "Đến"), Kind.INSTANT, "2026-03-03T08:30:00Z")
_WHERE = Variable(
    "where",
    Label("Where", "جا", "Địa điểm"),
    Kind.TEXT,
    Label("Hall (Branch)", "سالن (شعبه)", "Hội trường (Chi nhánh)"),
)
_PEOPLE = Variable("people", Label("People", "شمار افراد", "Số người"), Kind.NUMBER, 3)
_CODE = Variable("code", Label("Code", "کد", "Mã"), Kind.TEXT, "KHT4M2QX8R")
_ONLINE = Variable("online", Label("Link", "پیوند", "Đường dẫn"), Kind.TEXT, "")
_ROOM = Variable(
    "room", Label("Room that was lost", "جایی که از دست رفت", "Phòng không còn dùng được"), Kind.TEXT,
    Label("Hall (Branch)", "سالن (شعبه)", "Hội trường (Chi nhánh)"),
)  # fmt: skip
_MEETING = Variable(
    "meeting", Label("Meeting point", "محل گردهمایی", "Điểm tập trung"), Kind.TEXT,
    Label("Main gate, 7:30", "درِ اصلی، ۷:۳۰", "Cổng chính, 7:30"),
)  # fmt: skip
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.EVENT])
_WHOM = Variable(
    "whom", Label("For which organisation", "برای کدام سازمان", "Cho tổ chức nào"), Kind.TEXT,
    Label("(for Company Co: Sara)", "(برای شرکت نمونه: سارا)", "(cho Công ty Mẫu: Sara)"),
)  # fmt: skip
_COST = Variable(
    "cost", Label("What it costs", "هزینه", "Chi phí"), Kind.TEXT,
    Label("Charged: 150,000 rials.", "هزینه: ۱۵۰٬۰۰۰ ریال.", "Đã tính phí: 150.000 rial."),
)  # fmt: skip
_ALL = (_EVENT, _STARTS, _ENDS, _WHERE, _PEOPLE, _CODE, _ONLINE, _MEETING, _WHOM, _COST)
# What is charged, what will be with the place, and what has come back.
_CHARGED = Label("Charged: %s.", "هزینه: %s.", "Đã tính phí: %s.")
_TO_CHARGE = Label("Charged with the place: %s.", "هزینه هنگام قطعی شدن: %s.", "Tính phí khi có chỗ: %s.")
_STAYS = Label("Of the price %s stays charged.", "از هزینه %s باقی می‌ماند.", "Vẫn tính phí %s.")
_GIVEN_BACK = Label("What it cost is given back.", "هزینهٔ آن برگردانده شد.", "Phí đã được hoàn lại.")
_MONEY = {"IRR": Label("%s rials", "%s ریال", "%s rial"), "VND": Label("%s VND", "%s دونگ", "%s đ")}

_ENDED = (BookingState.CANCELLED, BookingState.REFUSED)
Holds = Callable[[Registration, EventRow, Mapping[str, Any], datetime], bool]


def _resolver(holds: Holds) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Registration.objects.in_bulk([one["registration"] for one in facts])
        events = by_ids({one.event_id for one in found.values()})
        names = people.account_names(one.account_id for one in found.values())
        bodies = network.organisation_refs(
            [one.organisation_id for one in found.values() if one.organisation_id is not None]
        )
        units = ledger.names({one.price_currency for one in found.values()})
        items: _Items = []
        for one in facts:
            mine = found.get(one["registration"])
            event = events.get(mine.event_id) if mine is not None else None
            if mine is None or event is None or not holds(mine, event, one, now):
                items.append(None)
                continue
            first = event.legs[0] if event.legs else None
            items.append(
                {
                    "event": event.names.pick(language),
                    "starts": event.starts.isoformat(),
                    "ends": event.ends.isoformat(),
                    "where": where(event, language),
                    "room": _lost(event, language),
                    "people": mine.people,
                    "code": mine.code,
                    "online": event.online_url,
                    "meeting": first.meeting.pick(language) if first is not None else "",
                    "why": _why(mine, language),
                    "whom": _whom(mine, bodies, names, language),
                    "cost": _cost(mine, units, language),
                }
            )
        return items

    return resolve


def where(event: EventRow, language: str) -> str:
    """Where it is, in words: the spaces that are booked for it with their house, else what the event says, else its house."""
    comma = "، " if language[:2] == "fa" else ", "
    booked = [
        f"{one.names.pick(language)} ({one.house.names.pick(language)})"
        for one in event.spaces
        if one.state in (BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.DONE)
    ]
    said = event.place.pick(language)
    return comma.join(dict.fromkeys([*booked, *([said] if said else [])])) or event.house.names.pick(language)


def _lost(event: EventRow, language: str) -> str:
    """The rooms that the house has ended, by name; empty where none was."""
    gone = [one.names.pick(language) for one in event.spaces if one.state in _ENDED]
    return ("، " if language[:2] == "fa" else ", ").join(gone)


def _has_no_room(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return _as_it_is(mine, event, facts, now) and event.ends > now and any(one.state in _ENDED for one in event.spaces)


def _is_confirmed(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.CONFIRMED and event.ends > now


def _is_coming(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.CONFIRMED and event.starts > now and event.revision == facts["revision"]


def _as_it_is(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    open_ = mine.state in (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.REQUESTED)
    return open_ and event.revision == facts["revision"]


def _is_requested(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.REQUESTED and event.starts > now


def _is_waiting(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.WAITING and event.starts > now


def _has_ended(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state in (RegistrationState.CANCELLED, RegistrationState.REFUSED)


def _was_there(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return event.state is EventState.HELD and mine.state in (RegistrationState.ATTENDED, RegistrationState.CONFIRMED)


EVENTS: tuple[EventType, ...] = (
    EventType(
        "events.requested",
        Label("Registration received", "دریافت درخواست ثبت‌نام", "Đã nhận đăng ký"),
        _ALL,
        channels=_LETTER,
        resolve=_resolver(_is_requested),
    ),
    EventType(
        "events.confirmed",
        Label("Place at an event", "قطعی شدن جا در رویداد", "Có chỗ tại sự kiện"),
        _ALL,
        channels=_URGENT,
        resolve=_resolver(_is_confirmed),
    ),
    EventType(
        "events.waiting",
        Label("On the waiting list of an event", "در فهرست انتظار رویداد", "Trong danh sách chờ sự kiện"),
        _ALL,
        channels=_LETTER,
        resolve=_resolver(_is_waiting),
    ),
    EventType(
        "events.unpaid",
        Label("A place is free, and the balance is short", "جا هست و موجودی کافی نیست", "Có chỗ nhưng số dư không đủ"),
        _ALL,
        channels=_URGENT,
        resolve=_resolver(_is_waiting),
    ),
    EventType(
        "events.changed",
        Label("Event moved", "تغییر زمان یا جای رویداد", "Sự kiện thay đổi"),
        _ALL,
        channels=_URGENT,
        resolve=_resolver(_as_it_is),
    ),
    EventType(
        "events.room_lost",
        Label("An event has lost its room", "از دست رفتن جای رویداد", "Sự kiện mất phòng"),
        (*_ALL, _ROOM),
        channels=_URGENT,
        resolve=_resolver(_has_no_room),
    ),
    EventType(
        "events.ended",
        Label("Event or registration cancelled", "لغو رویداد یا ثبت‌نام", "Sự kiện hoặc đăng ký bị hủy"),
        (_EVENT, _STARTS, _ENDS, _WHERE, _WHY, _WHOM, _COST),
        channels=_URGENT,
        resolve=_resolver(_has_ended),
    ),
    EventType(
        "events.reminder",
        Label("Reminder of an event", "یادآوری رویداد", "Nhắc lịch sự kiện"),
        _ALL,
        channels=_URGENT,
        resolve=_resolver(_is_coming),
    ),
    EventType(
        "events.feedback",
        Label("How was it?", "نظر شما دربارهٔ رویداد", "Ý kiến về sự kiện"),
        (_EVENT, _STARTS, _WHERE, _WHOM),
        urgency=Urgency.LATER,
        channels=_LETTER,
        resolve=_resolver(_was_there),
    ),
)


def register() -> None:
    """Make the news known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_requested(one: Registration, *, now: datetime) -> None:
    """It has come in, and the house will answer. Each has `event` loaded, here and below. At most two statements, here and below, and six
    for each organisation for which somebody comes.
    """
    _tell("events.requested", [one], now)


def tell_unpaid(found: Sequence[Registration], *, now: datetime) -> None:
    """There is a place, and they cannot pay for it: once for each turn in the queue."""
    _tell("events.unpaid", found, now, key=lambda one: one.joined_at.isoformat())


def tell_confirmed(found: Sequence[Registration], *, now: datetime) -> None:
    """Who has got a place."""
    _tell("events.confirmed", found, now, key=lambda one: one.joined_at.isoformat())


def tell_waiting(one: Registration, *, now: datetime) -> None:
    """May come, and waits for room: once for each turn in the queue."""
    _tell("events.waiting", [one], now, key=lambda one: one.joined_at.isoformat())


def tell_changed(found: Sequence[Registration], *, now: datetime) -> None:
    """The event is at another time or place."""
    _tell("events.changed", found, now, key=lambda one: str(one.event.revision))


def tell_room_lost(found: Sequence[Registration], *, now: datetime) -> None:
    """A room of the event was taken from it: once, as long as it is not moved."""
    _tell("events.room_lost", found, now, key=lambda one: str(one.event.revision))


def tell_ended(found: Sequence[Registration], *, now: datetime) -> None:
    """Cancelled or refused, and not by who registered."""
    _tell("events.ended", found, now)


def tell_reminder(found: Sequence[Registration], *, now: datetime) -> None:
    """It is nearly time."""
    _tell("events.reminder", found, now, key=lambda one: one.event.starts.isoformat())


def tell_feedback(found: Sequence[Registration], *, now: datetime) -> None:
    """It is over: what did they think of it?"""
    _tell("events.feedback", found, now)


def _tell(
    event: str, found: Sequence[Registration], now: datetime, key: Callable[[Registration], str] = lambda one: ""
) -> None:
    """Have who registered told, whether or not they are a member, and those who speak for the organisation in whose name they did."""
    contacts = {
        number: _contacts(number, now) for number in {one.organisation_id for one in found} if number is not None
    }
    readers = {one.pk: _readers(one, contacts) for one in found}
    members = members_of_accounts(number for listed in readers.values() for number in listed)
    services.tell_many(
        event=event,
        told=[
            Told(
                members.get(account_id), one.event.house_id,
                {"registration": one.pk, "revision": one.event.revision},
                f"{event}:{one.pk}:{key(one)}" + (f":{account_id}" if account_id != one.account_id else ""),
                until=None if event in ("events.ended", "events.feedback") else one.event.ends, account_id=account_id,
            )
            for one in found
            for account_id in readers[one.pk]
        ],
        now=now,
    )  # fmt: skip


def _readers(one: Registration, contacts: Mapping[int, Sequence[int]]) -> list[int]:
    own = [one.account_id] if one.account_id is not None else []
    return list(dict.fromkeys([*own, *contacts.get(one.organisation_id or 0, ())]))


def _contacts(organisation_id: int, now: datetime) -> list[int]:
    """Those who speak for an organisation: by a role at that very one."""
    held = people.roles_at(actor=SYSTEM, organisation_id=organisation_id, now=now)
    return sorted({row.account_id for row in held if row.role in permissions.CONTACTS and row.is_valid(now)})


def _whom(mine: Registration, bodies: Mapping[int, Ref], names: Mapping[int, str], language: str) -> str:
    """For which organisation, and by whom, for letters that colleagues read too; empty for one's own."""
    body = bodies.get(mine.organisation_id or 0)
    if body is None:
        return ""
    who = mine.guest or names.get(mine.account_id or 0, "")
    return f"({body.names.pick(language)}: {who})" if who else f"({body.names.pick(language)})"


def _cost(mine: Registration, units: Mapping[str, Label], language: str) -> str:
    """What it costs as it stands, in words; empty where it costs nothing. A guest pays at the door."""
    each = prices.stored(mine.price_amount, mine.price_currency)
    if each is None or not each.amount:
        return ""
    state = RegistrationState(mine.state)
    if state in (RegistrationState.REQUESTED, RegistrationState.WAITING):
        return _TO_CHARGE.pick(language) % _sum(Money(each.amount * mine.people, each.currency), units, language)
    charged = prices.cost(state, each, mine.people, mine.terms)
    if state not in HOLDING and not charged:
        return _GIVEN_BACK.pick(language) if mine.end_reason != EndReason.NO_PLACE else ""
    said = _CHARGED if state in HOLDING else _STAYS
    plus = " + " if language != "fa" else " و "
    return said.pick(language) % plus.join(_sum(one, units, language) for one in charged)


def _sum(money: Money, units: Mapping[str, Label], language: str) -> str:
    if is_credit(money.currency):
        shown = show_number(money.amount / 100, language, decimals=2 if money.amount % 100 else 0)
        named = units[money.currency].pick(language) if money.currency in units else money.currency
        return f"{shown} × {named}"
    digits = minor_digits(money.currency)
    shown = show_number(money.amount / 10**digits if digits else money.amount, language, decimals=digits)
    return _MONEY[money.currency].pick(language) % shown if money.currency in _MONEY else f"{shown} {money.currency}"


def _why(mine: Registration, language: str) -> str:
    if mine.reason:
        return mine.reason
    if mine.end_reason:
        return END_REASONS[EndReason(mine.end_reason)].pick(language)
    return REGISTRATION_STATES[RegistrationState(mine.state)].pick(language)
