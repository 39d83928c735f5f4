"""Taking stock by scanning shelves. Scans may come twice, from several people, from a file; each finding has its act. Spec: CIRC-INVENTORY."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import InventoryClosed
from khaneh.domains.circulation.models import Inventory, InventoryExpected, InventoryScan
from khaneh.domains.circulation.queries import inventories as queries
from khaneh.domains.circulation.queries.inventories import NOT_SEEN, FindingRow
from khaneh.domains.circulation.rules import shelves
from khaneh.domains.circulation.rules.shelves import Scanned, Shelf
from khaneh.domains.circulation.services import returning, targeting
from khaneh.domains.circulation.types import Returned, ReturnedTo, ScanDetail, ScanFinding, ScanOutcome
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.orthography import latin_digits
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_BARCODE = 80
MOST_AT_ONCE = 5_000
_LONGEST_TEXT = 200
_LINES_LOOKED_AT = 200

_STANDING = with_catalogue(
    """
SELECT c.id, c.call_number FROM {bare_copies} c
WHERE ((c.house_id = %(house)s AND c.current_house_id IS NULL) OR c.current_house_id = %(house)s)
  AND c.state = 'available' AND c.barcode IS NOT NULL AND (%(location)s = '' OR c.location = %(location)s)
"""
)
# In one statement two indexes: that of barcodes in use, and that of withdrawn copies, which count only where no other has the barcode.
_COPIES = with_catalogue(
    """
SELECT DISTINCT ON (c.barcode) c.barcode, c.id, coalesce(c.current_house_id, c.house_id), c.location, c.call_number, c.state FROM (
    SELECT * FROM {bare_copies} x WHERE x.barcode = ANY (%(codes)s::text[]) AND NOT x.withdrawn
    UNION ALL SELECT * FROM {bare_copies} y WHERE y.barcode = ANY (%(codes)s::text[]) AND y.withdrawn
) c ORDER BY c.barcode, c.withdrawn, c.id DESC
"""
)
# One scan at a time: two that note the same barcodes in another order would wait for each other.
_HOLD = "SELECT closed_at FROM circulation_inventory WHERE id = %s FOR NO KEY UPDATE"
# Read again, a barcode changes nothing; what had been noted as missing is found.
_NOTE = """
INSERT INTO circulation_inventory_scan AS s (inventory_id, copy_id, barcode, finding, detail, scanned_at, scanned_by_id, outcome)
SELECT %(inventory)s, g.copy_id, g.barcode, g.finding, g.detail, %(now)s, %(by)s, ''
FROM unnest(%(copies)s::bigint[], %(codes)s::text[], %(findings)s::text[], %(details)s::text[]) WITH ORDINALITY
     AS g(copy_id, barcode, finding, detail, n)
ORDER BY g.n
ON CONFLICT ON CONSTRAINT circulation_inventory_scan_once DO UPDATE
SET finding = excluded.finding, detail = excluded.detail, scanned_at = excluded.scanned_at, scanned_by_id = excluded.scanned_by_id,
    settled_at = NULL, settled_by_id = NULL, outcome = ''
