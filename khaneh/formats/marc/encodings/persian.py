"""Persian encodings before Unicode: ISIRI 3342 and Iran System.

Iran System is a set of glyphs for DOS screens: a letter has a code for each of its shapes and a line is stored as it is seen, from
left to right. Decoding gives plain letters in reading order; encoding chooses the shapes and the visual order again. Some programs
stored the same glyphs in reading order: that is `iran-system-logical`.
"""

from __future__ import annotations

import re

from khaneh.formats.marc.encodings.charmap import Charmap, rows
from khaneh.formats.marc.encodings.errors import DecodeError, EncodeError

_ZWNJ = "\u200c"

ISIRI_3342 = Charmap(
    "isiri-3342",
    {
        0xA0: " ",
        0xA1: _ZWNJ,
        0xA2: "\u200d",
        **rows(0xA3, "! ¤ ٪ . ٬ ) ( × + ، - ٫ /"),
        **rows(0xB0, "۰ ۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹ : ؛ < = > ؟"),
        **rows(0xC0, "آ ا ء ب پ ت ث ج چ ح خ د ذ ر ز ژ"),
        **rows(0xD0, "س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و"),
        **rows(0xE0, "ه ی ] [ } { « » * ـ | \\"),
        0xF0: "\u064e",
        0xF1: "\u0650",
        0xF2: "\u064f",
        0xF3: "\u064b",
        0xF4: "\u064d",
        0xF5: "\u064c",
        0xF6: "\u0651",
        0xF7: "\u0652",
        **rows(0xF8, "أ ؤ إ ئ ة ك ي"),
    },
)

# (letter, code that ends a word or stands alone, code that joins to the next letter); letters with one code repeat it.
_SHAPES: tuple[tuple[str, int, int], ...] = (
    ("ب", 0x92, 0x93),
    ("پ", 0x94, 0x95),
    ("ت", 0x96, 0x97),
    ("ث", 0x98, 0x99),
    ("ج", 0x9A, 0x9B),
    ("چ", 0x9C, 0x9D),
    ("ح", 0x9E, 0x9F),
    ("خ", 0xA0, 0xA1),
    ("س", 0xA7, 0xA8),
    ("ش", 0xA9, 0xAA),
    ("ص", 0xAB, 0xAC),
    ("ض", 0xAD, 0xAE),
    ("ط", 0xAF, 0xAF),
    ("ظ", 0xE0, 0xE0),
    ("ف", 0xE9, 0xEA),
    ("ق", 0xEB, 0xEC),
    ("ک", 0xED, 0xEE),
    ("گ", 0xEF, 0xF0),
    ("ل", 0xF1, 0xF3),
    ("م", 0xF4, 0xF5),
    ("ن", 0xF6, 0xF7),
)
# (letter, alone, joined before, joined on both sides, joined after).
_FOUR_SHAPES = (
    ("ع", 0xE1, 0xE2, 0xE3, 0xE4),
    ("غ", 0xE5, 0xE6, 0xE7, 0xE8),
    ("ه", 0xF9, 0xF9, 0xFA, 0xFB),
    ("ی", 0xFD, 0xFC, 0xFE, 0xFE),
)
_SINGLE = {
    "آ": 0x8D,
    "ء": 0x8F,
    "د": 0xA2,
    "ذ": 0xA3,
    "ر": 0xA4,
    "ز": 0xA5,
    "ژ": 0xA6,
    "و": 0xF8,
    "،": 0x8A,
    "ـ": 0x8B,
    "؟": 0x8C,
}
_LAM_ALEF = 0xF2
_ALEF_ALONE, _ALEF_JOINED = 0x90, 0x91
_HAMZA_YEH = 0x8E  # only the joining shape exists
_NBSP = 0xFF
_DIGITS = "۰۱۲۳۴۵۶۷۸۹"

_ALONE_OR_FINAL: dict[str, tuple[int, int, int, int]] = {
    letter: (end, end, join, join) for letter, end, join in _SHAPES
}
_ALONE_OR_FINAL |= {letter: (alone, final, medial, initial) for letter, alone, final, medial, initial in _FOUR_SHAPES}
_JOINS_NEXT = set(_ALONE_OR_FINAL) | {"ئ", "ـ"}
_JOINS_PREVIOUS = _JOINS_NEXT | set("اآدذرزژو")

_TEXT: dict[int, str] = {code: letter for letter, codes in _ALONE_OR_FINAL.items() for code in codes}
_TEXT |= {code: letter for letter, code in _SINGLE.items()}
_TEXT |= {0x80 + value: digit for value, digit in enumerate(_DIGITS)}
_TEXT |= {_ALEF_ALONE: "ا", _ALEF_JOINED: "ا", _LAM_ALEF: "لا", _HAMZA_YEH: "ئ", _NBSP: "\xa0"}
# A shape that does not join to the next letter although the letter could: what follows without a space was set apart by hand.
_NON_JOINING = {codes[0] for codes in _ALONE_OR_FINAL.values() if codes[0] != codes[2]}
_NON_JOINING |= {codes[1] for codes in _ALONE_OR_FINAL.values() if codes[1] != codes[2]}
_JOINING = {codes[2] for codes in _ALONE_OR_FINAL.values() if codes[0] != codes[2]} | {
    codes[3] for codes in _ALONE_OR_FINAL.values() if codes[0] != codes[3]
}
_LETTER_CODES = {code for code, text in _TEXT.items() if text[0] in _JOINS_PREVIOUS or text == "ء"}

