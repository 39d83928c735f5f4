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
    source_code: str
    changed_at: float  # seconds since 1970, of the version that stands
    raw: bytes
    format: dict[str, Any]
    encoding: str
    dialect: str


class Union(NamedTuple):
    """What the union shows: the record, its dialect, what it says, and the contribution of each field in the record's order."""

    record: Record
    dialect: str
    description: Description
    origins: tuple[int, ...]
