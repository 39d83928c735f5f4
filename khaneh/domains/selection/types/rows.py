"""What rounds shall be, and what queries tell of them. Frozen values; instants are aware; points are thousandths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.profiles.types import Fit
from khaneh.domains.programmes.types import ApplicationRow, ApplicationState, CallRow, CallStage, CriterionRow
from khaneh.domains.selection.types.lists import (
    AppealState,
    ContractState,
    DecisionKind,
    LetterKind,
    ReviewState,
    TieKind,
)
from khaneh.domains.selection.types.ranking import EquityWeight, Line
from khaneh.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """The rules by which a call shall select. `contracts` are texts with placeholders, by language."""

    waiting: int = 0
    reviews_wanted: int = 3
    load: int = 12
    shrink: int = 5
    tie_step: int = 100
    spread: int = 25_000
    lowest: int = 0
    cap: int = 10_000
    equity: tuple[EquityWeight, ...] = ()
    appeal_days: int = 14


@dataclass(frozen=True, slots=True)
class RoundRow:
    """The rules of a call's selection. `seed` is empty until a ranking was made; its digest `commitment` is public from the fixing on."""

    id: int
    call: CallRow
    places: int
    draft: RoundDraft
    deprivation_index_id: int | None
    contracts: Label
    commitment: str
    seed: str
    fixed_at: datetime | None

    @property
    def is_fixed(self) -> bool:
        """Whether the rules stay as they are."""
        return self.fixed_at is not None


class RunCall(NamedTuple):
    """A call whose selection somebody runs: whether it was begun, whether its rules are fixed, how much was handed in."""

    call: CallRow
    stage: CallStage
    begun: bool
    fixed: bool
    applications: int


class ReviewerRow(NamedTuple):
    """Somebody who judges, with what they have on their hands. `account_id` is None for who was forgotten."""

    id: int
    account_id: int | None
    name: str
    competence: str
    load: int
    waiting: int
    submitted: int
    conflicts: int
    left_at: datetime | None


class ScoreRow(NamedTuple):
    """A score; None where the criterion has none yet."""

    criterion: CriterionRow
    value: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as officers see it. `total` is its weighted total as given, None while criteria lack a score."""

    id: int
    reviewer_id: int
    reviewer: str
    application_id: int
    state: ReviewState
    version: int
    total: int | None
    comment: str
    note: str
    conflict: TieKind | None
    conflict_note: str
    assigned_at: datetime
    declared_at: datetime | None
    submitted_at: datetime | None
    scores: tuple[ScoreRow, ...] = ()


class Applicant(NamedTuple):
    """Who applies: all that a reviewer learns before they have declared that nothing ties them."""

    organisation: Ref | None
    people: tuple[str, ...]
    regions: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A review as its reviewer sees it. `application`, `answers` and `scores` are empty until the conflict was declared."""

    id: int
    call: Label
    house: Ref
    number: int
    applicant: Applicant
    state: ReviewState
    assigned_at: datetime
    submitted_at: datetime | None
    ties: tuple[TieKind, ...] = ()
    application: ApplicationRow | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    scores: tuple[ScoreRow, ...] = ()
    comment: str = ""
    note: str = ""

    @property
    def may_write(self) -> bool:
        """Whether scores can be written."""
        return self.state in (ReviewState.DECLARED, ReviewState.DRAFTED)


class RunDigest(NamedTuple):
    """A ranking that was made, by number, with the SHA-256 of what it depends on and of what came out."""

    number: int
    made_at: datetime
    case_digest: str
    result_digest: str


class LotteryRow(NamedTuple):
    """What is public of a lottery: the promise, since when, and, once a ranking was made, the seed (empty before)."""

    commitment: str
    fixed_at: datetime
    seed: str
    runs: tuple[RunDigest, ...]


class ProposalRow(NamedTuple):
    """A reviewer for an application. `fit` says what of their competence speaks for it; `ties` speak against it."""

    reviewer_id: int
    name: str
    fit: Fit
    free: int
    ties: tuple[TieKind, ...]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """An application of a round with its reviews."""

    application: ApplicationRow
    applicant: str
    reviews: tuple[ReviewRow, ...]
    decision: DecisionRow | None
    appeal: AppealRow | None = None

    @property
    def submitted(self) -> int:
        """How many reviews count."""
        return sum(one.state is ReviewState.SUBMITTED for one in self.reviews)

    @property
    def under_way(self) -> int:
        """How many are still to come."""
        waiting = (ReviewState.ASSIGNED, ReviewState.DECLARED, ReviewState.DRAFTED)
        return sum(one.state in waiting for one in self.reviews)


class DecisionRow(NamedTuple):
    """What was decided. `line` is where the application stood in the ranking at the time."""

    id: int
    application_id: int
    number: int
    kind: DecisionKind
    reason: str
    departs: bool
    line: Mapping[str, Any] | None
    decided_by: int | None
    name: str
    decided_at: datetime


class AppealRow(NamedTuple):
    """An appeal against a decision."""

    id: int
    decision_id: int
    application_id: int
    text: str
    state: AppealState
    answer: str
    made_at: datetime
    answered_at: datetime | None


class SlotRow(NamedTuple):
    """A time for an interview."""

    id: int
    starts_at: datetime
    minutes: int
    place: str
    application_id: int | None

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


class LetterRow(NamedTuple):
    """A letter as it was written."""

    id: int
    kind: LetterKind
    language: str
    subject: str
    body: str
    written_at: datetime


class ContractRow(NamedTuple):
    """A contract as it was issued. `digest` is the SHA-256 of its text."""

    id: int
    number: str
    language: str
    text: str
    digest: str
    state: ContractState
    issued_at: datetime
    signed_name: str
    signed_at: datetime | None


class TrailRow(NamedTuple):
    """One act. `name` is who did it, empty for the system and for who was forgotten."""

    kind: str
    application_id: int | None
    facts: Mapping[str, Any]
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A ranking as it was reckoned, with its lines. `is_current` where the same would come out of what is known at present."""

    id: int
    round_id: int
    number: int
    case_digest: str
    result_digest: str
    seed: str
    made_at: datetime
    name: str
    lines: tuple[Line, ...]
    short: tuple[tuple[str, int], ...]
    places: int
    is_current: bool = True


class Recomputed(NamedTuple):
    """A kept ranking reckoned again: whether the same bytes came out, and whether the seed is the one whose digest was published."""

    same: bool
    case_digest: str
    result_digest: str
    seed_kept: bool


class Reckoned(NamedTuple):
    """A ranking made of a case's bytes: its lines, its own bytes, the digests of both, and that of the seed."""

    lines: tuple[Line, ...]
    result: bytes
    case_digest: str
    result_digest: str
    commitment: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What applicants see of the selection: letters, a slot to take or taken, the decision with its reason, an appeal, a contract."""

    application_id: int
    title: str
    call: Label
    house: Ref
    state: ApplicationState
    letters: tuple[LetterRow, ...]
    decision: DecisionRow | None
    appeal: AppealRow | None
    may_appeal_until: datetime | None
    slots: tuple[SlotRow, ...]
    slot: SlotRow | None
    contract: ContractRow | None
    comments: tuple[str, ...]
    may_act: bool
