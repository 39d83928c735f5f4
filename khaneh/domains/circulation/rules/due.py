"""When a loan is due, and how late it came back. Pure. Spec: CIRC-DUE."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.kernel.calendars import OpeningCalendar

# A house that is closed for longer than this has no day on which a book could be brought back.
_LONGEST_CLOSURE = 120
_A_SECOND = timedelta(seconds=1)
# A day that was promised for later than this was promised by a clock that is wrong.
_LONGEST_PROMISE = timedelta(days=400)


def due_at(calendar: OpeningCalendar, *, now: datetime, days: int) -> datetime:
    """The closing time of the day on which a loan of so many days ends, or of the first open day after it (CIRC-DUE-1, 2).

    Days are those of the house's zone, so a change of its clocks moves nothing. A loan of no days is due when the house closes today, or on
    the next open day when it has closed (CIRC-DUE-3). A house that closes at midnight, has no hours or is closed for very long: the day's last
    second.
    """
    zone = ZoneInfo(calendar.zone)
    first = now.astimezone(zone).date() + timedelta(days=days)
    for number in range(_LONGEST_CLOSURE):
        day = first + timedelta(days=number)
        # What is open past midnight closes on the evening's own day; a house that shuts for lunch opens again.
        closing = max((end for _, end in calendar.intervals(day, 1)), default=None)
        if closing is not None and closing > now:
            return closing - _A_SECOND if closing == _midnight_after(day, zone) else closing
    # The second time where the last hour of the day comes twice.
    return datetime(first.year, first.month, first.day, 23, 59, 59, tzinfo=zone, fold=1).astimezone(UTC)


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day ends: a loan that is due then is due on that day, not on the one that begins."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)


def promised(due: datetime | None, *, lent: datetime) -> datetime | None:
    """What a reader was told without a line, where it can be a due date of a loan made then; else None (CIRC-OFF-5)."""
    return due if due is not None and lent < due <= lent + _LONGEST_PROMISE else None


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
