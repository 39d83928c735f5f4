"""When nobody else can have a space: what a public calendar tells of bookings, without telling how many or whose. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.spaces.types import Held, Holder, Taken


def merged(held: Iterable[Held], *, units: int, first: datetime, last: datetime) -> list[Taken]:
    """The times from `first` to `last` in which every unit is held, neighbours joined; closed where closures alone hold them all.

    What is held of something that it is in (`unit` 0) holds all units.
    """
    edges: list[tuple[datetime, bool, int, Holder]] = []
    for one in held:
        starts, ends = max(one.starts, first), min(one.ends or last, last)
        if starts < ends:
            for unit in range(1, units + 1) if one.unit == 0 else (one.unit,):
                edges += [(starts, True, unit, one.holder), (ends, False, unit, one.holder)]
    edges.sort(key=lambda edge: (edge[0], edge[1]))
    booked, closed = [0] * (units + 1), [0] * (units + 1)
    found: list[Taken] = []
    begun: datetime | None = None
    state: bool | None = None
    for turn, (at, begins, unit, holder) in enumerate(edges):
        counts = closed if holder is Holder.CLOSED else booked
        counts[unit] += 1 if begins else -1
        if turn + 1 < len(edges) and edges[turn + 1][0] == at:
            continue
        now = _state(booked, closed)
        if now is state:
            continue
        if begun is not None and state is not None and begun < at:
            found.append(Taken(begun, at, state))
        begun, state = at, now
    return found


def _state(booked: list[int], closed: list[int]) -> bool | None:
    """Whether it is closed; None where a unit is free."""
    pairs = list(zip(booked[1:], closed[1:], strict=True))
    if not all(one or other for one, other in pairs):
        return None
    return all(other and not one for one, other in pairs)
