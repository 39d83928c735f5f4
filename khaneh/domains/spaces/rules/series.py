"""The days of a pattern: weekly, or on a day of the month in either calendar, with what becomes of months that lack it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.spaces.types import MissingDay, Pattern, PlannedDay, Repeat
from khaneh.kernel.calendars import Calendar, JalaliDate

MOST = 500
# Further than this nobody books; a pattern that never ends by its count would otherwise go on.
LONGEST = timedelta(days=5 * 366)


def problems(pattern: Pattern) -> dict[str, str]:
    """What is wrong with a pattern: a field and a stable reason each."""
    found: dict[str, str] = {}
    if pattern.until is None and pattern.count is None:
        found["until"] = "required"
    if pattern.count is not None and not 1 <= pattern.count <= MOST:
        found["count"] = "out_of_range"
    if pattern.until is not None and not pattern.first <= pattern.until <= pattern.first + LONGEST:
        found["until"] = "out_of_range"
    if not 1 <= pattern.every <= 52:
        found["every"] = "out_of_range"
    if any(not 1 <= weekday <= 7 for weekday in pattern.weekdays):
        found["weekdays"] = "out_of_range"
    if not 0 <= pattern.day <= 31:
        found["day"] = "out_of_range"
    return found


def days(pattern: Pattern) -> list[PlannedDay]:
    """Its days in order, with the months that are left out. A month left out is none of `count`. At most 500 days.

    Raises ValueError for a pattern that has problems.
    """
    if problems(pattern):
        raise ValueError("a pattern with problems has no days")
    found: list[PlannedDay] = []
    taken = 0
    last = pattern.until or pattern.first + LONGEST
    for one in _weekly(pattern) if pattern.repeat is Repeat.WEEKLY else _monthly(pattern):
        if one.day > last or taken >= min(pattern.count or MOST, MOST):
            break
        found.append(one)
        taken += not one.left_out
    return found


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant of a time on the wall, UTC; None for one that the clocks skip. Of one that comes twice the first."""
    wall = datetime.combine(day, at, zone)
    found = wall.astimezone(UTC)
    return found if found.astimezone(zone).replace(fold=0) == wall else None


def _weekly(pattern: Pattern) -> Iterator[PlannedDay]:
    weekdays = sorted(set(pattern.weekdays)) or [pattern.first.isoweekday()]
    monday = pattern.first - timedelta(days=pattern.first.isoweekday() - 1)
    while True:
        for weekday in weekdays:
            day = monday + timedelta(days=weekday - 1)
            if day >= pattern.first:
                yield PlannedDay(day)
        monday += timedelta(weeks=pattern.every)


def _monthly(pattern: Pattern) -> Iterator[PlannedDay]:
    year, month, own = _parts(pattern.first, pattern.calendar)
    wanted = pattern.day or own
    while True:
        length = _length(year, month, pattern.calendar)
        day = _date(year, month, min(wanted, length), pattern.calendar)
        if day >= pattern.first:
            missing = wanted > length
            skipped = missing and pattern.missing is MissingDay.SKIP
            yield PlannedDay(day, moved=missing and not skipped, left_out=skipped)
        month += pattern.every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def _parts(day: date, reckoning: Calendar) -> tuple[int, int, int]:
    return JalaliDate.from_gregorian(day) if reckoning is Calendar.JALALI else (day.year, day.month, day.day)


def _date(year: int, month: int, day: int, reckoning: Calendar) -> date:
    return JalaliDate(year, month, day).to_gregorian() if reckoning is Calendar.JALALI else date(year, month, day)


def _length(year: int, month: int, reckoning: Calendar) -> int:
    if reckoning is Calendar.GREGORIAN:
        return calendar.monthrange(year, month)[1]
    following = JalaliDate(year + month // 12, month % 12 + 1, 1).to_gregorian()
    return (following - JalaliDate(year, month, 1).to_gregorian()).days
