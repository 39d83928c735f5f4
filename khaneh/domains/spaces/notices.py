"""What the domain tells people of. A notice holds the booking's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Told, Urgency, Variable
from khaneh.domains.people.queries.contacts import member_of_account
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.free import alternatives
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.types import BOOKING_STATES, END_REASONS, BookingState, EndReason, SpaceRow
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


def _resolver(holds: Callable[[Booking, Mapping[str, Any], datetime], bool], *, offers: bool = False) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Booking.objects.in_bulk([one["booking"] for one in facts])
        spaces = by_ids({one.space_id for one in found.values()})
        items: _Items = []
        for one in facts:
            booking = found.get(one["booking"])
            if booking is None or not holds(booking, one, now):
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
                }
            )
        return items

    return resolve


def _is_confirmed(booking: Booking, facts: Mapping[str, Any], now: datetime) -> bool:
    return booking.state == BookingState.CONFIRMED and booking.revision == facts["revision"]


def _has_ended(booking: Booking, facts: Mapping[str, Any], now: datetime) -> bool:
    return booking.ended_at is not None


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


def tell_series(bookings: Sequence[Booking], *, now: datetime) -> None:
    """Many of one person are confirmed: one letter. At most two statements."""
    _tell("spaces.confirmed", [one for one in bookings if one.state == BookingState.CONFIRMED], now)


def tell_changed(booking: Booking, *, now: datetime) -> None:
    """The desk has moved a booking. At most two statements."""
    _tell("spaces.changed", [booking], now, until=booking.ends)


def tell_ended(booking: Booking, *, now: datetime) -> None:
    """A booking ended, and not by who booked. At most two statements."""
    _tell("spaces.ended", [booking], now)


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
        told=[
            Told(
                member_id, one.house_id, {"booking": one.pk, "revision": one.revision}, f"{event}:{one.pk}:{one.revision}",
                until=until, account_id=account_id,
            )
            for one in bookings
        ],
        now=now,
    )  # fmt: skip


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
    return ("، " if language[:2] == "fa" else ", ").join(_named(one, language) for one in found)
