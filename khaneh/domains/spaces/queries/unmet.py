"""What was asked for and not had: for whoever plans another house."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from khaneh.domains.spaces.models import Booking, Waiting
from khaneh.domains.spaces.types import BookingState, WaitingState


class Unmet(NamedTuple):
    """Bookings and those refused; those who waited and those whose time passed or who gave up. A house's own use is no demand."""

    booked: int
    refused: int
    waited: int
    in_vain: int


def unmet(house_ids: Collection[int], *, since: datetime) -> Unmet:
    """Of the spaces of these houses, whose time was to begin after `since`. Two statements."""
    bookings = Booking.objects.filter(house_id__in=house_ids, starts__gte=since).exclude(terms__has_key="own_use")
    asked = bookings.aggregate(booked=Count("pk"), refused=Count("pk", filter=Q(state=BookingState.REFUSED.value)))
    gone = [WaitingState.PAST.value, WaitingState.WITHDRAWN.value]
    waits = Waiting.objects.filter(house_id__in=house_ids, first__gte=since)
    waited = waits.aggregate(waited=Count("pk"), in_vain=Count("pk", filter=Q(state__in=gone)))
    return Unmet(asked["booked"], asked["refused"], waited["waited"], waited["in_vain"])
