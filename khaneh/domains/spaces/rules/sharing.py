"""Which units a group that waits is offered: all that it needs at once, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from khaneh.domains.spaces.rules.slots import Stretch, is_on_grid, on_grid, within
from khaneh.domains.spaces.types import SpaceRow


class Candidate(NamedTuple):
    """A space with its open times, what is held of each unit by start, and the zone of its clocks."""

    space: SpaceRow
    open: Sequence[Stretch]
    busy: Mapping[int, Sequence[Stretch]]
    zone: str


class Places(NamedTuple):
    """What is offered: from when until when, and which space and unit for each."""

    starts: datetime
    ends: datetime
    units: tuple[tuple[int, int], ...]


def earliest(
    candidates: Sequence[Candidate],
    *,
    first: datetime,
    last: datetime,
    minutes: int,
    units: int,
    people: int = 1,
    named: int = 0,
) -> Places | None:
    """The earliest start within a window at which so many units are free together for so many minutes, over one space or several, with room
    for everybody (`spread`)."""
    capacities = {one.space.id: one.space.capacity for one in candidates}
    length = timedelta(minutes=minutes)
    for start in _starts(candidates, first, last - length, minutes):
        end = start + length
        free = [
            (one.space.id, unit)
            for one in candidates
            if _may_start(one, start, minutes) and within(one.open, start, end)
            for unit in range(1, one.space.quantity + 1)
            if _is_free(one, unit, start, end)
        ]
        # In their order where that has room for everybody, else those that have room for most.
        for chosen in (free[:units], sorted(free, key=lambda pair: -capacities[pair[0]])[:units]):
            if len(chosen) == units and spread([capacities[space] for space, _ in chosen], people=people, named=named):
                return Places(start, end, tuple(chosen))
    return None


def spread(capacities: Sequence[int], *, people: int, named: int) -> list[tuple[int, int]] | None:
    """How many people come to each of some units, and how many of those who are named; None where there is not room for all.

    Whoever books answers for each unit and is counted in each in which somebody is named.
    """
    if sum(capacities) < people or sum(one - 1 for one in capacities) < named:
        return None
    parts = []
    for place, capacity in enumerate(capacities):
        with_name = min(named, capacity - 1)
        here = max(with_name + 1, min(capacity, people - (len(capacities) - place - 1)))
        parts.append((here, with_name))
        named, people = named - with_name, people - here
    return parts


def _starts(candidates: Sequence[Candidate], first: datetime, last: datetime, minutes: int) -> Iterator[datetime]:
    """Every instant at which one of them may begin, in order."""
    found: set[datetime] = set()
    for one in candidates:
        if not _fits(one.space, minutes):
            continue
        zone = ZoneInfo(one.zone)
        for begins, ceases in one.open:
            at = on_grid(max(begins, first), one.space.slot_minutes, zone)
            while at <= min(last, ceases - timedelta(minutes=minutes)):
                found.add(at)
                at = on_grid(at + timedelta(seconds=1), one.space.slot_minutes, zone)
    return iter(sorted(found))


def _fits(space: SpaceRow, minutes: int) -> bool:
    return space.in_service and space.min_minutes <= minutes <= space.max_minutes and minutes % space.slot_minutes == 0


def _may_start(one: Candidate, start: datetime, minutes: int) -> bool:
    return _fits(one.space, minutes) and is_on_grid(start, one.space.slot_minutes, one.zone)


def _is_free(one: Candidate, unit: int, start: datetime, end: datetime) -> bool:
    begins = start - timedelta(minutes=one.space.setup_minutes)
    ceases = end + timedelta(minutes=one.space.cleanup_minutes)
    return not any(held_from < ceases and begins < held_until for held_from, held_until in one.busy.get(unit, ()))
