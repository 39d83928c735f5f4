"""MARC-8 (MARC 21 Specifications, Character Sets: MARC-8 Encoding Environment), strict in both directions.

A byte that no designated set defines is an error and never a space. Marks precede their letter in MARC-8 and follow it in Unicode;
a letter and its marks are composed where Unicode has the composed letter, everything else is left as the tables give it.
Characters that MARC-8 lacks (Persian ye among them) are written and read as numeric character references, `&#x06CC;`.
"""

from __future__ import annotations

import re
import unicodedata

from khaneh.formats.marc.encodings import marc8_tables as tables
from khaneh.formats.marc.encodings.errors import DecodeError

NAME = "marc-8"
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{4,6});")
_ANSEL_RUN = re.compile(r"([\xe0-\xfe]+)([^\x00-\x1f\xe0-\xfe]?)|[\x80-\xff]", re.DOTALL)
_ANSEL = tables.SETS[tables.ANSEL]


def decode(data: bytes) -> str:
    """The text of one field or subfield, or DecodeError. Subfield delimiters pass through and restore the default sets."""
    if b"\x1b" in data:
        text = _Decoder(data).run()
    elif data.isascii():
        text = data.decode("ascii")
    else:
        text = _decode_ansel(data)
    return _REFERENCE.sub(_dereference, text) if "&#x" in text else text


def _dereference(match: re.Match[str]) -> str:
    point = int(match.group(1), 16)
    return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else match.group()


def _decode_ansel(data: bytes) -> str:
    """The common case: no escape sequence, so ASCII and ANSEL throughout."""

    def one(match: re.Match[str]) -> str:
        marks, base = match.groups()
        if marks is None:
            return _ansel_character(match.group(), match.start())
        if not base:
            raise DecodeError(NAME, match.start(), "combining mark without a letter")
        letter = base if base < "\x80" else _ansel_character(base, match.end() - 1)
        accents = []
        for offset, mark in enumerate(marks):
            entry = _ANSEL.get(ord(mark) & 0x7F)
            if entry is None or not entry[1]:
                raise DecodeError(NAME, match.start() + offset, f"0x{ord(mark):02X} is not assigned in ANSEL")
            accents.append(entry[0])
        return unicodedata.normalize("NFC", letter + "".join(accents))

    return _ANSEL_RUN.sub(one, data.decode("latin-1"))


def _ansel_character(character: str, position: int) -> str:
    code = ord(character)
    if code < 0xA0:
        text = tables.CONTROLS.get(code)
    else:
        entry = _ANSEL.get(code & 0x7F) if code > 0xA0 else None
        text = entry[0] if entry is not None else None
    if text is None:
        raise DecodeError(NAME, position, f"0x{code:02X} is not assigned in ANSEL")
    return text


class _Decoder:
    """One pass over one value that has escape sequences."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.g0, self.g1 = tables.ASCII, tables.ANSEL
        self.out: list[str] = []
        self.marks: list[str] = []

    def run(self) -> str:
        data, size = self.data, len(self.data)
        while self.position < size:
            byte = data[self.position]
            if byte == 0x1B:
                self._escape()
            elif byte < 0x20:
                self._no_marks_waiting()
                self.out.append(chr(byte))
                self.position += 1
                if byte == 0x1F:
                    self.g0, self.g1 = tables.ASCII, tables.ANSEL
            elif byte == 0x20:
                self._put(" ", mark=False)
                self.position += 1
            elif 0x80 <= byte < 0xA0:
                control = tables.CONTROLS.get(byte)
                if control is None:
                    raise DecodeError(NAME, self.position, f"0x{byte:02X} is not assigned")
                self.out.append(control)
                self.position += 1
            else:
                self._graphic(self.g0 if byte < 0x80 else self.g1)
        self._no_marks_waiting()
        return "".join(self.out)

    def _graphic(self, final: int) -> None:
        start = self.position
        if final == tables.EACC:
            triple = self.data[start : start + 3]
            code = int.from_bytes(bytes(byte & 0x7F for byte in triple), "big")
            entry = tables.eacc().get(code) if len(triple) == 3 else None
            width = 3
        else:
            code = self.data[start] & 0x7F
            entry = tables.SETS[final].get(code)
            width = 1
        if entry is None:
            raise DecodeError(NAME, start, f"0x{code:02X} is not assigned in set 0x{final:02X}")
        self._put(*entry)
        self.position += width

    def _put(self, text: str, mark: bool) -> None:
        if mark:
            self.marks.append(text)
        elif self.marks:
            self.out.append(unicodedata.normalize("NFC", text + "".join(self.marks)))
            self.marks.clear()
        else:
            self.out.append(text)

    def _no_marks_waiting(self) -> None:
        if self.marks:
            raise DecodeError(NAME, self.position - 1, "combining mark without a letter")

    def _escape(self) -> None:
        start = self.position
        data = self.data[start + 1 : start + 5]
        first = data[:1]
        if first and first[0] in tables.SHIFT_SETS:
            self.g0, self.position = first[0], start + 2
        elif first == b"s":
            self.g0, self.position = tables.ASCII, start + 2
        elif first in (b"(", b",", b")", b"-"):
            to_g1 = first in (b")", b"-")
            width = 2 if data[1:2] == b"!" else 1
            final = data[width : width + 1]
            if not final or final[0] not in tables.SETS:
                raise DecodeError(NAME, start, "escape sequence names no known set")
            self._designate(final[0], to_g1=to_g1)
            self.position = start + 2 + width
        elif first == b"$":
            intermediate = data[1:2] in (b",", b")", b"-")
            if data[1 + intermediate : 2 + intermediate] != b"1":
                raise DecodeError(NAME, start, "escape sequence names no known multi-byte set")
            self._designate(tables.EACC, to_g1=data[1:2] in (b")", b"-"))
            self.position = start + 3 + intermediate
        else:
            raise DecodeError(NAME, start, "incomplete escape sequence")

    def _designate(self, final: int, *, to_g1: bool) -> None:
        if to_g1:
            self.g1 = final
        else:
            self.g0 = final


def encode(text: str) -> bytes:
    """The bytes of one field or subfield. Always possible: what MARC-8 lacks becomes a numeric character reference."""
    if text.isascii():
        return text.encode("ascii")
    encoder = _Encoder()
    for cluster in _clusters(text):
        encoder.cluster(cluster)
    return encoder.finish()


def _clusters(text: str) -> list[str]:
    """A letter with the marks that follow it, as one string each."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.combining(character) and found[-1] >= " ":
            found[-1] += character
        else:
            found.append(character)
    return found


