"""How a day and an instant are written for a reader: in a calendar, a language and its digits."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from khaneh.kernel.calendars.days import Calendar, JalaliDate
from khaneh.kernel.calendars.numerals import local_digits
from khaneh.kernel.labels import Label

# ISO 8601 numbers: Monday is 1.
WEEKDAYS: dict[int, Label] = {
    1: Label("Monday", "دوشنبه", "Thứ Hai"),
    2: Label("Tuesday", "سه‌شنبه", "Thứ Ba"),
    3: Label("Wednesday", "چهارشنبه", "Thứ Tư"),
    4: Label("Thursday", "پنجشنبه", "Thứ Năm"),
    5: Label("Friday", "جمعه", "Thứ Sáu"),
    6: Label("Saturday", "شنبه", "Thứ Bảy"),
    7: Label("Sunday", "یکشنبه", "Chủ Nhật"),
}

JALALI_MONTHS: tuple[Label, ...] = (
    Label("Farvardin", "فروردین", "Farvardin"),
    Label("Ordibehesht", "اردیبهشت", "Ordibehesht"),
    Label("Khordad", "خرداد", "Khordad"),
    Label("Tir", "تیر", "Tir"),
    Label("Mordad", "مرداد", "Mordad"),
    Label("Shahrivar", "شهریور", "Shahrivar"),
    Label("Mehr", "مهر", "Mehr"),
    Label("Aban", "آبان", "Aban"),
    Label("Azar", "آذر", "Azar"),
    Label("Dey", "دی", "Dey"),
    Label("Bahman", "بهمن", "Bahman"),
    Label("Esfand", "اسفند", "Esfand"),
)

GREGORIAN_MONTHS: tuple[Label, ...] = (
    Label("January", "ژانویهٔ", "tháng 1"),
    Label("February", "فوریهٔ", "tháng 2"),
    Label("March", "مارس", "tháng 3"),
    Label("April", "آوریل", "tháng 4"),
    Label("May", "مهٔ", "tháng 5"),
    Label("June", "ژوئن", "tháng 6"),
    Label("July", "ژوئیهٔ", "tháng 7"),
    Label("August", "اوت", "tháng 8"),
    Label("September", "سپتامبر", "tháng 9"),
    Label("October", "اکتبر", "tháng 10"),
    Label("November", "نوامبر", "tháng 11"),
    Label("December", "دسامبر", "tháng 12"),
)

# Outside Persian a Jalali year would be taken for a very old one.
_ERA = Label(" AP", "", " (lịch Ba Tư)")


def show_date(day: date, *, calendar: Calendar, language: str, weekday: bool = False) -> str:
    """In words: `22 November 2026`, `۱ آذر ۱۴۰۵`, `22 tháng 11, 2026`; with the weekday in front if wanted."""
    if calendar is Calendar.JALALI:
        jalali = JalaliDate.from_gregorian(day)
        month = JALALI_MONTHS[jalali.month - 1].pick(language)
        era = "" if language[:2] == "fa" else _ERA.pick(language)
        text = f"{jalali.day} {month} {jalali.year}{era}"
    else:
        comma = "," if language[:2] == "vi" else ""
        text = f"{day.day} {GREGORIAN_MONTHS[day.month - 1].pick(language)}{comma} {day.year}"
    if weekday:
        joint = " " if language[:2] == "fa" else ", "
        text = WEEKDAYS[day.isoweekday()].pick(language) + joint + text
    return local_digits(text, language)


def show_short_date(day: date, *, calendar: Calendar, language: str) -> str:
    """In figures, as tables want it: `2026-11-22`, `22/11/2026` (Vietnamese), `۱۴۰۵/۰۹/۰۱`."""
    if calendar is Calendar.JALALI:
        year, month, number = JalaliDate.from_gregorian(day)
        era = "" if language[:2] == "fa" else " AP"
        return local_digits(f"{year:04}/{month:02}/{number:02}{era}", language)
    if language[:2] == "vi":
        return f"{day:%d/%m/%Y}"
    return local_digits(day.isoformat() if language[:2] != "fa" else f"{day:%Y/%m/%d}", language)


def show_minutes(minutes: int, language: str) -> str:
    """A time of day given in minutes after midnight: `09:30`, `۰۹:۳۰`; after 24:00 it starts again at 00:00."""
    minutes = minutes if minutes == 24 * 60 else minutes % (24 * 60)
    return local_digits(f"{minutes // 60:02}:{minutes % 60:02}", language)


def show_instant(instant: datetime, *, zone: str, calendar: Calendar, language: str) -> str:
    """Day and time of an aware instant on the clocks of a time zone, e.g. `22 November 2026, 09:30`."""
    local = instant.astimezone(ZoneInfo(zone))
    joint = "، " if language[:2] == "fa" else ", "
    day = show_date(local.date(), calendar=calendar, language=language)
    return day + joint + show_minutes(local.hour * 60 + local.minute, language)
