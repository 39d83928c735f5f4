"""Figures of teams that graduated, with small numbers hidden so that none can be reckoned from the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from khaneh.domains.residencies.types import ALIVE, Fate, Fates

# Of fewer than this nothing is told by number.
SMALLEST_SHOWN = 5


class Known(NamedTuple):
    """What is known of one team. None is unknown."""

    fate: Fate | None
    people: int | None
    exports: bool | None


def summed(year: int, teams: Sequence[Known]) -> Fates:
    """The numbers of a year. Alive, closed and unknown sum to the graduated, so of the three none or at least two are hidden.

    How many export and how many people are employed stands beside them: neither is told of fewer than five teams.
    """
    total = len(teams)
    alive = sum(one.fate in ALIVE for one in teams)
    unknown = sum(one.fate is None for one in teams)
    parts = {"alive": alive, "closed": total - alive - unknown, "unknown": unknown}
    hidden = {name for name, number in parts.items() if 0 < number < SMALLEST_SHOWN}
    if len(hidden) == 1 or (hidden and sum(parts[name] for name in hidden) < SMALLEST_SHOWN):
        others = sorted((number, name) for name, number in parts.items() if name not in hidden)
        # The smallest that says something; a hidden zero protects nobody.
        hidden |= {name for number, name in sorted(others, key=lambda one: (one[0] == 0, one[0]))[:1]}
    whole = total if total >= SMALLEST_SHOWN or total == 0 else None
    exporting = sum(one.exports is True for one in teams)
    employing = [one.people for one in teams if one.people is not None]
    return Fates(
        year=year,
        graduated=whole,
        alive=_shown("alive", parts, hidden, whole),
        closed=_shown("closed", parts, hidden, whole),
        unknown=_shown("unknown", parts, hidden, whole),
        exporting=exporting if exporting == 0 or exporting >= SMALLEST_SHOWN else None,
        people=sum(employing) if len(employing) >= SMALLEST_SHOWN else None,
    )


def _shown(name: str, parts: dict[str, int], hidden: set[str], whole: int | None) -> int | None:
    return parts[name] if name not in hidden and whole is not None else None
