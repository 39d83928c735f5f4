"""Order of words in Persian, Vietnamese and English. Pure; ICU does the work.

A Persian reader's list has Persian before Latin, the others Latin first. Leading punctuation and articles are the caller's concern.
"""

from __future__ import annotations

import threading

import icu

LANGUAGES = ("fa", "vi", "en")
_local = threading.local()


def _collator(language: str) -> icu.Collator:
    # A collator must not be shared between threads while it makes keys.
    known: dict[str, icu.Collator] = _local.__dict__.setdefault("collators", {})
    collator = known.get(language)
    if collator is None:
        collator = icu.Collator.createInstance(icu.Locale(language if language in LANGUAGES else "en"))
        collator.setAttribute(icu.UCollAttribute.ALTERNATE_HANDLING, icu.UCollAttributeValue.SHIFTED)
        collator.setAttribute(icu.UCollAttribute.STRENGTH, icu.UCollAttributeValue.TERTIARY)
        known[language] = collator
    return collator


def sort_key(text: str, language: str) -> bytes:
    """A key whose byte order is the reader's alphabetical order; punctuation, ZWNJ and spaces weigh nothing.

    `language` is fa, vi or en; any other is sorted as English.
    """
    return bytes(_collator(language).getSortKey(text))
