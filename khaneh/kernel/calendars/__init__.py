"""Days in the Jalali and the Gregorian calendar, how a reader sees them, and when a house is open. Pure: the clock is passed in."""

from khaneh.kernel.calendars.days import Calendar, DayOfYear, JalaliDate, calendar_for, month_of
from khaneh.kernel.calendars.numerals import latin_digits, local_digits, show_number
from khaneh.kernel.calendars.opening import Dates, DayRule, OpeningCalendar, Span, Status, WeeklySpan
from khaneh.kernel.calendars.parsing import parse_date, parse_time
from khaneh.kernel.calendars.showing import WEEKDAYS, show_date, show_instant, show_minutes, show_short_date

__all__ = [
    "WEEKDAYS",
    "Calendar",
    "Dates",
    "DayOfYear",
    "DayRule",
    "JalaliDate",
    "OpeningCalendar",
    "Span",
    "Status",
    "WeeklySpan",
    "calendar_for",
    "latin_digits",
    "local_digits",
    "month_of",
    "parse_date",
    "parse_time",
    "show_date",
    "show_instant",
    "show_minutes",
    "show_number",
    "show_short_date",
]
