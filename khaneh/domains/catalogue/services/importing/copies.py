"""Copies that come along with contributions. A barcode that is another copy's is never taken from it: the newcomer keeps it as a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.rules.intake.profile import CopyFacts, price
from khaneh.domains.catalogue.services.importing.binary import NULL, columns, long, text, words
from khaneh.domains.catalogue.services.importing.known import Standing
from khaneh.domains.catalogue.services.importing.matching import array, texts
from khaneh.domains.catalogue.services.importing.state import Context, Incoming
from khaneh.domains.catalogue.types import CopyState
from khaneh.infrastructure import db

_COLUMNS = (
    *("record_id", "contribution_id", "house_id", "barcode", "price_amount", "price_currency", "state", "location"),
    *("call_number", "barcode_given", "house_given"),
)
_TAKEN = (
    "SELECT barcode FROM catalogue_copy WHERE barcode = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))"
    " AND NOT withdrawn"
)
_STANDING = """
SELECT id, contribution_id, coalesce(barcode, barcode_given), house_id, location, call_number, price_amount, price_currency,
       house_given, state
FROM catalogue_copy WHERE contribution_id = ANY(%s::bigint[]) AND state <> 'withdrawn' ORDER BY id
"""
_CHANGE = """
UPDATE catalogue_copy
SET house_id = %s, location = %s, call_number = %s, price_amount = %s, price_currency = %s, house_given = %s
WHERE id = %s
"""
# A copy that somebody has on loan does not leave the shelf because a file no longer names it.
_WITHDRAW = "UPDATE catalogue_copy SET state = 'withdrawn' WHERE id = ANY(%s::bigint[]) AND state IN ('available', 'missing', 'lost')"


class _Described(NamedTuple):
    """What a source says of a copy, in our terms."""

    house_id: int | None
    location: str
    call_number: str
    price_amount: int | None
    price_currency: str
    house_given: str


def insert(context: Context, incoming: Iterable[Incoming], notes: Counter[str]) -> int:
    """Write the copies of new contributions and say how many. At most one statement and one COPY."""
    return _insert(context, [(one.record_id, one.id, facts) for one in incoming for facts in one.parsed.copies], notes)


def _insert(context: Context, found: Sequence[tuple[int, int, CopyFacts]], notes: Counter[str]) -> int:
    if not found:
        return 0
    taken: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [texts({facts.barcode for _, _, facts in found if facts.barcode})])
        taken.update(row[0] for row in cursor.fetchall())
    rows: list[bytes] = []
    head = columns(len(_COLUMNS))
    state = CopyState.AVAILABLE.value
    for record_id, contribution_id, facts in found:
        described = _described(context, facts, notes)
        barcode: str | None = facts.barcode or None
        given = ""
        if barcode in taken:
            barcode, given = None, facts.barcode
            notes["barcode_taken"] += 1
        elif barcode:
            taken.add(barcode)
        rows.append(
            b"".join(
                (
                    head,
                    long(record_id),
                    long(contribution_id),
                    long(described.house_id),
                    NULL if barcode is None else text(barcode),
                    long(described.price_amount),
                    words(described.price_currency, state, described.location),
                    text(described.call_number),
                    words(given, described.house_given),
                )
            )
        )
    db.copy_binary("catalogue_copy", _COLUMNS, rows)
    return len(rows)


def _described(context: Context, facts: CopyFacts, notes: Counter[str]) -> _Described:
    house_id = context.houses.get(facts.house) if facts.house else context.house_id
    given = ""
    if house_id is None:
        given = facts.house
        # Codes of a library's own shelves and branches: with a house to put them in, that is where the copy stands.
        if context.house_id is not None:
            house_id = context.house_id
        notes["house_unknown"] += 1
    money = price(facts.price, context.currency) if facts.price else None
    if facts.price and money is None:
        notes["price_unread"] += 1
    return _Described(
        house_id,
        facts.location,
        facts.call_number,
        money.amount if money else None,
        money.currency if money else "",
        given,
    )


def replace(context: Context, changed: Sequence[tuple[Incoming, Standing]], notes: Counter[str]) -> int:
    """Bring the copies of changed contributions to what the source says; states stay. Returns how many came new.

    The same copy is the one with the same barcode, else the next one without a barcode. One that the source no longer names is
    withdrawn unless it is with a reader or under way.
    """
    if not changed:
        return 0
    standing: dict[int, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [array(known.id for _, known in changed)])
        for row in cursor.fetchall():
            standing.setdefault(row[1], []).append(row)
    added: list[tuple[int, int, CopyFacts]] = []
    updates: list[tuple[Any, ...]] = []
    gone: list[int] = []
    for one, known in changed:
        left = standing.get(known.id, [])
        for facts in one.parsed.copies:
            row = next((row for row in left if (row[2] or "") == facts.barcode), None)
            if row is None:
                added.append((known.record_id, known.id, facts))
                continue
            left.remove(row)
            described = _described(context, facts, notes)
            if tuple(described) != tuple(row[3:9]):
                updates.append((*described, row[0]))
        gone += [row[0] for row in left]
    with connection.cursor() as cursor:
        if updates:
            cursor.executemany(_CHANGE, updates)
        if gone:
            cursor.execute(_WITHDRAW, [array(gone)])
            notes["copies_withdrawn"] += cursor.rowcount
    return _insert(context, added, notes)
