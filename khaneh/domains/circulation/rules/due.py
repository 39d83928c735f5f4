"""When a loan is due, and how late it came back. Pure. Spec: CIRC-DUE."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.kernel.calendars import OpeningCalendar

# A house that is closed for longer than this has no day on which a book could be brought back.
_LONGEST_CLOSURE = 120
# A day that was promised for later than this was promised by a clock that is wrong.
_LONGEST_PROMISE = timedelta(days=400)


def due_at(calendar: OpeningCalendar, *, now: datetime, days: int) -> datetime:
    """The closing time of the day on which a loan of so many days ends, or of the first open day after it (CIRC-DUE-1, 2).

    Days are those of the house's zone, so a change of its clocks moves nothing. A loan of no days is due when the house closes today, or on
    the next open day when it has closed (CIRC-DUE-3). A house without hours, or closed for very long: the day's last second.
    """
    zone = ZoneInfo(calendar.zone)
    first = now.astimezone(zone).date() + timedelta(days=days)
    for _, end in calendar.intervals(first, _LONGEST_CLOSURE):
        if end > now:
            day = _last_closing(calendar, first, end)
            return day if day > now else end
    return datetime(first.year, first.month, first.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)


def promised(due: datetime | None, *, lent: datetime) -> datetime | None:
    """What a reader was told without a line, where it can be a due date of a loan made then; else None (CIRC-OFF-5)."""
    return due if due is not None and lent < due <= lent + _LONGEST_PROMISE else None


def _last_closing(calendar: OpeningCalendar, first: date, end: datetime) -> datetime:
    """The last closing of the day on which the interval that ends at `end` began: a house that shuts for lunch opens again."""
    zone = ZoneInfo(calendar.zone)
    day = max(first, (end.astimezone(zone) - timedelta(minutes=1)).date())
    if not calendar.spans(day):
        day -= timedelta(days=1)  # it closes after midnight
    return max((closing for _, closing in calendar.intervals(day, 1)), default=end)


def late_days(calendar: OpeningCalendar, *, due: datetime, returned: datetime) -> int:
    """The days on which the house was open after the day it was due, up to the day it came back (CIRC-DUE-4).

    Zero when it came before it was due. A day on which nobody could return it costs nothing.
    """
    if returned <= due:
        return 0
    zone = ZoneInfo(calendar.zone)
    day, last = due.astimezone(zone).date() + timedelta(days=1), returned.astimezone(zone).date()
    if not calendar.weekly and not calendar.rules:
        return max((last - day).days + 1, 0)
    count = 0
    while day <= last:
        count += bool(calendar.spans(day))
        day += timedelta(days=1)
    return count
