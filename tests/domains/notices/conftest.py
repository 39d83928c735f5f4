"""An event of the tests' own, carriers that remember, and the small network of lending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from khaneh.domains.notices import registry
from khaneh.domains.notices.types import Channel, EventType, Kind, Text, Urgency, Variable
from khaneh.infrastructure.outgoing import Handed, Outcome
from khaneh.kernel.labels import Label
from tests.domains.circulation.shelves import Shelves, make_shelves

_TITLE = Variable("title", Label("Title", "عنوان", "Nhan đề"), Kind.TEXT, Label("Sample", "نمونه", "Mẫu"))


def _resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> list[Mapping[str, Any] | None]:
    """A thing whose title is "over" is not true any more."""
    return [None if one["title"] == "over" else one for one in facts]


SOON = EventType(
    "test.soon", Label("Soon", "زود", "Sớm"), (_TITLE,), channels=frozenset({Channel.EMAIL}), resolve=_resolve
)
LATER = replace(SOON, code="test.later", urgency=Urgency.LATER)
EVERYWHERE = replace(SOON, code="test.everywhere", channels=frozenset(Channel))
_TEXTS = {
    language: {channel: Text(f"{word} {{title}}", f"{word}:\n[items]- {{title}}\n[/items]") for channel in Channel}
    for language, word in (("en", "About"), ("fa", "دربارهٔ"), ("vi", "Về"))
}


@pytest.fixture
def shelves(db: None) -> Shelves:
    """Three houses, empty."""
    return make_shelves()


@pytest.fixture(autouse=True)
def _events() -> Iterator[None]:
    for event in (SOON, LATER, EVERYWHERE):
        registry.register(event, _TEXTS)
    yield
    for event in (SOON, LATER, EVERYWHERE):
        registry.forget(event.code)


@dataclass
class Carrier:
    """Takes everything, or answers what it is told to; remembers what it was given."""

    answer: Handed = field(default_factory=lambda: Handed(Outcome.SENT))
    sends_once: bool = False
    taken: list[dict[str, str]] = field(default_factory=list)

    def send(self, **message: str) -> Handed:
        self.taken.append(message)
        return self.answer


@pytest.fixture
def mail() -> Carrier:
    return Carrier()


@pytest.fixture
def sms() -> Carrier:
    return Carrier()
