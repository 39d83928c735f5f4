"""Numbers from a statement of extent: pages of a one-volume book, number of volumes of a set."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PAGE_WORD = r"(?:p\b|pp\b|pages?\b|pgs?\b|s\b|seiten?\b|trang\b|tr\b|str\b|с\b|стр|ص|صفحه|صفحة|ورق|برگ|leaves\b|leaf\b|l\b|ℓ|f\b|к)"
_PAGES = re.compile(
    r"((?:\[?[0-9]{1,5}\]?\s*[,،.+-]\s*(?:[ivxlc]+\s*,\s*)?)*)\[?([0-9]{1,5})\s*\]?\s*(?:unnumbered\s+|unnumb\.\s*)?"
    + _PAGE_WORD,
    re.IGNORECASE,
)
_PAGES_BEFORE = re.compile(r"\b(?:p|pp|pages|ص)\.?\s*\[?([0-9]{1,5})\s*[-\u2013]\s*([0-9]{1,5})", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![0-9])[0-9]{1,5}(?![0-9])")
_VOLUMES = re.compile(
    r"(?:([0-9]{1,3})\s*(?:v\b|vols?\b|volumes?\b|bd\b|bände\b|tập\b|т\b|tomes?\b|pts?\b|parts?\b|ج|جلد|مج|أجزاء|اجزاء|مجلدات|مجلد))"
    r"|^\W*(?:v(?:\.(?!\s*,?\s*[0-9]+\s*p\b)|\s*[;:(\[]|\s*$)|volumes?\b|vols?\b|ج\b)(?!\s*,)",
    re.IGNORECASE,
)
_IN_ONE = re.compile(r"\b(?:in|dans|en|في|در)\s+(?:1|one|واحد|یک)\b", re.IGNORECASE)


class Extent(NamedTuple):
    """`pages`: the longest Arabic-numbered sequence. `volumes`: 1 for pages only, 0 for an open set ("v."), None when unknown."""

    pages: int | None = None
    volumes: int | None = None


@lru_cache(maxsize=20_000)
def read(text: str) -> Extent:
    """ "xiv, 320 p." -> 320 pages, 1 volume; "2 v. (449, 493 p.)" -> 2 volumes, 493 pages; "v. ;" -> an open set."""
    if not text:
        return Extent()
    if not text.isascii():
        text = text.translate(_DIGITS)
    volumes: int | None = None
    found = _VOLUMES.search(text)
    if found:
        volumes = int(found.group(1)) if found.group(1) else 0
        if volumes > 1 and _IN_ONE.search(text):
            volumes = 1
    counted = [
        max(int(last), *map(int, _NUMBERS.findall(before))) if before else int(last)
        for before, last in _PAGES.findall(text)
    ]
    if counted:
        return Extent(max(counted), 1 if volumes is None else volumes)
    spans = [int(end) for _, end in _PAGES_BEFORE.findall(text)]
    if spans:
        return Extent(max(spans), 1 if volumes is None else volumes)
    if volumes is None and _NUMBERS.fullmatch(text.strip(" .;,[]")):
        # Brief lists hold the bare number.
        return Extent(int(text.strip(" .;,[]")), 1)
    return Extent(None, volumes)
