"""Who gets places. Pure: no ORM, no clock.

The oldest who waits comes first, and gets all that they asked for or nothing. What is not enough for a group is kept for it until little time
is left (`strict`): else those who come alone would take every place that becomes free and a group would wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

COMMON = 0


class Waiter(NamedTuple):
    """Somebody who waits: `share` is the house whose places they may take besides the common ones, COMMON for none."""

    id: int
    people: int
    share: int = COMMON
    seats: int = 0


class Pool(NamedTuple):
    """The places of a house, or the common ones."""

    places: int
    taken: int

    @property
    def free(self) -> int:
        """Those that nobody has."""
        return self.places - self.taken


class Given(NamedTuple):
    """Places for one who waited."""

    id: int
    from_share: int
    from_common: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Who gets places, in order, and what is left for whoever comes next: by pool, and of the seats (None: not counted)."""

    given: tuple[Given, ...]
    left: Mapping[int, int]
    seats_left: int | None

    @property
    def full(self) -> bool:
        """Whether nobody who comes next gets a place."""
        return not any(self.left.values())


def settle(waiting: Iterable[Waiter], pools: Mapping[int, Pool], *, seats: int | None, strict: bool) -> Settled:
    """Share out what is free among who waits, the oldest first. `seats` are free seats; `pools` has COMMON."""
    left = {number: pool.free for number, pool in pools.items()}
    given = []
    for one in waiting:
        own = left.get(one.share, 0) if one.share != COMMON else 0
        enough = one.people <= own + left[COMMON] and (seats is None or one.seats <= seats)
        if enough:
            from_share = min(one.people, own)
            given.append(Given(one.id, from_share, one.people - from_share))
            if from_share:
                left[one.share] -= from_share
            left[COMMON] -= one.people - from_share
            seats = seats - one.seats if seats is not None else None
        elif strict and one.people <= most(one.share, pools):
            # Kept for them, as much as they need: whoever is younger takes none of it.
            kept = min(one.people, own)
            if kept:
                left[one.share] -= kept
            left[COMMON] -= min(one.people - kept, left[COMMON])
            seats = seats - min(one.seats, seats) if seats is not None else None
    return Settled(tuple(given), left, seats)


def most(share: int, pools: Mapping[int, Pool]) -> int:
    """How many people could ever have places together."""
    own = pools[share].places if share != COMMON and share in pools else 0
    return own + pools[COMMON].places
