"""What a course and a run of it shall be, and what queries tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from khaneh.domains.learning.types.lists import CourseKind, CourseState, EnrolmentState, RunState
from khaneh.domains.network.types import Ref
from khaneh.domains.spaces.types import SpaceRow
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_NOTHING = Label("", "", "")


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """What a course shall be. A house or an organisation gives it, one of the two.

    `requires` and `awards` are codes of qualifications. `pass_mark` is the least score (0 to 100) of its assessment, None where there is
    none; `attendance` the least share of meetings, in per cent. `price` is for one person.
    """

    code: str
    kind: CourseKind
    names: Label
    house_code: str = ""
    organisation_code: str = ""
    descriptions: Label = _NOTHING
    hours: int = 0
    requires: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    pass_mark: int | None = None
    attendance: int = 80
    price: Money | None = None
    approval: bool = False


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course. `requires` and `awards` are ids and codes of qualifications."""

    id: int
    code: str
    kind: CourseKind
    names: Label
    descriptions: Label
    house: Ref | None
    organisation: Ref | None
    hours: int
    requires: tuple[tuple[int, str], ...]
    awards: tuple[tuple[int, str], ...]
    pass_mark: int | None
    attendance: int
    price: Money | None
    approval: bool
    state: CourseState


class CoursePage(NamedTuple):
    """Some of the courses that were asked for, and how many there are."""

    rows: tuple[CourseRow, ...]
    total: int


# Bytes of one file among the materials of a course.
LARGEST_FILE = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """Something to read or use: a link, or a file (`digest`). Those that are not `public` are for who is enrolled and who teaches."""

    id: int
    course_id: int
    names: Label
    url: str
    digest: str
    media_type: str
    size: int
    public: bool


class MeetingDraft(NamedTuple):
    """One time of a run, with the spaces that it takes; the first is where it is held."""

    starts: datetime
    ends: datetime
    space_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RunDraft:
    """A run of a course in a house. `least` is the number below which it may not be worth while; `online` an address, where it has one.

    `enrol_until` is the last instant to enrol, else the start of the first meeting.
    """

    course_code: str
    house_code: str
    capacity: int
    meetings: tuple[MeetingDraft, ...]
    least: int = 1
    teachers: tuple[int, ...] = ()
    enrol_until: datetime | None = None
    online: str = ""
    notes: Label = _NOTHING


class PlaceRow(NamedTuple):
    """A space that a meeting takes, by its booking."""

    space_id: int
    code: str
    names: Label
    booking_id: int


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One time of a run, numbered from 1. `places` are empty where it is held elsewhere or online; `lost` are those whose booking the house
    of the space has ended.
    """

    id: int
    number: int
    starts: datetime
    ends: datetime
    places: tuple[PlaceRow, ...] = ()
    lost: tuple[PlaceRow, ...] = ()


class LostRoom(NamedTuple):
    """A meeting, a place that it has lost, and the spaces that are free in its stead."""

    meeting: MeetingRow
    place: PlaceRow
    instead: tuple[SpaceRow, ...]


class Person(NamedTuple):
    """Somebody by their account."""

    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run. `taken` seats are enrolled or kept for an offer, `free` is what is left, `waiting` are people in the waiting list.

    `mine` is the asker's own enrolment in it, with its state.
    """

    id: int
    course: CourseRow
    house: Ref
    zone: str
    state: RunState
    capacity: int
    least: int
    taken: int
    waiting: int
    starts: datetime
    ends: datetime
    enrol_until: datetime
    meetings: tuple[MeetingRow, ...]
    teachers: tuple[Person, ...]
    online: str
    notes: Label
    changed_at: datetime
    reason: str = ""
    finished_at: datetime | None = None
    mine: tuple[int, EnrolmentState] | None = None
    kilometres: float | None = None

    @property
    def free(self) -> int:
        """Seats that nobody has; those for whom it has been waited longer come first."""
        return max(0, self.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class CourseWithRuns:
    """A course with its runs to come, by start, and what it is made of."""

    course: CourseRow
    runs: tuple[RunRow, ...]
    materials: tuple[MaterialRow, ...] = field(default_factory=tuple)
