"""The MARC-8 code tables as lookups: which set a final byte names, what each code means, and which code a character has.

The facts are the Library of Congress code tables (MARC 21 Specifications, MARC-8 Encoding), as `pymarc` ships them. They are keyed here
by 7-bit code, because any set may be designated as G0 or G1: extended Arabic and extended Cyrillic are tabled as G1 (0xA1–0xFE) and are
nearly always met as G0.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pymarc import marc8_mapping

ASCII, ANSEL, EACC = 0x42, 0x45, 0x31
HEBREW, ARABIC, ARABIC_EXTENDED, CYRILLIC, CYRILLIC_EXTENDED, GREEK = 0x32, 0x33, 0x34, 0x4E, 0x51, 0x53
GREEK_SYMBOLS, SUBSCRIPTS, SUPERSCRIPTS = 0x67, 0x62, 0x70

# Shifted to by ESC and one letter; back to ASCII by ESC s.
SHIFT_SETS = frozenset((GREEK_SYMBOLS, SUBSCRIPTS, SUPERSCRIPTS))


class Code(NamedTuple):
    """Where a character is: its set, its 7-bit code (24-bit in EACC), and whether it is a mark written before its letter."""

    set: int
    code: int
    mark: bool


def _load() -> dict[int, dict[int, tuple[str, bool]]]:
    sets: dict[int, dict[int, tuple[str, bool]]] = {}
    for final, table in marc8_mapping.CODESETS.items():
        if final == EACC:
            continue
        # Codes 0x80–0x9F are control functions of the whole scheme, not of a set.
        sets[final] = {
            code & 0x7F: (chr(point), bool(mark))
            for code, (point, mark) in table.items()
            if code & 0x7F > 0x20 and not 0x80 <= code < 0xA0
        }
    return sets


SETS: dict[int, dict[int, tuple[str, bool]]] = _load()

# Non-sorting begin and end, joiner, non-joiner.
CONTROLS = {0x88: "\x98", 0x89: "\x9c", 0x8D: "\u200d", 0x8E: "\u200c"}


@cache
def eacc() -> dict[int, tuple[str, bool]]:
    """The East Asian set: 24-bit code to character."""
    table = {code: (chr(point), bool(mark)) for code, (point, mark) in marc8_mapping.CODESETS[EACC].items()}
    # Punctuation that the table maps to full-width forms has older codes too.
    for code, point in marc8_mapping.ODD_MAP.items():
        table.setdefault(code, (chr(point), False))
    return table


@cache
def codes() -> dict[str, Code]:
    """Character to code. ASCII and ANSEL win over other sets, and a set over East Asian."""
    found: dict[str, Code] = {}
    order = (
        ASCII,
        ANSEL,
        ARABIC,
        ARABIC_EXTENDED,
        HEBREW,
        CYRILLIC,
        CYRILLIC_EXTENDED,
        GREEK,
        SUBSCRIPTS,
        SUPERSCRIPTS,
        GREEK_SYMBOLS,
    )
    for final in order:
        for code, (text, mark) in SETS[final].items():
            found.setdefault(text, Code(final, code, mark))
    for code, (text, mark) in eacc().items():
        found.setdefault(text, Code(EACC, code, mark))
    return found
