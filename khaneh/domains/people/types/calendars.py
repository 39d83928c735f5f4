"""Keys to one's own calendar, as their holder sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarKeyRow:
    """A key; the secret itself is nowhere. `name` is what it is for, in its holder's words."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None
