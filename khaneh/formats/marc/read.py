"""One raw record into a `Reading`: the record, what it is, the encoding it was really in, and everything found on the way.

Nothing raises for bad data: a record that cannot be read has `record=None` and a `fatal` problem; one that a person must look at has a
`doubt`. How files are cut into raw records is `scan`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from khaneh.formats.marc import iso2709, lines, marcjson, marcxml, table, text
from khaneh.formats.marc.dialect import kind_of, unimarc
from khaneh.formats.marc.encodings import unimarc_sets
from khaneh.formats.marc.encodings.guess import guess
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.problems import Problem, fatal, note
from khaneh.formats.marc.types import Record

__all__ = ["Alternative", "Reading", "alternatives", "read", "record_from_dict", "reread"]


class Reading(NamedTuple):
    """What one raw record said. `kind` is bibliographic, authority or holdings."""

    record: Record | None
    dialect: str
    encoding: str
    kind: str
    problems: tuple[Problem, ...]

    @property
    def quarantined(self) -> bool:
        """Whether a person has to look at it before it may enter the catalogue."""
        return self.record is None or any(problem.severity != "note" for problem in self.problems)


def record_from_dict(data: dict[str, Any]) -> Record:
    """A record from MARC-in-JSON. Raises ValueError where the shape is another."""
    problems: list[Problem] = []
    record = marcjson.build(data, problems)
    if record is None or any(problem.severity == "fatal" for problem in problems):
        raise ValueError("not a MARC-in-JSON record")
    return record


def reread(data: bytes, fmt: FileFormat, *, encoding: str | None = None, dialect: str | None = None) -> Reading:
    """Read bytes that a person corrected in place of a record of a file in this format."""
    return read(RawRecord(0, len(data), data), fmt, encoding=encoding, dialect=dialect)


def read(raw: RawRecord, fmt: FileFormat, *, encoding: str | None = None, dialect: str | None = None) -> Reading:
    """The record in `raw`. `encoding` and `dialect` overrule what detection and the record itself say."""
    if raw.oversize:
        return _unreadable(fmt, fatal("oversize", length=raw.length, offset=raw.offset))
    if raw.kind == "broken-compression":
        return _unreadable(fmt, fatal("compression-broken", offset=raw.offset))
    if raw.kind != "record":
        return _unreadable(
            fmt, fatal("junk", length=raw.length, offset=raw.offset, begins=raw.data[:40].decode("latin-1"))
        )
    if fmt.serialisation == "iso2709":
        if encoding in (None, "utf-8"):
            clean = iso2709.read_clean(raw.data)
            if clean is not None:
                return _clean(clean, fmt, dialect)
        return _patient(raw, fmt, encoding, dialect)
    return _other(raw, fmt, encoding, dialect)


class Alternative(NamedTuple):
    """One encoding that a person may pick for a record, and what a value of the record would be in it."""

    encoding: str
    score: float
    sample: str


def alternatives(raw: RawRecord, fmt: FileFormat, *, limit: int = 6) -> list[Alternative]:
    """The encodings in which a record makes sense, best first; the repair of an earlier wrong conversion comes before all others."""
    parts = iso2709.take_apart(raw.data) if fmt.serialisation == "iso2709" else None
    values = [value for _, value in parts.fields] if parts is not None else [raw.data]
    found = [
        Alternative(problem.facts["repair"], 1.0, problem.facts["sample"])
        for problem in read(raw, fmt).problems
        if problem.code == "garbled-text"
    ]
    for candidate in guess(values, expected=(fmt.encoding,), dialect=fmt.dialect)[:limit]:
        found.append(Alternative(candidate.name, round(min(1.0, candidate.score), 2), candidate.text[:200]))
    return found


def _unreadable(fmt: FileFormat, *problems: Problem) -> Reading:
    return Reading(None, fmt.dialect, fmt.encoding, "bibliographic", problems)


def _clean(clean: iso2709.Clean, fmt: FileFormat, dialect: str | None) -> Reading:
    problems: list[Problem] = []
    record, tags, body = clean
    text.check_utf8(body, problems)
    if dialect:
        found = dialect
    elif b"245" in tags and fmt.dialect == "marc21":
        found = "marc21"
    else:
        found = _dialect(record, fmt, problems)
    leader = record.leader
    if not body.isascii():
        if found == "marc21" and leader[9] != "a":
            problems.append(note("leader-encoding-wrong", leader="marc-8", actual="utf-8"))
        if fmt.encoding != "utf-8":
            problems.append(note("encoding-unlike-file", file=fmt.encoding, actual="utf-8"))
    return Reading(record, found, "utf-8", kind_of(leader, found), tuple(problems))


def _patient(raw: RawRecord, fmt: FileFormat, encoding: str | None, dialect: str | None) -> Reading:
    """A record that lies about itself, or is in another encoding than UTF-8."""
    parts = iso2709.take_apart(raw.data)
    if parts is None:
        return _unreadable(
            fmt, fatal("junk", length=raw.length, offset=raw.offset, begins=raw.data[:40].decode("latin-1"))
        )
    tags = [tag for tag, _ in parts.fields]
    values = [data for _, data in parts.fields]
    if encoding is not None:
        decoded = text.decode_forced(values, tags, encoding)
    else:
        leader_says = _claimed(parts, fmt.dialect)
        decoded = text.decode_values(values, tags, leader_says=leader_says, file_says=fmt.encoding, dialect=fmt.dialect)
    problems = [*parts.problems, *decoded.problems]
    fields = tuple(iso2709.build_field(tag, value, problems) for tag, value in zip(tags, decoded.texts, strict=True))
    text.check("\x1e".join(decoded.texts), problems)
    record = Record(parts.leader.decode("latin-1"), fields)
    return _finish(record, decoded.encoding, problems, fmt, dialect)


def _claimed(parts: iso2709.Parts, dialect: str) -> str:
    """The encoding that the record says it is in: MARC21 in its leader, UNIMARC in 100 $a."""
    if dialect == "unimarc":
        coded = next((value for tag, value in parts.fields if tag == "100"), b"").partition(b"\x1fa")[2]
        return unimarc_sets.named(coded.decode("latin-1"))
    return "utf-8" if parts.leader[9:10] == b"a" else "marc-8"


def _other(raw: RawRecord, fmt: FileFormat, encoding: str | None, dialect: str | None) -> Reading:
    """Serialisations that are text: decoded as a whole, then parsed."""
    parse = _PARSERS.get(fmt.serialisation)
    if parse is None:
        return _unreadable(
            fmt, fatal("format-unknown", length=raw.length, offset=raw.offset, begins=raw.data[:40].decode("latin-1"))
        )
    problems: list[Problem] = []
    if encoding is None and fmt.encoding == "utf-8":
        try:
            whole, used = raw.data.decode(), "utf-8"
        except UnicodeDecodeError:
            whole, used = _decode_whole(raw.data, fmt, problems)
    elif encoding is not None:
        values, joint = _cells(raw.data, fmt)
        decoded = text.decode_forced(values, [""] * len(values), encoding)
        whole, used = joint.join(decoded.texts), decoded.encoding
        problems += decoded.problems
    else:
        whole, used = _decode_whole(raw.data, fmt, problems)
    record = parse(whole, fmt, problems)
    if record is None:
        return _unreadable(fmt, *(problems or [fatal("no-fields")]))
    text.check("\x1e".join(_texts(record)), problems)
    return _finish(record, used, problems, fmt, dialect)


def _cells(data: bytes, fmt: FileFormat) -> tuple[list[bytes], str]:
    """What is decoded by itself, and what joins it again: cells of a row, because some encodings turn a whole line around."""
    if fmt.serialisation == "table" and fmt.delimiter and fmt.delimiter != "xlsx":
        return data.split(fmt.delimiter.encode("ascii")), fmt.delimiter
    return [data], ""


def _decode_whole(data: bytes, fmt: FileFormat, problems: list[Problem]) -> tuple[str, str]:
    values, joint = _cells(data, fmt)
    tags = [""] * len(values)
    decoded = text.decode_values(values, tags, leader_says="", file_says=fmt.encoding, dialect=fmt.dialect)
    problems += decoded.problems
    return joint.join(decoded.texts), decoded.encoding


def _texts(record: Record) -> list[str]:
    return [field.value or "\x1f".join([value for _, value in field.subfields]) for field in record.fields]


def _finish(record: Record, encoding: str, problems: list[Problem], fmt: FileFormat, dialect: str | None) -> Reading:
    if not record.fields:
        problems.append(fatal("no-fields"))
        return Reading(None, fmt.dialect, encoding, "bibliographic", tuple(problems))
    found = dialect or _dialect(record, fmt, problems)
    return Reading(record, found, encoding, kind_of(record.leader, found), tuple(problems))


def _dialect(record: Record, fmt: FileFormat, problems: list[Problem]) -> str:
    """The dialect of the file unless the record is plainly the other one."""
    tags = [field.tag for field in record.fields]
    if fmt.dialect == "marc21" and "245" in tags:
        return "marc21"
    is_unimarc = unimarc(tags, lambda: next((field.first("a") for field in record.get("100")), ""))
    if is_unimarc and fmt.dialect == "marc21":
        problems.append(note("dialect-unlike-file", file="marc21", actual="unimarc"))
        return "unimarc"
    if fmt.dialect == "unimarc" and "245" in tags and "200" not in tags:
        problems.append(note("dialect-unlike-file", file="unimarc", actual="marc21"))
        return "marc21"
    return fmt.dialect


_PARSERS = {
    "marcxml": marcxml.parse,
    "json": marcjson.parse,
    "mrk": lines.parse_mrk,
    "aleph": lines.parse_aleph,
    "table": table.parse,
}
