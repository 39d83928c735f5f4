"""Who is offered the seats that are free: oldest first, a party all that it needs or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

# Until then seats are saved up for a party that needs more than are free; from then on whoever fits comes before it, since seats that nobody
# has are of use to nobody.
PATIENCE = timedelta(days=3)
# How long an offer is kept, unless the run would begin before that, and how many of them somebody may let lapse.
KEPT = timedelta(hours=24)
MOST_MISSED = 3


class Waiting(NamedTuple):
    """A party with the seats that it needs."""

    party_id: int
    seats: int


def is_patient(*, starts: datetime, now: datetime) -> bool:
    """Whether seats are still saved up for large parties."""
    return now < starts - PATIENCE


def chosen(waiting: Sequence[Waiting], free: int, *, patient: bool) -> list[int]:
    """The parties to offer seats to, of those that wait in order of age. Nobody gets fewer seats than they need.

    While patient nobody passes an older party; afterwards one that does not fit is passed over and keeps its place.
    """
    found = []
    for one in waiting:
        if one.seats <= free:
            free -= one.seats
            found.append(one.party_id)
        elif patient:
            break
    return found


def seats(taken: set[int], wanted: int, capacity: int) -> list[int]:
    """The lowest numbers that are free; fewer than wanted where there are not so many."""
    return [number for number in range(1, capacity + 1) if number not in taken][:wanted]
