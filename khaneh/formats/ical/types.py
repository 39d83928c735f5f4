"""What stands in a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    """Whether it takes place (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something at a time: aware instants, or whole days; `ends` is the instant or the day after it.

    `uid` is the same for ever, `revision` grows with every change of time or place, `changed_at` is an aware instant. `place` is latitude
    and longitude in degrees. What is not `busy` leaves the time of whoever subscribes free; what is `private` other people's views of
    their calendar do not show.
    """

    uid: str
    starts: datetime | date
    ends: datetime | date
    summary: str
    changed_at: datetime | None = None
    revision: int = 0
    description: str = ""
    location: str = ""
    place: tuple[float, float] | None = None
    url: str = ""
    status: Status = Status.CONFIRMED
    busy: bool = True
    private: bool = False

    @property
    def whole_days(self) -> bool:
        """Whether it is told in days."""
        return not isinstance(self.starts, datetime)


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar to subscribe to. `zone` is that of its clocks (IANA name); `refresh_minutes` how often it is worth asking again."""

    name: str
    zone: str
    occurrences: tuple[Occurrence, ...] = ()
    description: str = ""
    url: str = ""
    refresh_minutes: int = 60
