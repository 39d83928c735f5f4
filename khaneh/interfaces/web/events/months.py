"""A month of the reader's calendar, and its weeks: Jalali months begin their weeks on Saturday, others on Monday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from khaneh.interfaces.web import reader
from khaneh.kernel.calendars import WEEKDAYS, Calendar, JalaliDate, latin_digits, local_digits
from khaneh.kernel.calendars.showing import GREGORIAN_MONTHS, JALALI_MONTHS

_FIRST_YEAR, _LAST_YEAR = (
    {Calendar.JALALI: 1300, Calendar.GREGORIAN: 1900},
    {Calendar.JALALI: 1600, Calendar.GREGORIAN: 2200},
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of one calendar: `1405-09` or `2026-12`."""

    calendar: Calendar
    year: int
    month: int

    @property
    def key(self) -> str:
        """As an address says it."""
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        if self.calendar is Calendar.JALALI:
            return JalaliDate(self.year, self.month, 1).to_gregorian()
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.moved(1).first - timedelta(days=1)

    def moved(self, months: int) -> Month:
        """So many months later."""
        at = self.year * 12 + self.month - 1 + months
        return Month(self.calendar, at // 12, at % 12 + 1)

    @property
    def name(self) -> str:
        """Its name and year in the reader's language."""
        language = reader.current().language
        names = JALALI_MONTHS if self.calendar is Calendar.JALALI else GREGORIAN_MONTHS
        return f"{names[self.month - 1].pick(language)} {local_digits(str(self.year), language)}"

    def number_of(self, day: date) -> str:
        """The day of the month in the reader's digits."""
        number = JalaliDate.from_gregorian(day).day if self.calendar is Calendar.JALALI else day.day
        return local_digits(str(number), reader.current().language)

    def weeks(self) -> list[list[date]]:
        """Whole weeks that cover it."""
        begins = 6 if self.calendar is Calendar.JALALI else 1
        start = self.first - timedelta(days=(self.first.isoweekday() - begins) % 7)
        found = []
        while start <= self.last:
            found.append([start + timedelta(days=number) for number in range(7)])
            start += timedelta(days=7)
        return found

    def weekdays(self) -> list[str]:
        """The names of the days of its weeks, in order."""
        language = reader.current().language
        return [WEEKDAYS[day.isoweekday()].pick(language) for day in self.weeks()[0]]


def of(day: date) -> Month:
    """The month of a day in the reader's calendar."""
    chosen = reader.current().calendar
    if chosen is Calendar.JALALI:
        jalali = JalaliDate.from_gregorian(day)
        return Month(chosen, jalali.year, jalali.month)
    return Month(chosen, day.year, day.month)


def read(text: str, today: date) -> Month:
    """The month that an address names, of whichever calendar, or this one."""
    year, _, month = latin_digits(text).partition("-")
    if not (
        year.isascii()
        and year.isdecimal()
        and len(year) == 4
        and month.isascii()
        and month.isdecimal()
        and len(month) <= 2
    ):
        return of(today)
    number = int(month)
    for calendar in Calendar:
        if _FIRST_YEAR[calendar] <= int(year) <= _LAST_YEAR[calendar] and 1 <= number <= 12:
            found = Month(calendar, int(year), number)
            # A reader who changes the calendar is led to the month in which the one shown began.
            return found if calendar is reader.current().calendar else of(found.first + timedelta(days=14))
    return of(today)


def days_in(first: date, last: date) -> list[date]:
    """Every day from one to another."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
