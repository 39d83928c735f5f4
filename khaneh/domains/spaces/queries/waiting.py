"""Who waits for what."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.spaces.models import Booking, Waiting, WaitingPerson
from khaneh.domains.spaces.types import BookingState, WaitingPersonRow, WaitingRow, WaitingState
from khaneh.kernel.refusal import NotFound

_OPEN = (WaitingState.OFFERED.value, WaitingState.WAITING.value)


def waiting_of(account_id: int, *, now: datetime, limit: int = 200) -> list[WaitingRow]:
    """What somebody waits for or is offered, the oldest first; what is past is left out. Four statements.

    The caller has identified whose it is.
    """
    mine = Waiting.objects.filter(account_id=account_id, state__in=_OPEN, last__gt=now)
    return _rows(list(mine.order_by("joined_at", "pk")[:limit]))


def waiting_by_id(waiting_id: int, *, account_id: int, now: datetime) -> WaitingRow:
    """An entry of somebody's own that is not over. Four statements. Raises NotFound."""
    found = Waiting.objects.filter(pk=waiting_id, account_id=account_id, state__in=_OPEN, last__gt=now)
    for row in _rows(list(found)):
        return row
    raise NotFound(what="waiting")


def waiting_along(account_id: int, *, now: datetime, limit: int = 50) -> list[tuple[str, WaitingRow]]:
    """What others wait for with somebody in their group, each with the name of who waits. Six statements.

    The caller has identified whose it is. What is offered is a booking by then (`bookings_naming`).
    """
    named = WaitingPerson.objects.filter(account_id=account_id, left_at=None).values_list("waiting_id", flat=True)
    found = Waiting.objects.filter(pk__in=list(named), state=WaitingState.WAITING.value, last__gt=now)
    entries = _rows(list(found.order_by("joined_at", "pk")[:limit]))
    names = people.account_names(one.account_id for one in entries)
    return [(names.get(one.account_id, ""), one) for one in entries]


def _rows(found: list[Waiting]) -> list[WaitingRow]:
    kept: dict[int, list[int]] = defaultdict(list)
    offered = [one.pk for one in found if one.state == WaitingState.OFFERED]
    bookings = Booking.objects.filter(waiting_id__in=offered, state=BookingState.TENTATIVE.value)
    for waiting_id, number in bookings.order_by("starts", "pk").values_list("waiting_id", "pk"):
        kept[waiting_id or 0].append(number)
    named: dict[int, list[WaitingPersonRow]] = defaultdict(list)
    persons = WaitingPerson.objects.filter(waiting_id__in=[one.pk for one in found], left_at=None).order_by("pk")
    for waiting_id, number, name, own in persons.values_list("waiting_id", "pk", "name", "account_id"):
        named[waiting_id].append(WaitingPersonRow(number, name, own))
    houses = network.house_refs(one.house_id for one in found)
    return [
        WaitingRow(
            id=one.pk,
            account_id=one.account_id or 0,
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
            persons=tuple(named[one.pk]),
        )
        for one in found
    ]
