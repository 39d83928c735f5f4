"""What the domain tells people of. A notice holds the booking's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Told, Urgency, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.contacts import member_of_account, members_of_accounts
from khaneh.domains.spaces.models import Booking, BookingPerson, Waiting, WaitingPerson
from khaneh.domains.spaces.queries.free import alternatives
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    END_REASONS,
    OPEN_BOOKINGS,
    SPACE_KINDS,
    BookingState,
    EndReason,
    SpaceRow,
    WaitingState,
)
from khaneh.domains.spaces.types import Channel as BookedBy
from khaneh.infrastructure import db
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})
# For these the house owes who booked another place.
_OWED = (EndReason.CLOSED.value, EndReason.TAKEN.value)

_SPACE = Variable(
    "space", Label("Space", "فضا", "Địa điểm"), Kind.TEXT, Label("Laser cutter", "برش لیزری", "Máy cắt laser")
)
_STARTS = Variable("starts", Label("From", "از", "Từ"), Kind.INSTANT, "2026-03-03T06:30:00Z")
_ENDS = Variable("ends", Label("Until", "تا", "Đến"), Kind.INSTANT, "2026-03-03T08:30:00Z")
_CODE = Variable("code", Label("Code", "کد", "Mã"), Kind.TEXT, "412907")
_HOW = Variable(
    "instructions", Label("How to get in", "راهنمای ورود", "Hướng dẫn"), Kind.TEXT,
    Label("Ask at the desk for the key.", "کلید را از میز بگیرید.", "Lấy chìa khóa tại quầy."),
)  # fmt: skip
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.CLOSED])
_INSTEAD = Variable(
    "instead", Label("Free at that time", "فضاهای آزاد در همان زمان", "Chỗ trống cùng giờ"), Kind.TEXT,
    Label("Laser cutter 2 (Branch)", "برش لیزری ۲ (شعبه)", "Máy cắt laser 2 (Chi nhánh)"),
)  # fmt: skip
_ANSWER_BY = Variable("until", Label("Answer by", "مهلت پاسخ", "Trả lời trước"), Kind.INSTANT, "2026-03-02T12:00:00Z")
_WHO = Variable(
    "who",
    Label("Who booked", "رزروکننده", "Người đặt"),
    Kind.TEXT,
    Label("Sara Ahmadi", "سارا احمدی", "Nguyễn Thị Hoa"),
)
_PERSON = Variable(
    "person", Label("Who does not come", "کسی که نمی‌آید", "Người không đến"), Kind.TEXT,
    Label("Reza Karimi", "رضا کریمی", "Trần Văn Nam"),
)  # fmt: skip


def _resolver(
    holds: Callable[[Booking, Mapping[str, Any], datetime], bool],
    *,
    offers: bool = False,
    group: bool = False,
    left: bool = False,
) -> Any:
    """Fills a notice's variables; what does not hold any more is not told. `group`: it is about somebody who is named, or (`left`) withdrew."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Booking.objects.in_bulk([one["booking"] for one in facts])
        spaces = by_ids({one.space_id for one in found.values()})
        bookers = people.account_names(one.account_id for one in found.values()) if group else {}
        persons = BookingPerson.objects.in_bulk([one["person"] for one in facts]) if group else {}
        items: _Items = []
        for one in facts:
            booking = found.get(one["booking"])
            person = persons.get(one["person"]) if group else None
            if (
                booking is None
                or not holds(booking, one, now)
                or (group and (person is None or (person.left_at is None) is left))
            ):
                items.append(None)
                continue
            space = spaces[booking.space_id]
            instead = _instead(booking, space, language, now) if offers and booking.end_reason in _OWED else ""
            items.append(
                {
                    "space": _named(space, language),
                    "starts": booking.starts.isoformat(),
                    "ends": booking.ends.isoformat(),
                    "code": booking.code,
                    "instructions": space.instructions.pick(language),
                    "why": _why(booking, language),
                    "instead": instead,
                    "until": booking.held_until.isoformat() if booking.held_until else None,
                    "who": bookers.get(booking.account_id or 0, ""),
                    "person": person.name if person is not None else "",
                }
            )
        return items

    return resolve


