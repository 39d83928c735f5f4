"""What a file is: how it is written, which MARC dialect, which encoding. From a sample; what differs in single records is found by `read`."""

from __future__ import annotations

import csv
import re
import zlib
from collections import Counter
from typing import BinaryIO

from khaneh.formats.marc import iso2709, text
from khaneh.formats.marc.columns import suggest, target_of
from khaneh.formats.marc.dialect import unimarc
from khaneh.formats.marc.encodings import canonical
from khaneh.formats.marc.encodings.guess import decide
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.read import read
from khaneh.formats.marc.scanning import iso2709 as iso_scanning
from khaneh.formats.marc.scanning import lines

__all__ = ["FileFormat", "detect", "detect_stream"]

SAMPLE = 1 << 20
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_XML_RECORD = re.compile(rb"<(?:[\w.-]+:)?(?:record|collection)[\s>/]")
_XML_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_JSON_RECORD = re.compile(rb'\{\s*"(?:leader|fields)"\s*:')
_MRK = re.compile(rb"^=(?:LDR|000|\d{3})  ", re.MULTILINE)
_ALEPH = re.compile(rb"^\d{9} \w{3}[^\n]{2} [^ \n] ", re.MULTILINE)
_FEW = 40  # records of the sample that are read


def detect_stream(stream: BinaryIO, *, name: str = "") -> FileFormat:
    """Look at the beginning of a seekable stream and leave it there."""
    stream.seek(0)
    sample = stream.read(SAMPLE)
    stream.seek(0)
    if sample.startswith(_ZIP):
        found = _workbook(stream)
        stream.seek(0)
        return found
    return detect(sample, name=name)


def detect(sample: bytes, *, name: str = "") -> FileFormat:
    """The format of a file that begins with `sample` (a mebibyte is plenty). `name` settles what the bytes leave open."""
    compression = ""
    if sample.startswith(_GZIP):
        compression = "gzip"
        sample = _unpacked(sample)
    body = sample.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x00")
    found = _serialisation(body, name.lower().removesuffix(".gz"))
    if found == "iso2709":
        fmt = _iso2709(body)
    elif found == "table":
        fmt = _table(sample.removeprefix(b"\xef\xbb\xbf"), name)
    elif found == "unknown":
        fmt = FileFormat("unknown", confidence=0.0)
    else:
        fmt = _textual(found, sample)
    return _replace(fmt, compression=compression) if compression else fmt


def _replace(fmt: FileFormat, **values: object) -> FileFormat:
    return FileFormat.from_dict({**fmt.to_dict(), **values})


