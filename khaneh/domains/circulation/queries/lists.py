"""A house's work of the day: what to fetch, what waits on the hold shelf, what travels, what is late. One statement each.

`offset` leaves so many out before the first; each list has a total order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.types import TransferReason
from khaneh.kernel.actor import Actor

MOST = 200

_PULL = with_catalogue(
    """
SELECT t.id, c.barcode, c.record_id, c.title, c.location, c.call_number, q.pickup_house_id, t.asked_at
FROM circulation_target t JOIN circulation_request q ON q.id = t.request_id JOIN {copies} c ON c.id = t.copy_id
WHERE t.house_id = %(house)s AND t.state = 'asked' ORDER BY c.location, c.call_number, t.id LIMIT %(limit)s OFFSET %(offset)s
"""
)
_SHELF = with_catalogue(
    """
SELECT q.id, c.barcode, c.record_id, c.title, q.member_id, q.captured_at, q.shelf_until
FROM circulation_request q JOIN {copies} c ON c.id = q.captured_copy_id
WHERE q.pickup_house_id = %(house)s AND q.state = 'on_shelf' ORDER BY q.shelf_until, q.id LIMIT %(limit)s OFFSET %(offset)s
"""
)
_COMING = with_catalogue(
    """
SELECT t.id, c.barcode, c.record_id, c.title, t.reason, t.from_house_id, t.to_house_id, t.sent_at
FROM circulation_transfer t JOIN {copies} c ON c.id = t.copy_id
WHERE t.state = 'sent' AND t.to_house_id = %(house)s ORDER BY t.sent_at, t.id LIMIT %(limit)s OFFSET %(offset)s
"""
)
_SENT = with_catalogue(
    """
SELECT t.id, c.barcode, c.record_id, c.title, t.reason, t.from_house_id, t.to_house_id, t.sent_at
FROM circulation_transfer t JOIN {copies} c ON c.id = t.copy_id
WHERE t.state = 'sent' AND t.from_house_id = %(house)s ORDER BY t.sent_at, t.id LIMIT %(limit)s OFFSET %(offset)s
"""
)
_OVERDUE = with_catalogue(
    """
SELECT l.id, c.barcode, c.record_id, c.title, l.member_id, l.due_at, l.claimed_at IS NOT NULL
FROM circulation_loan l JOIN {copies} c ON c.id = l.copy_id
WHERE l.house_id = %(house)s AND l.state = 'open' AND l.due_at < %(now)s ORDER BY l.due_at, l.id LIMIT %(limit)s OFFSET %(offset)s
"""
)


class PullLine(NamedTuple):
    """A copy to fetch from the shelf for a reader who comes to `pickup_house_id`."""

    target_id: int
    barcode: str | None
    record_id: int
    title: str
    location: str
    call_number: str
    pickup_house_id: int
    asked_at: datetime


class ShelfLine(NamedTuple):
    """A copy on the hold shelf."""

    request_id: int
    barcode: str | None
    record_id: int
    title: str
    member_id: int
    since: datetime
    until: datetime


class TransferLine(NamedTuple):
    """A copy on its way."""

    id: int
    barcode: str | None
    record_id: int
    title: str
    reason: TransferReason
    from_house_id: int
    to_house_id: int
    sent_at: datetime


class OverdueLine(NamedTuple):
    """A loan past its day."""

    loan_id: int
    barcode: str | None
    record_id: int
    title: str
    member_id: int
    due_at: datetime
    is_claimed: bool


def pull_list(actor: Actor, *, house_id: int, limit: int = MOST, offset: int = 0) -> list[PullLine]:
    """What the house is asked to fetch, in the order of its shelves. One statement. Raises NotAllowed."""
    return [PullLine(*row) for row in _rows(actor, _PULL, house_id, limit, offset)]


def hold_shelf(actor: Actor, *, house_id: int, limit: int = MOST, offset: int = 0) -> list[ShelfLine]:
    """What waits for its reader, that which has waited too long first. One statement. Raises NotAllowed."""
    return [ShelfLine(*row) for row in _rows(actor, _SHELF, house_id, limit, offset)]


def transfers(actor: Actor, *, house_id: int, coming: bool, limit: int = MOST, offset: int = 0) -> list[TransferLine]:
    """What is on its way to the house, or was sent by it, the longest first. One statement. Raises NotAllowed."""
    query = _COMING if coming else _SENT
    return [
        TransferLine._make((*row[:4], TransferReason(row[4]), *row[5:]))
        for row in _rows(actor, query, house_id, limit, offset)
    ]


def overdue(actor: Actor, *, house_id: int, now: datetime, limit: int = MOST, offset: int = 0) -> list[OverdueLine]:
    """Loans of the house that are past their day, the latest first. One statement. Raises NotAllowed."""
    return [OverdueLine(*row) for row in _rows(actor, _OVERDUE, house_id, limit, offset, now)]


def _rows(
    actor: Actor, query: str, house_id: int, limit: int, offset: int, now: datetime | None = None
) -> list[tuple[Any, ...]]:
    permissions.require_desk(actor, house_id=house_id)
    with connection.cursor() as cursor:
        cursor.execute(query, {"house": house_id, "limit": limit, "offset": offset, "now": now})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
