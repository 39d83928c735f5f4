"""A house's week and the days that differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise

from khaneh.domains.network.types import WeeklyHours
from khaneh.kernel.calendars import Calendar, Dates, DayOfYear, Span

_WEEK = 7 * 24 * 60
# A day off of a house beats its region's, a commune's beats its province's, and all beat the country's.
COUNTRY_RANK, REGION_RANK, HOUSE_RANK = 0, 1, 10


def overlapping_weekday(week: Sequence[WeeklyHours]) -> int | None:
    """The weekday of a span that shares time with another of the same season, also around the end of the week; None if all is well.

    Two seasons may hold the same days: the narrower one decides them.
    """
    for left, right in combinations(week, 2):
        if (left.first, left.last) != (right.first, right.last):
            continue
        start = left.weekday * 1440 + left.span.opens, right.weekday * 1440 + right.span.opens
        end = left.weekday * 1440 + left.span.closes, right.weekday * 1440 + right.span.closes
        if any(start[0] < end[1] + shift and start[1] + shift < end[0] for shift in (-_WEEK, 0, _WEEK)):
            return right.weekday
    return None


def spans_overlap(spans: Sequence[Span]) -> bool:
    """Whether two spans of one day share time."""
    return any(left.closes > right.opens for left, right in pairwise(sorted(spans)))


def when(
    rule: str, *, month: int | None, day: int | None, first: date | None, last: date | None
) -> DayOfYear | Dates | None:
    """A holiday's days, or None when what is given makes none (31 Mehr, an end before its start)."""
    if rule in set(Calendar) and month is not None and day is not None and first is None and last is None:
        yearly = DayOfYear(Calendar(rule), month, day)
        return yearly if yearly.exists() else None
    if rule == "date" and first is not None and month is None and day is None and first <= (last or first):
        return Dates(first, last or first)
    return None


def next_day(days: DayOfYear | Dates, on: date) -> date | None:
    """The first matching day on or after `on`, within five years (a leap day comes in eight at most, but is then far off)."""
    if isinstance(days, Dates):
        return max(days.first, on) if on <= days.last else None
    found = (on + timedelta(days=number) for number in range(5 * 366))
    return next((day for day in found if days.matches(day)), None)
