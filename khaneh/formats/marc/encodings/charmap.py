"""One byte, one character (or one character and a combining mark): the machinery that the table-driven codecs share."""

from __future__ import annotations

import unicodedata

from khaneh.formats.marc.encodings.errors import DecodeError, EncodeError


class Charmap:
    """A strict 8-bit codec. `table` maps the bytes that differ from ASCII to their text; a byte above 0x7F without a row is an error.

    With `compose`, marks that follow their base letter are composed on decoding and split again on encoding where the table has no
    letter of its own: what windows-1258 and TCVN 5712 do with tones.
    """

    def __init__(self, name: str, table: dict[int, str], *, compose: bool = False) -> None:
        self.name = name
        self.compose = compose
        self._decoding = [table.get(byte, chr(byte) if byte < 0x80 else None) for byte in range(256)]
        self._translation = {byte: text for byte, text in enumerate(self._decoding) if text is not None}
        self._encoding: dict[str, int] = {}
        for byte in range(256):
            text = self._decoding[byte]
            if text is not None:
                self._encoding.setdefault(text, byte)
        self._holes = bytes(byte for byte in range(256) if self._decoding[byte] is None)

    def decode(self, data: bytes) -> str:
        """The text, or DecodeError at the first byte that has no row."""
        if self._holes and len(data.translate(None, self._holes)) != len(data):
            position = next(index for index, byte in enumerate(data) if byte in self._holes)
            raise DecodeError(self.name, position, f"0x{data[position]:02X} is not assigned")
        text = data.decode("latin-1").translate(self._translation)
        return unicodedata.normalize("NFC", text) if self.compose else text

    def encode(self, text: str) -> bytes:
        """The bytes, or EncodeError at the first character that has no code."""
        out = bytearray()
        if self.compose:
            text = unicodedata.normalize("NFC", text)
        for position, character in enumerate(text):
            code = self._encoding.get(character)
            if code is not None:
                out.append(code)
                continue
            pair = self._split(character) if self.compose else None
            if pair is None:
                raise EncodeError(self.name, position, character)
            out += pair
        return bytes(out)

    def _split(self, character: str) -> bytes | None:
        """The letter without one of its marks, then the mark; the tone is the mark that legacy encodings write apart."""
        parts = unicodedata.normalize("NFD", character)
        for index in range(len(parts) - 1, 0, -1):
            base = unicodedata.normalize("NFC", parts[:index] + parts[index + 1 :])
            letter, mark = self._encoding.get(base), self._encoding.get(parts[index])
            if letter is not None and mark is not None:
                return bytes((letter, mark))
        return None


def rows(start: int, text: str) -> dict[int, str]:
    """A table from consecutive characters separated by spaces, beginning at a code; `·` leaves a code unassigned."""
    return {start + index: char for index, char in enumerate(text.split()) if char != "·"}
