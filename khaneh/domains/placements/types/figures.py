"""A cohort's figures: everybody who finished, each counted once, with small numbers hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from khaneh.domains.network.types import Ref
from khaneh.domains.placements.types.lists import Grouping, Outcome

# A number below this is not shown, nor any from which it could be reckoned.
SMALLEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CohortFilter:
    """Whose cohort: who finished from `first` to `last` (both in it), in the houses that the actor may see; of one house if it is named."""

    first: date
    last: date
    grouping: Grouping = Grouping.COURSE
    house_id: int | None = None


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A line of the table: how many finished, and what became of them in the order of OUTCOMES. None is a number that is hidden."""

    of: Ref | None
    finished: int | None
    outcomes: tuple[int | None, ...]

    def number(self, outcome: Outcome) -> int | None:
        """How many have this outcome."""
        return self.outcomes[list(Outcome).index(outcome)]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its honest denominator: everybody who finished, whatever is known of them. None is a number that is hidden."""

    counted: int | None
    finished: int | None
    unknown: int | None

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return None if self.counted is None or not self.finished else self.counted / self.finished

    @property
    def high(self) -> float | None:
        """The share if all of the unknown were counted in."""
        if self.counted is None or self.unknown is None or not self.finished:
            return None
        return (self.counted + self.unknown) / self.finished


@dataclass(frozen=True, slots=True)
class Cohort:
    """The figures: lines, those with most people first; the total; rates of the whole; the houses of the period that may be asked for.

    `placed` and the two confirmed rates are what employers say, `said_working` is who says so themselves: the two have nobody in common.
    """

    lines: tuple[CohortLine, ...]
    total: CohortLine
    placed: Rate
    confirmed_3: Rate
    confirmed_12: Rate
    said_working: Rate
    hidden: bool
    houses: tuple[Ref, ...] = ()
