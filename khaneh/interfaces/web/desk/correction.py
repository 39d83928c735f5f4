"""A quarantined record as text that a person can mend, and the mended text as bytes in the file's own format.

Three ways, the most comfortable that the bytes permit: fields as lines (`=245  10$aTitle`), the text as it stands, the bytes themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from khaneh.formats.marc import write
from khaneh.formats.marc.encodings import DecodeError, decode, encode
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.read import read
from khaneh.formats.marc.types import Record

Way = Literal["lines", "text", "hex"]
LONGEST = 64 * 1024  # bytes of a record that is offered for mending by hand: more fits no text field
_STRUCTURED = {"iso2709": write.to_iso2709, "marcxml": write.to_marcxml, "json": write.to_json}
_NAMES = {"{": "{lcub}", "}": "{rcub}", "$": "{dollar}"}
_PAIRS = re.compile(r"[0-9a-fA-F]{2}")


class Draft(NamedTuple):
    """What stands in the text field at first, and the ways that are offered."""

    way: Way
    text: str


class NotUnderstood(ValueError):
    """The mended text is no record, or no bytes. `code` is lines, text or hex."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def draft(raw: bytes, fmt: Mapping[str, Any], encoding: str) -> Draft | None:
    """The record ready to be mended, read in `encoding` where that is given; None for one that is too long."""
    if len(raw) > LONGEST:
        return None
    form = FileFormat.from_dict(dict(fmt))
    if form.serialisation in _STRUCTURED:
        reading = read(RawRecord(0, len(raw), raw), form, encoding=encoding or None)
        if reading.record is not None:
            return Draft("lines", lines_of(reading.record))
    elif form.delimiter != "xlsx":
        try:
            return Draft("text", decode(raw, encoding or form.encoding))
        except (DecodeError, KeyError):
            pass
    return Draft("hex", hex_of(raw))


def mended(text: str, way: str, fmt: Mapping[str, Any]) -> tuple[bytes, str]:
    """The bytes of a mended record and the encoding they are in ('' leaves that open). Raises NotUnderstood."""
    form = FileFormat.from_dict(dict(fmt))
    if way == "hex":
        squeezed = re.sub(r"\s+", "", text)
        if not squeezed or len(squeezed) % 2 or not re.fullmatch(r"[0-9a-fA-F]+", squeezed):
            raise NotUnderstood("hex")
        return bytes.fromhex(squeezed), ""
    if way == "text":
        try:
            return encode(text.replace("\r\n", "\n"), "utf-8"), "utf-8"
        except ValueError as error:
            raise NotUnderstood("text") from error
    record = record_of(text)
    writer = _STRUCTURED.get(form.serialisation, write.to_iso2709)
    try:
        return writer(record), "utf-8"
    except write.UnwritableError as error:
        raise NotUnderstood("lines") from error


def lines_of(record: Record) -> str:
    """Fields as lines: `=LDR`, `=001`, `=245  10$aTitle`; a blank indicator is a backslash, a dollar sign in a value `{dollar}`."""
    lines = ["=LDR  " + record.leader.replace(" ", "\\")]
    for field in record.fields:
        if field.subfields:
            indicators = f"{field.ind1}{field.ind2}".replace(" ", "\\")
            values = "".join(f"${code}{_escaped(value)}" for code, value in field.subfields)
            lines.append(f"={field.tag}  {indicators}{values}")
        else:
            lines.append(f"={field.tag}  {_escaped(field.value or '')}")
    return "\n".join(lines)


def record_of(text: str) -> Record:
    """The record that such lines say. Raises NotUnderstood, also where a line is not understood: nothing is dropped by mending."""
    raw = text.replace("\r\n", "\n").encode()
    reading = read(RawRecord(0, len(raw), raw), FileFormat("mrk"), encoding="utf-8")
    doubtful = {"line-broken", "no-fields", "text-before-subfield"}
    if reading.record is None or any(problem.code in doubtful for problem in reading.problems):
        raise NotUnderstood("lines")
    return reading.record


def hex_of(raw: bytes) -> str:
    """Bytes as pairs of figures, sixteen a line."""
    pairs = _PAIRS.findall(raw.hex())
    return "\n".join(" ".join(pairs[start : start + 16]) for start in range(0, len(pairs), 16))


def _escaped(value: str) -> str:
    return re.sub(r"[{}$]", lambda found: _NAMES[found.group()], value)
