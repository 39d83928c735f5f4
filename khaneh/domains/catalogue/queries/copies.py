"""Copies as those who lend them see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.types import CopyState, ItemType
from khaneh.infrastructure import db
from khaneh.kernel.money import Money

_COPY = """
SELECT c.id, c.barcode, c.record_id, r.work_id, c.house_id, c.current_house_id, c.location, c.call_number, c.item_type, c.state,
       c.price_amount, c.price_currency, c.floating
FROM catalogue_copy c JOIN catalogue_record r ON r.id = c.record_id
WHERE c.id = COALESCE(
    %(copy)s::bigint, (SELECT b.id FROM catalogue_copy b WHERE b.barcode = %(barcode)s::text AND NOT b.withdrawn))
"""
_LOCKED = " FOR NO KEY UPDATE OF c"


class LendingCopy(NamedTuple):
    """A copy at the moment of an act. `house_id` owns it (None: the source named a house that is not known), `at_house_id` keeps it."""

    id: int
    barcode: str | None
    record_id: int
    work_id: int | None
    house_id: int | None
    at_house_id: int | None
    location: str
    call_number: str
    item_type: ItemType
    state: CopyState
    price: Money | None
    floating: bool


def lending_copy(*, barcode: str = "", copy_id: int | None = None, lock: bool = False) -> LendingCopy | None:
    """A copy by its barcode (withdrawn copies do not count) or its id, or None. One statement.

    With `lock` the row is held until the transaction ends; members come before copies in the order of locks.
    """
    row = db.fetch_one(_COPY + _LOCKED if lock else _COPY, {"barcode": barcode, "copy": copy_id})
    if row is None:
        return None
    (number, code, record, work, house, current, location, call, item_type, state, amount, currency, floating) = row
    return LendingCopy(
        id=number,
        barcode=code,
        record_id=record,
        work_id=work,
        house_id=house,
        at_house_id=current or house,
        location=location,
        call_number=call,
        item_type=ItemType(item_type),
        state=CopyState(state),
        price=Money(amount, currency) if amount is not None else None,
        floating=floating,
    )


_FETCHABLE = """
SELECT c.id, c.record_id, r.work_id, coalesce(c.current_house_id, c.house_id)
FROM catalogue_copy c JOIN catalogue_record r ON r.id = c.record_id
WHERE c.state = 'available' AND c.house_id IS NOT NULL AND c.item_type <> ALL (%(kept)s)
  AND (c.record_id = ANY (%(records)s::bigint[])
       OR c.record_id IN (SELECT w.id FROM catalogue_record w WHERE w.work_id = ANY (%(works)s::bigint[])))
ORDER BY c.id
"""
_SIZES = """
SELECT coalesce(current_house_id, house_id), count(*) FROM catalogue_copy
WHERE house_id IS NOT NULL AND state <> 'withdrawn' GROUP BY 1
"""
# What is read in the house only is not fetched for anybody.
KEPT_IN_HOUSE = (ItemType.REFERENCE, ItemType.RARE)


class FetchableCopy(NamedTuple):
    """A copy that stands on its shelf and may be lent."""

    id: int
    record_id: int
    work_id: int | None
    at_house_id: int


def fetchable_copies(*, record_ids: Iterable[int] = (), work_ids: Iterable[int] = ()) -> list[FetchableCopy]:
    """The copies on their shelves of these records and of these works' records. One statement."""
    facts: dict[str, Any] = {
        "records": list(record_ids),
        "works": list(work_ids),
        "kept": [kind.value for kind in KEPT_IN_HOUSE],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FETCHABLE, facts)
        return [FetchableCopy(*row) for row in cursor.fetchall()]


def hold_on_shelf(copy_ids: Iterable[int]) -> set[int]:
    """Those of the copies that stand on their shelves, held until the transaction ends; one that another has in hand is left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM catalogue_copy WHERE id = ANY (%s::bigint[]) AND state = 'available' FOR NO KEY UPDATE SKIP LOCKED",
            [list(copy_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def copies_by_house() -> dict[int, int]:
    """How many copies each house keeps. One statement over all copies: for work in the background."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        return dict(cursor.fetchall())


_REQUESTABLE = """
SELECT r.id, r.work_id, c.id, c.item_type, c.state
FROM catalogue_record r
LEFT JOIN catalogue_copy c ON c.record_id = r.id AND c.house_id IS NOT NULL AND c.state NOT IN ('withdrawn', 'lost', 'missing')
    AND (%(copy)s::bigint IS NULL OR c.id = %(copy)s)
WHERE r.merged_into_id IS NULL
  AND (r.id = %(record)s OR r.work_id = %(work)s OR r.id = (SELECT o.record_id FROM catalogue_copy o WHERE o.id = %(copy)s))
ORDER BY r.id, c.id
"""


class RequestableCopy(NamedTuple):
    """A copy that may come back to a shelf some day."""

    id: int
    record_id: int
    item_type: ItemType
    is_available: bool


class Requestable(NamedTuple):
    """A record or work with the copies that could fill a request for it."""

    record_id: int
    work_id: int | None
    copies: tuple[RequestableCopy, ...]


def requestable(
    *, work_id: int | None = None, record_id: int | None = None, copy_id: int | None = None
) -> Requestable | None:
    """What somebody may ask for: a work, a record or one copy; None where there is none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_REQUESTABLE, {"work": work_id, "record": record_id, "copy": copy_id})
        rows = cursor.fetchall()
    if not rows:
        return None
    copies = tuple(
        RequestableCopy(number, record, ItemType(kind), state == CopyState.AVAILABLE)
        for record, _, number, kind, state in rows
        if number is not None
    )
    return Requestable(rows[0][0], rows[0][1], copies)
