"""Small catalogue files for tests: books as plain facts, written as ISO 2709."""

from __future__ import annotations

from pathlib import Path

from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import to_iso2709

KHAYYAM = {
    "title": "رباعیات حکیم عمر خیام نیشابوری",
    "author": "خیام، عمر بن ابراهیم",
    "language": "per",
    "year": "1372",
    "publisher": "امیرکبیر",
    "isbn": "9789640012345",
}
KIEU = {"title": "Truyện Kiều", "author": "Nguyễn Du", "year": "1998", "publisher": "Văn học"}
LIBRARY = {"title": "The library at night", "author": "Manguel, Alberto", "year": "2006", "publisher": "Knopf Canada"}


def record(
    number: str = "",
    *,
    title: str,
    author: str = "",
    year: str = "",
    publisher: str = "",
    isbn: str = "",
    pages: str = "240",
    copies: tuple[tuple[str, str], ...] = (),
    agency: str = "TEST",
    note: str = "",
    language: str = "",
) -> Record:
    """One brief MARC21 record; `copies` are (barcode, house) in 952."""
    fields = []
    if number:
        fields += [Field("001", value=number), Field("003", value=agency)]
    if isbn:
        fields.append(Field("020", subfields=(("a", isbn),)))
    if language:
        fields.append(Field("041", "0", " ", (("a", language),)))
    if author:
        fields.append(Field("100", "1", " ", (("a", author),)))
    fields.append(Field("245", "1", "0", (("a", title),)))
    fields.append(Field("260", subfields=(("b", publisher), ("c", year))))
    fields.append(Field("300", subfields=(("a", f"{pages} p."), ("c", "21 cm"))))
    if note:
        fields.append(Field("500", subfields=(("a", note),)))
    fields += [
        Field("952", subfields=(("b", house), ("c", "GEN"), ("o", "891 K45"), ("p", barcode), ("g", "45.000đ")))
        for barcode, house in copies
    ]
    return Record("00000nam a2200000 a 4500", tuple(fields))


def iso(*records: Record) -> bytes:
    """The records as one ISO 2709 file."""
    return b"".join(map(to_iso2709, records))


def write(path: Path, *records: Record) -> Path:
    """Write the records and return the path."""
    path.write_bytes(iso(*records))
    return path
