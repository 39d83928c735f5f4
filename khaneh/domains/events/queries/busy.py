"""When people are at events: for those above who look for a time that suits several."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from khaneh.domains.events.models import Registration
from khaneh.domains.events.types import RegistrationState


def busy(
    account_ids: Collection[int], *, now: datetime, but: Collection[int] = ()
) -> list[tuple[int, datetime, datetime]]:
    """Account, beginning and end of every event that is not over and at which these people have a place. One statement.

    `but` are events that keep nobody from what is asked for: those of which it is a part. Which events they are is not told. The caller has
    asked who may know of their time.
    """
    found = Registration.objects.filter(
        account_id__in=account_ids, state=RegistrationState.CONFIRMED.value, event__ends__gt=now
    )
    rows = found.exclude(event_id__in=but).values_list("account_id", "event__starts", "event__ends")
    return [(number, starts, ends) for number, starts, ends in rows if number is not None]
