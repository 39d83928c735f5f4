"""From one record's bytes to everything that is stored beside them. Pure, and importable without Django: it runs in other processes.

Nothing raises for what a record says; a fault of ours in reading one record is caught here, named, and quarantines that record alone.
"""

from __future__ import annotations

import functools
import gc
import struct
import time
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

import orjson

from khaneh.domains.catalogue.rules import works
from khaneh.domains.catalogue.rules.intake.document import document
from khaneh.domains.catalogue.rules.intake.names import AuthorityNames, authority_names
from khaneh.domains.catalogue.rules.intake.profile import CopyFacts, CopyProfile, compiled, copies
from khaneh.domains.catalogue.rules.matching.comparable import comparable
from khaneh.domains.catalogue.rules.matching.keys import packed_keys
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.problems import Problem
from khaneh.formats.marc.read import Reading, read
from khaneh.formats.marc.types import Record

DIGEST_BYTES = 16
_TOGETHER = 128  # records: read stage by stage; three quarters of the time that record by record takes
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Task(NamedTuple):
    """A stretch of a file to be read: what another process needs, and nothing of the database."""

    format: dict[str, Any]
    encoding: str  # "" lets the reader decide
    dialect: str
    rules: str  # the profile as JSON
    records: list[RawRecord]
    accept_doubts: bool = False  # a person has looked at them


class Parsed(NamedTuple):
    """A bibliographic record, read. `comparable` and `document` are JSON in UTF-8, as they go to the database."""

    digest: bytes
    identity: str
    dialect: str
    encoding: str
    problems: str
    comparable: bytes
    keys: bytes  # made by `packed_keys`
    work_keys: bytes
    document: bytes
    copies: tuple[CopyFacts, ...]


class ParsedAuthority(NamedTuple):
    """An authority record, read."""

    digest: bytes
    identity: str
    dialect: str
    encoding: str
    names: AuthorityNames


class Unread(NamedTuple):
    """A record that a person must look at. Each problem is {"code", "severity", "facts"}."""

    digest: bytes
    dialect: str
    encoding: str
    problems: list[dict[str, Any]]


Result = Parsed | ParsedAuthority | Unread
Reason = Literal["authority-without-heading", "holdings-record", "reading-failed", "without-title"]


class _How(NamedTuple):
    """A task without its records, made ready."""

    format: FileFormat
    encoding: str | None
    dialect: str | None
    profile: CopyProfile
    accept_doubts: bool


class _Described(NamedTuple):
    """A bibliographic record between its stages, and its place among those that are read with it."""

    place: int
    digest: bytes
    reading: Reading
    record: Record
    own: Description


class Done(NamedTuple):
    """A stretch, read, and the processor seconds it took."""

    results: list[Result]
    seconds: float


def settle_down() -> None:
    """For a process that does nothing but read: garbage is looked for after each stretch, not every few records within it."""
    gc.freeze()
    gc.disable()


def timed(task: Task) -> Done:
    """`parse`, and how long this process worked at it."""
    began = time.process_time()
    results = parse(task)
    if not gc.isenabled():
        gc.collect(1)
    return Done(results, time.process_time() - began)


def parse(task: Task) -> list[Result]:
    """Read every record of the task, in its order."""
    how = _How(
        FileFormat.from_dict(task.format),
        task.encoding or None,
        task.dialect or None,
        _profile(task.rules),
        task.accept_doubts,
    )
    results: list[Result] = []
    for start in range(0, len(task.records), _TOGETHER):
        some = task.records[start : start + _TOGETHER]
        try:
            results += _read_together(some, how)
        except _FAULTS:
            results += [_read_alone(raw, how) for raw in some]
    return results


@functools.lru_cache(maxsize=32)
def _profile(rules: str) -> CopyProfile:
    return compiled(orjson.loads(rules))


def digest_of(raw: RawRecord) -> bytes:
    """The digest by which the same bytes are known again. What is held of an oversize record is not all: its length counts too."""
    data = raw.data if len(raw.data) == raw.length else raw.data + str(raw.length).encode()
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def unpacked(data: bytes) -> tuple[int, ...]:
    """Keys as signed 64-bit numbers, from the bytes that `packed_keys` made."""
    return struct.unpack(f">{len(data) // 8}q", data)


