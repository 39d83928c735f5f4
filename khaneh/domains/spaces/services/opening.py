"""A day off, other hours, a house that closes for good: whoever enters it and by which door, what was booked within opening hours and is
outside of them by it ends. Everybody is told and has other spaces named, as with every closure.

What changes the hours is an act of the network, which knows nothing of bookings: it is handed in, and what it did is seen by the hours before
and after. So a day of a region or a country, a season and a whole table are one case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from khaneh.domains.network import queries as network
from khaneh.domains.spaces.models import Booking, Space
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.queries.free import alternatives
from khaneh.domains.spaces.queries.opening import forget_times
from khaneh.domains.spaces.queries.shut_out import Hours, hours_of_houses, shut_out, that_differ
from khaneh.domains.spaces.services import ending
from khaneh.domains.spaces.services.judging import hold
from khaneh.domains.spaces.types import OPEN_BOOKINGS, EndReason, OpeningChanged, Touched
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor

_Done = TypeVar("_Done")
# Of so many it is looked up what else is free; each costs about fifteen statements.
_MOST_LOOKED_UP = 12


class _MoreHouses(Exception):
    """The change concerns houses that were not held: it is to be done again."""

    def __init__(self, houses: set[int]) -> None:
        self.houses = houses


def change_opening(
    *, actor: Actor, change: Callable[[], _Done], now: datetime, words: str = ""
) -> OpeningChanged[_Done]:
    """Do what changes when houses are open (an act of the network), and end what it shuts out; what is in use goes on.

    `words` is what those who booked are told, beside that it is closed. What somebody booked outside opening hours by right stays. Raises
    what the change raises. Done twice where there are spaces: which houses it concerns is known when it was tried.
    """
    houses: set[int] | None = None
    while True:
        try:
            return _change(houses, actor=actor, change=change, now=now, words=words)
        except _MoreHouses as more:
            houses = (houses or set()) | more.houses


def _change(
    houses: set[int] | None, *, actor: Actor, change: Callable[[], _Done], now: datetime, words: str
) -> OpeningChanged[_Done]:
    """With the hours of `houses` held, those that it is found to concern where None. Raises _MoreHouses."""
    with db.transaction():
        before = hours_of_houses()
        if not before:
            return OpeningChanged(change())
        houses = _tried(change, before) if houses is None else houses
        # Before the network's own locks. Who has judged by the hours of these houses has written it by now, and who asks from here on waits.
        hold(trees=set(), opening=houses)
        before = hours_of_houses()
        result = change()
        if that_differ(before) - houses:
            raise _MoreHouses(that_differ(before))
        met = shut_out(before, now=now)
        trees = Space.objects.filter(bookings__in=met).values_list("path", flat=True).distinct()
        hold(trees={path[0] for path in trees})
        found = Booking.objects.filter(pk__in=met, state__in=[state.value for state in OPEN_BOOKINGS])
        ended = ending.end_all(found, reason=EndReason.CLOSED, words=words, actor=actor, now=now)
    return OpeningChanged(result, tuple(ended))


def weigh_opening(*, change: Callable[[], object], now: datetime) -> list[Touched]:
    """What a change of opening hours would end, by start, with what else would be free at their time. Raises what the change raises."""
    with db.transaction():
        before = hours_of_houses()
        if not before:
            with db.tried():
                change()
            return []
        instead = {}
        try:
            with db.tried():
                change()
                met = shut_out(before, now=now)
                # Asked while the change is in force: what is closed by it too is not offered.
                soonest = Booking.objects.filter(pk__in=met, starts__gt=now).order_by("starts", "pk")
                instead = {
                    row.id: tuple(alternatives(row.space, row.starts, row.ends, now=now, limit=3))
                    for row in booking_rows(soonest[:_MOST_LOOKED_UP])
                }
        finally:
            forget_trial()
        rows = booking_rows(Booking.objects.filter(pk__in=met).order_by("starts", "pk"))
        return [Touched(row, instead.get(row.id)) for row in rows]


def forget_trial() -> None:
    """Read anew what the process keeps of houses: what was read meanwhile is as it was only tried."""
    network.forget_facts()
    forget_times()


def _tried(change: Callable[[], object], before: dict[int, Hours]) -> set[int]:
    try:
        with db.tried():
            change()
            return that_differ(before)
    finally:
        forget_trial()
