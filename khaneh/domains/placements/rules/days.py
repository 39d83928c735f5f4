"""Days and months of placements. Pure: instants are passed in."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.placements.types import MILESTONES

_ZONES = {"IR": "Asia/Tehran", "VN": "Asia/Ho_Chi_Minh"}

# How long an offer is kept, when the employer is reminded after the first letter, and after how long silence is written down as such.
ANSWER_WITHIN = timedelta(days=14)
REMINDED_AFTER = (timedelta(0), timedelta(days=14), timedelta(days=35))
SILENT_AFTER = timedelta(days=60)


def day_in(country: str, now: datetime) -> date:
    """The day that it is in a country."""
    return now.astimezone(ZoneInfo(_ZONES.get(country, "UTC"))).date()


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that is shorter; Gregorian, as contracts with employers abroad are."""
    at = day.month - 1 + months
    year, month = day.year + at // 12, at % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def reached(started_on: date, until: date) -> list[int]:
    """The milestones that somebody reached who worked from one day until another."""
    return [months for months in MILESTONES if months_after(started_on, months) <= until]


def reminders_due(due_on: date, today: date) -> int:
    """How many letters the employer should have had by a day."""
    return sum(due_on + after <= today for after in REMINDED_AFTER)
