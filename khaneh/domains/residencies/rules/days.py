"""Days of residencies. Pure: instants are passed in."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FOLLOW_UP_YEARS = (1, 2, 3, 5)
MOST_ALLOTTED = timedelta(days=366)


def day_at(zone: str, now: datetime) -> date:
    """The day that it is at a house."""
    return now.astimezone(ZoneInfo(zone)).date()


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the last of February for one that is not there."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def allotted(first: date, last: date, *, zone: str, slot_minutes: int, now: datetime) -> tuple[datetime, datetime]:
    """The instants of an allotment: from midnight of the first day, or the slot under way where that is over, to midnight after the last."""
    where = ZoneInfo(zone)
    starts = datetime.combine(first, time(), where)
    if starts <= now:
        midnight = datetime.combine(day_at(zone, now), time(), where)
        slot = timedelta(minutes=slot_minutes)
        starts = midnight + (now - midnight) // slot * slot
    return starts, datetime.combine(last + timedelta(days=1), time(), where)
