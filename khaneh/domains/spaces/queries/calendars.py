"""Spaces for calendars: when they are taken, which are closed, what somebody has booked, what a house's staff expect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import Booking, BookingPerson, SpaceClosure
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.queries.holding import held_between
from khaneh.domains.spaces.rules import taken
from khaneh.domains.spaces.types import (
    OPEN_BOOKINGS,
    BookingRow,
    BookingState,
    ClosureKind,
    ClosureRow,
    Held,
    Holder,
    SpaceRow,
    SpaceState,
    Taken,
)
from khaneh.kernel.actor import Actor

# A calendar tells what is to come and what was; what was given up is not in it.
_SHOWN = [*(state.value for state in OPEN_BOOKINGS), BookingState.DONE.value, BookingState.NO_SHOW.value]
MOST = 2000


def taken_times(spaces: Sequence[SpaceRow], *, first: datetime, last: datetime) -> dict[int, list[Taken]]:
    """When nobody else can have each space, with setting up and cleaning, and with what is held of what it is in or contains.

    Neither whose nor how many bookings it is can be seen. One statement.
    """
    wanted = {number for space in spaces for number in space.path}
    own: dict[int, list[Held]] = defaultdict(list)
    for space_id, unit, holder, starts, ends in held_between(wanted, first, last):
        own[space_id].append(Held(unit, Holder(holder), starts, ends))
    return {
        space.id: taken.merged(
            [
                *own[space.id],
                *(
                    one._replace(unit=0)
                    for above in space.path[:-1]
                    for one in own[above]
                    if one.holder is not Holder.PART
                ),
            ],
            units=space.quantity,
            first=first,
            last=last,
        )
        for space in spaces
    }


def closures_of_house(house_id: int, *, first: datetime, last: datetime, limit: int = MOST) -> list[ClosureRow]:
    """The closures of a house's spaces within a time, by start. One statement."""
    found = SpaceClosure.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=first), space__house_id=house_id, lifted_at=None, starts__lt=last
    ).exclude(space__state=SpaceState.RETIRED.value)
    return [
        ClosureRow(one.pk, one.space_id, ClosureKind(one.kind), tuple(one.units), one.starts, one.ends, one.note)
        for one in found.order_by("starts", "pk")[:limit]
    ]


def bookings_between(account_id: int, *, first: datetime, last: datetime, limit: int = MOST) -> list[BookingRow]:
    """Somebody's own bookings within a time and those in which they are named, by start; none that were given up or refused, nor what the
    house uses itself. Nine statements.

    The caller has identified whose they are.
    """
    # Two conditions of which each has its index, rather than a join.
    named = BookingPerson.objects.filter(account_id=account_id, left_at=None).values_list("booking_id", flat=True)
    found = Booking.objects.filter(
        Q(account_id=account_id) | Q(pk__in=list(named)), state__in=_SHOWN, ends__gt=first, starts__lt=last
    )
    found = found.exclude(terms__contains={"own_use": True})
    return booking_rows(found.order_by("starts", "pk")[:limit])


def bookings_of_house(
    house_id: int, *, first: datetime, last: datetime, actor: Actor, limit: int = MOST
) -> list[BookingRow]:
    """What is booked in a house within a time, by start, for who works there; nothing for others. Eight statements. Raises NotFound."""
    if not permissions.may_desk(actor, house_id=house_id):
        return []
    found = Booking.objects.filter(house_id=house_id, state__in=_SHOWN, ends__gt=first, starts__lt=last)
    return booking_rows(found.order_by("starts", "pk")[:limit])
