"""Which stretches of time a quota counts in, and the names of its facts and terms.

A booking counts on the day, in the week, month and year in which it starts, on the clocks and in the calendar of the house: weeks begin on
Saturday and months are those of the Jalali year where the house reckons so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from khaneh.kernel.calendars import Calendar, JalaliDate, month_of

SUBJECTS = ("person", "organisation")
SPANS = ("day", "week", "month", "year")
# How a subject's bookings of one kind of space are counted: the suffixes of facts (`person.day_minutes`) and terms (`person_day_minutes_max`).
COUNTS = ("at_once", "upcoming", *(f"{span}_{what}" for span in SPANS for what in ("times", "minutes")))


class Spans(NamedTuple):
    """The day, week, month and year around an instant, each from its first instant up to but without the last; UTC."""

    day: tuple[datetime, datetime]
    week: tuple[datetime, datetime]
    month: tuple[datetime, datetime]
    year: tuple[datetime, datetime]


def spans(instant: datetime, *, zone: str, reckoning: Calendar) -> Spans:
    """Those that an instant lies in."""
    return _around(instant.astimezone(ZoneInfo(zone)).date(), zone, reckoning)


@lru_cache(maxsize=1024)
def _around(today: date, zone: str, reckoning: Calendar) -> Spans:
    clock = ZoneInfo(zone)
    begins = 6 if reckoning is Calendar.JALALI else 1
    week = today - timedelta(days=(today.isoweekday() - begins) % 7)
    month, after = month_of(today, reckoning)
    if reckoning is Calendar.JALALI:
        jalali = JalaliDate.from_gregorian(today)
        year, year_after = (JalaliDate(number, 1, 1).to_gregorian() for number in (jalali.year, jalali.year + 1))
    else:
        year, year_after = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    pairs = ((today, today + timedelta(days=1)), (week, week + timedelta(days=7)), (month, after), (year, year_after))
    return Spans(*((_midnight(first, clock), _midnight(last, clock)) for first, last in pairs))


def _midnight(day: date, clock: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), clock).astimezone(UTC)
