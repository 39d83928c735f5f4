"""How many wanted to come and had no place: for whoever plans another house."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, Sum

from khaneh.domains.events.models import Registration
from khaneh.domains.events.types import RegistrationState


class Unmet(NamedTuple):
    """People who wanted to come, and those of them who wait for a place or were refused one."""

    registered: int
    turned_away: int


def unmet(house_ids: Collection[int], *, since: datetime) -> Unmet:
    """Of events of these houses that begin after `since`. One statement."""
    without = [RegistrationState.WAITING.value, RegistrationState.REFUSED.value]
    found = Registration.objects.filter(event__house_id__in=house_ids, event__starts__gte=since).aggregate(
        registered=Sum("people"), turned_away=Sum("people", filter=Q(state__in=without))
    )
    return Unmet(found["registered"] or 0, found["turned_away"] or 0)
