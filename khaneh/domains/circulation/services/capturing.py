"""A copy came in: for whom is it, and where does it go? Spec: CIRC-CAPTURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from time import monotonic, sleep
from typing import Any, NamedTuple

from khaneh.domains.circulation.queries.holding import COLUMNS, SOURCES, Holding, held_by
from khaneh.domains.circulation.types import SHELF_DAYS
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.within import with_people
from khaneh.infrastructure import db

# The queue is kept: distance decides which copy is fetched for a reader, never who is next.
_FIRST = """
SELECT q.id, q.pickup_house_id, (q.terms ->> 'shelf_days')::int FROM circulation_request q
WHERE q.state IN ('placed', 'targeted')
  AND ((q.record_id = %(record)s AND q.level = 'record') OR (q.work_id = %(work)s AND q.level = 'work')
       OR q.wanted_copy_id = %(copy)s)
  AND (q.expires_at IS NULL OR q.expires_at > %(now)s::timestamptz)"""
# Who is first, and the first whom nobody else holds, who is held from here on.
_QUEUE = """
LEFT JOIN LATERAL ({first} {where} ORDER BY q.priority DESC, q.placed_at, q.id LIMIT 1) AS f (id, house, days) ON true
LEFT JOIN LATERAL ({first} {where} ORDER BY q.priority DESC, q.placed_at, q.id LIMIT 1 FOR UPDATE SKIP LOCKED)
    AS n (id, house, days) ON true
"""
_ALONE = "SELECT f.id, n.* FROM (SELECT 1) AS one {queue}"
_NEXT = _ALONE.format(queue=_QUEUE.format(first=_FIRST, where=""))
# Nobody in the queue is held for a copy that has its request already.
_INCOMING = with_people(
    f"SELECT {COLUMNS}, b.home_house_id, b.category, b.birth_date, b.keep_history, f.id, n.* {SOURCES} "
    + _QUEUE.format(first=_FIRST, where="AND r.id IS NULL")
    + "LEFT JOIN {members} b ON b.id = l.member_id"
)
# How long a return waits for whoever is first and held by somebody else, in seconds. Who changes a request holds it for a few hundredths; who
# fills it with another copy, or asks houses for thousands, may hold it longer, and then the reader is being served. Looking again, and not
# waiting for the row, because this holds a copy: whoever holds the request might want it.
PATIENCE = 0.3
_A_LOOK = 0.02
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

    Whoever is first is given the time to change their request; one that another desk is filling at this moment is passed over.
    """
    facts = {"record": record_id, "work": work_id, "copy": copy_id, "now": now}
    return _patiently(facts, db.fetch_one(_NEXT, facts) or ())


class Borrower(NamedTuple):
    """Who had the copy, as far as a return asks: for statistics, and whether the loan keeps its reader."""

    home_house_id: int
    category: str
    birth_date: date | None
    keep_history: bool

    def age_on(self, day: date) -> int | None:
        """Whole years; None where not known."""
        return people.age_on(self.birth_date, day)


class Incoming(NamedTuple):
    """A copy in hand: what holds it, who had it on loan, and the next reader where it is not held for one."""

    held: Holding
    borrower: Borrower | None
    following: NextReader | None


def incoming(*, copy_id: int, record_id: int, work_id: int | None, now: datetime) -> Incoming:
    """What a return depends on; the next reader is held as by `next_reader`. One statement."""
    facts = {"record": record_id, "work": work_id, "copy": copy_id, "now": now}
    row = db.fetch_one(_INCOMING, facts) or ()
    borrower = Borrower(*row[-8:-4])
    return Incoming(
        held=held_by(row[:-8]),
        borrower=borrower if borrower.home_house_id is not None else None,
        following=_patiently(facts, row[-4:]),
    )


def _patiently(facts: Mapping[str, Any], row: Sequence[Any]) -> NextReader | None:
    """The next reader; while somebody else holds whoever is first, it is looked again for a moment."""
    until = monotonic() + PATIENCE
    while row and row[0] is not None and row[0] != row[1] and monotonic() < until:
        sleep(_A_LOOK)
        row = db.fetch_one(_NEXT, facts) or ()
    return _reader(row[1:]) if row and row[1] is not None else None


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
