"""What the domain tells people of. A notice holds numbers; what it says is looked up when it is written. Letters themselves wait in the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationRow, Part
from khaneh.domains.selection.models import Review, Reviewer, Round
from khaneh.domains.selection.permissions import OFFICERS
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})

_CALL = Variable(
    "call", Label("Call", "فراخوان", "Đợt tuyển"), Kind.TEXT,
    Label("Water and soil 2026", "آب و خاک ۱۴۰۵", "Nước và đất 2026"),
)  # fmt: skip
_TITLE = Variable(
    "title", Label("Plan", "طرح", "Kế hoạch"), Kind.TEXT,
    Label("Drip irrigation from recycled parts", "آبیاری قطره‌ای با قطعه‌های بازیافتی", "Tưới nhỏ giọt từ vật liệu tái chế"),
)  # fmt: skip


def _resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> list[Mapping[str, Any] | None]:
    """Fills a notice's variables; what is gone is not told. A reviewer's notice has no title: it is confidential until they have declared."""
    calls = programmes.calls_by_ids(one["call"] for one in facts)
    rows = programmes.applications_by_ids(one["application"] for one in facts if one.get("application"))
    return [
        {
            "call": calls[one["call"]].names.pick(language),
            "title": rows[one["application"]].title if one.get("application") in rows else "",
        }
        if one["call"] in calls
        else None
        for one in facts
    ]


EVENTS: tuple[EventType, ...] = (
    EventType(
        "selection.review_assigned",
        Label("An application to judge", "درخواستی برای داوری", "Có hồ sơ cần chấm"),
        (_CALL,),
        channels=_LETTER,
        resolve=_resolve,
    ),
    EventType(
        "selection.review_conflicted",
        Label(
            "A review that ended with a conflict of interest",
            "پایان داوری به سبب تعارض منافع",
            "Thôi chấm vì xung đột lợi ích",
        ),
        (_CALL, _TITLE),
        channels=_LETTER,
        resolve=_resolve,
    ),
    EventType(
        "selection.letter",
        Label("A letter about my application", "نامه‌ای دربارهٔ درخواست من", "Thư về hồ sơ của tôi"),
        (_CALL, _TITLE),
        channels=_URGENT,
        resolve=_resolve,
    ),
    EventType(
        "selection.appealed",
        Label("An appeal to answer", "اعتراضی برای پاسخ", "Có khiếu nại cần trả lời"),
        (_CALL, _TITLE),
        channels=_LETTER,
        resolve=_resolve,
    ),
    EventType(
        "selection.signed",
        Label("A contract was signed", "امضای قرارداد", "Hợp đồng đã được ký"),
        (_CALL, _TITLE),
        channels=_LETTER,
        resolve=_resolve,
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_reviewer(event: str, review: Review, reviewer: Reviewer, found: Round, *, now: datetime) -> None:
    """Tell a reviewer of one review; nothing confidential is in it. Two statements."""
    if reviewer.account_id is not None:
        key = f"{event}:{review.pk}:{now.isoformat()}"
        _tell(event, [reviewer.account_id], found, {"call": found.call_id}, key, now)


def tell_applicants(event: str, found: Round, row: ApplicationRow, *, now: datetime, key: str) -> None:
    """Tell everybody who writes an application. Two statements for each, and two."""
    team = programmes.teams_of([row.id]).get(row.id, [])
    who = {one.account_id for one in team if one.account_id is not None and one.part is not Part.READER}
    facts = {"call": found.call_id, "application": row.id}
    _tell(event, sorted(who), found, facts, f"{event}:{row.id}:{key}", now)


def tell_officers(event: str, review: Review, *, now: datetime) -> None:
    """Tell those who run the call of what became of a review."""
    tell_officers_of_application(event, review.round, review.application_id, now=now, key=f"review:{review.pk}")


def tell_officers_of_application(event: str, found: Round, application_id: int, *, now: datetime, key: str) -> None:
    """Tell those who run the call of something that waits. Six statements, and two for each of them."""
    held = people.roles_at(actor=SYSTEM, house_id=found.house_id, now=now)
    who = sorted({row.account_id for row in held if row.role in OFFICERS and row.is_valid(now)})
    _tell(event, who, found, {"call": found.call_id, "application": application_id}, f"{event}:{key}", now)


def _tell(event: str, accounts: Iterable[int], found: Round, facts: Mapping[str, Any], key: str, now: datetime) -> None:
    for account_id in accounts:
        services.tell_account(
            event=event, account_id=account_id, house_id=found.house_id, facts=facts, key=f"{key}:{account_id}", now=now
        )
