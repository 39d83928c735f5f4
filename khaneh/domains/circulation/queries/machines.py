"""What a machine asks about a reader and a copy. Whoever calls has identified the reader; nothing here judges permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.queries import LendingCopy
from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation.types import LoanState
from khaneh.domains.people.queries.within import with_people
from khaneh.infrastructure import db

_COUNTS = """
SELECT (SELECT count(*) FROM circulation_loan WHERE member_id = %(member)s AND state IN ('open', 'lost')),
       (SELECT count(*) FROM circulation_loan WHERE member_id = %(member)s AND state = 'open' AND due_at < %(now)s),
       (SELECT count(*) FROM circulation_loan WHERE member_id = %(member)s AND state = 'lost'),
       (SELECT count(*) FROM circulation_request WHERE member_id = %(member)s AND state = 'on_shelf'),
       (SELECT count(*) FROM circulation_request
        WHERE member_id = %(member)s AND state IN ('placed', 'suspended', 'targeted', 'in_transit')),
       (SELECT count(*) FROM circulation_fee_entry WHERE member_id = %(member)s AND currency = %(currency)s AND amount > 0),
       (SELECT coalesce(sum(amount), 0)::bigint FROM circulation_fee_entry
        WHERE member_id = %(member)s AND currency = %(currency)s)
"""


class Counts(NamedTuple):
    """How many things a reader has. `lent` counts lost loans too, which hold their copy; `owed` is in minor units, below zero credit."""

    lent: int
    overdue: int
    lost: int
    ready: int
    waiting: int
    charges: int
    owed: int


class ItemList(StrEnum):
    """The lists that a machine may ask for."""

    READY = "ready"
    WAITING = "waiting"
    LENT = "lent"
    OVERDUE = "overdue"
    CHARGES = "charges"


_LISTS = {
    ItemList.READY: (
        "SELECT c.barcode, q.record_id, '', 0 FROM circulation_request q JOIN {copies} c ON c.id = q.captured_copy_id"
        " WHERE q.member_id = %(member)s AND q.state = 'on_shelf' ORDER BY q.shelf_until, q.id"
    ),
    ItemList.WAITING: (
        "SELECT c.barcode, coalesce(q.record_id, (SELECT min(r.id) FROM {records} r WHERE r.work_id = q.work_id)), '', 0"
        " FROM circulation_request q LEFT JOIN {copies} c ON c.id = coalesce(q.captured_copy_id, q.wanted_copy_id)"
        " WHERE q.member_id = %(member)s AND q.state IN ('placed', 'suspended', 'targeted', 'in_transit') ORDER BY q.placed_at, q.id"
    ),
    ItemList.LENT: (
        "SELECT c.barcode, c.record_id, '', 0 FROM circulation_loan l JOIN {copies} c ON c.id = l.copy_id"
        " WHERE l.member_id = %(member)s AND l.state IN ('open', 'lost') ORDER BY l.due_at, l.id"
    ),
    ItemList.OVERDUE: (
        "SELECT c.barcode, c.record_id, '', 0 FROM circulation_loan l JOIN {copies} c ON c.id = l.copy_id"
        " WHERE l.member_id = %(member)s AND l.state = 'open' AND l.due_at < %(now)s ORDER BY l.due_at, l.id"
    ),
    ItemList.CHARGES: (
        "SELECT NULL, NULL, kind, amount FROM circulation_fee_entry"
        " WHERE member_id = %(member)s AND currency = %(currency)s AND amount > 0 ORDER BY at, id"
    ),
}


class Item(NamedTuple):
    """A line of a list: the copy's barcode where there is one, the record, and for a charge its kind and amount in minor units."""

    barcode: str | None
    record_id: int | None
    kind: str
    amount: int


def counts(*, member_id: int, currency: str, now: datetime) -> Counts:
    """How a reader stands. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"member": member_id, "currency": currency, "now": now})
        return Counts(*cursor.fetchone())


def items(
    *,
    member_id: int,
    which: ItemList,
    currency: str,
    now: datetime,
    first: int = 1,
    last: int | None = None,
    most: int = 50,
) -> list[Item]:
    """One list of a reader from the `first` to the `last` item, counted from 1, at most so many. One statement."""
    wanted = min(most, last - first + 1 if last is not None else most)
    if wanted <= 0:
        return []
    facts: dict[str, Any] = {
        "member": member_id,
        "currency": currency,
        "now": now,
        "limit": wanted,
        "offset": first - 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(with_catalogue(_LISTS[which]) + " LIMIT %(limit)s OFFSET %(offset)s", facts)
        return [Item(*row) for row in cursor.fetchall()]


_DOING = """
SELECT l.id, l.member_id, l.state, l.due_at, l.lent_at, l.channel, l.claimed_at IS NOT NULL, t.id, t.to_house_id, r.id, r.member_id,
       r.shelf_until,
       (SELECT count(*) FROM circulation_request q
        WHERE q.state IN ('placed', 'targeted')
          AND ((q.record_id = %(record)s AND q.level = 'record') OR (q.work_id = %(work)s AND q.level = 'work')
               OR q.wanted_copy_id = %(copy)s))
