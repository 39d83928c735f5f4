"""Where a floating copy goes when a house has too many. Pure. Spec: CIRC-FLOAT."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Stand(NamedTuple):
    """How many floating copies of a collection a house has on its shelves or on their way to it, and its limits."""

    house_id: int
    number: int
    least: int
    most: int


def where_fewest(stands: Sequence[Stand], *, kilometres: Callable[[int], float]) -> int | None:
    """The house that a surplus copy is sent to: one below its least first, then the one that is least full, then the nearest.

    None where no house has room: the copy stays, because a full shelf is better than a copy on the road for nothing.
    """
    room = [stand for stand in stands if stand.number < stand.most]
    if not room:
        return None
    best = min(
        room,
        key=lambda one: (one.number >= one.least, one.number / one.most, kilometres(one.house_id), one.house_id),
    )
    return best.house_id
