"""Code 128 (ISO/IEC 15417), the bars of cards and labels: a text to the widths of its bars and spaces. Pure; nothing here draws."""

from __future__ import annotations

import re

# The width in modules of bar, space, bar, space, bar, space of each symbol value (table 1 of the standard); 106 is the stop with its last bar.
_SYMBOLS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221
223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321
112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131
311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114
122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
""".split()
_TO_C, _TO_B, _START_B, _START_C, _STOP = 99, 100, 104, 105, 106
QUIET = 10  # modules of white that a reader needs on either side
# Pairs of digits take half the room; a change of set costs one symbol, so fewer than six in the middle or four at an end are not worth it.
_PARTS = re.compile(r"^(?:\d\d){2,}|(?:\d\d){2,}$|(?:\d\d){3,}")


def values(text: str) -> list[int]:
    """The symbol values from start to stop, check symbol included. Raises ValueError for what is not printable ASCII, or for nothing."""
    if not text or not all(" " <= sign <= "~" for sign in text):
        raise ValueError("Code 128 in sets B and C holds printable ASCII")
    found: list[int] = []
    for part, is_digits in _split(text):
        if is_digits:
            found.append(_TO_C if found else _START_C)
            found += [int(part[at : at + 2]) for at in range(0, len(part), 2)]
        else:
            found.append(_TO_B if found else _START_B)
            found += [ord(sign) - 32 for sign in part]
    check = found[0] + sum(place * value for place, value in enumerate(found[1:], 1))
    return [*found, check % 103, _STOP]


def widths(text: str) -> list[int]:
    """Widths in modules, bar and space in turn, a bar first and last; the quiet zones are the caller's. Raises ValueError."""
    return [int(width) for value in values(text) for width in _SYMBOLS[value]]


def _split(text: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    at = 0
    for match in _PARTS.finditer(text):
        if match.start() > at:
            parts.append((text[at : match.start()], False))
        parts.append((match.group(), True))
        at = match.end()
    if at < len(text):
        parts.append((text[at:], False))
    return parts
