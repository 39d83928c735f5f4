"""What the domain tells people of. A notice holds the holding's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Urgency, Variable
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.qualifications.types import END_REASONS, EndReason
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]

_NAME = Variable(
    "qualification", Label("Qualification", "صلاحیت", "Chứng nhận"), Kind.TEXT,
    Label("Laser cutter", "برش لیزری", "Máy cắt laser"),
)  # fmt: skip
_UNTIL = Variable("until", Label("Valid until", "معتبر تا", "Có hiệu lực đến"), Kind.INSTANT, "2026-03-20T08:00:00Z")
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.EXPIRED])


def _resolver(holds: Callable[[Holding, Mapping[str, Any], datetime], bool]) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Holding.objects.select_related("qualification").in_bulk([one["holding"] for one in facts])
        items: _Items = []
        for one in facts:
            held = found.get(one["holding"])
            if held is None or not holds(held, one, now):
                items.append(None)
                continue
            why = END_REASONS[EndReason(held.end_reason)].pick(language) if held.end_reason else ""
            items.append(
                {
                    "qualification": Label.from_dict(held.qualification.names).pick(language),
                    "until": held.valid_until.isoformat() if held.valid_until else None,
                    "why": held.reason or why,
                }
            )
        return items

    return resolve


def _ends(held: Holding, facts: Mapping[str, Any], now: datetime) -> bool:
    return held.ended_at is None and held.valid_until is not None and held.valid_until.isoformat() == facts["until"]


def _is_over(held: Holding, facts: Mapping[str, Any], now: datetime) -> bool:
    """Told only to who has not earned it again meanwhile."""
    return (
        held.ended_at is not None
        and not Holding.objects.filter(
            account_id=held.account_id, qualification_id=held.qualification_id, ended_at=None
        ).exists()
    )


EVENTS: tuple[EventType, ...] = (
    EventType(
        "qualifications.awarded",
        Label("Qualification earned", "کسب صلاحیت", "Đã đạt chứng nhận"),
        (_NAME, _UNTIL),
        urgency=Urgency.LATER,
        resolve=_resolver(lambda held, facts, now: held.ended_at is None),
    ),
    EventType(
        "qualifications.ending",
        Label("Qualification ending soon", "نزدیک شدن پایان صلاحیت", "Chứng nhận sắp hết hiệu lực"),
        (_NAME, _UNTIL),
        urgency=Urgency.LATER,
        resolve=_resolver(_ends),
    ),
    EventType(
        "qualifications.ended",
        Label("Qualification ended", "پایان صلاحیت", "Chứng nhận hết hiệu lực"),
        (_NAME, _WHY),
        resolve=_resolver(_is_over),
    ),
    EventType(
        "qualifications.revoked",
        Label("Qualification taken back", "لغو صلاحیت", "Thu hồi chứng nhận"),
        (_NAME, _WHY),
        channels=frozenset({Channel.EMAIL, Channel.SMS, Channel.APP}),
        resolve=_resolver(_is_over),
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_awarded(*, holding_id: int, account_id: int, house_id: int, now: datetime) -> None:
    """Somebody has earned something. At most two statements."""
    _tell("awarded", holding_id, account_id, house_id, now)


def tell_ending(*, holding_id: int, account_id: int, house_id: int, until: datetime | None, now: datetime) -> None:
    """Something will run out at `until`. At most two statements."""
    day = until.isoformat() if until else ""
    _tell("ending", holding_id, account_id, house_id, now, day, {"until": day}, until)


def tell_ended(*, holding_id: int, account_id: int, house_id: int, now: datetime) -> None:
    """Something has run out. At most two statements."""
    _tell("ended", holding_id, account_id, house_id, now)


def tell_revoked(*, holding_id: int, account_id: int, house_id: int, now: datetime) -> None:
    """Something was taken back. At most two statements."""
    _tell("revoked", holding_id, account_id, house_id, now)


def _tell(
    event: str, holding_id: int, account_id: int, house_id: int, now: datetime, key: str = "",
    facts: Mapping[str, Any] | None = None, until: datetime | None = None,
) -> None:  # fmt: skip
    services.tell_account(
        event=f"qualifications.{event}", account_id=account_id, house_id=house_id,
        facts={"holding": holding_id, **(facts or {})}, key=f"qualification:{event}:{holding_id}:{key}", now=now,
        until=until,
    )  # fmt: skip