def _forms(cluster: str, composed: str) -> list[str]:
    """The ways to write a cluster as a letter and marks: composed, with one mark apart, with all marks apart."""
    parts = unicodedata.normalize("NFD", cluster)
    forms = [composed]
    for index in range(len(parts) - 1, 0, -1):
        base = unicodedata.normalize("NFC", parts[:index] + parts[index + 1 :])
        if len(base) == 1:
            forms.append(base + parts[index])
    return [*forms, parts]


class _Encoder:
    def __init__(self) -> None:
        self.out = bytearray()
        self.g0 = tables.ASCII

    def cluster(self, cluster: str) -> None:
        known = tables.codes()
        composed = unicodedata.normalize("NFC", cluster) if len(cluster) > 1 else cluster
        if composed in _CONTROL_CODES:
            self.out.append(_CONTROL_CODES[composed])
            return
        if len(composed) == 1 and composed < " ":
            self._default()
            self.out += composed.encode("ascii")
            return
        for form in _forms(cluster, composed):
            letter, marks = form[0], form[1:]
            places = [known.get(character) for character in form]
            if letter == " ":
                places[0] = tables.Code(tables.ASCII, 0x20, mark=False)
            if all(
                place is not None and place.mark == (index > 0) for index, place in enumerate(places)
            ) and self._same_back(letter, marks, cluster):
                for place in (*places[1:], places[0]):
                    if place is not None:
                        self._put(place)
                return
        self._default()
        self.out += "".join(
            f"&#x{ord(character):04X};" if character >= "\x7f" else character for character in cluster
        ).encode("ascii")

    @staticmethod
    def _same_back(letter: str, marks: str, cluster: str) -> bool:
        """Whether decoding gives the cluster again, up to composition."""
        back = unicodedata.normalize("NFC", letter + marks) if marks else letter
        return unicodedata.normalize("NFC", cluster) == unicodedata.normalize("NFC", back)

    def _put(self, place: tables.Code) -> None:
        if place.set == tables.ANSEL:
            self.out.append(place.code | 0x80)
            return
        if place.code != 0x20 and self.g0 != place.set:
            self._shift(place.set)
        if place.set == tables.EACC:
            self.out += place.code.to_bytes(3, "big")
        else:
            self.out.append(place.code)

    def _shift(self, final: int) -> None:
        if self.g0 in tables.SHIFT_SETS:
            self.out += b"\x1bs"
            self.g0 = tables.ASCII
        if final in tables.SHIFT_SETS:
            self.out += bytes((0x1B, final))
        elif final == tables.EACC:
            self.out += b"\x1b$1"
        elif final != self.g0:
            self.out += bytes((0x1B, 0x28, final))
        self.g0 = final

    def _default(self) -> None:
        if self.g0 != tables.ASCII:
            self._shift(tables.ASCII)

    def finish(self) -> bytes:
        self._default()
        return bytes(self.out)


_CONTROL_CODES = {text: code for code, text in tables.CONTROLS.items()}
