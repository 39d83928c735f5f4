"""ISO 5426 with ISO 646, the extended Latin pair that UNIMARC's 100 $a names `01` and `03`. Marks precede their letter."""

from __future__ import annotations

import re
import unicodedata

from khaneh.formats.marc.encodings.charmap import rows
from khaneh.formats.marc.encodings.errors import DecodeError, EncodeError

NAME = "iso-5426"

_SPACING = {
    0x88: "\x88",  # non-sorting begin and end: kept as UNIMARC's control functions
    0x89: "\x89",
    **rows(0xA1, "¡ „ £ $ ¥ † § ′ ‘ “ « ♭ © ℗ ®"),
    **rows(0xB0, "ʻ ʼ ‚ · · · ‡"),
    0xB7: "·",
    **rows(0xB8, "″ ’ ” » ♯ ʹ ʺ ¿"),
    **rows(0xE0, "· Æ Đ · · · Ĳ · Ł Ø Œ · Þ · · ·"),
    **rows(0xF0, "· æ đ ð · ı ĳ · ł ø œ ß þ"),
}
_MARKS = dict(
    enumerate(
        "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0313\u030b\u031b\u030c"
        "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d",
        start=0xC0,
    )
)
_CODES = {text: code for code, text in reversed(_SPACING.items())}
_MARK_CODES = {text: code for code, text in reversed(_MARKS.items())}
_RUN = re.compile(r"([\xc0-\xdb]+)([^\x00-\x1f\xc0-\xdb]?)|[\x80-\xff]", re.DOTALL)


def decode(data: bytes) -> str:
    """The text, or DecodeError."""

    def spacing(character: str, position: int) -> str:
        if character < "\x80":
            return character
        text = _SPACING.get(ord(character))
        if text is None:
            raise DecodeError(NAME, position, f"0x{ord(character):02X} is not assigned")
        return text

    def one(match: re.Match[str]) -> str:
        marks, base = match.groups()
        if marks is None:
            return spacing(match.group(), match.start())
        if not base:
            raise DecodeError(NAME, match.start(), "combining mark without a letter")
        letter = spacing(base, match.end() - 1)
        return unicodedata.normalize("NFC", letter + "".join(_MARKS[ord(mark)] for mark in marks))

    return _RUN.sub(one, data.decode("latin-1"))


def encode(text: str) -> bytes:
    """The bytes, or EncodeError."""
    out = bytearray()
    clusters: list[tuple[int, str]] = []
    for position, character in enumerate(text):
        if clusters and unicodedata.combining(character) and clusters[-1][1] >= " ":
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + character)
        else:
            clusters.append((position, character))
    for position, cluster in clusters:
        form = cluster if cluster in _CODES else unicodedata.normalize("NFD", cluster)
        for mark in form[1:]:
            if mark not in _MARK_CODES:
                raise EncodeError(NAME, position, mark)
            out.append(_MARK_CODES[mark])
        letter = form[0]
        if letter not in _CODES and letter >= "\x80":
            raise EncodeError(NAME, position, letter)
        out.append(_CODES[letter] if letter in _CODES and letter != "$" else ord(letter))
    return bytes(out)
