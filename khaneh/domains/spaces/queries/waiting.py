"""Who waits for what."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.spaces.models import Booking, Waiting
from khaneh.domains.spaces.types import BookingState, WaitingRow, WaitingState

_OPEN = (WaitingState.OFFERED.value, WaitingState.WAITING.value)


def waiting_of(account_id: int, *, now: datetime, limit: int = 200) -> list[WaitingRow]:
    """What somebody waits for or is offered, the oldest first; what is past is left out. Three statements.

    The caller has identified whose it is.
    """
    found = list(
        Waiting.objects.filter(account_id=account_id, state__in=_OPEN, last__gt=now).order_by("joined_at", "pk")[:limit]
    )
    kept: dict[int, list[int]] = defaultdict(list)
    offered = [one.pk for one in found if one.state == WaitingState.OFFERED]
    bookings = Booking.objects.filter(waiting_id__in=offered, state=BookingState.TENTATIVE.value)
    for waiting_id, number in bookings.order_by("starts", "pk").values_list("waiting_id", "pk"):
        kept[waiting_id or 0].append(number)
    houses = network.house_refs(one.house_id for one in found)
    return [
        WaitingRow(
            id=one.pk,
            account_id=account_id,
            house=houses[one.house_id],
            space_id=one.space_id,
            kind=one.kind,
            first=one.first,
            last=one.last,
            minutes=one.minutes,
            units=one.units,
            people=one.people,
            state=WaitingState(one.state),
            joined_at=one.joined_at,
            answer_by=one.answer_by,
            bookings=tuple(kept[one.pk]),
        )
        for one in found
    ]
