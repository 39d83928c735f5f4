"""Looking before doing: the first records of a file before it is imported, and what a profile would find before it is saved.

Reads files and stored bytes; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.db import connection

from khaneh.domains.catalogue import scope
from khaneh.domains.catalogue.errors import EncodingUnknown, FileUnreadable, ProfileInvalid
from khaneh.domains.catalogue.models import Contribution, ImportBatch
from khaneh.domains.catalogue.queries.sources import profile_rules
from khaneh.domains.catalogue.rules.intake.profile import (
    CopyFacts,
    CopyProfile,
    RuleError,
    compiled,
    copies,
    with_columns,
)
from khaneh.formats.marc.columns import suggest
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.encodings import canonical
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.problems import Problem
from khaneh.formats.marc.read import Reading, read
from khaneh.formats.marc.scan import scan
from khaneh.formats.marc.types import Record
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_FIELDS = 60  # of one record that a preview shows


class PreviewRecord(NamedTuple):
    """One record as it would be read. `fields` are (tag, indicators, text); `problems` are those found on the way."""

    position: int
    title: str
    creators: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]
    copies: tuple[CopyFacts, ...]
    problems: tuple[Problem, ...]
    encoding: str
    quarantined: bool


class Preview(NamedTuple):
    """What a file was found to be, and its first records. `mapping` is the one in force: that of the batch, or by the columns' names."""

    format: FileFormat
    mapping: tuple[tuple[str, str], ...]
    records: tuple[PreviewRecord, ...]
    forced_encoding: str
    forced_dialect: str
    profile: str


class Trial(NamedTuple):
    """What a profile finds in some records: how many of them have copies, and the first ones."""

    read: int
    with_copies: int
    copies: int
    records: tuple[PreviewRecord, ...]


def import_preview(
    batch_id: int,
    *,
    actor: Actor,
    profile: str = "",
    encoding: str = "",
    dialect: str = "",
    columns: Iterable[tuple[str, str]] | None = None,
    limit: int = 5,
) -> Preview:
    """The first records of a batch's file, read as the batch says or as the arguments would have it.

    A bounded number of statements, and the beginning of one file. Raises NotFound, FileUnreadable, EncodingUnknown, UnknownSource.
    """
    batch = ImportBatch.objects.select_related("source").filter(pk=batch_id).first()
    houses = scope.house_scope(actor)
    if batch is None or (houses is not None and batch.source.house_id not in houses):
        raise NotFound(what="import")
    if encoding and canonical(encoding) is None:
        raise EncodingUnknown(encoding=encoding)
    stored = profile_rules(profile) if profile and profile != batch.profile else batch.rules
    rules = compiled(stored)
    try:
        with Path(batch.path).open("rb") as stream:
            fmt = FileFormat.from_dict(batch.format) if batch.format else detect_stream(stream, name=batch.name)
            if columns is not None:
                fmt = FileFormat.from_dict({**fmt.to_dict(), "mapping": list(columns)})
            elif not fmt.mapping:
                fmt = with_columns(fmt, stored)
            stream.seek(0)
            encoding = encoding or batch.forced_encoding or batch.source.encoding
            dialect = dialect or batch.forced_dialect or batch.source.dialect
            records = _first(stream, fmt, encoding, dialect, rules, limit)
    except OSError as error:
        raise FileUnreadable(file=batch.name, why="file-gone") from error
    return Preview(
        format=fmt,
        mapping=fmt.mapping or suggest(fmt.columns),
        records=records,
        forced_encoding=batch.forced_encoding,
        forced_dialect=batch.forced_dialect,
        profile=batch.profile,
    )


def try_profile(
    *,
    actor: Actor,
    rules: Mapping[str, Any],
    sample: bytes = b"",
    name: str = "",
    source_id: int | None = None,
    limit: int = 50,
) -> Trial:
    """What a profile would find in a sample file, or without one in the latest contributions that the actor may see.

    A bounded number of statements. Raises ProfileInvalid with the place and the reason.
    """
    try:
        profile = compiled(rules)
    except RuleError as error:
        raise ProfileInvalid(where=error.where, why=error.why) from error
    if sample:
        stream = BytesIO(sample)
        fmt = with_columns(detect_stream(stream, name=name), rules)
        stream.seek(0)
        found = _first(stream, fmt, "", "", profile, limit)
    else:
        found = _stored(actor, profile, source_id, limit)
    having = [record for record in found if record.copies]
    return Trial(len(found), len(having), sum(len(record.copies) for record in having), tuple(having[:5] or found[:5]))


def is_being_imported(batch_ids: Iterable[int]) -> frozenset[int]:
    """Those of the batches that a process is at this very moment: a running one that nobody is at was interrupted. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = (hashtext('catalogue.import')::bigint & 4294967295) AND objid::bigint = ANY(%s)",
            [list(batch_ids)],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def _first(
    stream: BinaryIO, fmt: FileFormat, encoding: str, dialect: str, profile: CopyProfile, limit: int
) -> tuple[PreviewRecord, ...]:
    raws = islice(scan(stream, fmt), limit)
    return tuple(_shown(number, raw, fmt, encoding, dialect, profile) for number, raw in enumerate(raws, 1))


def _stored(actor: Actor, profile: CopyProfile, source_id: int | None, limit: int) -> tuple[PreviewRecord, ...]:
    found = Contribution.objects.select_related("batch").order_by("-pk")
    houses = scope.house_scope(actor)
    if houses is not None:
        found = found.filter(source__house_id__in=houses)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    return tuple(
        _shown(
            number,
            RawRecord(0, len(row.raw), bytes(row.raw)),
            FileFormat.from_dict(row.batch.format or {"serialisation": row.serialisation}),
            row.encoding,
            row.dialect,
            profile,
        )
        for number, row in enumerate(found[:limit], 1)
    )


def _shown(
    position: int, raw: RawRecord, fmt: FileFormat, encoding: str, dialect: str, profile: CopyProfile
) -> PreviewRecord:
    reading: Reading = read(raw, fmt, encoding=encoding or None, dialect=dialect or None)
    record = reading.record
    if record is None:
        return PreviewRecord(position, "", (), (), (), reading.problems, reading.encoding, quarantined=True)
    said = describe(record, reading.dialect)
    title = " : ".join(text for text in (said.title.value, said.subtitle.value) if text)
    return PreviewRecord(
        position,
        title or said.uniform_title.value or said.part.value,
        tuple(agent.name for agent in said.agents[:3]),
        _fields(record),
        copies(record, profile),
        reading.problems,
        reading.encoding,
        reading.quarantined,
    )


def _fields(record: Record) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            field.tag,
            f"{field.ind1}{field.ind2}".replace(" ", "#") if field.subfields else "",
            field.value or " ".join(f"${code} {value}" for code, value in field.subfields),
        )
        for field in record.fields[:_FIELDS]
    )
