"""When a digest is looked for next. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from khaneh.domains.networking.types import Frequency

# Whoever begins to follow is told of what is at most so old.
LOOKS_BACK = timedelta(days=30)
_WEEK = timedelta(days=7)


def next_after(last: datetime, frequency: Frequency, *, now: datetime) -> datetime:
    """The next time after one, later than now: whole weeks on, or the same day of a later month, or the last day of one that is shorter.

    However long nobody looked, one digest makes up for it. `never` is looked for in a year, where it finds `never` again.
    """
    if frequency is Frequency.WEEKLY:
        return last + _WEEK * max(1, (now - last) // _WEEK + 1)
    step = 1 if frequency is Frequency.MONTHLY else 12
    months = step
    while (found := _months_on(last, months)) <= now:
        months += step
    return found


def _months_on(instant: datetime, months: int) -> datetime:
    month = instant.month - 1 + months
    year, month = instant.year + month // 12, month % 12 + 1
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return instant.replace(year=year, month=month, day=min(instant.day, (after - timedelta(days=1)).day))
