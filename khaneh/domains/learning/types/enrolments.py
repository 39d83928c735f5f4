"""What acts on enrolments answer, and what queries tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from khaneh.domains.learning.types.courses import RunRow
from khaneh.domains.learning.types.lists import EndReason, EnrolmentState, Means
from khaneh.domains.network.types import Ref
from khaneh.domains.policies.types import Answer
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Override:
    """Refusals of the policies passed over by named rights, with the reason that the enrolment keeps."""

    rights: frozenset[str] = frozenset()
    reason: str = ""


class Enrolled(NamedTuple):
    """What enrolling gave: the party (one for everybody who was enrolled together), its enrolments, their state, the price for each."""

    party_id: int
    enrolment_ids: tuple[int, ...]
    state: EnrolmentState
    price: Money | None


class ClashKind(StrEnum):
    """What somebody has at a time."""

    RUN = "run"
    TEACHING = "teaching"
    BOOKING = "booking"


class Clash(NamedTuple):
    """Something that somebody has at the time of a run's meeting: a run that they are in or teach, a booking of theirs.

    `id` is the run's or the booking's; `names` the course's or the space's, empty where the actor may not know.
    """

    kind: ClashKind
    id: int
    account_id: int
    names: Label
    starts: datetime
    ends: datetime

    @property
    def key(self) -> str:
        """What says that somebody knows of it: `run:7`, `booking:12`."""
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class Quote:
    """What enrolling would meet, without doing it: the state that it would give, the policies' answer, the price for one.

    `refusal` is the code of what no right passes over, empty where there is none; `lacks` are the codes of prerequisites that are missing;
    `clashes` is where those who shall be enrolled are at those times already: nobody is in two places without saying that they know.
    """

    run: RunRow
    state: EnrolmentState | None
    answer: Answer | None
    price: Money | None
    refusal: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether it can be done without passing over anything."""
        return not self.refusal and self.answer is not None and self.answer.permitted


class ResultRow(NamedTuple):
    """One assessment of somebody. The latest counts."""

    score: int | None
    passed: bool
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """Somebody in a run. `code` is what they show at the door; `place` is theirs in the waiting list, from 1; `answer_by` the offer's end.

    `together` is how many have enrolled as one party; `meetings` are the numbers of those at which they were, of `of_meetings`.
    """

    id: int
    run: RunRow
    account_id: int | None
    name: str
    organisation: Ref | None
    party_id: int
    together: int
    state: EnrolmentState
    joined_at: datetime
    code: str
    place: int | None
    answer_by: datetime | None
    withdraw_until: datetime | None
    price: Money | None
    meetings: tuple[int, ...]
    of_meetings: int
    result: ResultRow | None
    certificate_key: str
    end_reason: EndReason | None
    reason: str


class Attended(NamedTuple):
    """Who was written down for which meeting; `again` says that they had been already."""

    enrolment_id: int
    account_id: int
    name: str
    meeting: int
    means: Means
    again: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """A run with everybody in it: those with a seat by name, those who ask and wait by when they came."""

    run: RunRow
    seated: tuple[EnrolmentRow, ...]
    asking: tuple[EnrolmentRow, ...]
    ended: tuple[EnrolmentRow, ...] = ()


class FinishedRow(NamedTuple):
    """Somebody who finished a course: for cohorts."""

    account_id: int | None
    enrolment_id: int
    course_id: int
    course_code: str
    run_id: int
    house_id: int
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """What finishing a run gave: who completed it with the numbers of their certificates, who did not."""

    run_id: int
    certificates: tuple[int, ...]
    completed: int
    failed: int
    no_shows: int
    qualifications: int
    not_awarded: tuple[tuple[int, Label], ...] = ()
