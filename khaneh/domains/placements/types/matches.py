"""What a match is made of: each wish of a vacancy with what somebody has of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class About(StrEnum):
    """What a piece of evidence speaks of."""

    SKILL = "skill"
    QUALIFICATION = "qualification"
    PLACE = "place"
    KIND = "kind"


class Evidence(NamedTuple):
    """One wish and what is there of it. `code` is the skill's or the qualification's; `wanted` and `has` are levels, or kilometres.

    `has` is None where nothing is known.
    """

    about: About
    code: str
    essential: bool
    met: bool
    wanted: int | None = None
    has: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How well somebody fits, 0 to 100, and why. `fits`: everything essential is there."""

    score: int
    fits: bool
    evidence: tuple[Evidence, ...] = ()

    @property
    def lacks(self) -> tuple[Evidence, ...]:
        """What is not there, the essential first."""
        return tuple(sorted((one for one in self.evidence if not one.met), key=lambda one: not one.essential))

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        return {"score": self.score, "fits": self.fits, "evidence": [list(one) for one in self.evidence]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Match:
        """From the stored form."""
        return cls(
            stored["score"], stored["fits"], tuple(Evidence(About(about), *rest) for about, *rest in stored["evidence"])
        )


class Point(NamedTuple):
    """A place on the map, degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A vacancy as matching sees it: (code, level, essential) of skills, (code, essential) of qualifications, ids of regions downwards."""

    kind: str
    skills: tuple[tuple[str, int, bool], ...] = ()
    qualifications: tuple[tuple[str, bool], ...] = ()
    regions: tuple[int, ...] = ()
    point: Point | None = None
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A seeker as matching sees them: levels by a skill's code, codes of qualifications that count at this moment."""

    kinds: frozenset[str] = frozenset()
    skills: Mapping[str, int] = field(default_factory=dict)
    qualifications: frozenset[str] = frozenset()
    regions: tuple[int, ...] = ()
    point: Point | None = None
    km: int = 0
    remote: bool = False
