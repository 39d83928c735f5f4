"""Inventories of a house, and what they found. Constant statements at any number of copies. Spec: CIRC-INVENTORY."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.rules import shelves
from khaneh.domains.circulation.types import ScanDetail, ScanFinding, ScanOutcome
from khaneh.domains.people.queries.within import with_people
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

MOST = 200

_ROW = with_people(
    """
SELECT i.id, i.house_id, i.location, i.call_from, i.call_to, i.opened_at, i.closed_at, i.expected, coalesce(a.name, ''),
       count(s.id) FILTER (WHERE s.finding = 'expected'), count(s.id) FILTER (WHERE s.finding = 'misplaced'),
       count(s.id) FILTER (WHERE s.finding = 'unexpected'), count(s.id) FILTER (WHERE s.finding = 'unknown'),
       count(s.id) FILTER (WHERE s.finding = 'missing'),
       count(s.id) FILTER (WHERE s.finding <> 'expected' AND s.settled_at IS NULL)
FROM circulation_inventory i
LEFT JOIN circulation_inventory_scan s ON s.inventory_id = i.id
LEFT JOIN {accounts} a ON a.id = i.opened_by_id
"""
)
_ONE = _ROW + "WHERE i.id = %(inventory)s GROUP BY i.id, a.name"
_ALL = f"""{_ROW}
WHERE i.id IN (SELECT x.id FROM circulation_inventory x WHERE x.house_id = %(house)s
               ORDER BY x.closed_at IS NOT NULL, x.opened_at DESC, x.id DESC LIMIT %(limit)s)
GROUP BY i.id, a.name ORDER BY i.closed_at IS NOT NULL, i.opened_at DESC, i.id DESC
"""  # noqa: S608 - parts of the statement, no values
# What should stand here and was neither scanned nor in anybody's hands since the inventory opened.
NOT_SEEN = with_catalogue(
    """
FROM circulation_inventory_expected e JOIN {copies} c ON c.id = e.copy_id
WHERE e.inventory_id = %(inventory)s AND NOT e.seen AND c.state = 'available'
  AND coalesce(c.current_house_id, c.house_id) = %(house)s
  AND NOT EXISTS (SELECT FROM circulation_inventory_scan s WHERE s.inventory_id = %(inventory)s AND s.barcode = c.barcode)
"""
)
_NOT_SEEN_NUMBER = f"SELECT count(*) {NOT_SEEN}"
_NOT_SEEN_ROWS = f"""
SELECT NULL::bigint, 'missing', '', c.barcode, c.id, c.record_id, c.title, c.location, c.call_number, c.state,
       coalesce(c.current_house_id, c.house_id), NULL::timestamptz, '', NULL::timestamptz, ''
{NOT_SEEN}
ORDER BY c.location, c.call_number, c.id LIMIT %(limit)s
"""
_FOUND = with_catalogue(
    with_people(
        """
SELECT s.id, s.finding, s.detail, s.barcode, c.id, c.record_id, coalesce(c.title, ''), coalesce(c.location, ''), coalesce(c.call_number, ''),
       coalesce(c.state, ''), coalesce(c.house_id, c.current_house_id), s.scanned_at, coalesce(a.name, ''), s.settled_at, s.outcome
FROM circulation_inventory_scan s
LEFT JOIN {copies} c ON c.id = s.copy_id
LEFT JOIN {accounts} a ON a.id = s.scanned_by_id
WHERE s.inventory_id = %(inventory)s AND (%(finding)s::text IS NULL OR s.finding = %(finding)s) AND (%(all)s OR s.finding <> 'expected')
  AND (%(ids)s::bigint[] IS NULL OR s.id = ANY (%(ids)s::bigint[]))
"""
    )
)
_FOUND_ROWS = _FOUND + "ORDER BY s.settled_at IS NOT NULL, s.id DESC LIMIT %(limit)s"
_LATEST = "AND s.finding <> 'missing' ORDER BY s.scanned_at DESC, s.id DESC LIMIT %(limit)s"
_IN_ORDER = with_catalogue(
    """
SELECT s.barcode, c.call_number, coalesce(s.scanned_by_id, 0) FROM circulation_inventory_scan s JOIN {bare_copies} c ON c.id = s.copy_id
WHERE s.inventory_id = %(inventory)s AND s.finding = 'expected' ORDER BY coalesce(s.scanned_by_id, 0), s.id
"""
)
_LOCATIONS = with_catalogue(
    """
