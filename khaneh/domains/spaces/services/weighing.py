"""What closing a space, or taking it out of service, would end: done, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.queries.free import alternatives
from khaneh.domains.spaces.services.keeping import change_space_state, close_space
from khaneh.domains.spaces.services.trying import tried
from khaneh.domains.spaces.types import ClosureKind, SpaceRow, SpaceState, Touched
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor

# Of so many it is looked up what else is free; each costs about fifteen statements.
MOST_LOOKED_UP = 12


def weigh_closure(
    *,
    actor: Actor,
    space_id: int,
    kind: ClosureKind,
    starts: datetime,
    ends: datetime | None,
    now: datetime,
    units: Iterable[int] = (),
) -> list[Touched]:
    """The bookings and requests that closing would end, by start, with what else would be free at their time. Raises what closing raises."""
    with db.transaction():
        with tried():
            done = close_space(
                actor=actor, space_id=space_id, kind=kind, starts=starts, ends=ends, now=now, units=units
            )
            instead = _instead(done.booking_ids, now)
        return _touched(done.booking_ids, instead)


def weigh_state(*, actor: Actor, code: str, state: SpaceState, now: datetime) -> list[Touched]:
    """The same for another state of the space. Raises what changing it raises."""
    with db.transaction():
        with tried():
            done = change_space_state(actor=actor, code=code, state=state, now=now)
            instead = _instead(done.booking_ids, now)
        return _touched(done.booking_ids, instead)


def _instead(booking_ids: Collection[int], now: datetime) -> dict[int, tuple[SpaceRow, ...]]:
    """What is free at the time of the soonest of these, while the space is closed."""
    soonest = Booking.objects.filter(pk__in=booking_ids, starts__gt=now).order_by("starts", "pk")[:MOST_LOOKED_UP]
    return {row.id: tuple(alternatives(row.space, row.starts, row.ends, now=now)) for row in booking_rows(soonest)}


def _touched(booking_ids: Collection[int], instead: dict[int, tuple[SpaceRow, ...]]) -> list[Touched]:
    rows = booking_rows(Booking.objects.filter(pk__in=booking_ids).order_by("starts", "pk"))
    return [Touched(row, instead.get(row.id)) for row in rows]
