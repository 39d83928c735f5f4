"""All programmes of the network with their calls, and what came of them as sums. The caller has asked who may see numbers, and hides small ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_within
from khaneh.domains.programmes.models import Application, Call, Programme
from khaneh.domains.programmes.queries.calls import programme_row, rows
from khaneh.domains.programmes.types import CallRow, CallState, ProgrammeRow

_PUBLIC = [CallState.PUBLISHED.value, CallState.DECIDED.value, CallState.CANCELLED.value]


def programmes_of_network(
    *,
    now: datetime,
    kind: str = "",
    region_code: str = "",
    sector: str = "",
    state: str = "",
    offset: int = 0,
    limit: int = 24,
) -> tuple[int, list[ProgrammeRow]]:
    """How many programmes with a published call there are, and a page of them, by who called last. `state` is open, coming or over: that a call of it is so; a call
    that asks for no sector is for all. At most six statements.
    """
    calls = Call.objects.filter(state__in=_PUBLIC, published_at__isnull=False, programme_id=OuterRef("pk"))
    published = Q(state=CallState.PUBLISHED.value)
    wanted = {
        "open": published & Q(opens_at__lte=now, closes_at__gt=now),
        "coming": published & Q(opens_at__gt=now),
        "over": Q(closes_at__lte=now),
    }.get(state)
    if wanted is not None:
        calls = calls.filter(wanted)
    if sector:
        there = {code for codes in Call.objects.values_list("sectors", flat=True).distinct() for code in codes}
        within = [code for code in there if is_within(code, sector) or is_within(sector, code)]
        calls = calls.filter(Q(sectors=[]) | Q(sectors__overlap=within))
    latest = calls.order_by("-published_at").values("published_at")[:1]
    found = Programme.objects.filter(Exists(calls)).annotate(called=latest)
    if kind:
        found = found.filter(kind=kind)
    if region_code:
        found = found.filter(house__region_id__in=[row.id for row in network.regions(below=region_code)])
    page = list(found.order_by("-called", "pk")[offset : offset + limit])
    houses = network.house_refs(one.house_id for one in page)
    return found.count(), [programme_row(one, houses) for one in page]


def calls_of_programmes(programme_ids: Iterable[int]) -> dict[int, list[CallRow]]:
    """The published calls of programmes, the latest first. Four statements."""
    found: dict[int, list[CallRow]] = defaultdict(list)
    calls = Call.objects.filter(programme_id__in=set(programme_ids), state__in=_PUBLIC, published_at__isnull=False)
    for row in rows(calls.order_by("-published_at", "-pk")):
        found[row.programme.id].append(row)
    return found


def states_by_programme(programme_ids: Iterable[int]) -> dict[int, Counter[str]]:
    """How many applications of each state came to all calls of a programme. One statement."""
    found: dict[int, Counter[str]] = {}
    counted = (
        Application.objects.filter(call__programme_id__in=set(programme_ids))
        .values_list("call__programme_id", "state")
        .annotate(number=Count("pk"))
    )
    for programme_id, state, number in counted:
        found.setdefault(programme_id, Counter())[state] = number
    return found