def _waiting_resolver(*, full: bool) -> Any:
    """Fills what is said of a group that waits. `full`: of persons whose limits are, whom it concerns while they are named; else of who left."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        entries = Waiting.objects.in_bulk([one["waiting"] for one in facts])
        spaces = by_ids({one.space_id for one in entries.values() if one.space_id is not None})
        houses = network.house_refs({one.house_id for one in entries.values()})
        waits = people.account_names(one.account_id for one in entries.values())
        persons = WaitingPerson.objects.in_bulk({number for one in facts for number in one["persons"]})
        items: _Items = []
        for one in facts:
            entry = entries.get(one["waiting"])
            named = [persons[number] for number in one["persons"] if number in persons]
            names = [each.name for each in named if (each.left_at is None) is full]
            if entry is None or entry.state != WaitingState.WAITING or entry.last <= now or not names:
                items.append(None)
                continue
            kind = f"{SPACE_KINDS[entry.kind].pick(language)} ({houses[entry.house_id].names.pick(language)})"
            what = _named(spaces[entry.space_id], language) if entry.space_id is not None else kind
            items.append(
                {
                    "space": what, "starts": entry.first.isoformat(), "ends": entry.last.isoformat(),
                    "who": waits.get(entry.account_id or 0, ""), "person": _listed(names, language),
                }
            )  # fmt: skip
        return items

    return resolve


def _is_confirmed(booking: Booking, facts: Mapping[str, Any], now: datetime) -> bool:
    return booking.state == BookingState.CONFIRMED and booking.revision == facts["revision"]


def _has_ended(booking: Booking, facts: Mapping[str, Any], now: datetime) -> bool:
    return booking.ended_at is not None


def _is_open(booking: Booking, facts: Mapping[str, Any], now: datetime) -> bool:
    return booking.state in OPEN_BOOKINGS and booking.ends > now


def _is_offered(booking: Booking, facts: Mapping[str, Any], now: datetime) -> bool:
    return booking.state == BookingState.TENTATIVE and booking.held_until is not None and booking.held_until > now


EVENTS: tuple[EventType, ...] = (
    EventType(
        "spaces.confirmed",
        Label("Booking confirmed", "قطعی شدن رزرو", "Xác nhận đặt chỗ"),
        (_SPACE, _STARTS, _ENDS, _CODE, _HOW),
        channels=_LETTER,
        resolve=_resolver(_is_confirmed),
    ),
    EventType(
        "spaces.changed",
        Label("Booking changed by the house", "تغییر رزرو از سوی خانه", "Cơ sở thay đổi lịch đặt"),
        (_SPACE, _STARTS, _ENDS, _CODE, _HOW),
        channels=_URGENT,
        resolve=_resolver(_is_confirmed),
    ),
    EventType(
        "spaces.ended",
        Label("Booking cancelled or refused", "لغو یا رد رزرو", "Lịch đặt bị hủy hoặc từ chối"),
        (_SPACE, _STARTS, _ENDS, _WHY, _INSTEAD),
        channels=_URGENT,
        resolve=_resolver(_has_ended, offers=True),
    ),
    EventType(
        "spaces.offered",
        Label("A place became free", "جایی آزاد شد", "Có chỗ trống"),
        (_SPACE, _STARTS, _ENDS, _ANSWER_BY),
        urgency=Urgency.NOW,
        channels=_URGENT,
        resolve=_resolver(_is_offered),
    ),
    EventType(
        "spaces.named",
        Label("Named for a group", "همراهی در رزرو گروهی", "Được ghi tên vào nhóm"),
        (_SPACE, _STARTS, _ENDS, _WHO),
        channels=_LETTER,
        resolve=_resolver(_is_open, group=True),
    ),
    EventType(
        "spaces.withdrawn",
        Label("Somebody of the group does not come", "انصراف یکی از همراهان", "Một người trong nhóm không đến"),
        (_SPACE, _STARTS, _ENDS, _PERSON),
        channels=_LETTER,
        resolve=_resolver(_is_open, group=True, left=True),
    ),
    EventType(
        "spaces.group_full",
        Label(
            "A group on the waiting list has to change",
            "گروه در فهرست انتظار باید تغییر کند",
            "Nhóm đang chờ cần thay đổi",
        ),
        (_SPACE, _STARTS, _ENDS, _PERSON),
        channels=_LETTER,
        resolve=_waiting_resolver(full=True),
    ),
    EventType(
        "spaces.group_left",
        Label(
            "Somebody left a group on the waiting list", "خروج از گروه در فهرست انتظار", "Một người rời nhóm đang chờ"
        ),
        (_SPACE, _STARTS, _ENDS, _PERSON),
        channels=_LETTER,
        resolve=_waiting_resolver(full=False),
    ),
    EventType(
        "spaces.own_limit",
        Label(
            "A group waits because of one's own limit", "گروه به‌خاطر سقف شما منتظر است", "Nhóm chờ vì hạn mức của bạn"
        ),
        (_SPACE, _STARTS, _ENDS, _WHO),
        channels=_LETTER,
        resolve=_waiting_resolver(full=True),
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_booked(booking: Booking, *, now: datetime) -> None:
    """A booking is confirmed; a request is told of when it is answered. At most two statements."""
    if booking.state == BookingState.CONFIRMED:
        _tell("spaces.confirmed", [booking], now, until=booking.ends)


def confirmed(
    booking_id: int, *, account_id: int, member_id: int | None, house_id: int, ends: datetime, now: datetime
) -> db.Write:
    """The same of a booking that is made at this moment, as a part of `db.write`."""
    told = _told("spaces.confirmed", booking_id, 0, house_id, account_id, member_id, ends)
    return services.telling(event="spaces.confirmed", told=told, now=now)


def tell_series(bookings: Sequence[Booking], *, now: datetime) -> None:
    """Many of one person are confirmed: one letter. At most two statements."""
    _tell("spaces.confirmed", [one for one in bookings if one.state == BookingState.CONFIRMED], now)


def tell_changed(booking: Booking, *, now: datetime) -> None:
    """The desk has moved a booking. At most two statements."""
    _tell("spaces.changed", [booking], now, until=booking.ends)


def tell_ended(booking: Booking, *, now: datetime) -> None:
    """A booking ended, and not by who booked. At most two statements.

    What the program has booked for something of its own (a meeting of a course) is told of by that, to everybody whom it concerns.
    """
    if booking.channel != BookedBy.SYSTEM.value or booking.waiting_id is not None:
        _tell("spaces.ended", [booking], now)


def tell_group(*booking_ids: int, now: datetime, ended: bool = False) -> None:
    """Those who are named for bookings are told of them as they are, or that they ended. Three statements."""
    rows = list(
        BookingPerson.objects.filter(booking_id__in=booking_ids, account__isnull=False, left_at=None).select_related(
            "booking"
        )
    )
    members = members_of_accounts(one.account_id for one in rows if one.account_id is not None)
    event = "spaces.ended" if ended else "spaces.named"
    services.tell_many(
        event=event,
        told=[
            Told(
                members.get(one.account_id or 0), one.booking.house_id, {"booking": one.booking_id, "person": one.pk},
                f"{event}:{one.booking_id}:{one.booking.revision}:person:{one.pk}", until=None if ended else one.booking.ends,
                account_id=one.account_id,
            )
            for one in rows
        ],
        now=now,
    )  # fmt: skip


def tell_withdrawn(person: BookingPerson, booking: Booking, *, now: datetime) -> None:
    """Who booked is told that somebody of the group does not come. Two statements."""
    if booking.account_id is not None:
        services.tell_account(
            event="spaces.withdrawn", account_id=booking.account_id, house_id=booking.house_id,
            facts={"booking": booking.pk, "person": person.pk}, key=f"spaces.withdrawn:{person.pk}", now=now,
            until=booking.ends,
        )  # fmt: skip


def tell_over_limit(entry: Waiting, persons: Sequence[WaitingPerson], *, now: datetime) -> None:
    """Who waits is told for whom of the group there is no room in their own limits, and each of these too: once, until others are named."""
    numbers = [one.pk for one in persons]
    _tell_waiting("spaces.group_full", entry, entry.account_id, numbers, now)
    for one in persons:
        _tell_waiting("spaces.own_limit", entry, one.account_id, [one.pk], now)


def tell_left(entry: Waiting, person: WaitingPerson, *, now: datetime) -> None:
    """Who waits is told that somebody left the group. Two statements."""
    _tell_waiting("spaces.group_left", entry, entry.account_id, [person.pk], now)


def _tell_waiting(event: str, entry: Waiting, account_id: int | None, persons: Sequence[int], now: datetime) -> None:
    if account_id is not None:
        services.tell_account(
            event=event, account_id=account_id, house_id=entry.house_id, now=now, until=entry.last,
            facts={"waiting": entry.pk, "persons": list(persons)},
            key=f"{event}:{entry.pk}:{'.'.join(map(str, persons))}",
        )  # fmt: skip


def tell_offered(bookings: Sequence[Booking], *, now: datetime) -> None:
    """Places are kept for somebody who waits. At most two statements."""
    _tell("spaces.offered", bookings, now, until=bookings[0].held_until)


def _tell(event: str, bookings: Sequence[Booking], now: datetime, until: datetime | None = None) -> None:
    account_id = bookings[0].account_id if bookings else None
    if account_id is None:
        return
    member_id = member_of_account(account_id)
    services.tell_many(
        event=event,
        told=[_told(event, one.pk, one.revision, one.house_id, account_id, member_id, until) for one in bookings],
        now=now,
    )


def _told(
    event: str, booking_id: int, revision: int, house_id: int, account_id: int, member_id: int | None, until: datetime | None
) -> Told:  # fmt: skip
    facts = {"booking": booking_id, "revision": revision}
    return Told(member_id, house_id, facts, f"{event}:{booking_id}:{revision}", until=until, account_id=account_id)


def _named(space: SpaceRow, language: str) -> str:
    return f"{space.names.pick(language)} ({space.house.names.pick(language)})"


def _why(booking: Booking, language: str) -> str:
    if booking.reason:
        return booking.reason
    if booking.end_reason:
        return END_REASONS[EndReason(booking.end_reason)].pick(language)
    return BOOKING_STATES[BookingState(booking.state)].pick(language)


def _instead(booking: Booking, space: SpaceRow, language: str, now: datetime) -> str:
    """What else is free then, looked up when the letter is written."""
    if booking.starts <= now:
        return ""
    found = alternatives(space, booking.starts, booking.ends, now=now)
    return _listed((_named(one, language) for one in found), language)


def _listed(words: Iterable[str], language: str) -> str:
    return ("، " if language[:2] == "fa" else ", ").join(words)
