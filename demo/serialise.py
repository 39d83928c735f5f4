"""Bytes of the demonstration's files: ISO 2709 in any encoding, and MARCXML. Written here because the demonstration also needs the
encodings of the past, in which nothing but a demonstration should still write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape, quoteattr

from khaneh.formats.marc.types import Field, Record

RECORD_END, FIELD_END, SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
Encode = Callable[[str], bytes]


def utf8(text: str) -> bytes:
    return text.encode("utf-8")


def body(field: Field, encode: Encode) -> bytes:
    if field.value:
        return encode(field.value) + FIELD_END
    parts = (SUBFIELD + code.encode("ascii") + encode(value) for code, value in field.subfields)
    return (field.ind1 + field.ind2).encode("ascii") + b"".join(parts) + FIELD_END


def iso2709(record: Record, encode: Encode = utf8) -> bytes:
    """One record (ISO 2709:2008). Lengths count bytes. Leader/09 is `a` only where MARC21 says UTF-8, so it is left as the record has it."""
    directory, fields, position = b"", b"", 0
    for field in record.fields:
        content = body(field, encode)
        directory += f"{field.tag}{len(content):04d}{position:05d}".encode("ascii")
        fields += content
        position += len(content)
    base = 24 + len(directory) + 1
    length = base + len(fields) + 1
    leader = f"{length:05d}{record.leader[5:12]}{base:05d}{record.leader[17:24]}".encode("ascii")
    return leader + directory + FIELD_END + fields + RECORD_END


def marcxml(records: Iterable[Record]) -> bytes:
    """A MARCXML collection (MARC 21 XML schema, 1.2), a field a line."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<collection xmlns="http://www.loc.gov/MARC21/slim">']
    for record in records:
        lines += ["<record>", f"<leader>{escape(record.leader)}</leader>"]
        for field in record.fields:
            if field.value:
                lines.append(f'<controlfield tag="{field.tag}">{escape(field.value)}</controlfield>')
                continue
            inner = "".join(f"<subfield code={quoteattr(c)}>{escape(v)}</subfield>" for c, v in field.subfields)
            lines.append(f'<datafield tag="{field.tag}" ind1="{field.ind1}" ind2="{field.ind2}">{inner}</datafield>')
        lines.append("</record>")
    return "\n".join([*lines, "</collection>", ""]).encode("utf-8")
