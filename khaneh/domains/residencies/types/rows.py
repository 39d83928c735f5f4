"""What residencies shall be, and what queries tell of them. Frozen values; instants are aware, days are plain.

Amounts are whole numbers: of money in its smallest part, of mentoring, equipment and training in minutes, of premises in days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.profiles.types import Fit
from khaneh.domains.residencies.types.lists import (
    Fate,
    MilestoneState,
    OverReason,
    RequestState,
    ResidencyState,
    SessionState,
    SupportKind,
    TrancheState,
)
from khaneh.domains.spaces.types import BookingRow
from khaneh.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class ResidencyDraft:
    """What a residency shall be. `founder_email` is whose account answers for the team; `organisation_code` is empty where it has none yet.
    `application_id` is the accepted application that it follows from, None where there was none.
    """

    names: Label
    founder_email: str
    starts_on: date
    ends_on: date
    organisation_code: str = ""
    plan: str = ""
    people: int = 1
    application_id: int | None = None


class MilestoneDraft(NamedTuple):
    """What is to be reached by a day; `wanted` says what shows it."""

    names: Label
    due_on: date
    wanted: str = ""


class EvidenceRow(NamedTuple):
    """A file that was given as evidence."""

    id: int
    name: str
    media: str
    size: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone. `said` are the team's words with the evidence, `answer` the house's."""

    id: int
    number: int
    names: Label
    wanted: str
    due_on: date
    state: MilestoneState
    said: str
    submitted_at: datetime | None
    decided_at: datetime | None
    answer: str
    evidence: tuple[EvidenceRow, ...] = ()

    def is_late(self, today: date) -> bool:
        """Whether its day is over and nothing was given."""
        return self.state is MilestoneState.PLANNED and self.due_on < today


class AllotmentRow(NamedTuple):
    """A desk or room that a residency has from its first day to its last; `given_back_on` is None while it has it."""

    id: int
    booking: BookingRow
    first: date
    last: date
    given_back_on: date | None


class MentorRow(NamedTuple):
    """Who mentors a team, since when and why they were chosen."""

    id: int
    account_id: int | None
    name: str
    since: date
    until: date | None
    why: str


class CheckRow(NamedTuple):
    """How a mentor found a team: scores from 1 to 5 by area."""

    on: date
    by: str
    scores: Mapping[str, int]
    note: str

    @property
    def worries(self) -> tuple[str, ...]:
        """The areas of which the mentor thinks badly."""
        return tuple(area for area, score in self.scores.items() if score <= 2)


class RequestRow(NamedTuple):
    """A service that was asked for."""

    id: int
    residency_id: int
    kind: str
    text: str
    state: RequestState
    asked_at: datetime
    answer: str


class SlotRow(NamedTuple):
    """A time that a mentor has. `session_id` is what takes it, None while it is free."""

    id: int
    mentor_id: int
    mentor: str
    starts: datetime
    ends: datetime
    place: str
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A mentoring session. `summary` is what the mentor noted of it."""

    id: int
    residency_id: int
    team: Label
    mentor_id: int | None
    mentor: str
    starts: datetime
    ends: datetime
    place: str
    topic: str
    state: SessionState
    summary: str


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a budget line shall be. `agreement` names the agreement it is from. `unit` is a currency for money, else it follows from the kind."""

    house_code: str
    giver_code: str
    agreement: str
    names: Label
    kind: SupportKind
    amount: int
    first: date
    last: date
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A budget line: of its amount so much is promised in tranches and so much given."""

    id: int
    house: Ref
    giver: Ref
    agreement: str
    names: Label
    kind: SupportKind
    unit: str
    amount: int
    promised: int
    given: int
    first: date
    last: date

    @property
    def left(self) -> int:
        """What can still be promised or given."""
        return self.amount - self.promised - self.given


@dataclass(frozen=True, slots=True)
class TrancheRow:
    """A part of what a line gives a team. `payable`: it is promised, and the milestone it waits for is reached or there is none."""

    id: int
    residency_id: int
    line_id: int
    line: Label
    kind: SupportKind
    unit: str
    amount: int
    milestone: Label | None
    state: TrancheState
    payable: bool


@dataclass(frozen=True, slots=True)
class SupportRow:
    """One line of the ledger. `giver` is None where the house itself gave; `reversed`: it was taken back by a later line."""

    id: int
    receipt: str
    house: Ref
    residency_id: int | None
    team: Label | None
    organisation: Ref | None
    giver: Ref | None
    agreement: str
    kind: SupportKind
    unit: str
    amount: int
    given_on: date
    note: str
    reverses: str
    reversed: bool
    acknowledged_at: datetime | None


class SupportSum(NamedTuple):
    """What was given of a kind in a unit, in all, and to how many teams."""

    kind: SupportKind
    unit: str
    amount: int
    teams: int


@dataclass(frozen=True, slots=True)
class FollowUpDraft:
    """What is known of a team. None and empty are unknown."""

    fate: Fate | None = None
    people: int | None = None
    revenue_band: str = ""
    exports: bool | None = None


class FollowUpRow(NamedTuple):
    """What is asked of a team so many years after it graduated, and what was answered."""

    year: int
    due_on: date
    answered_at: datetime | None
    fate: Fate | None
    people: int | None
    revenue_band: str
    exports: bool | None


@dataclass(frozen=True, slots=True)
class ResidencyRow:
    """A residency as a list shows it. `reached` of `milestones` are reached; `waiting` wait for the house's answer."""

    id: int
    house: Ref
    organisation: Ref | None
    founder_id: int | None
    founder: str
    names: Label
    people: int
    state: ResidencyState
    starts_on: date
    ends_on: date
    moved_in_on: date | None
    over_on: date | None
    milestones: int
    reached: int
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class ResidencyDetail:
    """A residency with everything that whoever asks may see of it. Health checks are the mentor's and the house's."""

    row: ResidencyRow
    plan: str
    over_reason: OverReason | None
    application: str
    follow_up_consent_at: datetime | None
    founder_email: str
    milestones: tuple[MilestoneRow, ...]
    allotments: tuple[AllotmentRow, ...]
    mentors: tuple[MentorRow, ...]
    sessions: tuple[SessionRow, ...]
    requests: tuple[RequestRow, ...]
    checks: tuple[CheckRow, ...]
    tranches: tuple[TrancheRow, ...]
    support: tuple[SupportRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    organisation_withdrawn: bool = False  # from the network: it has no page


class Place(NamedTuple):
    """A space that a residency could be allotted, and how many of its units are free for all of the time."""

    space_id: int
    names: Label
    kind: str
    free: int


class MentorFit(NamedTuple):
    """A mentor with how well what they can do fits a plan, and what says so; `load` is how many teams they have."""

    account_id: int
    name: str
    fit: Fit
    load: int
    taken: bool = False


class Fates(NamedTuple):
    """What became of the teams that graduated in a year, so many years after: numbers below five are None (hidden).

    `unknown` are those of whom nothing was said, or who did not consent.
    """

    year: int
    graduated: int | None
    alive: int | None
    closed: int | None
    unknown: int | None
    exporting: int | None
    people: int | None
