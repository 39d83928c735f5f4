"""A day in two calendars. Days are `datetime.date` (Gregorian) everywhere; a Jalali date exists only while it is read or shown."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Self

import jdatetime


class Calendar(StrEnum):
    """The calendars that dates are shown and holidays are counted in."""

    JALALI = "jalali"
    GREGORIAN = "gregorian"


def calendar_for(preference: str, language: str) -> Calendar:
    """The reader's calendar: the wish, and for `auto` (or anything unknown) Jalali in Persian and Gregorian elsewhere."""
    if preference in set(Calendar):
        return Calendar(preference)
    return Calendar.JALALI if language[:2] == "fa" else Calendar.GREGORIAN


# A directory asks for the same few days for every holiday of every house.
@lru_cache(maxsize=2048)
def _jalali(day: date) -> tuple[int, int, int]:
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


class JalaliDate(NamedTuple):
    """A date of the Solar Hijri calendar, years 1 to 9377 AP (Gregorian 622 to 9999)."""

    year: int
    month: int
    day: int

    @classmethod
    def from_gregorian(cls, day: date) -> Self:
        """The same day. Raises ValueError before 22 March 622."""
        return cls(*_jalali(day))

    def to_gregorian(self) -> date:
        """The same day. Raises ValueError for a date that does not exist, such as 30 Esfand of a common year."""
        gregorian = jdatetime.date(self.year, self.month, self.day).togregorian()
        return date(gregorian.year, gregorian.month, gregorian.day)


def month_of(day: date, calendar: Calendar) -> tuple[date, date]:
    """The month of a calendar around a day: its first day, and the first day of the next one."""
    if calendar is Calendar.JALALI:
        jalali = JalaliDate.from_gregorian(day)
        first = JalaliDate(jalali.year, jalali.month, 1)
        after = JalaliDate(jalali.year + jalali.month // 12, jalali.month % 12 + 1, 1)
        return first.to_gregorian(), after.to_gregorian()
    return day.replace(day=1), date(day.year + day.month // 12, day.month % 12 + 1, 1)


class DayOfYear(NamedTuple):
    """The same month and day every year, in one calendar: 1 Farvardin, 2 September.

    A day that a year lacks (30 Esfand, 29 February) simply does not occur in that year.
    """

    calendar: Calendar
    month: int
    day: int

    def matches(self, day: date) -> bool:
        """Whether `day` is this day of its year."""
        if self.calendar is Calendar.JALALI:
            return JalaliDate.from_gregorian(day)[1:] == (self.month, self.day)
        return (day.month, day.day) == (self.month, self.day)

    def exists(self) -> bool:
        """Whether some year has the day: 30 Esfand has leap years, 31 Mehr none."""
        if self.calendar is Calendar.GREGORIAN:
            longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
        else:
            longest = (31,) * 6 + (30,) * 6
        return 1 <= self.month <= 12 and 1 <= self.day <= longest[self.month - 1]
