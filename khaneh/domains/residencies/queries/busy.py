"""When people are in mentoring sessions: for those above who look for a time that suits several."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from khaneh.domains.residencies.models import Session
from khaneh.domains.residencies.types import SessionState


def busy(account_ids: Collection[int], *, now: datetime) -> list[tuple[int, datetime, datetime]]:
    """Account, beginning and end of every session that is agreed and not over, of those who mentor in it or answer for its team. One statement.

    Whose sessions they are is not told. The caller has asked who may know of their time.
    """
    asked = set(account_ids)
    found = Session.objects.filter(
        Q(mentor_id__in=asked) | Q(residency__founder_id__in=asked), state=SessionState.BOOKED.value, ends__gt=now
    )
    rows = found.values_list("mentor_id", "residency__founder_id", "starts", "ends")
    return [(who, starts, ends) for *both, starts, ends in rows for who in both if who in asked]
