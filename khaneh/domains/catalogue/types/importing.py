"""Imports: how a file is read, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict

from khaneh.kernel.labels import Label


class ImportState(StrEnum):
    """waiting → running → done | failed | stopped. A killed run stays `running` until it is taken up again from its checkpoint."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


IMPORT_STATES: Mapping[ImportState, Label] = {
    ImportState.WAITING: Label(en="Waiting", fa="در نوبت", vi="Đang chờ"),
    ImportState.RUNNING: Label(en="Running", fa="در حال اجرا", vi="Đang chạy"),
    ImportState.DONE: Label(en="Done", fa="انجام شد", vi="Đã xong"),
    ImportState.FAILED: Label(en="Failed", fa="ناموفق", vi="Thất bại"),
}


class Outcome(StrEnum):
    """What an import did with one record of the file."""

    NEW = "new"  # a record nobody had
    MATCHED = "matched"  # a further contribution to a record that somebody had
    CHANGED = "changed"  # a next version of a contribution that the source had given before
    UNCHANGED = "unchanged"  # the same bytes as before
    QUARANTINED = "quarantined"
    AUTHORITY = "authority"  # an authority record, kept and used for variant names
    HOLDINGS = "holdings"  # a holdings record, kept in the quarantine until its bibliographic record is known


class HowToImport(TypedDict, total=False):
    """Whose records a file holds and how it is read; what is left out is found out or taken from the source.

    `house` is a house's code; `source` names whose control numbers these are where it is no house (default: the file's name);
    `columns` maps a table's columns to MARC.
    """

    house: str
    source: str
    profile: str
    encoding: str
    dialect: str
    columns: Iterable[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import has done up to its checkpoint. `reasons` counts quarantined records by reason code."""

    batch_id: int
    source: str
    source_names: Label
    file: str
    state: ImportState
    bytes_total: int
    bytes_done: int
    read: int
    new: int
    matched: int
    changed: int
    unchanged: int
    quarantined: int
    authorities: int
    copies: int
    reasons: Mapping[str, int]
    notes: Mapping[str, int]  # what was kept but is worth a look: barcode_taken, house_unknown, price_unread, to_review
    seconds: float
    failure: str = ""
    encoding: str = ""
    dialect: str = ""
    serialisation: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def records_per_second(self) -> float:
        """Records read in a second of working time, over every run of the batch."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Working time that the rest of the file will take at the pace so far; None before the first checkpoint."""
        if not self.bytes_done or self.state is not ImportState.RUNNING:
            return None
        return self.seconds * max(self.bytes_total - self.bytes_done, 0) / self.bytes_done

    def to_dict(self) -> dict[str, Any]:
        """JSON values, for `khaneh import --json` and the API."""
        return {
            "batch": self.batch_id,
            "source": self.source,
            "file": self.file,
            "state": str(self.state),
            "read": self.read,
            "new": self.new,
            "matched": self.matched,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "quarantined": self.quarantined,
            "reasons": dict(self.reasons),
            "authorities": self.authorities,
            "copies": self.copies,
            "notes": dict(self.notes),
            "seconds": round(self.seconds, 3),
            "records_per_second": round(self.records_per_second, 1),
            "encoding": self.encoding,
            "dialect": self.dialect,
            "format": self.serialisation,
            "failure": self.failure,
        }


@dataclass(slots=True)
class Measured:
    """Where the time of a run went, in seconds: `reading` is processor time of the readers, the others are of this process."""

    reading: float = 0.0
    writing: float = 0.0
    waiting: float = 0.0
    refreshing: float = 0.0


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """How a source's copies are written. `rules` as `rules.intake.profile` describes them."""

    id: int
    name: str
    label: Label
    rules: Mapping[str, Any]
    builtin: bool


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Somebody who gives records: usually a house."""

    id: int
    code: str
    label: Label
    house_id: int | None
    house_code: str
    profile: str
    encoding: str
    dialect: str
    contributions: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the catalogue holds, for the home page. `as_of` is when it was counted."""

    records: int
    works: int
    copies: int
    contributions: int
    languages: Mapping[str, int] = field(default_factory=dict)