def _unpacked(sample: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(sample, SAMPLE)
    except zlib.error:
        return b""


def _serialisation(body: bytes, name: str) -> str:
    head = body[:4096]
    if head[:1] == b"<" and (_XML_RECORD.search(body) or head.startswith(b"<?xml")):
        return "marcxml"
    if head[:1] in (b"{", b"[") and (_JSON_RECORD.search(body) or name.endswith((".json", ".jsonl", ".ndjson"))):
        return "json"
    if iso_scanning.LEADER.match(body) or (body[:5].isdigit() and b"\x1e" in body[24:100_000]):
        return "iso2709"
    if _MRK.match(head):
        return "mrk"
    if _ALEPH.match(head):
        return "aleph"
    if (
        b"\x1e" in body
        and b"\x1d" in body
        and (iso_scanning.LEADER.search(body) or name.endswith((".mrc", ".marc", ".iso", ".dat")))
    ):
        return "iso2709"
    if _XML_RECORD.search(body) and b"datafield" in body:
        return "marcxml"
    if _JSON_RECORD.search(body):
        return "json"
    if _delimiter(body) and b"\x00" not in head and b"\x1d" not in head:
        return "table"
    return "unknown"


def _iso2709(body: bytes) -> FileFormat:
    """Dialect by the tags, encoding by the fields, over the records of the sample."""
    fields: list[bytes] = []
    unimarc_votes = marc21_votes = says_marc8 = read_count = 0
    for piece in body.split(b"\x1d")[:400]:
        parts = iso2709.take_apart(piece.lstrip(b"\r\n\x00\x1a ") + b"\x1d")
        if parts is None:
            continue
        read_count += 1
        values = dict(reversed(parts.fields))
        coded = values.get("100", b"").partition(b"\x1fa")[2].decode("latin-1")
        if unimarc(values, lambda coded=coded: coded):  # type: ignore[misc]  # the default binds the loop's value
            unimarc_votes += 1
        else:
            marc21_votes += 1
            says_marc8 += parts.leader[9:10] != b"a"
        fields += [value for _, value in parts.fields if not value.isascii() or b"\x1b" in value]
    dialect = "unimarc" if unimarc_votes > marc21_votes else "marc21"
    leader_says = "marc-8" if dialect == "marc21" and says_marc8 * 2 > marc21_votes else ""
    encoding, confidence = _encoding(fields, dialect, leader_says)
    if not read_count:
        confidence = min(confidence, 0.3)
    return FileFormat("iso2709", dialect, encoding, confidence)


def _encoding(fields: list[bytes], dialect: str, leader_says: str) -> tuple[str, float]:
    """The encoding of most values. Where nothing is sure it is UTF-8, so that each record is judged by itself."""
    if not fields:
        return "utf-8", 1.0
    unicode_fields = sum(b"\x1b" not in field and _is_utf8(field) for field in fields)
    if unicode_fields >= 0.5 * len(fields):
        return "utf-8", unicode_fields / len(fields)
    others = [field for field in fields if b"\x1b" in field or not _is_utf8(field)]
    name, ranking = decide(others, expected=(leader_says,) if leader_says else (), dialect=dialect)
    if name is not None:
        return name, min(1.0, ranking[0].score)
    # A bad value or two keep every strict codec from reading all of them: ask again without the worst ones.
    votes = Counter(
        own
        for field in others[:200]
        if (own := decide([field], expected=(leader_says,) if leader_says else (), dialect=dialect)[0])
    )
    if votes:
        best, count = votes.most_common(1)[0]
        if count >= 0.6 * min(len(others), 200):
            return best, count / min(len(others), 200)
    return (leader_says or "utf-8"), 0.3


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _textual(serialisation: str, sample: bytes) -> FileFormat:
    declared = _XML_ENCODING.search(sample[:400]) if serialisation == "marcxml" else None
    named = canonical(declared.group(1).decode("ascii")) if declared else None
    encoding, confidence = _text_encoding(sample)
    if encoding is None or (named is not None and named != "utf-8" and not _is_utf8(sample[:SAMPLE])):
        encoding, confidence = named or "utf-8", 0.6
    fmt = FileFormat(serialisation, "marc21", encoding, confidence)
    return _replace(fmt, dialect=_textual_dialect(sample, fmt))


def _text_encoding(sample: bytes) -> tuple[str | None, float]:
    """The encoding of a sample of text, whose last character may be cut."""
    if _is_utf8(sample) or _is_utf8(sample[: max(0, len(sample) - 4)].rsplit(b"\n", 1)[0]):
        return "utf-8", 1.0
    values = [line for line in sample.split(b"\n") if not line.isascii()][:400]
    good = sum(_is_utf8(line) for line in values)
    if good >= 0.5 * len(values):
        return "utf-8", good / len(values)
    name, ranking = decide([cell for line in values for cell in re.split(rb"[,;\t|<>]", line)])
    return (name, min(1.0, ranking[0].score)) if name else (None, 0.3)


def _textual_dialect(sample: bytes, fmt: FileFormat) -> str:
    from io import BytesIO

    from khaneh.formats.marc.scan import scan

    votes: Counter[str] = Counter()
    for number, raw in enumerate(scan(BytesIO(sample), fmt)):
        if number >= _FEW:
            break
        reading = read(RawRecord(raw.offset, raw.length, raw.data, raw.oversize, raw.kind), fmt)
        if reading.record is not None:
            votes[reading.dialect] += 1
    return votes.most_common(1)[0][0] if votes else "marc21"


def _delimiter(body: bytes) -> str:
    """The separator that cuts the first rows into the same number of cells, or an empty string."""
    # Lines are cut in the bytes: as Latin-1, the last byte of a Vietnamese ễ would be a line break (U+0085).
    rows = [row.decode("latin-1") for row in body[:65536].splitlines() if row.strip()][:20]
    if len(rows) > 2 and len(body) >= 65536:
        rows.pop()
    best, most = "", 1
    for delimiter in "\t;,|":
        try:
            counts = [len(row) for row in csv.reader(rows, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not counts or sum(count == counts[0] for count in counts) < 0.7 * len(counts):
            # A quotation mark that is never closed hides the separators behind it.
            counts = [row.count(delimiter) + 1 for row in rows]
        if counts and counts[0] > most and sum(count == counts[0] for count in counts) >= 0.7 * len(counts):
            best, most = delimiter, counts[0]
    return best


def _table(sample: bytes, name: str) -> FileFormat:
    del name
    encoding, confidence = _text_encoding(sample)
    heading = next((line for line in sample.split(b"\n") if line.strip()), b"")
    delimiter = _delimiter(sample)
    # Cell by cell, for in a visual encoding the whole line would be turned around.
    cells = heading.split(delimiter.encode("ascii")) if delimiter else [heading]
    text_heading = delimiter.join(text.decode_leniently(cell, encoding or "utf-8")[0] for cell in cells)
    try:
        rows = list(csv.reader([text_heading], delimiter=delimiter))
    except csv.Error:
        # A line break of another kind stands within it.
        rows = [text_heading.split(delimiter)]
    columns = tuple(cell.strip() for row in rows for cell in row)
    known = sum(target_of(column) is not None for column in columns)
    return FileFormat(
        "table",
        "marc21",
        encoding or "utf-8",
        min(confidence, known / max(1, len(columns))),
        "",
        delimiter,
        columns,
        suggest(columns),
    )


def _workbook(stream: BinaryIO) -> FileFormat:
    try:
        first = next(lines.workbook_rows(stream), [])
    except ValueError:
        return FileFormat("unknown", confidence=0.0)
    columns = tuple(cell.strip() for cell in first)
    known = sum(target_of(column) is not None for column in columns)
    return FileFormat("table", "marc21", "utf-8", known / max(1, len(columns)), "", "xlsx", columns, suggest(columns))
