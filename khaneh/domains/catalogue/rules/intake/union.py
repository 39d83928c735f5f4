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
    raw = RawRecord(0, len(stored.raw), stored.raw)
    fmt = FileFormat.from_dict(stored.format)
    return read(raw, fmt, encoding=stored.encoding or None, dialect=stored.dialect or None).record


def unite(contributions: list[Stored]) -> Union | None:
    """Choose among contributions, field by field (`rules.chosen`); None where none of them can be read."""
    offers = [
        chosen.Offer(one.contribution_id, one.source, one.changed_at, one.dialect, record, one.doubted)
        for one in contributions
        if (record := read_again(one)) is not None
    ]
    if not offers:
        return None
    best = chosen.choose(offers)
    return Union(best.record, best.dialect, describe(best.record, best.dialect), best.origins)


def documents(records: list[tuple[int, list[Stored]]]) -> list[tuple[int, str]]:
    """The stored document of each record: (record id, JSON). A record that cannot be read any more is left out."""
    found = []
    for number, contributions in records:
        if len(contributions) == 1:
            # As the import made it: nothing is chosen where there is nothing to choose from.
            own = contributions[0]
            record = read_again(own)
            if record is not None:
                found.append((number, document_json(describe(record, own.dialect))))
            continue
        union = unite(contributions)
        if union is not None:
            found.append((number, document_json(union.description, own_numbers(contributions))))
    return found


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
