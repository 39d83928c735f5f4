"""Records into bytes: ISO 2709 in UTF-8, MARCXML and MARC-in-JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

import orjson

from khaneh.formats.marc.types import Field, Record

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_LONGEST_RECORD = 99_999
_LONGEST_FIELD = 9_999
_DELIMITERS = re.compile("[\x1d\x1e\x1f]")
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LEADER_LENGTH = 24


class UnwritableError(ValueError):
    """A record that a serialisation cannot hold. `code` is stable; `facts` say where."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(f"{code}: " + ", ".join(f"{name}={value}" for name, value in facts.items()))
        self.code = code
        self.facts = facts


def is_control(field: Field) -> bool:
    """Whether a field is written as a control field."""
    return not field.subfields and (field.tag < "010" or bool(field.value))


def to_iso2709(record: Record, *, dialect: str = "marc21") -> bytes:
    """The record in UTF-8. Raises UnwritableError: `record-too-long` beyond 99,999 bytes, `field-too-long` beyond 9,999, `tag-unwritable`.

    Lengths, the base address and, in MARC21, leader/09 are written as they are; the rest of the leader is the record's.
    """
    directory: list[bytes] = []
    body: list[bytes] = []
    start = 0
    for field in record.fields:
        tag = field.tag.encode("utf-8")
        if len(tag) != 3:
            raise UnwritableError("tag-unwritable", tag=field.tag)
        data = _field(field).encode("utf-8", "replace") + b"\x1e"
        if len(data) > _LONGEST_FIELD:
            raise UnwritableError("field-too-long", tag=field.tag, bytes=len(data), limit=_LONGEST_FIELD)
        directory.append(b"%s%04d%05d" % (tag, len(data), start))
        body.append(data)
        start += len(data)
        if start > _LONGEST_RECORD:
            break
    base = _LEADER_LENGTH + 12 * len(directory) + 1
    length = base + sum(map(len, body)) + 1
    if length > _LONGEST_RECORD or len(directory) < len(record.fields):
        raise UnwritableError("record-too-long", bytes=length, limit=_LONGEST_RECORD)
    return b"".join((_leader(record.leader, length, base, dialect), *directory, b"\x1e", *body, b"\x1d"))


def _leader(leader: str, length: int, base: int, dialect: str) -> bytes:
    own = "".join(character if " " <= character <= "~" else " " for character in leader).ljust(_LEADER_LENGTH)
    coding = "a" if dialect == "marc21" else own[9]
    entry_map = "4500" if dialect == "marc21" else "450 "
    return f"{length:05d}{own[5:9]}{coding}22{base:05d}{own[17:20]}{entry_map}".encode("ascii")


def _field(field: Field) -> str:
    """The text of a field; delimiters inside values become spaces, for they would be read as structure."""
    if is_control(field):
        return _DELIMITERS.sub(" ", field.value)
    indicators = f"{field.ind1 or ' '}{field.ind2 or ' '}"
    subfields = "".join(f"\x1f{code or ' '}{_DELIMITERS.sub(' ', value)}" for code, value in field.subfields)
    return indicators + subfields


def _clean(text: str) -> str:
    return escape(_XML_FORBIDDEN.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_XML_FORBIDDEN.sub("", text))


def _record_element(record: Record) -> str:
    parts = [f"  <leader>{_clean(record.leader)}</leader>\n"]
    for field in record.fields:
        tag = _attribute(field.tag)
        if is_control(field):
            parts.append(f"  <controlfield tag={tag}>{_clean(field.value)}</controlfield>\n")
            continue
        parts.append(f"  <datafield tag={tag} ind1={_attribute(field.ind1)} ind2={_attribute(field.ind2)}>\n")
        parts += [
            f"    <subfield code={_attribute(code)}>{_clean(value)}</subfield>\n" for code, value in field.subfields
        ]
        parts.append("  </datafield>\n")
    return "".join(parts)


def to_marcxml(record: Record) -> bytes:
    """One `<record>` with the MARCXML namespace and an XML declaration. Characters that XML forbids are left out."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<record xmlns="{NAMESPACE}">\n{_record_element(record)}</record>\n'.encode()


def collection_marcxml(records: Iterable[Record]) -> Iterator[bytes]:
    """A `<collection>`, in pieces to be written one after another."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
    for record in records:
        yield f"<record>\n{_record_element(record)}</record>\n".encode()
    yield b"</collection>\n"


def to_json(record: Record) -> bytes:
    """MARC-in-JSON."""
    return orjson.dumps(record.to_dict())
