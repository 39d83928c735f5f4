"""What a round can bring where. Pure. Spec: CIRC-RUN."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple


class Parcel(NamedTuple):
    """A copy that waits at one house to be brought to another."""

    transfer_id: int
    at_house_id: int
    to_house_id: int


class Plan(NamedTuple):
    """Where a parcel is loaded and where it is put down: positions of stops. `to_base` when another round takes it on from there.

    What is for the bookmobile itself is put down nowhere else: `drop_at` is then where it is loaded.
    """

    parcel: Parcel
    load_at: int
    drop_at: int
    to_base: bool


def plan(
    stops: Sequence[tuple[int, int]],
    parcels: Iterable[Parcel],
    *,
    base: int | None,
    onward: Collection[int],
    bookmobile: int | None = None,
) -> list[Plan]:
    """How each parcel travels on this round, if it does (CIRC-RUN-2).

    `stops` are (position, house) in order, those still to come. A parcel is loaded at the first stop where it waits from which the round
    still comes to its house. Otherwise it goes as far as the base, if the round comes there later and another round (`onward`: the houses
    that rounds from the base come to) takes it on.
    """
    planned = []
    for parcel in parcels:
        loads = [position for position, house in stops if house == parcel.at_house_id]
        drops = [position for position, house in stops if house == parcel.to_house_id]
        found = next(((load, drop) for load in loads for drop in drops if drop > load), None)
        if parcel.to_house_id == bookmobile and loads:
            planned.append(Plan(parcel, loads[0], loads[0], False))
        elif found is not None:
            planned.append(Plan(parcel, *found, False))
        elif base is not None and parcel.at_house_id != base and parcel.to_house_id in onward:
            there = [position for position, house in stops if house == base]
            way = next(((load, drop) for load in loads for drop in there if drop > load), None)
            if way is not None:
                planned.append(Plan(parcel, *way, True))
    return planned
