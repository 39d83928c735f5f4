"""From a record's contributions to what the union shows of it. Pure; reads the stored bytes again, in other processes where it is much."""

from __future__ import annotations

from typing import Any, NamedTuple

from khaneh.domains.catalogue.rules import chosen
from khaneh.domains.catalogue.rules.intake.document import document_json
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.read import read
from khaneh.formats.marc.types import Record


class Stored(NamedTuple):
    """A contribution as it is kept: its bytes, and how they were read."""

    contribution_id: int
    source: str
    changed_at: float  # seconds since 1970, of the version that stands
    identity: str  # "003|001", or "#" and a digest
    raw: bytes
    format: dict[str, Any]
    encoding: str
    dialect: str
    doubted: bool  # its reading left something to doubt


class Union(NamedTuple):
    """What the union shows: the record, its dialect, what it says, and the contribution of each field in the record's order."""

    record: Record
    dialect: str
    description: Description
    origins: tuple[int, ...]


def read_again(stored: Stored) -> Record | None:
    """The record that a contribution's bytes hold, read as it was read then."""
    return _read_again(stored, FileFormat.from_dict(stored.format))


def _read_again(stored: Stored, fmt: FileFormat) -> Record | None:
    raw = RawRecord(0, len(stored.raw), stored.raw)
    return read(raw, fmt, encoding=stored.encoding or None, dialect=stored.dialect or None).record


def unite(contributions: list[Stored]) -> Union | None:
    """Choose among contributions, field by field (`rules.chosen`); None where none of them can be read."""
    best = _chosen(contributions, list(map(read_again, contributions)))
    return Union(best.record, best.dialect, describe(best.record, best.dialect), best.origins) if best else None


def _chosen(contributions: list[Stored], records: list[Record | None]) -> chosen.Chosen | None:
    offers = [
        chosen.Offer(one.contribution_id, one.source, one.changed_at, one.dialect, record, one.doubted)
        for one, record in zip(contributions, records, strict=True)
        if record is not None
    ]
    return chosen.choose(offers) if offers else None


def documents(records: list[tuple[int, list[Stored]]]) -> list[tuple[int, str]]:
    """The stored document of each record: (record id, JSON). A record that cannot be read any more is left out.

    Stage after stage over all of them, as `reading` does it and for the same reason.
    """
    # The contributions of one file name one format.
    formats = {id(one.format): one.format for _, contributions in records for one in contributions}
    made = {number: FileFormat.from_dict(one) for number, one in formats.items()}
    read_records = [[_read_again(one, made[id(one.format)]) for one in contributions] for _, contributions in records]
    shown: list[tuple[int, Record, str, list[str]]] = []
    for (number, contributions), found in zip(records, read_records, strict=True):
        if len(contributions) == 1:
            # As the import made it: nothing is chosen where there is nothing to choose from.
            if found[0] is not None:
                shown.append((number, found[0], contributions[0].dialect, []))
        elif (best := _chosen(contributions, found)) is not None:
            shown.append((number, best.record, best.dialect, own_numbers(contributions)))
    described = [describe(record, dialect) for _, record, dialect, _ in shown]
    return [
        (number, document_json(own, numbers)) for (number, _, _, numbers), own in zip(shown, described, strict=True)
    ]


def own_numbers(contributions: list[Stored]) -> list[str]:
    """The control numbers of all contributions, bare and with their agencies: "123", "(NNU)123"."""
    numbers: dict[str, None] = {}
    for one in contributions:
        agency, bar, number = one.identity.partition("|")
        if bar and number:
            numbers[number] = None
            if agency:
                numbers[f"({agency}){number}"] = None
    return list(numbers)
