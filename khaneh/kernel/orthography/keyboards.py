"""Text typed on the wrong keyboard layout, and back. Pure tables.

Two Persian layouts are met: ISIRI 9147 (پ on M) and the older Windows one (پ on \\ and ئ on M).
"""

from __future__ import annotations

from typing import Literal

Layout = Literal["isiri9147", "legacy"]

_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,\\`"
_ISIRI = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو\\\u200d"
_LEGACY = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدئوپ\u200d"
# Shifted letters that a Persian typist needs; the rest are marks that keys drop.
_SHIFTED = {
    "isiri9147": {"H": "آ", "C": "ژ", "G": "أ", "B": "\u200c"},
    "legacy": {"H": "آ", "C": "ژ", "G": "أ", "X": "ي", "B": "إ"},
}

_TO_PERSIAN: dict[str, dict[int, str]] = {}
_TO_LATIN: dict[str, dict[int, str]] = {}
for _name, _row in (("isiri9147", _ISIRI), ("legacy", _LEGACY)):
    _plain = dict(zip(_KEYS, _row, strict=True))
    _capitals = {k.upper(): v for k, v in _plain.items() if k.isalpha()}
    _TO_PERSIAN[_name] = {ord(k): v for k, v in {**_capitals, **_plain, **_SHIFTED[_name]}.items()}
    _back = {v: k for k, v in _plain.items()} | {"ي": "d", "ك": ";", "آ": "h", "ژ": "c", "ئ": "m", "أ": "h"}
    _TO_LATIN[_name] = {ord(v): k for v, k in _back.items()}


def latin_keys_as_persian(text: str, layout: Layout = "isiri9147") -> str:
    """Persian that was typed while the keyboard was Latin: 'sghl' → 'سلام'."""
    return text.translate(_TO_PERSIAN[layout])


def persian_keys_as_latin(text: str, layout: Layout = "isiri9147") -> str:
    """Latin that was typed while the keyboard was Persian: 'اثممخ' → 'hello'."""
    return text.translate(_TO_LATIN[layout])


def other_layout_readings(text: str) -> tuple[str, ...]:
    """What the text may have been meant to be on the other layout, likeliest first, without the text itself."""
    if any("\u0600" <= c <= "\u06ff" for c in text):
        readings = [persian_keys_as_latin(text, layout) for layout in ("isiri9147", "legacy")]
        readings = [r for r in readings if all(c.isascii() for c in r)]
    elif text.isascii() and any(c.isalpha() for c in text):
        readings = [latin_keys_as_persian(text, layout) for layout in ("isiri9147", "legacy")]
    else:
        readings = []
    return tuple(r for r in dict.fromkeys(readings) if r != text)
