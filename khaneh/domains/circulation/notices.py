"""What circulation tells people of: its events, how each is filled at the moment of writing, and the acts' one-line calls.

A notice holds numbers (`{"loan": 7}`); titles are looked up when the message is written, and what is settled by then is not told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.circulation.queries import telling
from khaneh.domains.circulation.types import FEE_KINDS, FeeKind, LoanState, RequestState
from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Told, Urgency, Variable
from khaneh.domains.people.queries.contacts import membership_ends
from khaneh.kernel.labels import Label

_Facts = Sequence[Mapping[str, Any]]
_Items = list[Mapping[str, Any] | None]

# Days after the day it was due on which the first, second and third reminder is written.
OVERDUE_DAYS = (1, 7, 21)
# Days before: due soon; membership ending.
DUE_SOON_DAYS = 2
ENDING_DAYS = 14

_UNTITLED = Label("(no title)", "(بدون عنوان)", "(không có nhan đề)")
_UNFILLED = Label("it could not be filled", "برآوردن آن ممکن نشد", "không thể đáp ứng")
_WHY_ENDED: Mapping[str, Label] = {
    "waited_too_long": Label(
        "no copy could be found in time", "نسخه‌ای به‌موقع پیدا نشد", "không tìm được bản nào kịp thời"
    ),
    "not_collected": Label("it was not collected in time", "به‌موقع دریافت نشد", "không được nhận kịp thời"),
    "cancelled": Label("the library cancelled it", "کتابخانه آن را لغو کرد", "thư viện đã hủy"),
}

_TITLE = Variable(
    "title", Label("Title", "عنوان", "Nhan đề"), Kind.TEXT, Label("The Blind Owl", "بوف کور", "Truyện Kiều")
)
_DUE = Variable("due", Label("Due on", "موعد بازگشت", "Hạn trả"), Kind.DAY, "2026-03-20")
_LATE = Variable("days", Label("Days late", "روزهای دیرکرد", "Số ngày quá hạn"), Kind.NUMBER, 7)
_UNTIL = Variable("until", Label("Kept until", "نگه‌داری تا", "Giữ đến"), Kind.DAY, "2026-03-12")
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, _WHY_ENDED["waited_too_long"])
_ENDS = Variable("ends", Label("Ends on", "پایان عضویت", "Hết hạn ngày"), Kind.DAY, "2026-03-20")
_AMOUNT = Variable("amount", Label("Amount", "مبلغ", "Số tiền"), Kind.MONEY, {"amount": 50_000, "currency": "IRR"})
_FEE = Variable("fee", Label("For what", "بابت", "Khoản"), Kind.TEXT, FEE_KINDS[FeeKind.OVERDUE])

_MORE_SAMPLES: tuple[Mapping[str, Any], ...] = (
    {},
    {"title": Label("بوف کور", "The Old Man and the Sea", "Bông hồng vàng"), "due": "2026-03-21"},
)
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})


def _loans(facts: _Facts, language: str, now: datetime) -> list[tuple[Mapping[str, Any], telling.TellableLoan | None]]:
    found = telling.tellable_loans(one["loan"] for one in facts)
    return [(one, found.get(one["loan"])) for one in facts]


def _loan_item(loan: telling.TellableLoan, language: str) -> dict[str, Any]:
    return {"title": loan.title or _UNTITLED.pick(language), "due": _day(loan.house_id, loan.due_at)}


def _due_soon(facts: _Facts, language: str, now: datetime) -> _Items:
    """Loans that are open and still due on the day that was told."""
    return [
        _loan_item(loan, language)
        if loan is not None and loan.state is LoanState.OPEN and _day(loan.house_id, loan.due_at) == one["due"]
        else None
        for one, loan in _loans(facts, language, now)
    ]


def _overdue(facts: _Facts, language: str, now: datetime) -> _Items:
    """Loans that are open and late, with the days since the one they were due on."""
    items: _Items = []
    for _, loan in _loans(facts, language, now):
        if loan is None or loan.state is not LoanState.OPEN or loan.due_at > now:
            items.append(None)
            continue
        zone = _zone(loan.house_id)
        late = (now.astimezone(zone).date() - loan.due_at.astimezone(zone).date()).days
        items.append({**_loan_item(loan, language), "days": late})
    return items


def _lent(facts: _Facts, language: str, now: datetime) -> _Items:
    return [
        _loan_item(loan, language) if loan is not None and loan.state is LoanState.OPEN else None
        for _, loan in _loans(facts, language, now)
    ]


def _ready(facts: _Facts, language: str, now: datetime) -> _Items:
    found = telling.tellable_requests(one["request"] for one in facts)
    items: _Items = []
    for one in facts:
        request = found.get(one["request"])
        if request is None or request.state is not RequestState.ON_SHELF or request.shelf_until is None:
            items.append(None)
        else:
            items.append(
                {
                    "title": request.title or _UNTITLED.pick(language),
                    "until": _day(request.house_id, request.shelf_until),
                }
            )
    return items


def _ended(state: RequestState) -> Any:
    def resolve(facts: _Facts, language: str, now: datetime) -> _Items:
        found = telling.tellable_requests(one["request"] for one in facts)
        items: _Items = []
        for one in facts:
            request = found.get(one["request"])
            if request is None or request.state is not state:
                items.append(None)
                continue
            why = _WHY_ENDED.get(request.end_reason, _UNFILLED)
            items.append({"title": request.title or _UNTITLED.pick(language), "why": why.pick(language)})
        return items

    return resolve


def _ending(facts: _Facts, language: str, now: datetime) -> _Items:
    ends = membership_ends(one["member"] for one in facts)
    return [
        {"ends": one["ends"]} if (day := ends.get(one["member"])) and day.isoformat() == one["ends"] else None
        for one in facts
    ]


def _charged(facts: _Facts, language: str, now: datetime) -> _Items:
    found = telling.tellable_fees(one["entry"] for one in facts)
    return [
        {
            "fee": FEE_KINDS[FeeKind(found[one["entry"]][0])].pick(language),
            "amount": {"amount": found[one["entry"]][1], "currency": found[one["entry"]][2]},
        }
        if one["entry"] in found
        else None
        for one in facts
    ]


def _overdue_event(number: int, label: Label, channels: frozenset[Channel]) -> EventType:
    return EventType(
        f"circulation.overdue_{number}", label, (_TITLE, _DUE, _LATE), channels=channels, resolve=_overdue,
        samples=_MORE_SAMPLES,
    )  # fmt: skip


EVENTS: tuple[EventType, ...] = (
    EventType(
        "circulation.due_soon",
        Label("Due soon", "نزدیک شدن موعد بازگشت", "Sắp đến hạn trả"),
        (_TITLE, _DUE),
        channels=_LETTER,
        resolve=_due_soon,
        samples=_MORE_SAMPLES,
    ),
    _overdue_event(1, Label("Overdue, first reminder", "دیرکرد، یادآوری نخست", "Quá hạn, nhắc lần 1"), _LETTER),
    _overdue_event(2, Label("Overdue, second reminder", "دیرکرد، یادآوری دوم", "Quá hạn, nhắc lần 2"), _LETTER),
    _overdue_event(3, Label("Overdue, third reminder", "دیرکرد، یادآوری سوم", "Quá hạn, nhắc lần 3"), _URGENT),
    EventType(
        "circulation.ready",
        Label("Ready to collect", "آمادهٔ دریافت", "Sẵn sàng để nhận"),
        (_TITLE, _UNTIL),
        channels=_URGENT,
        resolve=_ready,
        samples=_MORE_SAMPLES,
    ),
    EventType(
        "circulation.request_expired",
        Label("Request expired", "پایان مهلت درخواست", "Yêu cầu hết hạn"),
        (_TITLE, _WHY),
        urgency=Urgency.LATER,
        channels=_LETTER,
        resolve=_ended(RequestState.EXPIRED),
        samples=_MORE_SAMPLES,
    ),
    EventType(
        "circulation.request_cancelled",
        Label("Request cancelled by the library", "لغو درخواست از سوی کتابخانه", "Thư viện hủy yêu cầu"),
        (_TITLE, _WHY),
        urgency=Urgency.LATER,
        channels=_LETTER,
        resolve=_ended(RequestState.CANCELLED),
        samples=({"why": _WHY_ENDED["cancelled"]},),
    ),
    EventType(
        "circulation.membership_ending",
        Label("Membership ending", "پایان عضویت", "Thẻ sắp hết hạn"),
        (_ENDS,),
        urgency=Urgency.LATER,
        channels=_LETTER,
        resolve=_ending,
    ),
    EventType(
        "circulation.receipt",
        Label("Receipt of a loan", "رسید امانت", "Biên nhận mượn"),
        (_TITLE, _DUE),
        urgency=Urgency.NOW,
        channels=frozenset(),
        resolve=_lent,
        samples=_MORE_SAMPLES,
    ),
    EventType(
        "circulation.receipt_asked",
        Label(
            "Receipt asked for at the self-check",
            "رسیدی که در امانت خودکار خواسته شد",
            "Biên nhận yêu cầu tại máy tự mượn",
        ),
        (_TITLE, _DUE),
        urgency=Urgency.NOW,
        channels=_LETTER,
        resolve=_lent,
        samples=_MORE_SAMPLES,
    ),
    EventType(
        "circulation.fee",
        Label("Fee charged", "ثبت هزینه", "Phát sinh khoản phải trả"),
        (_FEE, _AMOUNT),
        urgency=Urgency.LATER,
        channels=_LETTER,
        resolve=_charged,
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        # A receipt says the same, whoever asked for it.
        registry.register(event, registry.read_texts(folder, event.code.removesuffix("_asked")))


def tell_ready(*, request_id: int, house_id: int, until: datetime, now: datetime) -> None:
    """A copy stands on the hold shelf for its reader. Two statements."""
    member_id = telling.reader_of(request_id)
    if member_id is not None:
        services.tell(
            event="circulation.ready", member_id=member_id, house_id=house_id, facts={"request": request_id},
            key=f"ready:{request_id}:{now:%Y-%m-%d}", now=now, until=until,
        )  # fmt: skip


def tell_expiring(*, now: datetime) -> int:
    """Tell the readers whose requests are about to expire for having waited too long; to be called before they do. Two statements."""
    return services.tell_many(
        event="circulation.request_expired",
        told=[
            Told(member, house, {"request": request}, f"request_expired:{request}")
            for request, member, house in telling.expiring_requests(now=now)
        ],
        now=now,
    )


def tell_not_collected(*, request_id: int, member_id: int, house_id: int, now: datetime) -> None:
    """A request ends because nobody came for the copy. One statement."""
    services.tell(
        event="circulation.request_expired", member_id=member_id, house_id=house_id, facts={"request": request_id},
        key=f"request_expired:{request_id}", now=now,
    )  # fmt: skip


def tell_cancelled(*, request_id: int, member_id: int, house_id: int, now: datetime) -> None:
    """Staff cancelled somebody's request. One statement."""
    services.tell(
        event="circulation.request_cancelled", member_id=member_id, house_id=house_id, facts={"request": request_id},
        key=f"request_cancelled:{request_id}", now=now,
    )  # fmt: skip


def tell_charged(*, entry_id: int, member_id: int, house_id: int, now: datetime) -> None:
    """A fee was charged. One statement."""
    services.tell(
        event="circulation.fee", member_id=member_id, house_id=house_id, facts={"entry": entry_id},
        key=f"fee:{entry_id}", now=now,
    )  # fmt: skip


def _zone(house_id: int) -> ZoneInfo:
    return ZoneInfo(network.house_facts(house_id).calendar.zone)


def _day(house_id: int, instant: datetime) -> str:
    return instant.astimezone(_zone(house_id)).date().isoformat()
