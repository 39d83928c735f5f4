"""Residencies as the network sees them: sums, who graduated where, how long mentors were with teams. Nothing of a team in particular but what it
shows itself; the caller has asked who may see numbers, and hides small ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Q

from khaneh.domains.residencies.models import Residency, Session
from khaneh.domains.residencies.types import ResidencyState, SessionState

_COUNTED = [SessionState.BOOKED.value, SessionState.HELD.value, SessionState.MISSED.value]


class Graduate(NamedTuple):
    """An organisation that graduated from a house."""

    residency_id: int
    organisation_id: int
    house_id: int


class MentorSpan(NamedTuple):
    """A mentor's sessions with teams of houses (None: of all) from `first` up to but without `last`, under a key."""

    key: int
    mentor_id: int
    house_ids: Collection[int] | None
    first: datetime
    last: datetime


def states_by_programme(programme_ids: Iterable[int]) -> dict[int, Counter[str]]:
    """How many residencies of each state followed from applications to a programme. One statement."""
    found: dict[int, Counter[str]] = {}
    rows = (
        Residency.objects.filter(application__call__programme_id__in=set(programme_ids))
        .values_list("application__call__programme_id", "state")
        .annotate(number=Count("pk"))
    )
    for programme_id, state, number in rows:
        found.setdefault(programme_id, Counter())[state] = number
    return found


def graduates(residency_ids: Iterable[int]) -> dict[int, Graduate]:
    """Those of the residencies that graduated and are an organisation's; a team that is none is nobody's to show. One statement."""
    rows = Residency.objects.filter(
        pk__in=set(residency_ids), state=ResidencyState.GRADUATED.value, organisation__isnull=False
    ).values_list("pk", "organisation_id", "house_id")
    return {pk: Graduate(pk, organisation, house) for pk, organisation, house in rows if organisation is not None}


def houses_lived_in(*, account_id: int, organisation_id: int | None) -> set[int]:
    """The houses in which somebody has moved in: with a team that they founded, or as the organisation for which they act. One statement."""
    whose = Q(organisation_id=organisation_id) if organisation_id is not None else Q(founder_id=account_id)
    found = Residency.objects.filter(whose, state=ResidencyState.MOVED_IN.value)
    return set(found.values_list("house_id", flat=True))


def session_minutes(spans: Collection[MentorSpan]) -> dict[int, int]:
    """The minutes of sessions by key, by where they start; what was cancelled counts no more. One statement."""
    if not spans:
        return {}
    wanted = reduce(
        or_, (Q(mentor_id=one.mentor_id, starts__gte=one.first, starts__lt=one.last) for one in spans)
    )  # fmt: skip
    rows = Session.objects.filter(wanted, state__in=_COUNTED)
    sums = dict.fromkeys((one.key for one in spans), 0)
    for mentor_id, house_id, starts, ends in rows.values_list("mentor_id", "residency__house_id", "starts", "ends"):
        for one in spans:
            of_house = one.house_ids is None or house_id in one.house_ids
            if one.mentor_id == mentor_id and of_house and one.first <= starts < one.last:
                sums[one.key] += int((ends - starts).total_seconds()) // 60
    return sums
