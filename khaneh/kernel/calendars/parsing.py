"""Dates and times as people type them, in either calendar and with any of the digits. An unclear one is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from khaneh.kernel.calendars.days import JalaliDate
from khaneh.kernel.calendars.numerals import latin_digits
from khaneh.kernel.calendars.showing import GREGORIAN_MONTHS, JALALI_MONTHS

_FIGURES = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:\s*AP)?", re.IGNORECASE)
_VIETNAMESE = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})(?:,|\s+năm)?\s+(\d{4})", re.IGNORECASE)
_WORDS = re.compile(r"(\d{1,2})\s+(\D+?),?\s+(\d{4})(?:\s*(?:AP|\(lịch Ba Tư\)))?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?(?::00)?")
# Years below are Jalali ones, above Gregorian: catalogues and clocks of the region know nothing between.
_LAST_JALALI_YEAR = 1600


def _plain(word: str) -> str:
    # A Persian month in a date may carry the ezafe sign, and the Arabic forms of ye and kaf come from old keyboards.
    folded = unicodedata.normalize("NFC", word).replace("ي", "ی").replace("ك", "ک").replace("ۀ", "ه")
    return folded.replace("\u0654", "").strip(" ,،").casefold()


_MONTHS: dict[str, tuple[bool, int]] = {
    _plain(name): (is_jalali, number)
    for is_jalali, months in ((True, JALALI_MONTHS), (False, GREGORIAN_MONTHS))
    for number, label in enumerate(months, 1)
    for name in (label.en, label.fa, *((label.en[:3],) if not is_jalali else ()))
}


def parse_date(text: str) -> date:
    """The day meant by `2026-11-22`, `22/11/2026`, `۱۴۰۵/۹/۱`, `1 Azar 1405`, `22 November 2026`, `22 tháng 11, 2026`.

    In figures the year has four digits and comes first or last; then the month is in the middle. Raises ValueError.
    """
    plain = latin_digits(unicodedata.normalize("NFC", text)).strip().strip("\u200e\u200f")
    if match := _FIGURES.fullmatch(plain):
        first, month, last = match.groups()
        if len(first) == 4 and len(last) <= 2:
            return _day(int(first), int(month), int(last))
        if len(last) == 4 and len(first) <= 2:
            return _day(int(last), int(month), int(first))
    elif match := _VIETNAMESE.fullmatch(plain):
        number, month, year = match.groups()
        return _day(int(year), int(month), int(number))
    elif (match := _WORDS.fullmatch(plain)) and _plain(match[2]) in _MONTHS:
        is_jalali, number = _MONTHS[_plain(match[2])]
        if is_jalali != (int(match[3]) <= _LAST_JALALI_YEAR):
            raise ValueError(f"the month and the year are of two calendars: {text!r}")
        return _day(int(match[3]), number, int(match[1]))
    raise ValueError(f"not a date: {text!r}")


def _day(year: int, month: int, number: int) -> date:
    return JalaliDate(year, month, number).to_gregorian() if year <= _LAST_JALALI_YEAR else date(year, month, number)


def parse_time(text: str) -> int:
    """Minutes after midnight, 0 to 1440, from `9`, `9:30`, `۰۹:۳۰`, `9h30`, `24:00`. Raises ValueError."""
    match = _TIME.fullmatch(latin_digits(text).strip().lower())
    if not match:
        raise ValueError(f"not a time of day: {text!r}")
    hours, minutes = int(match[1]), int(match[2] or 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > 24 * 60:
        raise ValueError(f"not a time of day: {text!r}")
    return total
