"""Who of the staff is asked to be trained in what, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.learning.types.lists import Standing
from khaneh.domains.network.types import Ref, Role
from khaneh.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """Whoever holds one of these roles at a house of these kinds (of any, where none is named) holds the qualification.

    By `due_on`, and whoever takes the role up later within `grace_days` of that. `region_code` narrows it to a region.
    """

    qualification_code: str
    roles: tuple[str, ...]
    house_kinds: tuple[str, ...] = ()
    region_code: str = ""
    due_on: date | None = None
    grace_days: int = 90


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """What is asked of the staff."""

    id: int
    qualification_id: int
    code: str
    names: Label
    roles: tuple[Role, ...]
    house_kinds: tuple[str, ...]
    region: Ref | None
    due_on: date | None
    grace_days: int
    since: datetime


class NeedRow(NamedTuple):
    """One qualification that somebody's role asks for, and how they stand to it. `by` is the last day, `until` how long it still counts."""

    code: str
    names: Label
    standing: Standing
    by: date | None
    until: datetime | None


class StaffRow(NamedTuple):
    """Somebody of a house of whom something is asked."""

    account_id: int
    name: str
    roles: tuple[str, ...]
    needs: tuple[NeedRow, ...]

    @property
    def standing(self) -> Standing:
        """The worst of their needs."""
        order = (Standing.MISSING, Standing.LAPSED, Standing.DUE, Standing.TRAINED)
        return next(one for one in order if any(need.standing is one for need in self.needs))


@dataclass(frozen=True, slots=True)
class HouseTraining:
    """How many of a house's staff, of whom something is asked, hold all of it; the others by the worst of what they lack."""

    house: Ref
    staff: int
    trained: int
    due: int
    lapsed: int
    missing: int
    people: tuple[StaffRow, ...] = ()

    @property
    def share(self) -> float | None:
        """Trained of all, 0 to 1; None where nothing is asked of anybody."""
        return self.trained / self.staff if self.staff else None


@dataclass(frozen=True, slots=True)
class StaffTraining:
    """The figure of a scope at an instant: its sums over people, each counted once, and each house by code.

    Somebody who works in two houses stands in both and once in the sums.
    """

    at: datetime
    staff: int
    trained: int
    due: int
    lapsed: int
    missing: int
    houses: tuple[HouseTraining, ...]

    @property
    def share(self) -> float | None:
        """Trained of all, 0 to 1; None where nothing is asked of anybody."""
        return self.trained / self.staff if self.staff else None
