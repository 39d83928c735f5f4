"""What the queries of founding tell. Frozen values; instants are aware, days are plain, `permille` goes from 0 to 1000."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from khaneh.domains.founding.types.lists import (
    AssessmentState,
    PassportState,
    ProposalState,
    StandardState,
    TaskState,
)
from khaneh.domains.network.types import HouseRow, Ref
from khaneh.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of a standard's checklist."""

    id: int
    code: str
    sections: Label
    names: Label
    evidence: Label
    weight: int
    scale: int
    least: int
    photo: bool


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A version of a standard; `items` stand in the order of the checklist, none in lists."""

    id: int
    code: str
    version: int
    authority: Ref
    kind: str
    names: Label
    descriptions: Label
    pass_percent: int
    assessors: int
    valid_months: int
    state: StandardState
    published_at: datetime | None
    retired_at: datetime | None
    item_count: int
    items: tuple[ItemRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What scores come to: `permille` of the weighted scores, the codes of the items below their least, and whether it is enough."""

    permille: int
    failed: tuple[str, ...]
    meets: bool


class ScoreRow(NamedTuple):
    """What was given for an item."""

    item_id: int
    score: int
    note: str


class PhotoRow(NamedTuple):
    """A photograph of an assessment; `version` is what its address carries."""

    id: int
    item_id: int | None
    alt: str
    width: int
    height: int
    version: str


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessor's judgement. `assessor` is empty where the account is gone."""

    id: int
    proposal_id: int | None
    passport_id: int | None
    standard_id: int
    house: Ref
    assessor_id: int | None
    assessor: str
    state: AssessmentState
    begun_at: datetime
    submitted_at: datetime | None
    permille: int | None
    failed: tuple[str, ...]
    summary: str
    scores: tuple[ScoreRow, ...] = ()
    photos: tuple[PhotoRow, ...] = ()


class UnmeasuredRow(NamedTuple):
    """A house in service without a passport. `standards` are those in force for its kind, `drafting` says that somebody assesses it."""

    id: int
    code: str
    names: Label
    kind: str
    standards: tuple[StandardRow, ...]
    drafting: bool


class Near(NamedTuple):
    """The nearest house of the kind in service."""

    code: str
    names: Label
    km: float


class Demand(NamedTuple):
    """What was asked for within reach in a year: bookings and how many were refused; waits and how many came to nothing; of events, how
    many wanted places and how many got none; and technology needs published in the province at the time."""

    houses: int
    booked: int
    refused: int
    waited: int
    in_vain: int
    registered: int
    turned_away: int
    needs: int

    @property
    def unmet(self) -> int:
        """How often somebody asked and had nothing."""
        return self.refused + self.in_vain + self.turned_away


@dataclass(frozen=True, slots=True)
class Weighed:
    """A place beside others: its need by deprivation, who is served already, and what is asked for nearby. As it was `on` a day.

    `index` names the version of the deprivation index, empty where none speaks of the region; `decile` 1 is the most deprived.
    `population` is that of `region`, the smallest of which it is known; `same` houses of the kind are in service in the province.
    """

    on: date
    index: str
    decile: int | None
    illustrative: bool
    rural: bool | None
    region: Label
    population: int | None
    same: int
    nearest: Near | None
    reach_km: int
    demand: Demand

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "on": self.on.isoformat(), "index": self.index, "decile": self.decile, "illustrative": self.illustrative,
            "rural": self.rural, "region": self.region.to_dict(), "population": self.population, "same": self.same,
            "nearest": [self.nearest.code, self.nearest.names.to_dict(), self.nearest.km] if self.nearest else None,
            "reach_km": self.reach_km, "demand": list(self.demand),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Weighed:
        """From JSON values."""
        near = values["nearest"]
        return cls(
            **{
                **values,
                "on": date.fromisoformat(values["on"]),
                "region": Label.from_dict(values["region"]),
                "nearest": Near(near[0], Label.from_dict(near[1]), near[2]) if near else None,
                "demand": Demand(*values["demand"]),
            }
        )


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something to be done, and what was spent for it."""

    id: int
    title: str
    due_on: date
    planned: int
    spent: int
    state: TaskState
    done_on: date | None


class SpendRow(NamedTuple):
    """Money that went out; one that takes back another has a negative amount. `taken_back`: another takes this one back."""

    id: int
    task_id: int | None
    amount: int
    spent_on: date
    receipt: str
    by: str
    reverses: int | None
    taken_back: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal, with the house that it is about. `weighed` is as it was at the last step; `permille` once it is assessed."""

    id: int
    house: HouseRow
    standard: StandardRow
    state: ProposalState
    plan: str
    area: int | None
    asked: int | None
    currency: str
    opens_on: date | None
    made_by: int | None
    made_by_name: str
    made_at: datetime
    permille: int | None
    failed: tuple[str, ...]
    weighed: Weighed
    decided_by: int | None
    decided_by_name: str
    decided_at: datetime | None
    reason: str
    despite: bool
    budget: int | None
    spent: int
    opened_on: date | None
    ended_at: datetime | None

    @property
    def meets(self) -> bool:
        """Whether what was assessed is enough for the standard."""
        return self.permille is not None and not self.failed and self.permille >= self.standard.pass_percent * 10


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of a passport's history."""

    on: date
    standard_code: str
    version: int
    permille: int
    meets: bool
    failed: tuple[Label, ...]
    opening: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """What a part of the checklist came to, all assessors together."""

    names: Label
    permille: int


@dataclass(frozen=True, slots=True)
class PassportRow:
    """By which standard a house is measured, whether it meets it, and every time that it was judged, the latest first."""

    id: int
    house: Ref
    standard: StandardRow
    state: PassportState
    permille: int
    assessed_on: date
    due_on: date
    overdue: bool
    entries: tuple[EntryRow, ...] = ()
    sections: tuple[SectionRow, ...] = ()


class LineOutcome(StrEnum):
    """What becomes of a line of an imported checklist."""

    ENTERED = "entered"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineResult:
    """A line of the file and what becomes of it; `problems` are (column, reason). Items that the file no longer has are line 0."""

    line: int
    code: str
    outcome: LineOutcome
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every line of a file. Nothing of it is taken in when one of them is refused."""

    applied: bool
    lines: tuple[LineResult, ...]
    unknown_columns: tuple[str, ...] = ()
    counts: dict[LineOutcome, int] = field(default_factory=dict)


class Swept(NamedTuple):
    """What the clock did in one round: houses told that an assessment is due, tasks of which somebody was told that they are late."""

    due: int
    late: int
