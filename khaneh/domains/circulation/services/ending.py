"""Requests that end: what goes from the row with the reader, and ending several at once. Spec: CIRC-KEEP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.queries.titles import things
from khaneh.domains.circulation.models import Request, Target
from khaneh.domains.circulation.types import RequestState, TargetState
from khaneh.domains.discovery import services as discovery

_WITH_THE_READER: Mapping[str, Any] = MappingProxyType(
    {"member_id": None, "note": "", "override": None, "priority_reason": "", "priority_by_id": None}
)


def forgotten(*, keeps: bool) -> Mapping[str, Any]:
    """What a request that is over loses: its reader and every word written for them, unless they keep a history (CIRC-KEEP-1)."""
    return {} if keeps else _WITH_THE_READER


def held(request_ids: Sequence[int]) -> list[Request]:
    """These requests that are still under way, held in the order of everybody: their copies first, then they. By number.

    Two statements, and one for each copy that is captured.
    """
    captured = Request.objects.filter(pk__in=request_ids, ended_at=None, captured_copy_id__isnull=False)
    for copy_id in sorted({number for number in captured.values_list("captured_copy_id", flat=True) if number}):
        catalogue.lending_copy(copy_id=copy_id, lock=True)
    rows = Request.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=request_ids, ended_at=None)
    return list(rows.order_by("pk"))


def end(requests: Sequence[Request], *, reason: str, now: datetime) -> None:
    """End requests that are held, whatever their members keep: nobody is asked for them any more, and a copy that waited is free.

    Two statements, and two where copies were captured.
    """
    numbers = [request.pk for request in requests]
    if not numbers:
        return
    Target.objects.filter(request_id__in=numbers, state=TargetState.ASKED.value).update(
        state=TargetState.WITHDRAWN.value, ended_at=now
    )
    Request.objects.filter(pk__in=numbers).update(
        state=RequestState.CANCELLED.value, ended_at=now, end_reason=reason, **_WITH_THE_READER
    )
    if freed := {one.captured_copy_id for one in requests if one.captured_copy_id is not None}:
        discovery.touch("record", [thing.record_id for thing in things(copy_ids=freed).values()])


def doubled(requests: Sequence[Request]) -> list[Request]:
    """Those of the requests that ask for what another of the same member asks for: one keeps its place, the one that has its copy, else the
    earliest.
    """
    kept: set[tuple[int | None, str, int | None]] = set()
    double = []
    for one in sorted(requests, key=lambda one: (one.captured_copy_id is None, one.placed_at, one.pk)):
        key = (one.member_id, *wants(one))
        if key in kept:
            double.append(one)
        kept.add(key)
    return double


def wants(request: Request) -> tuple[str, int | None]:
    """What a request waits for: its level, and the work, record or copy."""
    by_level = {"work": request.work_id, "record": request.record_id, "copy": request.wanted_copy_id}
    return request.level, by_level[request.level]