def identity_of(control_source: str, control_number: str, digest: bytes) -> str:
    """A record's name within its source: its control number under the agency that gave it, else its bytes."""
    number = control_number.replace("\x00", "").strip()
    source = control_source.replace("\x00", "").strip()
    return f"{source}|{number}"[:200] if number else "#" + digest.hex()


def _read_alone(raw: RawRecord, how: _How) -> Result:
    """One record that shows a fault in our own reading must not stop the file: it waits with its bytes and the fault's name."""
    try:
        return _read_together([raw], how)[0]
    except _FAULTS as fault:
        facts = {"fault": type(fault).__name__, "says": str(fault)[:200]}
        return Unread(digest_of(raw), how.format.dialect, how.format.encoding, [_reason("reading-failed", **facts)])


def _read_together(raws: list[RawRecord], how: _How) -> list[Result]:
    """Stage after stage, each over all records, so that the processor works with one stage's code and tables at a time."""
    digests = [digest_of(raw) for raw in raws]
    readings = [read(raw, how.format, encoding=how.encoding, dialect=how.dialect) for raw in raws]
    results = [_without_description(one, digest, how) for one, digest in zip(readings, digests, strict=True)]
    described: list[_Described] = []
    for place, (one, result) in enumerate(zip(readings, results, strict=True)):
        if result is None and one.record is not None:
            own = describe(one.record, one.dialect)
            if own.title.value or own.uniform_title.value or own.part.value:
                described.append(_Described(place, digests[place], one, one.record, own))
            else:
                results[place] = Unread(digests[place], one.dialect, one.encoding, [_reason("without-title")])
    for told, parsed in zip(described, _parsed(described, how.profile), strict=True):
        results[told.place] = parsed
    return [result for result in results if result is not None]


def _without_description(reading: Reading, digest: bytes, how: _How) -> Result | None:
    """What becomes of a record that is not described: unread, doubted, an authority, holdings. None for all others."""
    record = reading.record
    if record is None or (not how.accept_doubts and any(problem.severity != "note" for problem in reading.problems)):
        return Unread(digest, reading.dialect, reading.encoding, [_problem(found) for found in reading.problems])
    if reading.kind == "authority":
        names = authority_names(record, reading.dialect)
        if names is None:
            return Unread(digest, reading.dialect, reading.encoding, [_reason("authority-without-heading")])
        identity = identity_of(record.control("003"), record.control("001"), digest)
        return ParsedAuthority(digest, identity, reading.dialect, reading.encoding, names)
    if reading.kind == "holdings":
        return Unread(digest, reading.dialect, reading.encoding, [_reason("holdings-record", of=record.control("004"))])
    return None


def _parsed(described: list[_Described], profile: CopyProfile) -> list[Parsed]:
    """What is stored beside records that were read."""
    folded = [comparable(told.own) for told in described]
    compared = [orjson.dumps(one.told()) for one in folded]
    keys = [packed_keys(one) for one in folded]
    work_keys = [b"".join(dict.fromkeys(map(_hashed, works.work_keys(told.own)))) for told in described]
    documents = [orjson.dumps(document(told.own)) for told in described]
    copied = [copies(told.record, profile) for told in described]
    return [
        Parsed(
            told.digest,
            identity_of(told.own.control_source, told.own.control_number, told.digest),
            told.reading.dialect,
            told.reading.encoding,
            orjson.dumps([_problem(one) for one in told.reading.problems]).decode() if told.reading.problems else "[]",
            *rest,
        )
        for told, *rest in zip(described, compared, keys, work_keys, documents, copied, strict=True)
    ]


def _hashed(key: str) -> bytes:
    """A work's key, in a space of its own beside the matching keys."""
    return blake2b(b"work:" + key.encode(), digest_size=8).digest()


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "severity": problem.severity, "facts": problem.facts}


def _reason(code: Reason, **facts: Any) -> dict[str, Any]:
    return {"code": code, "severity": "fatal", "facts": facts}
