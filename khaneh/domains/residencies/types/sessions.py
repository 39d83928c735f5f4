"""Who takes part when a team takes a mentor's time: higher domains register what they count or refuse."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol


class SessionWish(NamedTuple):
    """A team in a house is to have a session with a mentor."""

    house_id: int
    residency_id: int
    mentor_id: int
    starts: datetime
    ends: datetime


class SessionHook(Protocol):
    """Called in the transaction that books, with the mentor and the team held; what it raises keeps the session from being booked."""

    def __call__(self, wish: SessionWish, *, now: datetime) -> None:
        """Refuse what may not be; count it under a lock of its own."""


_hooks: dict[str, SessionHook] = {}


def on_session(name: str, hook: SessionHook) -> None:
    """Take part under a domain's name; registered in `AppConfig.ready`. The same name again takes the place of the first."""
    _hooks[name] = hook


def session_hooks() -> tuple[SessionHook, ...]:
    """Who takes part, in the order of their names."""
    return tuple(hook for _, hook in sorted(_hooks.items()))
