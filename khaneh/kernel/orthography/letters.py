"""Letters and digits: what one character is in each tier of a key. Pure tables; words are made in `tokens.py`.

Two tables, both filled as characters are met: EXACT unifies what is the same letter written with another code point (Arabic and
Persian yeh and kaf, digits, compatibility forms) and FOLDED goes on to what a reader may leave out (accents, tones, hamza).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

JOINT = "\u200c"  # what holds the parts of one word together in an exact form: a ZWNJ or a hyphen

# ISO 233, ALA-LC and DIN romanisations write ʻayn, hamza and the Cyrillic signs with these; typists write ' ` or nothing.
_APOSTROPHES = frozenset(
    "'`´\u2018\u2019\u201a\u201b\u2032\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02ca\u02cb\ua78b\ua78c\u055a\uff07"
)

# The Persian key of the design: one letter for every code point a keyboard or an old encoding may have produced.
_SAME_LETTER = {
    "ي": "ی",
    "ى": "ی",
    "ے": "ی",
    "ك": "ک",
    "ڪ": "ک",
    "ة": "ه",
    "ۀ": "ه",
    "ہ": "ه",
    "ۂ": "ه",
    "ۃ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "أ": "ا",
    "إ": "ا",
    "ٱ": "ا",
    "ؤ": "و",
    "ς": "σ",
}

# What only the lowest tier takes for the same letter. Latin letters here have no canonical decomposition.
_FOLDED_LETTER = {
    "ئ": "ی",
    "آ": "ا",
    "ء": "",
    "ۆ": "و",
    "ۇ": "و",
    "ۋ": "و",
    "ێ": "ی",
    "ې": "ی",
    "ڕ": "ر",
    "ڵ": "ل",
    "đ": "d",
    "ð": "d",
    "ɖ": "d",
    "ø": "o",
    "ł": "l",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ə": "e",
    "ɛ": "e",
    "ɔ": "o",
    "ƒ": "f",
    "ɓ": "b",
    "ɗ": "d",
    "ƙ": "k",
    "ƴ": "y",
    "ĸ": "k",
    "й": "й",  # not и with a breve: the two are different letters
    "ґ": "г",
}

_MARKS_DROPPED_WITH = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "COMBINING")

# Scripts that put no space between words; their runs are cut into pairs of characters.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)


def _is_mark_of_folded_script(char: str) -> bool:
    return unicodedata.category(char) == "Mn" and unicodedata.name(char, "").startswith(_MARKS_DROPPED_WITH)


def _exact(char: str) -> str:
    same = _SAME_LETTER.get(char)
    if same is not None:
        return same
    if char in _APOSTROPHES or char == "\u0640":  # tatweel
        return ""
    category = unicodedata.category(char)
    if char == JOINT or category == "Pd":
        return JOINT
    if category in ("Cf", "Cc", "Cs", "Co", "Cn"):
        return " " if char.isspace() else ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "Mn" and unicodedata.name(char, "").startswith(("ARABIC", "HEBREW", "VARIATION")):
        return ""
    return char if category[0] in "LNM" else " "


def _folded(char: str) -> str:
    folded = _FOLDED_LETTER.get(char)
    if folded is not None:
        return folded
    if char.isascii():
        return char
    if _is_mark_of_folded_script(char):
        return ""
    parts = unicodedata.normalize("NFKD", char)
    if len(parts) == 1 or not unicodedata.name(char, "").startswith(_MARKS_DROPPED_WITH):
        return char
    return "".join(_FOLDED_LETTER.get(p, p) for p in parts if not _is_mark_of_folded_script(p))


class _Table(dict[int, str]):
    """A table for `str.translate` that computes each code point once, when a text first has it."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, code: int) -> str:
        value = self[code] = self._compute(chr(code))
        return value


EXACT = _Table(_exact)
FOLDED = _Table(_folded)

_LATIN_DIGITS = {ord(c): str(i) for row in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩") for i, c in enumerate(row)}
_PERSIAN_DIGITS = {ord(str(i)): c for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹")}


def latin_digits(text: str) -> str:
    """The text with Persian and Arabic digits as 0-9."""
    return text.translate(_LATIN_DIGITS)


def persian_digits(text: str) -> str:
    """The text with 0-9 and Arabic digits as ۰-۹."""
    return latin_digits(text).translate(_PERSIAN_DIGITS)


def is_unspaced(char: str) -> bool:
    """Whether the character belongs to a script that writes no spaces between words."""
    code = ord(char)
    return code >= 0x0E00 and any(low <= code <= high for low, high in _UNSPACED)


def is_arabic_script(text: str) -> bool:
    """Whether any character is of an Arabic block."""
    return any("\u0600" <= c <= "\u06ff" or "\u0750" <= c <= "\u077f" or "\u08a0" <= c <= "\u08ff" for c in text)
