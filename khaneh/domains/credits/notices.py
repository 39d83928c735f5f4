"""What the domain tells people of. A notice holds the work's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.credits.models import Work
from khaneh.domains.credits.types import WORK_KINDS, WorkState
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import EventType, Kind, Urgency, Variable
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]

_KIND = Variable("work", Label("Work", "کار", "Công việc"), Kind.TEXT, WORK_KINDS["mentoring"])
_DAY = Variable("day", Label("Day", "روز", "Ngày"), Kind.DAY, "2026-03-03")
_UNIT = Variable("credit", Label("Credit", "اعتبار", "Điểm"), Kind.TEXT, Label("Desk hours", "ساعت میز", "Giờ bàn"))
_HUNDREDTHS = Variable("amount", Label("Earned", "دستاورد", "Số nhận được"), Kind.TEXT, "1.50")
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, Label("Not agreed", "توافق نشده", "Chưa thỏa thuận"))


def _resolver(state: WorkState) -> Callable[[Sequence[Mapping[str, Any]], str, datetime], _Items]:
    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Work.objects.select_related("entry", "unit").in_bulk([one["work"] for one in facts])
        items: _Items = []
        for one in facts:
            work = found.get(one["work"])
            if work is None or work.state != state:
                items.append(None)
                continue
            items.append(
                {
                    "work": WORK_KINDS[work.kind].pick(language),
                    "day": work.done_on.isoformat(),
                    "credit": Label.from_dict(work.unit.names).pick(language),
                    "amount": show_number(work.entry.amount / 100, language, decimals=2) if work.entry else "",
                    "why": work.reason,
                }
            )
        return items

    return resolve


EVENTS: tuple[EventType, ...] = (
    EventType(
        "credits.earned",
        Label("Work confirmed", "تأیید کار", "Đã xác nhận công việc"),
        (_KIND, _DAY, _HUNDREDTHS, _UNIT),
        urgency=Urgency.LATER,
        resolve=_resolver(WorkState.CONFIRMED),
    ),
    EventType(
        "credits.rejected",
        Label("Work not accepted", "پذیرفته نشدن کار", "Công việc không được chấp nhận"),
        (_KIND, _DAY, _WHY),
        resolve=_resolver(WorkState.REJECTED),
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_earned(*, work_id: int, account_id: int | None, house_id: int, now: datetime) -> None:
    """Somebody's work was confirmed. At most two statements."""
    _tell("credits.earned", work_id, account_id, house_id, now)


def tell_rejected(*, work_id: int, account_id: int | None, house_id: int, now: datetime) -> None:
    """Somebody's work earns nothing. At most two statements."""
    _tell("credits.rejected", work_id, account_id, house_id, now)


def _tell(event: str, work_id: int, account_id: int | None, house_id: int, now: datetime) -> None:
    if account_id is not None:
        services.tell_account(
            event=event, account_id=account_id, house_id=house_id, facts={"work": work_id}, key=f"{event}:{work_id}",
            now=now,
        )  # fmt: skip
