"""Small records for the tests of the reader, built by hand so that nothing that is tested writes its own oracle."""

from __future__ import annotations

import io
from collections.abc import Iterable

from khaneh.formats.marc.detect import detect
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.read import Reading, read
from khaneh.formats.marc.scan import pieces, scan
from khaneh.formats.marc.types import Field, Record

ISO = FileFormat("iso2709")
PERSIAN = "دیوان حافظ شیرازی به تصحیح محمد قزوینی و قاسم غنی"
VIETNAMESE = "Nghiên cứu các vấn đề về đất nước và con người Việt Nam"
BRIEF = [
    ("001", "ocm1"),
    ("008", "040101s2004    ir                  000 0 per d"),
    ("020", "  \x1fa9789641234563"),
    ("100", "1 \x1faHafez,\x1fdactive 14th century."),
    ("245", "10\x1faDivan /\x1fcHafez."),
    ("300", "  \x1fa512 p. ;\x1fc24 cm."),
]


def build(
    fields: Iterable[tuple[str, str | bytes]], *, encoding: str = "utf-8", leader: str = "     nam a22     ui 4500"
) -> bytes:
    """An ISO 2709 record with a right leader and directory."""
    body, directory, start = b"", b"", 0
    for tag, value in fields:
        data = (value if isinstance(value, bytes) else value.encode(encoding)) + b"\x1e"
        directory += b"%s%04d%05d" % (tag.encode(), len(data), start)
        body += data
        start += len(data)
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    return f"{length:05d}{leader[5:12]}{base:05d}{leader[17:]}".encode() + directory + b"\x1e" + body + b"\x1d"


def titled(title: str | bytes, *, leader: str = "     nam a22     ui 4500") -> bytes:
    """The brief record with another title."""
    value = b"10\x1fa" + (title if isinstance(title, bytes) else title.encode())
    return build([(tag, value if tag == "245" else text) for tag, text in BRIEF], leader=leader)


def read_bytes(data: bytes, fmt: FileFormat = ISO, **options: str) -> Reading:
    """Read one record."""
    return read(RawRecord(0, len(data), data), fmt, **options)


def read_file(data: bytes, name: str = "") -> list[Reading]:
    """Detect, scan and read a whole file; every byte must be in one piece and in one only."""
    fmt = detect(data, name=name)
    covered(data, fmt)
    return [read(raw, fmt) for raw in scan(io.BytesIO(data), fmt)]


def covered(data: bytes, fmt: FileFormat) -> list[RawRecord]:
    """The pieces of a file, having checked that they cover it."""
    found = list(pieces(io.BytesIO(data), fmt))
    end = 0
    for piece in found:
        assert piece.offset == end
        assert piece.oversize or fmt.compression or piece.data == data[piece.offset : piece.end]
        end = piece.end
    assert end == len(data) or fmt.compression
    return found


def codes(reading: Reading, severity: str = "") -> set[str]:
    """The codes of the problems, all or of one severity."""
    return {problem.code for problem in reading.problems if not severity or problem.severity == severity}


def title_of(reading: Reading) -> str:
    """245 $a."""
    assert reading.record is not None
    return next(field.first("a") for field in reading.record.get("245"))


EXPECTED = Record(
    build(BRIEF)[:24].decode(),
    (
        Field("001", value="ocm1"),
        Field("008", value="040101s2004    ir                  000 0 per d"),
        Field("020", " ", " ", (("a", "9789641234563"),)),
        Field("100", "1", " ", (("a", "Hafez,"), ("d", "active 14th century."))),
        Field("245", "1", "0", (("a", "Divan /"), ("c", "Hafez."))),
        Field("300", " ", " ", (("a", "512 p. ;"), ("c", "24 cm."))),
    ),
)