SELECT c.location, count(*), count(*) FILTER (WHERE c.barcode IS NULL) FROM {bare_copies} c
WHERE ((c.house_id = %(house)s AND c.current_house_id IS NULL) OR c.current_house_id = %(house)s) AND c.state = 'available'
GROUP BY c.location ORDER BY c.location LIMIT 500
"""
)


class InventoryRow(NamedTuple):
    """One inventory. `missing` counts what was noted as missing; `not_seen` (of one page only) what is still to be found while it is open."""

    id: int
    house_id: int
    location: str
    call_from: str
    call_to: str
    opened_at: datetime
    closed_at: datetime | None
    expected: int
    opened_by: str
    found: int
    misplaced: int
    unexpected: int
    unknown: int
    missing: int
    unsettled: int


class FindingRow(NamedTuple):
    """What was found, or not found (no id while it is only not seen yet). `house_id` is whose it is."""

    id: int | None
    finding: ScanFinding
    detail: ScanDetail | None
    barcode: str
    copy_id: int | None
    record_id: int | None
    title: str
    location: str
    call_number: str
    state: str
    house_id: int | None
    scanned_at: datetime | None
    scanned_by: str
    settled_at: datetime | None
    outcome: ScanOutcome | None


class LocationRow(NamedTuple):
    """A shelving location of a house: copies on its shelves, and those that no scanner can read."""

    location: str
    copies: int
    without_barcode: int


def inventories(actor: Actor, *, house_id: int, limit: int = 50) -> list[InventoryRow]:
    """The inventories of a house, open ones first. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    return [InventoryRow._make(row) for row in _rows(_ALL, {"house": house_id, "limit": limit})]


def inventory(actor: Actor, inventory_id: int) -> InventoryRow:
    """One inventory. One statement. Raises NotFound, NotAllowed."""
    rows = _rows(_ONE, {"inventory": inventory_id})
    if not rows:
        raise NotFound(what="inventory")
    row = InventoryRow._make(rows[0])
    permissions.require_desk(actor, house_id=row.house_id)
    return row


def not_seen(actor: Actor, *, row: InventoryRow) -> int:
    """How many copies are still to be found. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=row.house_id)
    number: int = _rows(_NOT_SEEN_NUMBER, {"inventory": row.id, "house": row.house_id})[0][0]
    return number


def findings(
    actor: Actor, *, row: InventoryRow, finding: ScanFinding | None = None, limit: int = MOST
) -> list[FindingRow]:
    """What an inventory found of one kind, or all that is not in its place, unsettled first. Of an open one what is missing is all that was
    not seen yet, in the order of the shelf, after what was marked. Two statements at most. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=row.house_id)
    facts = {
        "inventory": row.id, "house": row.house_id, "finding": finding, "all": finding is ScanFinding.EXPECTED, "ids": None,
        "limit": limit,
    }  # fmt: skip
    rows = _rows(_FOUND_ROWS, facts)
    if finding is ScanFinding.MISSING and row.closed_at is None:
        rows = _rows(_NOT_SEEN_ROWS, facts) + rows
    return [_finding(one) for one in rows]


def latest(actor: Actor, *, row: InventoryRow, limit: int = 12) -> list[FindingRow]:
    """What was scanned last, by whomever. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=row.house_id)
    facts = {"inventory": row.id, "finding": None, "all": True, "ids": None, "limit": limit}
    return [_finding(one) for one in _rows(_FOUND + _LATEST, facts)]


def report(actor: Actor, *, row: InventoryRow) -> Iterator[FindingRow]:
    """Everything that is not in its place, and what is missing, for a file. Two statements. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=row.house_id)
    yield from findings(actor, row=row, finding=ScanFinding.MISSING, limit=1_000_000)
    for one in findings(actor, row=row, limit=1_000_000):
        if one.finding is not ScanFinding.MISSING:
            yield one


def out_of_order(actor: Actor, *, row: InventoryRow, limit: int = MOST) -> list[tuple[str, str, str]]:
    """Copies that stand on the right shelf between neighbours they do not belong to: (barcode, call number, of the copy before it).

    Told from the order of scanning, each person's by itself. One statement. Raises NotAllowed.
    """
    permissions.require_desk(actor, house_id=row.house_id)
    rows = _rows(_IN_ORDER, {"inventory": row.id})
    places = shelves.out_of_order([call for _, call, _ in rows])
    found = [(rows[n][0], rows[n][1], rows[n - 1][1]) for n in places if rows[n - 1][2] == rows[n][2] == rows[n + 1][2]]
    return found[:limit]


def locations(actor: Actor, *, house_id: int) -> list[LocationRow]:
    """The shelving locations of a house with what stands there. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    return [LocationRow._make(row) for row in _rows(_LOCATIONS, {"house": house_id})]


def scanned(inventory_id: int, scan_ids: list[int]) -> list[FindingRow]:
    """Findings by number, latest first. One statement; the caller's permission."""
    facts = {"inventory": inventory_id, "finding": None, "all": True, "ids": scan_ids, "limit": len(scan_ids)}
    return [_finding(row) for row in _rows(_FOUND_ROWS, facts)]


def _finding(row: tuple[Any, ...]) -> FindingRow:
    made = FindingRow._make(row)
    return made._replace(
        finding=ScanFinding(made.finding),
        detail=ScanDetail(made.detail) if made.detail else None,
        outcome=ScanOutcome(made.outcome) if made.outcome else None,
    )


def _rows(query: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
