"""A copy came in: for whom is it, and where does it go? Spec: CIRC-CAPTURE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from khaneh.domains.circulation.queries.holding import COLUMNS, SOURCES, Holding, held_by
from khaneh.domains.circulation.types import SHELF_DAYS
from khaneh.infrastructure import db

# The queue is kept: distance decides which copy is fetched for a reader, never who is next.
_FIRST = """
SELECT q.id, q.pickup_house_id, (q.terms ->> 'shelf_days')::int FROM circulation_request q
WHERE q.state IN ('placed', 'targeted')
  AND ((q.record_id = %(record)s AND q.level = 'record') OR (q.work_id = %(work)s AND q.level = 'work')
       OR q.wanted_copy_id = %(copy)s)
  AND (q.expires_at IS NULL OR q.expires_at > %(now)s::timestamptz)"""
_HELD = """
ORDER BY q.priority DESC, q.placed_at, q.id
LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_NEXT = f"{_FIRST} {_HELD}"
# Nobody in the queue is held for a copy that has its request already.
_INCOMING = f"""
SELECT {COLUMNS}, n.* {SOURCES}
LEFT JOIN LATERAL ({_FIRST} AND r.id IS NULL {_HELD}) AS n (id, pickup_house_id, shelf_days) ON true
"""
# Two desks may end the same targets at once, each through another copy: always in the order of their numbers.
_WITHDRAW = """
UPDATE circulation_target SET state = CASE WHEN request_id = %(request)s::bigint AND copy_id = %(copy)s THEN 'captured' ELSE 'withdrawn' END,
       ended_at = %(now)s
WHERE id IN (SELECT id FROM circulation_target
             WHERE state = 'asked' AND (request_id = %(request)s::bigint OR copy_id = %(copy)s) ORDER BY id FOR NO KEY UPDATE)
RETURNING request_id
"""
# Whoever holds such a request at this moment captures, changes or ends it, and waits for these targets: it is left to them.
_RETARGET = """
UPDATE circulation_request SET state = 'placed' WHERE id IN (
    SELECT q.id FROM circulation_request q
    WHERE q.state = 'targeted' AND NOT EXISTS (SELECT FROM circulation_target g WHERE g.request_id = q.id AND g.state = 'asked')
      AND q.id = ANY (%(requests)s::bigint[])
    FOR NO KEY UPDATE SKIP LOCKED)
"""


class NextReader(NamedTuple):
    """The request that a copy in hand fills."""

    request_id: int
    pickup_house_id: int
    shelf_days: int


def next_reader(*, copy_id: int, record_id: int, work_id: int | None, now: datetime) -> NextReader | None:
    """The first request in the queue that this copy can fill, held until the transaction ends; None when nobody waits. One statement.

    A request that another desk is filling at this moment is passed over: it is being served.
    """
    row = db.fetch_one(_NEXT, {"record": record_id, "work": work_id, "copy": copy_id, "now": now})
    return None if row is None else _reader(row)


def incoming(*, copy_id: int, record_id: int, work_id: int | None, now: datetime) -> tuple[Holding, NextReader | None]:
    """What holds a copy in hand; and the next reader, held as by `next_reader`, where that is no request. One statement."""
    row = db.fetch_one(_INCOMING, {"record": record_id, "work": work_id, "copy": copy_id, "now": now}) or ()
    held, following = row[:-3], row[-3:]
    return held_by(held), None if following[0] is None else _reader(following)


def _reader(row: Sequence[Any]) -> NextReader:
    request_id, pickup_house_id, shelf_days = row
    return NextReader(request_id, pickup_house_id, SHELF_DAYS if shelf_days is None else shelf_days)


def end_targets(*, request_id: int, copy_id: int, now: datetime) -> None:
    """The request is filled by this copy: nobody is asked any more, neither for the request nor for the copy. At most two statements."""
    _withdraw(request_id, copy_id, now)


def withdraw_copy(*, copy_id: int, now: datetime) -> None:
    """The copy left its shelf for another reason: nobody is asked to fetch it, and who waited for it waits again. At most two statements."""
    _withdraw(None, copy_id, now)


def _withdraw(request_id: int | None, copy_id: int, now: datetime) -> None:
    ended = db.fetch_all(_WITHDRAW, {"request": request_id, "copy": copy_id, "now": now})
    others = [number for (number,) in ended if number != request_id]
    if others:
        db.execute(_RETARGET, {"requests": others})
