"""Requests follow what they wait for: records are merged and taken apart again, works are regrouped. Spec: CIRC-KEEP-5.

Told by the catalogue's journal (`apps.ready`) in the transaction of the merge; once an hour all requests are looked at, for what an import
did by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from khaneh.domains.catalogue.queries.places import Standing, inhabited, standing_for
from khaneh.domains.catalogue.queries.titles import things
from khaneh.domains.circulation.models import Request, Target
from khaneh.domains.circulation.services import ending
from khaneh.domains.circulation.types import RequestLevel, RequestState, TargetState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM


class Followed(NamedTuple):
    """How many requests wait for something else than before, and how many ended because their member waits for that already."""

    moved: int
    doubled: int


def follow_catalogue(
    *, now: datetime, record_ids: Collection[int] | None = None, work_ids: Collection[int] = ()
) -> Followed:
    """Let requests wait for what stands for the thing they were placed for; all of them, or those of some records and works.

    A request for a record waits for the record that it was merged into; one for a work whose last record left, for the work of the record it
    was found by, or for that record. It goes back when that is taken back. A bounded number of statements, and a few for each request that
    moves.
    """
    with db.transaction():
        found = _moves(_waiting(record_ids, work_ids))
        if not found:
            return Followed(0, 0)
        # Again, held: with every request of the same readers, which may be for the same thing.
        members = {one.member_id for one in found if one.member_id is not None}
        mine = Request.objects.filter(ended_at=None, member_id__in=members)
        requests = ending.held(list(mine.values_list("pk", flat=True)))
        moved = _moves(requests)
        double = ending.doubled(requests)
        ending.end(double, reason="merged", now=now)
        gone = {one.pk for one in double}
        stay = [one for one in moved if one.pk not in gone]
        _ask_no_more(stay, now)
        Request.objects.bulk_update(stay, ["level", "record", "work", "asked_record", "asked_work", "state"])
        if stay or double:
            journal.record("circulation.requests.followed", actor=SYSTEM, moved=len(stay), doubled=len(double))
    return Followed(len(stay), len(double))


def _waiting(record_ids: Collection[int] | None, work_ids: Collection[int]) -> list[Request]:
    """Requests under way for these records and works, or all. Each of the four ways to name them has an index of its own."""
    rows = Request.objects.filter(ended_at=None)
    if record_ids is None:
        return list(rows)
    found = (
        rows.filter(record__in=record_ids),
        rows.filter(work__in=work_ids),
        rows.filter(asked_record__in=record_ids),
        rows.filter(asked_record__isnull=False, asked_work__in=work_ids),
    )
    return list({one.pk: one for some in found for one in some}.values())


def _moves(requests: Iterable[Request]) -> list[Request]:
    """Those of the requests that belong elsewhere, changed so; nothing is written. Three statements."""
    requests = list(requests)
    stands = standing_for(
        {number for one in requests for number in (one.record_id, one.asked_record_id) if number is not None}
    )
    lived = inhabited({number for one in requests for number in (one.work_id, one.asked_work_id) if number is not None})
    copies = things(copy_ids={one.wanted_copy_id for one in requests if one.wanted_copy_id is not None})
    moved = []
    for one in requests:
        before = (one.level, one.work_id, one.record_id)
        if one.level == RequestLevel.COPY:
            own = copies.get(("copy", one.wanted_copy_id or 0))
            one.record_id = own.record_id if own is not None else one.record_id
        else:
            _place(one, stands, lived)
        if (one.level, one.work_id, one.record_id) != before:
            moved.append(one)
    return moved


def _place(one: Request, stands: dict[int, Standing], lived: set[int]) -> None:
    work = one.asked_work_id or one.work_id
    stand = stands.get(one.asked_record_id or one.record_id or 0)
    if work is None:
        if stand is not None:
            asked = one.asked_record_id or one.record_id
            one.record_id = stand.record_id
            one.asked_record_id = asked if asked != stand.record_id else None
        return
    if work in lived:
        one.level, one.work_id, one.record_id, one.asked_work_id = RequestLevel.WORK.value, work, None, None
    elif stand is not None and stand.work_id is not None:
        one.level, one.work_id, one.record_id, one.asked_work_id = RequestLevel.WORK.value, stand.work_id, None, work
    elif stand is not None:
        one.level, one.work_id, one.record_id, one.asked_work_id = (
            RequestLevel.RECORD.value,
            None,
            stand.record_id,
            work,
        )


def _ask_no_more(requests: Iterable[Request], now: datetime) -> None:
    """Whoever was asked to fetch a copy that fills the request no longer is asked no more; the request waits. Three statements."""
    asked = {one.pk: one for one in requests if one.state == RequestState.TARGETED}
    targets = dict(
        Target.objects.filter(request_id__in=asked, state=TargetState.ASKED.value).values_list("request_id", "copy_id")
    )
    copies = things(copy_ids=targets.values())
    for number, copy_id in targets.items():
        one, copy = asked[number], copies.get(("copy", copy_id))
        fits = copy is not None and (
            one.wanted_copy_id == copy_id
            or (one.level == RequestLevel.RECORD and one.record_id == copy.record_id)
            or (one.level == RequestLevel.WORK and one.work_id == copy.work_id)
        )
        if not fits:
            Target.objects.filter(request_id=number, state=TargetState.ASKED.value).update(
                state=TargetState.WITHDRAWN.value, ended_at=now
            )
            one.state = RequestState.PLACED.value
