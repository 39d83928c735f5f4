"""What closing a space, or taking it out of service, would end: done, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.queries.free import alternatives
from khaneh.domains.spaces.services.calendars import take_in_closures, take_in_holidays
from khaneh.domains.spaces.services.keeping import change_space_state, close_space
from khaneh.domains.spaces.services.opening import forget_trial
from khaneh.domains.spaces.types import ClosureKind, HouseDay, SpaceRow, SpaceState, TakenIn, Touched, Window
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
        with db.tried():
            done = close_space(
                actor=actor, space_id=space_id, kind=kind, starts=starts, ends=ends, now=now, units=units
            )
            instead = _instead(done.booking_ids, now)
        return _touched(done.booking_ids, instead)


def weigh_closures(
    *,
    actor: Actor,
    space_id: int,
    kind: ClosureKind,
    windows: Sequence[Window],
    cancelled: Collection[str] = (),
    now: datetime,
) -> tuple[TakenIn, list[Touched]]:
    """What the times of a calendar file would close and end, as `weigh_closure`."""
    with db.transaction():
        with db.tried():
            done = take_in_closures(
                actor=actor, space_id=space_id, kind=kind, windows=windows, cancelled=cancelled, now=now
            )
            instead = _instead(done.booking_ids, now)
        return done, _touched(done.booking_ids, instead)


def weigh_holidays(
    *, actor: Actor, house_id: int, days: Sequence[HouseDay], cancelled: Collection[str] = (), now: datetime
) -> tuple[TakenIn, list[Touched]]:
    """What the days of a calendar file would close and end. What is free elsewhere is looked up as things are: the house itself is left out."""
    with db.transaction():
        try:
            with db.tried():
                done = take_in_holidays(actor=actor, house_id=house_id, days=days, cancelled=cancelled, now=now)
        finally:
            forget_trial()
        instead = {
            number: tuple(one for one in spaces if one.house.id != house_id)[:3]
            for number, spaces in _instead(done.booking_ids, now, most=8).items()
        }
        return done, _touched(done.booking_ids, instead)


def weigh_state(*, actor: Actor, code: str, state: SpaceState, now: datetime) -> list[Touched]:
    """The same for another state of the space. Raises what changing it raises."""
    with db.transaction():
        with db.tried():
            done = change_space_state(actor=actor, code=code, state=state, now=now)
            instead = _instead(done.booking_ids, now)
        return _touched(done.booking_ids, instead)


def _instead(booking_ids: Collection[int], now: datetime, *, most: int = 3) -> dict[int, tuple[SpaceRow, ...]]:
    """What is free at the time of the soonest of these, while the space is closed."""
    soonest = Booking.objects.filter(pk__in=booking_ids, starts__gt=now).order_by("starts", "pk")[:MOST_LOOKED_UP]
    return {
        row.id: tuple(alternatives(row.space, row.starts, row.ends, now=now, limit=most))
        for row in booking_rows(soonest)
    }


def _touched(booking_ids: Collection[int], instead: dict[int, tuple[SpaceRow, ...]]) -> list[Touched]:
    rows = booking_rows(Booking.objects.filter(pk__in=booking_ids).order_by("starts", "pk"))
    return [Touched(row, instead.get(row.id)) for row in rows]
