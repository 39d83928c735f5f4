"""Who holds a qualification, who will lose it soon, who held it: lists for whoever awards."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, F, Q

from khaneh.domains.qualifications import permissions
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.qualifications.queries.holdings import holding_rows
from khaneh.domains.qualifications.types import HoldingRow
from khaneh.kernel.actor import Actor

# Whose end is nearer than this is told among those who will lose it soon.
SOON = timedelta(days=60)


class Which(StrEnum):
    """Those who hold it, those of them who will lose it within `SOON`, and those who have lost it or renewed it."""

    VALID = "valid"
    SOON = "soon"
    ENDED = "ended"


class Held(NamedTuple):
    """How many hold a qualification, and how many of them will lose it soon."""

    valid: int
    soon: int


def holders(
    *, actor: Actor, which: Which, at: datetime, qualification_id: int | None = None, offset: int = 0, limit: int = 50
) -> tuple[list[HoldingRow], int]:
    """Holdings of a qualification, or of any, and how many there are. Who will lose it first stands first, who lost it last among those who
    did. Four statements; nothing for who awards nowhere.
    """
    if not permissions.awards(actor):
        return [], 0
    found = (
        Holding.objects.all() if qualification_id is None else Holding.objects.filter(qualification_id=qualification_id)
    )
    if which is Which.ENDED:
        found = found.filter(Q(ended_at__lte=at) | Q(ended_at=None, valid_until__lte=at)).order_by(
            F("ended_at").desc(nulls_first=True), "-valid_until", "-pk"
        )
    else:
        found = found.filter(_valid(at), **({"valid_until__lte": at + SOON} if which is Which.SOON else {}))
        found = found.order_by(F("valid_until").asc(nulls_last=True), "pk")
    return holding_rows(found[offset : offset + limit]), found.count()


def counts(*, actor: Actor, at: datetime) -> dict[int, Held]:
    """For each qualification that somebody holds, how many do. One statement; nothing for who awards nowhere."""
    if not permissions.awards(actor):
        return {}
    found = Holding.objects.filter(_valid(at)).values_list("qualification_id")
    rows = found.annotate(valid=Count("pk"), soon=Count("pk", filter=Q(valid_until__lte=at + SOON)))
    return {number: Held(valid, soon) for number, valid, soon in rows}


def _valid(at: datetime) -> Q:
    return (
        Q(awarded_at__lte=at)
        & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    )
