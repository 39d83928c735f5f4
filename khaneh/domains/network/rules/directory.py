"""What the directory's text filter compares: orthography-proof keys, in which marks and letter variants do not count."""

from __future__ import annotations

from khaneh.kernel.labels import Label
from khaneh.kernel.orthography import search_key, sort_key


def directory_key(names: Label, *texts: str) -> str:
    """The key in which a filter's words are looked for, one after the other and anywhere."""
    return " ".join(key for key in map(search_key, (*names, *texts)) if key)


def wanted_words(text: str) -> list[str]:
    """The keys that must all occur; at most ten, as a filter is no essay."""
    return search_key(text).split()[:10]


def order_key(name: str, language: str) -> bytes:
    """How a name is filed for a reader of a language."""
    return sort_key(name, language)
