"""What the desk of a house looks for: where somebody works, who has come, who has not, how many wait for an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import Booking, BookingPerson
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.types import BookingRow, BookingState
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor, Grant, Place

# Who stands at the desk means a booking of about this time.
_NEAR = timedelta(hours=24)
_COMING = [BookingState.CONFIRMED.value, BookingState.CHECKED_IN.value]
# How far back it is counted who did not come.
MISSED_DAYS = 90
# Every page of a desk asks it.
_WAITING = """
SELECT house_id, count(*) FROM spaces_booking
WHERE state = 'requested' AND house_id = ANY (%(houses)s::bigint[]) AND ends > %(now)s::timestamptz GROUP BY house_id
"""
# Of the places that were read last: every page of a desk asks of all houses whether there is another one to go to.
_served: list[tuple[Mapping[int, Place], dict[tuple[tuple[Grant, ...], bool, frozenset[str]], list[int]]]] = []


@dataclass(frozen=True, slots=True)
class Missed:
    """A booking to which nobody came; `times` is how often who booked it did not come to this house in the last 90 days, this one included."""

    booking: BookingRow
    times: int


def served_houses(actor: Actor, *, roles: Collection[str] = permissions.DESK) -> list[int]:
    """The houses of the public network at whose desk the actor may work with spaces, or holds one of other roles, by number.

    No statement where houses were read lately.
    """
    places = network.public_places()
    kept = _served[0] if _served else None
    if kept is None or kept[0] is not places:
        kept = (places, {})
        _served[:] = [kept]
    key = (actor.grants, actor.is_system, frozenset(roles))
    if key not in kept[1]:
        kept[1][key] = [number for number, place in sorted(places.items()) if actor.holds(roles, place)]
    return list(kept[1][key])


def bookings_at_desk(
    house_id: int, *, actor: Actor, now: datetime, code: str = "", account_ids: Collection[int] = ()
) -> list[BookingRow]:
    """Bookings of a house from a day ago to a day ahead that are confirmed or in use: that of a code, or those of somebody, also where they
    are named; the soonest first.

    None for who does not work there. At most nine statements.
    """
    if not (code or account_ids) or not permissions.may_desk(actor, house_id=house_id):
        return []
    found = Booking.objects.filter(
        house_id=house_id, state__in=_COMING, starts__lt=now + _NEAR, ends__gt=now - _NEAR, starts__gt=now - 366 * _NEAR
    )
    if code:
        found = found.filter(code=code)
    else:
        whose = set(account_ids)
        named = BookingPerson.objects.filter(account_id__in=whose, left_at=None, booking__house_id=house_id)
        named = named.filter(booking__ends__gt=now - _NEAR, booking__starts__lt=now + _NEAR)
        found = found.filter(Q(account_id__in=whose) | Q(pk__in=list(named.values_list("booking_id", flat=True))))
    return booking_rows(found.order_by("starts", "pk")[:50])


def missed(house_id: int, *, actor: Actor, now: datetime, offset: int = 0, limit: int = 50) -> tuple[list[Missed], int]:
    """Bookings of the last 90 days to which nobody came, the latest first, and how many there are; none for who does not work there.

    Eleven statements.
    """
    if not permissions.may_desk(actor, house_id=house_id):
        return [], 0
    found = Booking.objects.filter(
        house_id=house_id,
        state=BookingState.NO_SHOW.value,
        starts__gt=now - timedelta(days=MISSED_DAYS),
        starts__lte=now,
    )
    rows = booking_rows(found.order_by("-starts", "-pk")[offset : offset + limit])
    whose = {row.account_id for row in rows if row.account_id is not None}
    times = dict(found.filter(account_id__in=whose).values_list("account_id").annotate(Count("pk")))
    return [Missed(row, times.get(row.account_id, 1)) for row in rows], found.count()


def waiting_requests(house_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """How many requests wait for an answer in each of these houses, of which the caller has seen that they are the actor's; those without any are left out.

    One statement.
    """
    return dict(db.fetch_all(_WAITING, {"houses": list(house_ids), "now": now}))
