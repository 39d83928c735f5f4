"""The list of skills as its keepers see it, and what became of a file of ESCO. Frozen values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from khaneh.domains.placements.types.rows import SkillRow


class Shelf(StrEnum):
    """Which skills of the list."""

    OFFERED = "offered"
    ASIDE = "aside"
    ALL = "all"


class SkillUse(NamedTuple):
    """A skill with how many vacancies and profiles name it; `merged_into` is the code of the one that took its place, or empty."""

    skill: SkillRow
    esco_words: tuple[str, ...]
    merged_into: str
    vacancies: int
    seekers: int


@dataclass(frozen=True, slots=True)
class SkillPage:
    """One page of the list, and how many there are in all."""

    total: int
    rows: tuple[SkillUse, ...]


class Merged(NamedTuple):
    """What a merge moved: wishes of vacancies, skills of profiles."""

    vacancies: int
    seekers: int


class EscoOutcome(StrEnum):
    """What becomes of a line of ESCO's file."""

    ENTERED = "entered"
    LINKED = "linked"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class EscoLine(NamedTuple):
    """A line of the report. `line` counts from 2, the first after the heads; `code` is the skill's, empty where the line was refused.

    `reason` says why it was refused (not_a_skill, format, required, too_long, twice, code_taken, not_released), or `resembles`: `like` is the code of
    a skill of ours that has the same name as one of its other labels and could be merged.
    """

    line: int
    uri: str
    label: str
    outcome: EscoOutcome
    code: str = ""
    reason: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class EscoReport:
    """What a file did, or would do where it was only tried."""

    lines: tuple[EscoLine, ...]
    applied: bool

    @property
    def counts(self) -> Counter[EscoOutcome]:
        """How many lines of each outcome."""
        return Counter(line.outcome for line in self.lines)
