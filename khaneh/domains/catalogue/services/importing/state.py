"""What the parts of one run share: the batch as it stands, and what has been counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from khaneh.domains.catalogue.rules.intake.reading import Parsed
from khaneh.formats.marc.pieces import RawRecord

# One lock for everybody who decides which record a contribution belongs to: two imports that meet the same book at the same moment
# must see one another's records. It is held for the writing of one chunk, some tenths of a second.
MATCHING = ("catalogue.matching", 0)
# Held within the transaction of a chunk whose import holds MATCHING on another connection. Who comes after an import that was killed
# asks for it too: the database may still be ending that chunk.
WRITING = ("catalogue.writing", 0)


@dataclass(frozen=True, slots=True)
class Context:
    """A batch in the making: what does not change from chunk to chunk."""

    batch_id: int
    source_id: int
    house_id: int | None  # where copies go whose field names no house
    houses: Mapping[str, int]  # the source's own word for a house, and the houses' codes -> id
    currency: str
    serialisation: str


@dataclass(slots=True)
class Incoming:
    """A contribution on its way into its row."""

    raw: RawRecord
    parsed: Parsed
    position: int
    occurrence: int = 0
    id: int = 0
    own_record_id: int = 0  # the record it begins with
    record_id: int = 0  # the record it belongs to: its own, or the one it was matched with


@dataclass(slots=True)
class Tally:
    """Counts of a chunk or of a whole batch."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count what another tally counted."""
        self.counts.update(other.counts)
        self.reasons.update(other.reasons)
        self.notes.update(other.notes)

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"counts": dict(self.counts), "reasons": dict(self.reasons), "notes": dict(self.notes)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """From the stored form."""
        return cls(*(Counter(data.get(name, {})) for name in ("counts", "reasons", "notes")))
