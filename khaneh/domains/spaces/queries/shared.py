"""How long places were booked by sharings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q

from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import COUNTED

_COUNTED = [state.value for state in COUNTED]


class SharedSpan(NamedTuple):
    """A sharing of a place, and the time from `first` up to but without `last` in which bookings by it are counted."""

    sharing_id: int
    space_id: int
    first: datetime
    last: datetime


def shared_minutes(spans: Collection[SharedSpan], *, except_id: int | None = None) -> dict[int, int]:
    """The minutes booked by each of these sharings, by where bookings start; what was cancelled or refused counts no more. One statement."""
    if not spans:
        return {}
    wanted = reduce(
        or_,
        (
            Q(space_id=one.space_id, starts__gte=one.first, starts__lt=one.last, terms__sharing=one.sharing_id)
            for one in spans
        ),
    )
    found = Booking.objects.filter(wanted, state__in=_COUNTED).exclude(pk=except_id or 0)
    sums = dict.fromkeys((one.sharing_id for one in spans), 0)
    for sharing_id, starts, ends in found.values_list("terms__sharing", "starts", "ends"):
        sums[sharing_id] += int((ends - starts).total_seconds()) // 60
    return sums
