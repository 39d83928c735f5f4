"""Records of the union, their works and headings, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from khaneh.domains.catalogue.types.copies import CopyRow
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.types import Record as MarcRecord
from khaneh.kernel.labels import Label


class EvidenceRow(NamedTuple):
    """One feature that was compared, its two values and what it counted for."""

    feature: str
    left: str
    right: str
    weight: float


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """A source's own record: whose it is, how it was read, and why it stands where it stands."""

    id: int
    record_id: int
    source_code: str
    source_names: Label
    house_code: str
    control_number: str
    dialect: str
    encoding: str
    serialisation: str
    digest: str
    size: int  # bytes
    version: int
    versions: int
    added_at: datetime
    problems: tuple[Mapping[str, Any], ...]
    decision_id: int | None = None  # the standing merge that brought it here; None when it began here
    is_automatic: bool = False  # the program matched it
    decided_by: str = ""  # the person's name; "" for the program, and for an account that is gone
    score: float | None = None
    reason: str = ""
    evidence: tuple[EvidenceRow, ...] = ()


class Line(NamedTuple):
    """A record as one line of a list."""

    id: int
    title: str
    subtitle: str
    creators: tuple[str, ...]
    year: int | None
    form: str
    languages: tuple[str, ...]
    edition: str
    publisher: str
    work_id: int | None
    copies: int
    available: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything a record's page shows. `record` is chosen field by field; `origins` names the contribution of each field shown."""

    id: int
    description: Description
    record: MarcRecord
    dialect: str
    copies: tuple[CopyRow, ...]
    copies_total: int
    contributions: tuple[ContributionRow, ...]
    origins: tuple[tuple[str, int], ...]  # (tag, contribution id), in the order of the record's fields
    work_id: int | None
    editions: tuple[Line, ...]
    variant_names: Mapping[str, tuple[str, ...]]  # by an agent's name: the other forms that an authority record gives
    added_at: datetime
    changed_at: datetime


class Called(NamedTuple):
    """What one edition, or a work, is called. `creators` are those that the edition names as its makers, the first one first."""

    title: str
    subtitle: str
    creators: tuple[str, ...]


def script_read(language: str) -> str:
    """In which script somebody who reads the pages in a language is told names: a key of `by_script` (ISO 15924, lower case)."""
    return "arab" if language == "fa" else "latn"


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A work and a page of its editions, oldest first; `languages` are those of all.

    It is called as most of its editions are; `by_script` has what it is called in each script, where it has editions in both.
    """

    id: int
    title: str
    creators: tuple[str, ...]
    by_script: Mapping[str, Called]
    languages: tuple[str, ...]
    editions: tuple[Line, ...]
    total: int

    def called(self, language: str) -> Called:
        """For a reader of this language, in letters that they read if there is an edition in them."""
        return self.by_script.get(script_read(language)) or Called(self.title, "", self.creators)


@dataclass(frozen=True, slots=True)
class HeadingPage:
    """An author or a subject: the heading, its other forms, what to see also, and the records under it."""

    kind: str  # author | subject
    heading: str
    variants: tuple[str, ...]
    see_also: tuple[str, ...]
    records: tuple[Line, ...]
    total: int