FROM (VALUES (1)) AS one
LEFT JOIN circulation_occupancy o ON o.copy_id = %(copy)s
LEFT JOIN circulation_loan l ON l.id = o.loan_id
LEFT JOIN circulation_transfer t ON t.id = o.transfer_id
LEFT JOIN circulation_request r ON r.id = coalesce(o.request_id, t.request_id)
"""


@dataclass(frozen=True, slots=True)
class CopyAtMachine:
    """A copy and what it is doing: the loan, the transfer or the request that holds it, and how many readers wait for it."""

    copy: LendingCopy
    loan_id: int | None
    lent_to: int | None
    loan_state: LoanState | None
    due_at: datetime | None
    lent_at: datetime | None
    channel: str | None
    is_claimed: bool
    transfer_id: int | None
    travels_to: int | None
    request_id: int | None
    held_for: int | None
    shelf_until: datetime | None
    waiting: int


def copy_at_machine(*, barcode: str = "", copy_id: int | None = None) -> CopyAtMachine | None:
    """A copy by its barcode or id, with what it is doing; None for one that nobody has. Two statements."""
    copy = catalogue.lending_copy(barcode=barcode, copy_id=copy_id)
    if copy is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_DOING, {"copy": copy.id, "record": copy.record_id, "work": copy.work_id})
        loan, member, state, *rest = cursor.fetchone()
    return CopyAtMachine(copy, loan, member, LoanState(state) if state else None, *rest)


_OWN_REQUEST = with_catalogue(
    """
SELECT q.id FROM circulation_request q
WHERE q.member_id = %(member)s AND q.state IN ('placed', 'suspended', 'targeted', 'in_transit', 'on_shelf')
  AND (q.wanted_copy_id = %(copy)s OR q.captured_copy_id = %(copy)s OR (q.level = 'record' AND q.record_id = %(record)s)
       OR (q.level = 'work' AND q.work_id = (SELECT r.work_id FROM {records} r WHERE r.id = %(record)s)))
ORDER BY q.level = 'copy' DESC, q.placed_at, q.id LIMIT 1
"""
)
_PLACE_IN_QUEUE = """
SELECT count(*) FROM circulation_request o, circulation_request q
WHERE q.id = %s AND o.state IN ('placed', 'targeted')
  AND (o.record_id = q.record_id OR o.work_id = q.work_id)
  AND (-o.priority, o.placed_at, o.id) <= (-q.priority, q.placed_at, q.id)
"""


def own_request(*, member_id: int, record_id: int, copy_id: int | None = None) -> int | None:
    """The reader's open request that a copy of the record, or this copy, would fill. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN_REQUEST, {"member": member_id, "record": record_id, "copy": copy_id})
        row = cursor.fetchone()
    return int(row[0]) if row is not None else None


def place_in_queue(request_id: int) -> int:
    """Which in the queue a request is, counted from 1. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE_IN_QUEUE, [request_id])
        number: int = cursor.fetchone()[0]
    return max(number, 1)


def barcodes_of_loans(loan_ids: list[int]) -> dict[int, str]:
    """The barcodes of the copies of these loans. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            with_catalogue(
                "SELECT l.id, coalesce(c.barcode, '') FROM circulation_loan l JOIN {copies} c ON c.id = l.copy_id WHERE l.id = ANY (%s)"
            ),
            [loan_ids],
        )
        return dict(cursor.fetchall())


_LABEL = with_catalogue(
    """
SELECT c.id, c.barcode, c.title, c.item_type, c.house_id, c.record_id, c.call_number, c.location FROM {copies} c
WHERE c.barcode = %s AND NOT c.withdrawn
"""
)
_TITLES = with_catalogue(
    """
SELECT r.id, r.title FROM {records} r WHERE r.id = ANY (%s)
"""
)
_HOLD_CARD = with_people(
    """
SELECT k.barcode FROM circulation_request q JOIN {cards} k ON k.member_id = q.member_id WHERE q.id = %s
"""
)


class CopyLabel(NamedTuple):
    """What a machine says of a copy. `house_id` is the owner; None where the source named no house that is known."""

    id: int
    barcode: str
    title: str
    item_type: str
    house_id: int | None
    record_id: int
    call_number: str
    location: str


def copy_label(barcode: str) -> CopyLabel | None:
    """What to say of a copy. One statement."""
    row = db.fetch_one(_LABEL, [barcode])
    return CopyLabel(*row) if row is not None else None


def titles(record_ids: list[int]) -> dict[int, str]:
    """Titles of records. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, [record_ids])
        return dict(cursor.fetchall())


def hold_card(request_id: int) -> str:
    """The card of whoever waits, for the slip in the copy; empty where they have none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_CARD, [request_id])
        row = cursor.fetchone()
    return str(row[0]) if row is not None else ""
