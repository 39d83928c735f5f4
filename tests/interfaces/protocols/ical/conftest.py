"""A house with spaces, a reader with a key to their calendar, and a clock that stands still in March 2026."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.people import services as people
from khaneh.domains.spaces import services
from khaneh.kernel.actor import Actor
from tests.domains.spaces.places import HOUR, NOW, Places, at, make_places


@pytest.fixture
def places(db: None) -> Places:
    """Houses, spaces and a company, under the rules that ship."""
    return make_places()


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def key_of(actor: Actor, name: str = "telephone") -> str:
    """A key to somebody's calendar."""
    return people.make_calendar_key(actor=actor, name=name, now=NOW)[1]


def booked(actor: Actor, space: Any, hour: int, hours: int = 1, **facts: Any) -> int:
    """Book from an hour on 3 March, by the clocks in Tehran; gives the number."""
    day = facts.pop("day", 3)
    facts = {"starts": at(hour, day=day), "ends": at(hour, day=day) + hours * HOUR, "now": NOW, **facts}
    return int(services.book(actor=actor, space_id=space.pk, **facts).booking_id)
