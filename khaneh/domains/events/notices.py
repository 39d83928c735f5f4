"""What the domain tells people of. A notice holds the registration's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.events.models import Registration
from khaneh.domains.events.queries.rows import by_ids
from khaneh.domains.events.types import (
    END_REASONS,
    REGISTRATION_STATES,
    EndReason,
    EventRow,
    EventState,
    RegistrationState,
)
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Told, Urgency, Variable
from khaneh.domains.people.queries.contacts import members_of_accounts
from khaneh.domains.spaces.types import BookingState
from khaneh.kernel.labels import Label

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
_MEETING = Variable(
    "meeting", Label("Meeting point", "محل گردهمایی", "Điểm tập trung"), Kind.TEXT,
    Label("Main gate, 7:30", "درِ اصلی، ۷:۳۰", "Cổng chính, 7:30"),
)  # fmt: skip
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.EVENT])
_ALL = (_EVENT, _STARTS, _ENDS, _WHERE, _PEOPLE, _CODE, _ONLINE, _MEETING)

Holds = Callable[[Registration, EventRow, Mapping[str, Any], datetime], bool]


def _resolver(holds: Holds) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Registration.objects.in_bulk([one["registration"] for one in facts])
        events = by_ids({one.event_id for one in found.values()})
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
                    "people": mine.people,
                    "code": mine.code,
                    "online": event.online_url,
                    "meeting": first.meeting.pick(language) if first is not None else "",
                    "why": _why(mine, language),
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


def _is_confirmed(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.CONFIRMED and event.ends > now


def _is_coming(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.CONFIRMED and event.starts > now and event.revision == facts["revision"]


def _as_it_is(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    open_ = mine.state in (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.REQUESTED)
    return open_ and event.revision == facts["revision"]


def _is_waiting(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state == RegistrationState.WAITING and event.starts > now


def _has_ended(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return mine.state in (RegistrationState.CANCELLED, RegistrationState.REFUSED)


def _was_there(mine: Registration, event: EventRow, facts: Mapping[str, Any], now: datetime) -> bool:
    return event.state is EventState.HELD and mine.state in (RegistrationState.ATTENDED, RegistrationState.CONFIRMED)


EVENTS: tuple[EventType, ...] = (
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
        "events.changed",
        Label("Event moved", "تغییر زمان یا جای رویداد", "Sự kiện thay đổi"),
        _ALL,
        channels=_URGENT,
        resolve=_resolver(_as_it_is),
    ),
    EventType(
        "events.ended",
        Label("Event or registration cancelled", "لغو رویداد یا ثبت‌نام", "Sự kiện hoặc đăng ký bị hủy"),
        (_EVENT, _STARTS, _ENDS, _WHERE, _WHY),
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
        (_EVENT, _STARTS, _WHERE),
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


def tell_confirmed(found: Sequence[Registration], *, now: datetime) -> None:
    """Who has got a place. Each has `event` loaded, here and below. At most two statements, here and below."""
    _tell("events.confirmed", found, now, key=lambda one: one.joined_at.isoformat())


def tell_waiting(one: Registration, *, now: datetime) -> None:
    """May come, and waits for room."""
    _tell("events.waiting", [one], now)


def tell_changed(found: Sequence[Registration], *, now: datetime) -> None:
    """The event is at another time or place."""
    _tell("events.changed", found, now, key=lambda one: str(one.event.revision))


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
    members = members_of_accounts(one.account_id for one in found if one.account_id is not None)
    services.tell_many(
        event=event,
        told=[
            Told(
                members[one.account_id], one.event.house_id,
                {"registration": one.pk, "revision": one.event.revision}, f"{event}:{one.pk}:{key(one)}",
                until=None if event in ("events.ended", "events.feedback") else one.event.ends,
            )
            for one in found
            if one.account_id in members
        ],
        now=now,
    )  # fmt: skip


def _why(mine: Registration, language: str) -> str:
    if mine.reason:
        return mine.reason
    if mine.end_reason:
        return END_REASONS[EndReason(mine.end_reason)].pick(language)
    return REGISTRATION_STATES[RegistrationState(mine.state)].pick(language)
