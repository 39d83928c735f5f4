"""Years of publication as they are written, in Gregorian. Pure arithmetic on the year: no month is known, so conversions are to the
Gregorian year in which most of the written year falls.

Calendars met on title pages and in 008: Gregorian (م, M., AD), lunar Hijri (هـ, ق, H., AH), solar Hijri of Iran and Afghanistan
(ش, SH, shamsi; official in Iran from 1304) and the Iranian imperial count of 1976-1978 (2535-2537).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_YEAR = re.compile(
    r"(?<![0-9])(?P<year>[12][0-9]{3})(?![0-9])"
    r"(?P<mark>\s*\]?\s*(?:A\.?\s?H\.?\s?S(?:h)?\b\.?|S\.?H\b\.?|A\.?H\b\.?|H\.?\s?S(?:h)?\b\.?|H\b\.?|M\b\.?|A\.?D\b\.?|"
    r"ه[\u200d\u200c\u0640]*[.\s]*[شق]|هـ+[.\s]*[شق]?|[شقم](?!\w)|ه(?!\w)|خ(?!\w)|shamsi|qamari|hijri))?",
    re.IGNORECASE,
)
_SOLAR_COUNTRIES = frozenset(("ir", "af"))
_SOLAR_LANGUAGES = frozenset(("per", "fas", "pus", "kur", "aze", "glk", "mzn", "prs"))
_HIJRI_LANGUAGES = _SOLAR_LANGUAGES | {"ara", "ota", "urd", "sin", "snd", "uig", "tur", "may", "pan", "kas"}
_FIRST_SOLAR = (
    1304  # Iran's law of 11 Farvardin 1304 made the solar calendar official; Afghanistan followed in 1301/1922
)
_LAST_SOLAR = 1410  # begins in 2031; until then a greater year is lunar, whatever the language
_LAST_YEAR = 2100
_FIRST_GREGORIAN = 1450  # printing; also after every Hijri year that can be on a book today (1448 AH is 2026)


class Written(NamedTuple):
    """`year` is the one to show and compare, `years` every Gregorian year the text gives or implies, in order."""

    year: int | None
    years: tuple[int, ...]


NOTHING = Written(None, ())


def from_lunar(year: int) -> int:
    """A lunar Hijri year as the Gregorian year in which it begins or mostly falls (1347 -> 1928)."""
    return int(year * 0.970224 + 621.5774)


def from_solar(year: int) -> int:
    """A solar Hijri year as the Gregorian year of its first nine months (1385 -> 2006)."""
    return year + 621


def to_gregorian(
    year: int, mark: str, *, language: str, country: str, lithograph: bool = False, near: int | None = None
) -> int | None:
    """One written year in Gregorian, or None where it is no year.

    `mark` is the calendar sign after it. Without one, a year below 1450 is Hijri when language or country say so: solar from 1304
    on in Persian, Pashto or anything from Iran or Afghanistan (unless `lithograph`: stone-printed books end where the solar
    calendar begins), else lunar. Elsewhere it is taken as Gregorian. `near` is a Gregorian year the record gives elsewhere (008): the
    calendar whose year falls there wins.
    """
    if near is not None and year < _FIRST_GREGORIAN <= near:
        if abs(from_lunar(year) - near) <= 1:
            return near
        if abs(from_solar(year) - near) <= 1:
            return near
    mark = mark.strip(" ].").lower()
    if mark:
        if "م" in mark or mark[0] == "m" or mark.replace(".", "") == "ad":
            return year if year <= _LAST_YEAR else None
        if year < _FIRST_GREGORIAN:
            solar = "ش" in mark or "خ" in mark or "s" in mark.replace("hijri", "")
            # "H." alone on an Iranian book of this range can be either; an explicit ق, AH or qamari cannot.
            if mark in ("h", "ه") and _is_solar(year, language, country, lithograph):
                solar = True
            return from_solar(year) if solar else from_lunar(year)
    if 2534 <= year <= 2538 and (country == "ir" or language in _SOLAR_LANGUAGES):
        return year - 559
    if year > _LAST_YEAR:
        return None
    if year >= _FIRST_GREGORIAN:
        return year
    if _is_solar(year, language, country, lithograph):
        return from_solar(year)
    if language in _HIJRI_LANGUAGES or country == "ir":
        return from_lunar(year)
    return year


def _is_solar(year: int, language: str, country: str, lithograph: bool) -> bool:
    if year < _FIRST_SOLAR or year > _LAST_SOLAR or (lithograph and year < 1345):
        return False
    return country in _SOLAR_COUNTRIES or (language in _SOLAR_LANGUAGES and country in ("", "xx", "ir", "af"))


@lru_cache(maxsize=20_000)
def read(
    text: str, *, language: str = "", country: str = "", lithograph: bool = False, near: int | None = None
) -> Written:
    """The years in a date of publication: "[1385 i.e. 2006]", "1347 H. = 1928 M.", "۱۳۸۵", "c1986, c1925", "19--" (none)."""
    if not text:
        return NOTHING
    if not text.isascii():
        text = text.translate(_DIGITS)
    plain: list[int] = []  # Gregorian as written
    converted: list[int] = []
    corrected = 0
    after_correction = text.find("i.e.")
    for found in _YEAR.finditer(text):
        written = int(found.group("year"))
        year = to_gregorian(
            written, found.group("mark") or "", language=language, country=country, lithograph=lithograph, near=near
        )
        if year is None:
            continue
        if 0 <= after_correction < found.start() and not corrected and year == written:
            corrected = year
        (plain if year == written else converted).append(year)
    if not plain and not converted:
        return NOTHING
    if corrected:
        best = corrected
    elif plain and converted:
        # "1281 [1864 or 1865]": the Gregorian year that agrees with the Hijri one, else simply the first one given.
        best = next((year for year in plain if abs(year - converted[0]) <= 1), plain[0])
    else:
        best = (plain or converted)[0]
    others = plain if plain else converted
    return Written(best, tuple(dict.fromkeys([best, *others])))


def coded(text: str, *, language: str = "", country: str = "", lithograph: bool = False) -> int | None:
    """A four-character coded date (008/07-10 or UNIMARC 100/09-12) in Gregorian; "uuuu", "19uu", 9999 and 0000 give None."""
    if len(text) != 4 or not text.isascii() or not text.isdigit():
        return None
    year = int(text)
    if year < 1000:
        return None
    return to_gregorian(year, "", language=language, country=country, lithograph=lithograph)