WHERE s.finding = 'missing'
RETURNING s.id
"""
_MISSING = f"""
INSERT INTO circulation_inventory_scan (inventory_id, copy_id, barcode, finding, detail, scanned_at, outcome)
SELECT %(inventory)s, c.id, c.barcode, 'missing', '', %(now)s, '' {NOT_SEEN} AND (%(copies)s::bigint[] IS NULL OR c.id = ANY (%(copies)s::bigint[]))
ORDER BY c.barcode ON CONFLICT ON CONSTRAINT circulation_inventory_scan_once DO NOTHING
"""
_KNOWN = with_catalogue("SELECT c.barcode FROM {bare_copies} c WHERE c.barcode = ANY (%s::text[]) AND NOT c.withdrawn")

# What may be done about a finding, the usual thing first.
_TAKE_IN = (ScanOutcome.TAKEN_IN,)
_BY_DETAIL = {ScanDetail.WITHDRAWN: (ScanOutcome.PUT_ASIDE,)}
_BY_FINDING = {
    ScanFinding.MISSING: (ScanOutcome.MARKED_MISSING, ScanOutcome.SEEN),
    ScanFinding.MISPLACED: (ScanOutcome.PUT_BACK,),
    ScanFinding.UNEXPECTED: _TAKE_IN,
    ScanFinding.UNKNOWN: (ScanOutcome.PUT_ASIDE,),
}


class Scans(NamedTuple):
    """What some scans told: the findings that are new, and how many barcodes had been read before."""

    found: list[FindingRow]
    again: int


def acts_for(row: FindingRow) -> tuple[ScanOutcome, ...]:
    """What may be done about a finding; nothing about what is in its place or settled."""
    if row.settled_at is not None:
        return ()
    by_detail = _BY_DETAIL.get(row.detail) if row.detail is not None else None
    return by_detail or _BY_FINDING.get(row.finding, ())


def open_inventory(
    *, actor: Actor, house_id: int, now: datetime, location: str = "", call_from: str = "", call_to: str = ""
) -> int:
    """Begin an inventory; gives its number. Four statements at any number of copies. Raises NotAllowed, NotFound, Invalid.

    What stands on the shelves at this moment is noted; copies without a barcode cannot be scanned and are left out.
    """
    permissions.require_desk(actor, house_id=house_id)
    texts = {"location": location.strip(), "call_from": call_from.strip(), "call_to": call_to.strip()}
    problems = {name: "too_long" for name, text in texts.items() if len(text) > _LONGEST_TEXT}
    if texts["call_from"] and texts["call_to"] and not shelves.within(texts["call_from"], "", texts["call_to"]):
        problems["call_to"] = "out_of_range"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, {"house": house_id, "location": texts["location"]})
            copies = [
                number
                for number, call in cursor.fetchall()
                if shelves.within(call, texts["call_from"], texts["call_to"])
            ]
        made = Inventory.objects.create(
            house_id=house_id, opened_by_id=actor.account_id, opened_at=now, expected=len(copies), **texts
        )
        db.copy_rows("circulation_inventory_expected", ("inventory_id", "copy_id"), ((made.pk, one) for one in copies))
        journal.record("circulation.inventory.opened", actor=actor, house_id=house_id, inventory_id=made.pk)
    return made.pk


def scan_shelf(*, actor: Actor, inventory_id: int, barcodes: Sequence[str], now: datetime) -> Scans:
    """Note barcodes that were read from the shelf, in the order of reading. Five statements, however many, up to `MOST_AT_ONCE`.

    The same again, by anybody, changes nothing. Raises NotFound, NotAllowed, InventoryClosed, Invalid.
    """
    row = _mine(actor, inventory_id)
    codes = list(dict.fromkeys(code for text in barcodes if (code := latin_digits(text).strip())))
    if len(codes) > MOST_AT_ONCE or any(len(code) > LONGEST_BARCODE for code in codes):
        raise Invalid(fields={"barcodes": "too_long"})
    if not codes:
        return Scans([], 0)
    shelf = Shelf(row.house_id, row.location, row.call_from, row.call_to)
    with db.transaction(), connection.cursor() as cursor:
        cursor.execute(_HOLD, [inventory_id])
        if cursor.fetchone()[0] is not None:
            raise InventoryClosed(inventory_id=inventory_id)
        cursor.execute(_COPIES, {"codes": codes})
        known = {code: (number, Scanned(*facts)) for code, number, *facts in cursor.fetchall()}
        judged = [shelves.judge(known[code][1] if code in known else None, shelf) for code in codes]
        cursor.execute(
            _NOTE,
            {
                "inventory": inventory_id, "now": now, "by": actor.account_id, "codes": codes,
                "copies": [known[code][0] if code in known else None for code in codes],
                "findings": [finding.value for finding, _ in judged],
                "details": [detail.value if detail is not None else "" for _, detail in judged],
            },
        )  # fmt: skip
        made = [number for (number,) in cursor.fetchall()]
    found = {one.id: one for one in queries.scanned(inventory_id, made)}
    return Scans([found[number] for number in made], len(codes) - len(made))


def scan_file(*, actor: Actor, inventory_id: int, content: bytes, now: datetime) -> tuple[int, int]:
    """Note the barcodes in a scanner's file: (new, read before). The column that holds barcodes is the one that most copies answer to.

    Six statements for each `MOST_AT_ONCE` lines. Raises as `scan_shelf`.
    """
    _mine(actor, inventory_id)
    rows = shelves.barcode_rows(content)
    column = _column(rows[:_LINES_LOOKED_AT])
    codes = [row[column] for row in rows if len(row) > column and 0 < len(row[column]) <= LONGEST_BARCODE]
    new = again = 0
    with db.transaction():
        for start in range(0, len(codes), MOST_AT_ONCE):
            scans = scan_shelf(
                actor=actor, inventory_id=inventory_id, barcodes=codes[start : start + MOST_AT_ONCE], now=now
            )
            new, again = new + len(scans.found), again + scans.again
    return new, again


def mark_missing(*, actor: Actor, inventory_id: int, now: datetime, copy_ids: Collection[int] | None = None) -> int:
    """What was not found (or those of it that are named) is missing, and readers who wait for it wait for another; gives how many.

    What somebody has had in hand meanwhile is left alone. About ten statements, however many. For who leads the house. Raises NotFound, NotAllowed.
    """
    row = _mine(actor, inventory_id)
    permissions.require_lead(actor, house_id=row.house_id)
    named = sorted(set(copy_ids)) if copy_ids is not None else None
    with db.transaction():
        held = Inventory.objects.select_for_update(of=("self",)).get(pk=inventory_id)
        if held.closed_at is None:
            _note_missing(held, named, now)
        wanted = InventoryScan.objects.filter(
            inventory_id=inventory_id, finding=ScanFinding.MISSING.value, settled_at=None
        )
        if named is not None:
            wanted = wanted.filter(copy_id__in=named)
        copies = list(wanted.values_list("copy_id", flat=True))
        changed = catalogue_services.set_copy_states(
            copy_ids=[copy for copy in copies if copy is not None], state=CopyState.MISSING, only_from=CopyState.AVAILABLE
        )  # fmt: skip
        settled = {"settled_at": now, "settled_by_id": actor.account_id}
        wanted.filter(copy_id__in=changed).update(outcome=ScanOutcome.MARKED_MISSING.value, **settled)
        wanted.filter(copy_id__in=set(copies) - set(changed)).update(outcome=ScanOutcome.SEEN.value, **settled)
        targeting.seek_other_copies(copy_ids=list(changed), now=now)
        journal.record(
            "circulation.inventory.missing", actor=actor, house_id=row.house_id, inventory_id=inventory_id, copies=len(changed)
        )  # fmt: skip
        discovery.touch("record", changed.values())
    return len(changed)


def settle_finding(*, actor: Actor, scan_id: int, outcome: ScanOutcome, now: datetime) -> Returned | None:
    """Do about one finding what is to be done. `TAKEN_IN` takes the copy in as the desk does: its loan ends, a loss is refunded, it goes home
    or to who waits; gives where it goes. `PUT_BACK`, `PUT_ASIDE` and `SEEN` say that a person did it.

    Raises NotFound, NotAllowed, Invalid (not about this finding, or settled before), and what `check_in` raises.
    """
    with db.transaction():
        scan = InventoryScan.objects.select_for_update(of=("self",)).filter(pk=scan_id).first()
        if scan is None:
            raise NotFound(what="inventory")
        row = _mine(actor, scan.inventory_id)
        finding = queries.scanned(scan.inventory_id, [scan_id])[0]
        if outcome is ScanOutcome.MARKED_MISSING or outcome not in acts_for(finding):
            raise Invalid(fields={"outcome": "not_in_list"})
        back = None
        if outcome is ScanOutcome.TAKEN_IN:
            back = _take_in(actor, row.house_id, scan.barcode, now)
            outcome = outcome if back.goes_to in (ReturnedTo.SHELF, ReturnedTo.HOLD_SHELF) else ScanOutcome.SENT
        InventoryScan.objects.filter(pk=scan_id).update(
            settled_at=now, settled_by_id=actor.account_id, outcome=outcome.value
        )
    return back


def close_inventory(*, actor: Actor, inventory_id: int, now: datetime) -> int:
    """End an inventory: what was not found is noted, for somebody to decide; gives how many. For who leads the house. Six statements.

    Raises NotFound, NotAllowed, InventoryClosed.
    """
    row = _mine(actor, inventory_id)
    permissions.require_lead(actor, house_id=row.house_id)
    with db.transaction():
        held = Inventory.objects.select_for_update(of=("self",)).get(pk=inventory_id)
        if held.closed_at is not None:
            raise InventoryClosed(inventory_id=inventory_id)
        _note_missing(held, None, now)
        held.closed_at, held.closed_by_id = now, actor.account_id
        held.save(update_fields=["closed_at", "closed_by"])
        InventoryExpected.objects.filter(inventory_id=inventory_id).delete()
        missing = InventoryScan.objects.filter(inventory_id=inventory_id, finding=ScanFinding.MISSING.value).count()
        journal.record(
            "circulation.inventory.closed", actor=actor, house_id=row.house_id, inventory_id=inventory_id, missing=missing
        )  # fmt: skip
    return missing


def _mine(actor: Actor, inventory_id: int) -> Inventory:
    row = Inventory.objects.filter(pk=inventory_id).first()
    if row is None:
        raise NotFound(what="inventory")
    permissions.require_desk(actor, house_id=row.house_id)
    return row


def _note_missing(held: Inventory, copy_ids: list[int] | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"inventory": held.pk, "house": held.house_id, "now": now, "copies": copy_ids})


def _take_in(actor: Actor, house_id: int, barcode: str, now: datetime) -> Returned:
    copy = catalogue.lending_copy(barcode=barcode, lock=True)
    if copy is not None and copy.state in (CopyState.AT_REPAIR, CopyState.ON_ORDER, CopyState.IN_PROCESS):
        # It stands on the shelf: whatever was to be done with it has been done.
        catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.AVAILABLE)
    network.house_facts(house_id)
    return returning.check_in(actor=actor, house_id=house_id, barcode=barcode, now=now)


def _column(rows: list[list[str]]) -> int:
    """Which field of a scanner's file holds barcodes: the one that most copies answer to, else the first."""
    width = max((len(row) for row in rows), default=1)
    if width == 1:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list({field for row in rows for field in row if field})])
        known = {code for (code,) in cursor.fetchall()}
    return max(range(width), key=lambda n: (sum(len(row) > n and row[n] in known for row in rows), -n))
