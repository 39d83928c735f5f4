"""What an import of a table is asked and answers: one result a line, with stable problem codes that pages translate."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class TableName(StrEnum):
    """The tables that can be imported and exported, in the order in which they depend on each other."""

    REGIONS = "regions"
    BOUNDARIES = "boundaries"
    DEPRIVATION_INDEXES = "deprivation_indexes"
    DEPRIVATION = "deprivation"
    ORGANISATIONS = "organisations"
    HOUSES = "houses"
    OPENING_HOURS = "opening_hours"
    HOLIDAYS = "holidays"


# Of these a line may change when houses are open: whoever takes them in does so through `spaces`, which ends what they shut out.
TABLES_OF_HOURS = (TableName.REGIONS, TableName.HOUSES, TableName.OPENING_HOURS, TableName.HOLIDAYS)


class ImportMode(StrEnum):
    """What happens to the lines: nothing (try), the good ones, or all of them or none."""

    TRY = "try"
    GOOD_LINES = "good_lines"
    ALL_OR_NOTHING = "all_or_nothing"


class Outcome(StrEnum):
    """What a line did, or would do."""

    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class Problem(NamedTuple):
    """Why a line was refused. `column` is a column's name, or empty for the whole line; `code` is stable."""

    column: str
    code: str
    facts: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class LineResult:
    """A line of the file (the header is line 1; for GeoJSON the number of the feature) and what became of it."""

    line: int
    code: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole answer. `applied` says whether the database changed; `unknown_columns` were left out of account."""

    table: TableName
    mode: ImportMode
    applied: bool
    lines: tuple[LineResult, ...]
    unknown_columns: tuple[str, ...] = ()
    counts: dict[Outcome, int] = field(default_factory=dict)
