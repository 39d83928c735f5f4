"""The character sets that UNIMARC names in 100 $a, positions 26–29: two digits for the low half of the bytes (G0), two for the high (G1).

After the UNIMARC Manual (Bibliographic Format, 3rd ed., field 100): 01 ISO 646, 02 ISO registration 37 (basic Cyrillic), 03 ISO 5426,
04 ISO 5427 (extended Cyrillic), 05 ISO 5428 (Greek), 50 ISO 10646. Sets 06 to 11 (African, Georgian, Hebrew, older Latin) are not read, nor
is a set other than ISO 646 in the low half, where subfield codes would be letters of it.
The manual has no code for an Arabic set or for any ISO 8859: catalogues with those name nothing or something else, and are recognised
by their bytes. The tables are the registered ones that MARC-8 designates with the same final bytes (N, Q, S).
"""

from __future__ import annotations

import unicodedata

from khaneh.formats.marc.encodings import marc8_tables as tables
from khaneh.formats.marc.encodings.errors import DecodeError, EncodeError

# (G0, G1) to the name of an encoding.
_NAMES = {
    ("01", "02"): "iso-ir-37",
    ("01", "03"): "iso-5426",
    ("01", "04"): "iso-5427",
    ("01", "05"): "iso-5428",
}


def named(coded: str) -> str:
    """The encoding that a record's 100 $a claims, or an empty string where it names none that is known here."""
    low, high = coded[26:28], coded[28:30]
    return "utf-8" if low == "50" else _NAMES.get((low, high), "")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class SetPair:
    """A strict codec of ISO 646 and a 7-bit set in the high half; marks precede their letter, as in all sets of this family."""

    def __init__(self, name: str, high: int) -> None:
        self.name = name
        self._table: dict[int, tuple[str, bool]] = {byte: (chr(byte), False) for byte in range(0x21)}
        self._table[0x7F] = ("\x7f", False)
        # Non-sorting begin and end: kept as UNIMARC's control functions.
        self._table |= {0x88: ("\x88", False), 0x89: ("\x89", False)}
        # Some signs are tabled by an older code point that no normal form keeps.
        self._table |= {code: (_nfc(text), mark) for code, (text, mark) in tables.SETS[tables.ASCII].items()}
        self._table |= {code | 0x80: (_nfc(text), mark) for code, (text, mark) in tables.SETS[high].items()}
        self._codes: dict[str, int] = {}
        for byte in sorted(self._table):
            self._codes.setdefault(self._table[byte][0], byte)

    def decode(self, data: bytes) -> str:
        """The text, or DecodeError at the first byte without a meaning or a mark without a letter."""
        out: list[str] = []
        marks = ""
        for position, byte in enumerate(data):
            entry = self._table.get(byte)
            if entry is None:
                raise DecodeError(self.name, position, f"0x{byte:02X} is not assigned")
            text, mark = entry
            if mark:
                marks += text
            elif marks and text < " ":
                raise DecodeError(self.name, position, "combining mark without a letter")
            else:
                out.append(_nfc(text + marks) if marks else text)
                marks = ""
        if marks:
            raise DecodeError(self.name, len(data) - 1, "combining mark without a letter")
        return "".join(out)

    def encode(self, text: str) -> bytes:
        """The bytes, or EncodeError at the first character that has no code."""
        out = bytearray()
        clusters: list[tuple[int, str]] = []
        for position, character in enumerate(_nfc(text)):
            if clusters and unicodedata.combining(character):
                clusters[-1] = (clusters[-1][0], clusters[-1][1] + character)
            else:
                clusters.append((position, character))
        for position, cluster in clusters:
            letter, marks = cluster[0], cluster[1:]
            if letter not in self._codes:
                parts = unicodedata.normalize("NFD", letter)
                letter, marks = parts[0], parts[1:] + marks
            for part in (*marks, letter):
                code = self._codes.get(part)
                if code is None or self._table[code][1] != (part != letter):
                    raise EncodeError(self.name, position, part)
                out.append(code)
        return bytes(out)


BASIC_CYRILLIC = SetPair("iso-ir-37", tables.CYRILLIC)
EXTENDED_CYRILLIC = SetPair("iso-5427", tables.CYRILLIC_EXTENDED)
GREEK = SetPair("iso-5428", tables.GREEK)
