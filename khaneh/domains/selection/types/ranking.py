"""What a ranking is made of and what it says. Frozen values; points are whole thousandths (85.5 of 100 is 85,500), so that sums are exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Self

POINT = 1_000
FULL = 100 * POINT


class FactorKind(StrEnum):
    """By what an application belongs to a group. `value` is a decile, a region's code, or empty."""

    DECILE = "decile"  # its region's decile is this one or more deprived (1 is the most deprived)
    REGION = "region"  # it lies in this region, or in one below it
    RURAL = "rural"


class Group(NamedTuple):
    """A group of applications, by where they are."""

    kind: FactorKind
    value: str = ""

    def holds(self, one: Candidate) -> bool:
        """Whether an application belongs to it. Where nothing is known of its region it belongs to none."""
        if self.kind is FactorKind.RURAL:
            return one.rural
        if self.kind is FactorKind.REGION:
            return self.value in one.regions
        return one.decile is not None and one.decile <= int(self.value)


class EquityWeight(NamedTuple):
    """Points that are added to the score of every application of a group."""

    group: Group
    points: int


class Quota(NamedTuple):
    """At least so many of the places go to a group, as far as it has applications that reach the lowest score."""

    code: str
    group: Group
    places: int


class Weighted(NamedTuple):
    """A criterion: scores go from 0 to `maximum`, and count by `weight` in relation to the others."""

    code: str
    weight: int
    maximum: int


class Candidate(NamedTuple):
    """An application that is ranked. `key` names it for ever; `regions` are codes from the province down; `decile` of the plan's index."""

    key: str
    regions: tuple[str, ...] = ()
    decile: int | None = None
    rural: bool = False


class Marked(NamedTuple):
    """A submitted review: its score for each criterion, in the order of the criteria. With `aside` (why) it is shown and does not count."""

    key: str
    reviewer: str
    application: str
    values: tuple[int, ...]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """How scores become a ranking.

    `shrink`: how many average reviews every reviewer is thought to have written besides, before their own habits count. `tie_step`: scores that
    round to the same multiple of it are tied. `spread`: reviews of one application that lie this far apart disagree. `lowest`: what the mean of the
    reviews must reach, without equity points, to have a place at all. `cap`: the most equity points one application has.
    """

    places: int
    waiting: int = 0
    reviews_wanted: int = 3
    shrink: int = 5
    tie_step: int = 100
    spread: int = 25 * POINT
    lowest: int = 0
    cap: int = 10 * POINT


IN_TURN, VERSION = 1, 2


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a ranking depends on; the same case has the same ranking on every machine."""

    seed: str
    method: Method
    criteria: tuple[Weighted, ...]
    equity: tuple[EquityWeight, ...]
    quotas: tuple[Quota, ...]
    candidates: tuple[Candidate, ...]
    reviews: tuple[Marked, ...]
    # How quotas are filled: IN_TURN, or (VERSION) so that nobody gives way who need not.
    version: int = VERSION


class Normalised(NamedTuple):
    """A review's total as it was given and as it counts, of 100 points."""

    key: str
    reviewer: str
    application: str
    raw: int
    points: int


class Standing(StrEnum):
    """What the ranking proposes. It decides nothing."""

    PLACE = "place"
    WAITING = "waiting"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """Where one application stands and why.

    `raw` and `merit` are the means of its reviews as given and normalised, None where no review counts. `equity` are points of `groups`. `score` is
    merit and equity, rounded to the tie step. `tied`: how many others have the same score; among them the smallest `ticket` is first. `quota`: the one
    that brought it in, or for which it gave its place up (`gave_way`), with `other` on the other side. `rank_without` and `place_without` are what
    they would be without equity points and quotas.
    """

    key: str
    rank: int
    standing: Standing
    score: int | None
    raw: int | None
    merit: int | None
    equity: int
    groups: tuple[int, ...]
    reviews: int
    aside: int
    spread: int
    disagreed: bool
    too_few: bool
    tied: int
    ticket: str
    rank_without: int
    place_without: bool
    quota: str = ""
    gave_way: bool = False
    other: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """From the stored form."""
        return cls(**{**stored, "standing": Standing(stored["standing"]), "groups": tuple(stored["groups"])})


@dataclass(frozen=True, slots=True)
class Ranking:
    """The lines by rank, each review as it counts, and the quotas that could not be filled (code and how many are short)."""

    lines: tuple[Line, ...]
    reviews: tuple[Normalised, ...]
    short: tuple[tuple[str, int], ...] = ()


def label_of(points: int) -> str:
    """Points for a table: thousandths as a decimal number with up to three places, `85500` as `85.5`."""
    sign, number = ("-", -points) if points < 0 else ("", points)
    whole, rest = divmod(number, POINT)
    return f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"


def sums(values: Sequence[int]) -> tuple[int, int, int]:
    """How many, their sum, the sum of their squares: all that a mean and a deviation need, exact and in no order."""
    return len(values), sum(values), sum(value * value for value in values)
