"""Spans of time, half open: the start is in, the end is not. An open end is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` up to but without `end`; both are aware instants.

    Raises ValueError when the end is not after the start or an instant has no time zone.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant is not None and instant.tzinfo is None:
                raise ValueError("a period needs instants with a time zone")
        if self.end is not None and self.end <= self.start:
            raise ValueError("a period must end after it starts")

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant and (self.end is None or instant < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share an instant."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
