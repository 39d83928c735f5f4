"""What discovery tells people of: something came that answers a search they keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.discovery.queries.lists import searches
from khaneh.domains.notices import registry
from khaneh.domains.notices.types import Channel, EventType, Kind, Urgency, Variable
from khaneh.kernel.labels import Label

_NAME = Variable(
    "name", Label("Name of the search", "نام جست‌وجو", "Tên tìm kiếm"), Kind.TEXT,
    Label("Persian novels", "رمان فارسی", "Tiểu thuyết Việt Nam"),
)  # fmt: skip
_COUNT = Variable("number", Label("How many came", "شمار تازه‌ها", "Số tài liệu mới"), Kind.NUMBER, 3)


def _arrived(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> list[Mapping[str, Any] | None]:
    """By the search's name as it is when the letter is written; a search that is kept no more is not told of."""
    found = searches(one["search"] for one in facts)
    return [
        {"name": found[one["search"]].name, "number": one["count"]}
        if one["search"] in found and found[one["search"]].tells
        else None
        for one in facts
    ]


ARRIVED = EventType(
    "discovery.arrived",
    Label("Something new for a kept search", "تازه‌ای برای جست‌وجوی نگه‌داشته", "Có mới cho tìm kiếm đã lưu"),
    (_NAME, _COUNT),
    urgency=Urgency.LATER,
    channels=frozenset({Channel.EMAIL, Channel.APP}),
    resolve=_arrived,
    samples=({}, {"name": Label("سعدی", "Saadi", "Nguyễn Du"), "number": 1}),
)


def register() -> None:
    """Make the event known, with the texts that ship."""
    registry.register(ARRIVED, registry.read_texts(Path(__file__).parent / "notice_texts", ARRIVED.code))
