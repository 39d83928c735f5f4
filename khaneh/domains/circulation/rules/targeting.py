"""Which house is asked to fetch which copy for whom. Pure. Spec: CIRC-TARGET.

Requests are served in the order of the queue. Of the copies that would fill one, that with the least cost is asked for: kilometres, made
longer by how much a house has been asked beyond its share, made less important the longer the reader has waited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

# A day of waiting makes distance this much less important: after a week a kilometre counts half.
_PATIENCE_DAYS = 7.0
# What a house that was asked for twice its share is farther away, in kilometres.
_LOAD_KM = 40.0
# A house without a place on the map is as far as one can be from any other within a large province.
UNKNOWN_KM = 500.0


class Wish(NamedTuple):
    """A waiting request, in the order of the queue."""

    request_id: int
    pickup_house_id: int
    placed_at: datetime


class Candidate(NamedTuple):
    """A copy on its shelf that could fill a request."""

    copy_id: int
    house_id: int


class Load(NamedTuple):
    """What a house was asked for lately and has open, and how many copies it lends from: its size."""

    asked: int
    size: int


class Choice(NamedTuple):
    """The copy that is asked for, and why: kilometres, how far beyond its share the house was (1 is its share), days waited, the cost."""

    request_id: int
    copy_id: int
    house_id: int
    kilometres: float
    load: float
    days: float
    cost: float
    among: int


def choose(
    wishes: Sequence[Wish],
    candidates: Mapping[int, Sequence[Candidate]],
    *,
    loads: Mapping[int, Load],
    kilometres: Callable[[int, int], float],
    now: datetime,
) -> list[Choice]:
    """Give each wish the best copy that is left, the first in the queue first. A copy is given once; a house's load grows as it is asked.

    `candidates` are by request; `kilometres(from, to)` is between two houses.
    """
    asked = {house: load.asked for house, load in loads.items()}
    sizes = {house: max(load.size, 1) for house, load in loads.items()}
    total_asked, total_size = sum(asked.values()), sum(sizes.values()) or 1
    used: set[int] = set()
    choices = []
    for wish in wishes:
        days = max((now - wish.placed_at).total_seconds() / 86_400, 0.0)
        nearness = 1.0 / (1.0 + days / _PATIENCE_DAYS)
        best: tuple[float, int, Candidate, float, float] | None = None
        among = 0
        for candidate in candidates.get(wish.request_id, ()):
            if candidate.copy_id in used:
                continue
            among += 1
            house = candidate.house_id
            share = (asked.get(house, 0) + 1) * total_size / (sizes.get(house, 1) * (total_asked + 1))
            distance = kilometres(house, wish.pickup_house_id)
            cost = distance * nearness + _LOAD_KM * max(share - 1.0, 0.0) * (house != wish.pickup_house_id)
            if best is None or (cost, candidate.copy_id) < best[:2]:
                best = cost, candidate.copy_id, candidate, distance, share
        if best is None:
            continue
        cost, _, candidate, distance, share = best
        used.add(candidate.copy_id)
        asked[candidate.house_id] = asked.get(candidate.house_id, 0) + 1
        total_asked += 1
        choices.append(
            Choice(
                wish.request_id, candidate.copy_id, candidate.house_id, round(distance, 1), round(share, 2),
                round(days, 1), round(cost, 2), among,
            )
        )  # fmt: skip
    return choices
