"""What only the whole record tells: form, carrier, language, country, years."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from khaneh.formats.marc.describe import years
from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.marc21.numbers import NO_LANGUAGE
from khaneh.formats.marc.describe.punctuation import clean, is_latin
from khaneh.formats.marc.description import Text

_FORMS = {
    "a": "book", "t": "manuscript", "c": "music", "d": "music", "e": "map", "f": "map", "g": "visual", "k": "visual",
    "i": "recording", "j": "recording", "m": "electronic", "o": "mixed", "p": "archive", "r": "object",
}  # fmt: skip
_ONLINE_WORDS = re.compile(
    r"electronic|online|computer file|ebook|e-book|منبع الکترونیکی|مورد إلكتروني|tài nguyên điện tử", re.IGNORECASE
)
_MICRO_WORDS = re.compile(r"micro(?:form|film|fiche|card)|ریزفیلم|ميكروفيلم", re.IGNORECASE)
_CENTIMETRES = re.compile(r"[0-9]\s*(?:1/2\s*)?(?:cm|سم|س\.م)", re.IGNORECASE)
_LARGE_PRINT = re.compile(r"large[ -]?(?:print|type)|grands? caractères|حروف درشت", re.IGNORECASE)
_LITHOGRAPH = re.compile(r"lithograph|چاپ سنگ|طبع حجر", re.IGNORECASE)
_AUDIENCES = {
    "a": "preschool",
    "b": "primary",
    "c": "pre-adolescent",
    "d": "adolescent",
    "e": "adult",
    "f": "specialised",
    "g": "general",
    "j": "juvenile",
}
_EDITION_AT_END = re.compile(
    r"[\s,.;:(]+((?:[0-9]{1,2}\s?(?:st|nd|rd|th)|second|third|revised|rev\.?)\s+ed(?:\.|ition)?)\)?\.?$", re.IGNORECASE
)


def settle(draft: Draft, leader: str) -> None:
    """Decide what several fields tell together, once all are read."""
    kind, level = leader[6:7], leader[7:8]
    coded = draft.coded
    form = _FORMS.get(kind, "book")
    if form == "book" and level in ("s", "b", "i"):
        form = "serial"
    elif leader[8:9] == "a" and form in ("mixed", "manuscript"):
        form = "archive"
    item = coded[29:30] if form in ("map", "visual") else coded[23:24]
    draft.carrier = _carrier_of(draft, item)
    if form == "book" and draft.carrier in ("online", "disc"):
        form = "electronic"
    draft.form = form
    if form in ("book", "electronic", "music", "visual", "recording") and kind in "atcdgijkor":
        draft.audience = _AUDIENCES.get(coded[22:23], "")
    _language_and_country(draft, coded)
    _years(draft, coded)
    if not draft.edition.value:
        found = _edition_at_end(draft.title.value) or _edition_at_end(draft.subtitle.value)
        if found:
            # Brief lists write the edition after the title.
            draft.edition = Text(found.group(1))
            draft.title = Text(clean(_EDITION_AT_END.sub("", draft.title.value)), draft.title.romanised)
            draft.subtitle = Text(clean(_EDITION_AT_END.sub("", draft.subtitle.value)), draft.subtitle.romanised)


def _edition_at_end(text: str) -> re.Match[str] | None:
    # At most eight characters follow the first two letters of the word.
    return _EDITION_AT_END.search(text) if "ed" in text[-12:].lower() else None


def _carrier_of(draft: Draft, item: str) -> str:
    medium = draft.medium
    if not medium and not draft.carriers and not draft.physical and item in (" ", ""):
        large = draft.edition.value and _LARGE_PRINT.search(draft.edition.value)
        return "large-print" if large else "print" if item == " " or draft.extent else ""
    if "cr" in draft.carriers or item == "o" or "cr" in draft.physical or (medium and _ONLINE_WORDS.search(medium)):
        return "online"
    if (
        # A code alone, against pages and centimetres, is a slip or the mark of a master that was filmed.
        (item in ("a", "b", "c") and not (draft.dimensions and _CENTIMETRES.search(draft.dimensions)))
        or "h" in [value[:1] for value in draft.physical]
        or (medium and _MICRO_WORDS.search(medium))
    ):
        return "micro"
    if item == "f" or "fb" in draft.physical:
        return "braille"
    if item == "d" or "tb" in draft.physical or (draft.edition.value and _LARGE_PRINT.search(draft.edition.value)):
        return "large-print"
    if item == "q" or any(value[:1] == "c" for value in draft.physical) or "cd" in draft.carriers:
        return "disc"
    if item in ("a", "b", "c"):
        return ""
    return "print" if item in (" ", "r", "|") or draft.extent else ""


def _language_and_country(draft: Draft, coded: str) -> None:
    language, draft.country = _coded_words(coded[35:38], coded[15:18])
    if language:
        draft.languages.insert(0, language)


@lru_cache(maxsize=8192)
def _coded_words(language: str, country: str) -> tuple[str, str]:
    """The language and the country of coded data, each "" where none is said."""
    language, country = language.lower(), country.strip(" |#^").lower()
    known = len(language) == 3 and language.isalpha() and language.isascii() and language not in NO_LANGUAGE
    nowhere = country in ("xx", "||", "vp") or not country.isalpha()
    return language if known else "", "" if nowhere else country


def _years(draft: Draft, coded: str) -> None:
    language = draft.languages[0] if draft.languages else draft.guessed_language()
    lithograph = language in ("per", "urd", "pus") and any(map(_LITHOGRAPH.search, draft.notes))
    dated = _dated(coded[6:15], tuple(draft.date_texts), language, draft.country, lithograph)
    draft.year, draft.year_end, draft.year_as_written = dated.year, dated.year_end, dated.as_written
    draft.years = list(dated.years)


class _Dated(NamedTuple):
    """The years that a record says."""

    as_written: str
    year: int | None = None
    year_end: int | None = None
    years: tuple[int, ...] = ()


@lru_cache(maxsize=8192)
def _dated(coded: str, texts: tuple[str, ...], language: str, country: str, lithograph: bool) -> _Dated:
    """From the coded dates (a letter and two times four characters) and the dates as they are transcribed."""
    kind, one, two = coded[:1], coded[1:5], coded[5:9]
    written = years.NOTHING
    more: list[int] = []
    plain = _plain_year(one)
    near = plain if plain is not None and 1450 <= plain <= 2100 else None
    for text in texts:
        if text and (written.year is None or not is_latin(text)):
            found = years.read(text, language=language, country=country, lithograph=lithograph, near=near)
            if written.year is None:
                written = found
            else:
                more.extend(found.years)
    first = second = None
    if kind not in ("n", "b") or one.isdigit():
        first = years.coded(one, language=language, country=country, lithograph=lithograph)
        if kind != "e":
            second = years.coded(two, language=language, country=country, lithograph=lithograph)
    if first is not None and first != plain and written.year is not None:
        first = written.year  # coded in Hijri: the transcribed date may hold the cataloguer's own conversion
    as_written = next((clean(text) for text in texts if text and text.strip()), "")
    year = first if first is not None else written.year
    if year is None:
        return _Dated(as_written, years=tuple(more))
    until = second if kind in ("c", "d", "m", "q", "i", "k", "u") and second is not None and second > year else None
    last = (second,) if second is not None and kind in ("r", "t", "p", "q") else ()
    return _Dated(as_written, year, until, (year, *written.years, *more, *last))


def _plain_year(text: str) -> int | None:
    return int(text) if text.isdigit() else None