_MIRROR = {ord(left): ord(right) for left, right in ("()", ")(", "[]", "][", "{}", "}{", "<>", "><")}
# Codes of letters that are read from right to left; everything else between them keeps its own direction.
_RIGHT_TO_LEFT = "".join(chr(code) for code in sorted(_LETTER_CODES))
_SEGMENT = re.compile(f"[{_RIGHT_TO_LEFT}]+|[^{_RIGHT_TO_LEFT}]+")
_APART = re.compile("(\n|\x1f.?)")  # subfield codes stay where they are
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_RUN = re.compile(r"^([^0-9A-Za-z\x80-\x89]*)(.*?)([^0-9A-Za-z\x80-\x89]*)$", re.DOTALL)
_NUMBER = re.compile(r"[0-9\x80-\x89]+(?:[.,:/-][0-9\x80-\x89]+)*")


def _turn(glyphs: str) -> str:
    """Visual order to reading order, or back: the same operation, one line or subfield at a time."""
    return "".join(part if index % 2 else _turn_line(part) for index, part in enumerate(_APART.split(glyphs)))


def _turn_line(line: str) -> str:
    if not re.search(f"[{_RIGHT_TO_LEFT}]", line):
        return line
    out: list[str] = []
    for segment in reversed(_SEGMENT.findall(line)):
        if segment[0] in _RIGHT_TO_LEFT:
            out.append(segment[::-1])
        elif _LATIN.search(segment):
            before, run, after = _LATIN_RUN.match(segment).groups()  # type: ignore[union-attr]  # the pattern matches any text
            out.append(_reverse(after) + run + _reverse(before))
        else:
            end = len(segment)
            for number in reversed(list(_NUMBER.finditer(segment))):
                out.append(_reverse(segment[number.end() : end]))
                out.append(number.group())
                end = number.start()
            out.append(_reverse(segment[:end]))
    return "".join(out)


def _reverse(text: str) -> str:
    return text[::-1].translate(_MIRROR)


class IranSystem:
    """Iran System in one of its two orders."""

    def __init__(self, name: str, *, visual: bool) -> None:
        self.name = name
        self.visual = visual

    def decode(self, data: bytes) -> str:
        """Plain letters in reading order, or DecodeError at a code that is no character of a text (a box-drawing shape)."""
        glyphs = data.decode("latin-1")
        if self.visual:
            glyphs = _turn(glyphs)
        out: list[str] = []
        last = len(glyphs) - 1
        for index, glyph in enumerate(glyphs):
            code = ord(glyph)
            if code < 0x80:
                out.append(glyph)
                continue
            text = _TEXT.get(code)
            if text is None:
                raise DecodeError(self.name, data.index(code), f"0x{code:02X} is no letter")
            out.append(text)
            if (
                code in _NON_JOINING
                and index < last
                and ord(glyphs[index + 1]) in _LETTER_CODES
                and glyphs[index + 1] != "\x8f"
            ):
                out.append(_ZWNJ)
        return "".join(out)

    def encode(self, text: str) -> bytes:
        """The glyphs, or EncodeError at a character without one."""
        out: list[str] = []
        index = 0
        joined = False  # whether the letter before reaches out to this one
        while index < len(text):
            letter = text[index]
            following = text[index + 1] if index + 1 < len(text) else ""
            if letter == "ل" and following == "ا":
                out.append(chr(_LAM_ALEF))
                joined = False
                index += 2
                continue
            if letter != _ZWNJ:
                reaches = letter in _JOINS_NEXT and following in _JOINS_PREVIOUS and following != ""
                out.append(chr(self._glyph(letter, index, joined=joined, reaches=reaches)))
                joined = reaches
            else:
                joined = False
            index += 1
        glyphs = "".join(out)
        return (_turn(glyphs) if self.visual else glyphs).encode("latin-1")

    def _glyph(self, letter: str, position: int, *, joined: bool, reaches: bool) -> int:
        if letter < "\x80":
            return ord(letter)
        if letter == "ا":
            return _ALEF_JOINED if joined else _ALEF_ALONE
        if letter in _DIGITS:
            return 0x80 + _DIGITS.index(letter)
        if letter == "\xa0":
            return _NBSP
        if letter == "ئ":
            return _HAMZA_YEH
        shapes = _ALONE_OR_FINAL.get(letter)
        if shapes is not None:
            alone, final, medial, initial = shapes
            return (medial if joined else initial) if reaches else (final if joined else alone)
        code = _SINGLE.get(letter)
        if code is None:
            raise EncodeError(self.name, position, letter)
        return code


def order_of(data: bytes) -> str | None:
    """`visual`, `logical` or None: which order the shapes of Iran System bytes fit, from where the joining shapes stand in words."""
    visual = logical = 0
    for previous, code, following in zip(b" " + data, data, data[1:] + b" ", strict=False):
        if code in _JOINING:
            visual += previous in _LETTER_CODES and following not in _LETTER_CODES
            logical += following in _LETTER_CODES and previous not in _LETTER_CODES
    if visual > logical:
        return "visual"
    return "logical" if logical > visual else None


IRAN_SYSTEM = IranSystem("iran-system", visual=True)
IRAN_SYSTEM_LOGICAL = IranSystem("iran-system-logical", visual=False)
