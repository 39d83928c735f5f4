"""Characters that a machine can take. A letter that its encoding has not is written with the nearest one that it has."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

ENCODINGS: Mapping[str, str] = {"utf-8": "UTF-8", "windows-1256": "Windows-1256"}
# The code page has the Arabic forms of these, and European digits.
_PERSIAN_1256 = str.maketrans(
    {
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        "ی": "ي", "ۀ": "ه", "٫": ".", "٬": ",", "٪": "%", "‐": "-", "−": "-",
    }
)  # fmt: skip
_LOOKALIKES = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "ø": "o"})
LONGEST_VALUE = 255  # bytes: what the protocol's definition lets a named field have


def to_bytes(text: str, encoding: str, *, longest: int = LONGEST_VALUE) -> bytes:
    """The text as a field's value: no delimiter and no control character in it, cut at a character within `longest` bytes."""
    clean = "".join(
        " " if char == "|" or unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") else char for char in text
    )
    if encoding == "utf-8":
        data = clean.encode("utf-8")
        return data if len(data) <= longest else data[:longest].decode("utf-8", "ignore").encode("utf-8")
    return b"".join(_nearest(char, encoding) for char in clean.translate(_PERSIAN_1256))[:longest]


def from_bytes(data: bytes, encoding: str) -> str:
    """A field's value as text. Bytes that are no character become U+FFFD, control characters go: neither can name anything real."""
    text = data.decode(encoding, "replace")
    return text if text.isprintable() else "".join(c for c in text if unicodedata.category(c) != "Cc")


def can_show(text: str, encoding: str) -> bool:
    """Whether the encoding has every letter of the text, or one that readers take for it (ي for ی)."""
    if encoding == "utf-8":
        return True
    try:
        text.translate(_PERSIAN_1256).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _nearest(char: str, encoding: str) -> bytes:
    for form in (char, char.translate(_LOOKALIKES), unicodedata.normalize("NFKD", char)[:1]):
        try:
            return form.translate(_LOOKALIKES if form != char else {}).encode(encoding)
        except UnicodeEncodeError:
            continue
    return b"" if unicodedata.category(char) in ("Mn", "Cf") else b"?"
