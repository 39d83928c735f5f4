"""How a booking repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from khaneh.kernel.calendars import Calendar
from khaneh.kernel.labels import Label


class Repeat(StrEnum):
    """Every so many weeks on weekdays, or every so many months on a day of the month."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


REPEATS: Mapping[Repeat, Label] = {
    Repeat.WEEKLY: Label("Weekly", "هفتگی", "Hằng tuần"),
    Repeat.MONTHLY: Label("Monthly", "ماهانه", "Hằng tháng"),
}


class MissingDay(StrEnum):
    """What becomes of a month that has no such day: a 30 Esfand, a 31 April."""

    SKIP = "skip"
    LAST = "last"


MISSING_DAYS: Mapping[MissingDay, Label] = {
    MissingDay.SKIP: Label("Leave the month out", "آن ماه حذف شود", "Bỏ qua tháng đó"),
    MissingDay.LAST: Label("Take its last day", "آخرین روز ماه", "Lấy ngày cuối tháng"),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """From `first` on, until a day (included) or so many times, whichever is given; at most 500 days.

    `weekdays` are ISO numbers (Monday 1), empty for that of `first`. `day` is the day of the month in `calendar`, 0 for that of `first`.
    """

    repeat: Repeat
    first: date
    until: date | None = None
    count: int | None = None
    every: int = 1
    weekdays: tuple[int, ...] = ()
    calendar: Calendar = Calendar.GREGORIAN
    day: int = 0
    missing: MissingDay = MissingDay.SKIP


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of a pattern. `moved`: the month has no such day, and this is its last. `left_out`: so it is left out, and this is where
    the month ends.
    """

    day: date
    moved: bool = False
    left_out: bool = False
