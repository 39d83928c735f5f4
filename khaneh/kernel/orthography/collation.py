"""Order of words as readers in this network look them up. Pure; ICU does the work.

One order for all: Latin by the Vietnamese alphabet (ă after a, đ after d; other accents as in English), Arabic script by the Persian one.
What differs between readers is which script comes first: for a Persian reader, the Arabic one. So a title is filed once for two orders.
"""

from __future__ import annotations

import threading
from functools import cache

import icu

from khaneh.kernel.orthography.scripts import script_of

_local = threading.local()


def _collator() -> icu.Collator:
    # A collator must not be shared between threads while it makes keys.
    known: icu.Collator | None = getattr(_local, "collator", None)
    if known is None:
        persian = icu.Collator.createInstance(icu.Locale("fa")).getRules().replace("[reorder Arab]", "")
        known = icu.RuleBasedCollator(icu.Collator.createInstance(icu.Locale("vi")).getRules() + persian)
        known.setAttribute(icu.UCollAttribute.ALTERNATE_HANDLING, icu.UCollAttributeValue.SHIFTED)
        _local.collator = known
    return known


def filing_key(text: str) -> bytes:
    """A key whose byte order is alphabetical order, Latin before Arabic script; punctuation, ZWNJ and spaces weigh nothing."""
    return bytes(_collator().getSortKey(text)).rstrip(b"\0")


def is_filed_first_in_persian(text: str) -> bool:
    """Whether a Persian reader looks for the text before all others: its first letter is of Arabic script."""
    for char in text:
        if char.isalpha():
            return not char.isascii() and _is_arabic(char)
    return False


# A question about one letter, asked for every title.
@cache
def _is_arabic(letter: str) -> bool:
    return script_of(letter) == "Arab"


def sort_key(text: str, language: str) -> bytes:
    """A key whose byte order is the reader's alphabetical order. `language` is fa, vi or en."""
    key = filing_key(text)
    if language != "fa":
        return key
    return (b"\x01" if is_filed_first_in_persian(text) else b"\x02") + key
