"""What is said of somebody who finished, where no vacancy tells it. Frozen values; instants are aware, days are plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from khaneh.domains.network.types import Ref
from khaneh.domains.placements.types.lists import Outcome, StatedKind, Teller


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """What is said: `kind` since a day, told on a day by the trainee or the employer.

    `where` is the employer, the business or the school, if it is told; `confirmed_by` who at the employer said it, needed where `said_by` is
    the employer. `agreed`: the trainee agrees that it is kept and counted; without it nothing of theirs is.
    """

    kind: StatedKind
    since: date
    told_on: date
    said_by: Teller = Teller.TRAINEE
    where: str = ""
    confirmed_by: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement. `by_staff`: the centre noted it. `confirmed_on` is when the employer said so, None while they have not;
    `withdrawn_at` is None while it counts.
    """

    id: int
    kind: StatedKind
    since: date
    told_on: date
    said_by: Teller
    where: str
    by_staff: bool
    made_at: datetime
    confirmed_on: date | None
    confirmed_by: str
    withdrawn_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.withdrawn_at is None

    @property
    def may_be_confirmed(self) -> bool:
        """Whether an employer could still say so."""
        return self.stands and self.kind is StatedKind.JOB and self.confirmed_on is None


@dataclass(frozen=True, slots=True)
class GraduateRow:
    """Somebody who finished something, by name, for the staff of the house where it was: the last that they finished, and what is known."""

    account_id: int
    name: str
    course: Ref
    house: Ref
    finished_on: date
    outcome: Outcome
    statement: StatementRow | None = None


@dataclass(frozen=True, slots=True)
class GraduatePage:
    """One page of a list, how many there are in all, and the houses that may be asked for."""

    total: int
    rows: tuple[GraduateRow, ...]
    houses: tuple[Ref, ...] = ()
