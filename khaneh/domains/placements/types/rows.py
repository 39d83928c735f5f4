"""What skills, vacancies and seekers shall be, and what queries tell of them. Frozen values; instants are aware, days are plain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.placements.types.lists import EndReason, Level, PlacementState, VacancyKind, VacancyState
from khaneh.domains.placements.types.matches import Match
from khaneh.kernel.labels import Label

_NOTHING = Label("", "", "")


@dataclass(frozen=True, slots=True)
class SkillDraft:
    """What a skill shall be. `esco` is the concept's address in ESCO (http://data.europa.eu/esco/skill/…), empty where it has none."""

    code: str
    names: Label
    esco: str = ""
    active: bool = True


class SkillRow(NamedTuple):
    """A skill. One that is not active is chosen no more; where it was chosen it stays."""

    id: int
    code: str
    esco: str
    names: Label
    active: bool = True


class SkillWish(NamedTuple):
    """A skill that a vacancy asks for."""

    skill: str
    level: Level = Level.BASIC
    essential: bool = False


class QualificationWish(NamedTuple):
    """A qualification that a vacancy asks for, by its code."""

    qualification: str
    essential: bool = False


@dataclass(frozen=True, slots=True)
class VacancyDraft:
    """What a vacancy shall be. It is at a house, or in a region, or anywhere (`remote`).

    Pay is a month's, in whole units of the smallest coin, from and to; None where it is agreed. `closes_on` is the last day to apply.
    """

    kind: VacancyKind
    names: Label
    descriptions: Label = _NOTHING
    count: int = 1
    region_code: str = ""
    house_code: str = ""
    remote: bool = False
    hours: int | None = None
    pay_from: int | None = None
    pay_to: int | None = None
    pay_currency: str = ""
    starts_on: date | None = None
    closes_on: date | None = None
    skills: tuple[SkillWish, ...] = ()
    qualifications: tuple[QualificationWish, ...] = ()


class WantedSkill(NamedTuple):
    """A vacancy's wish, with the skill."""

    skill: SkillRow
    level: Level
    essential: bool


class WantedQualification(NamedTuple):
    """A vacancy's wish, with the qualification to name."""

    qualification: Ref
    essential: bool


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A vacancy. `regions` from the province down; `taken` of `count` places are taken."""

    id: int
    organisation: Ref
    kind: VacancyKind
    names: Label
    descriptions: Label
    count: int
    taken: int
    house: Ref | None
    regions: tuple[Ref, ...]
    remote: bool
    latitude: float | None
    longitude: float | None
    hours: int | None
    pay_from: int | None
    pay_to: int | None
    pay_currency: str
    starts_on: date | None
    closes_on: date | None
    state: VacancyState
    published_at: datetime | None
    skills: tuple[WantedSkill, ...] = ()
    qualifications: tuple[WantedQualification, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody is looked for."""
        return self.state is VacancyState.PUBLISHED

    @property
    def left(self) -> int:
        """How many places are left."""
        return max(0, self.count - self.taken)


@dataclass(frozen=True, slots=True)
class VacancyFilter:
    """Which vacancies. Empty means any; a region includes what is below it."""

    kinds: frozenset[VacancyKind] = frozenset()
    region_code: str = ""
    skill: str = ""
    remote: bool = False


@dataclass(frozen=True, slots=True)
class VacancyPage:
    """One page of a list, and how many there are in all."""

    total: int
    rows: tuple[VacancyRow, ...]


class Mastered(NamedTuple):
    """A skill that somebody has."""

    skill: str
    level: Level = Level.BASIC


@dataclass(frozen=True, slots=True)
class SeekerDraft:
    """What somebody who looks for a place says of themself. `km` is how far from the region's middle they would go each day."""

    region_code: str = ""
    km: int = 30
    kinds: tuple[VacancyKind, ...] = ()
    remote: bool = False
    about: str = ""
    skills: tuple[Mastered, ...] = ()


@dataclass(frozen=True, slots=True)
class SeekerRow:
    """One's own profile. `consented_at` is None while nobody else sees it."""

    id: int
    account_id: int
    regions: tuple[Ref, ...]
    km: int
    kinds: tuple[VacancyKind, ...]
    remote: bool
    about: str
    consented_at: datetime | None
    skills: tuple[tuple[SkillRow, Level], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who fits a vacancy, as an employer sees them: no name and no address, unless they have said that they are interested.

    `placement_id` is the offer that was made to them, if one was.
    """

    seeker_id: int
    match: Match
    regions: tuple[Ref, ...]
    about: str
    name: str = ""
    note: str = ""
    interested_at: datetime | None = None
    placement_id: int | None = None
    placement_state: PlacementState | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A vacancy that fits somebody, as they see it."""

    vacancy: VacancyRow
    match: Match
    interested: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """What the employer is asked after so many months. `still` is None while nobody has answered."""

    months: int
    due_on: date
    reminded: int
    answered_at: datetime | None
    still: bool | None


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement. `name` and `email` are the trainee's, for who may know them: themself, and the employer once they have accepted."""

    id: int
    vacancy_id: int
    vacancy: Label
    kind: VacancyKind
    organisation: Ref
    account_id: int | None
    name: str
    email: str
    state: PlacementState
    note: str
    match: Match | None
    offered_at: datetime
    answer_by: datetime | None
    accepted_at: datetime | None
    starts_on: date | None
    started_on: date | None
    ended_on: date | None
    end_reason: EndReason | None
    confirmations: tuple[ConfirmationRow, ...] = field(default_factory=tuple)

    def due(self, today: date) -> ConfirmationRow | None:
        """What the employer is to answer on a day: the furthest that has come and has no answer."""
        waiting = [one for one in self.confirmations if one.answered_at is None and one.due_on <= today]
        return waiting[-1] if waiting else None


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An organisation that somebody speaks for, with what waits there."""

    organisation: Ref
    open_vacancies: int
    interested: int
    due: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round did."""

    expired: int = 0
    lapsed: int = 0
    asked: int = 0
    unknown: int = 0
