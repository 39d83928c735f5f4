"""When houses are open on given days, kept in the process for some seconds: who looks for free time asks for a hundred houses at once.

A change made by this process is seen at once, one made by another within `LIFE` seconds, as with `network.house_facts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from time import monotonic
from typing import Any, NamedTuple

from khaneh.domains.network import queries as network
from khaneh.domains.spaces.rules import slots
from khaneh.domains.spaces.types import SpaceRow
from khaneh.infrastructure import journal

LIFE = 20.0
_MOST = 20_000


class HouseTimes(NamedTuple):
    """The zone of a house's clocks, and when it is open on the days that were asked about, with what began the day before."""

    zone: str
    open: tuple[slots.Stretch, ...]


_kept: dict[tuple[int, date, int], tuple[float, HouseTimes]] = {}


def house_times(house_ids: Iterable[int], first: date, days: int) -> dict[int, HouseTimes]:
    """The times of each house that exists. Three statements where one of them was not asked for lately, else none."""
    wanted = set(house_ids)
    at = monotonic()
    found: dict[int, HouseTimes] = {}
    for number in wanted:
        kept = _kept.get((number, first, days))
        if kept is not None and at - kept[0] < LIFE:
            found[number] = kept[1]
    missing = wanted - found.keys()
    if missing:
        if len(_kept) > _MOST:
            _kept.clear()
        for number, calendar in network.opening_calendars(missing).items():
            found[number] = HouseTimes(calendar.zone, slots.house_times(calendar, first, days))
            _kept[number, first, days] = (at, found[number])
    return found


def open_times_of(
    spaces: Sequence[SpaceRow], houses: Mapping[int, HouseTimes], first: date, days: int
) -> dict[int, list[slots.Stretch]]:
    """When each space is open, reckoned once for spaces of one house with the same hours. No statement."""
    known: dict[tuple[object, ...], list[slots.Stretch]] = {}
    found = {}
    for space in spaces:
        key = (space.house.id, space.hours)
        if key not in known:
            house = houses[space.house.id]
            known[key] = slots.narrowed(house.open, space.hours, first, days, zone=house.zone)
        found[space.id] = known[key]
    return found


def forget_times() -> None:
    """Read the times of houses anew at the next question."""
    _kept.clear()


def _forget(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    forget_times()


journal.follow("network.", _forget)
