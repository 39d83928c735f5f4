"""What a desk prints: slips that go into copies, receipts for readers; and the day's work in figures. Never a name on what lies in the open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.types import FeeKind, PaymentMethod, TransferReason
from khaneh.domains.people.queries.within import with_people
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

MOST = 200

_HOLDS = with_catalogue(
    with_people(
        """
SELECT q.id, c.barcode, c.title, q.shelf_until,
       coalesce((SELECT right(k.barcode, 4) FROM {cards} k WHERE k.member_id = m.id), ''), m.language
FROM circulation_request q JOIN {copies} c ON c.id = q.captured_copy_id
JOIN {members} m ON m.id = q.member_id
WHERE q.pickup_house_id = %(house)s AND q.state = 'on_shelf' AND (%(one)s::bigint IS NULL OR q.id = %(one)s)
ORDER BY q.captured_at DESC, q.id DESC LIMIT %(limit)s
"""
    )
)
_TRANSFERS = with_catalogue(
    """
SELECT t.id, c.barcode, c.title, t.reason, t.to_house_id, t.sent_at
FROM circulation_transfer t JOIN {copies} c ON c.id = t.copy_id
WHERE t.from_house_id = %(house)s AND t.state = 'sent' AND (%(one)s::bigint IS NULL OR t.id = %(one)s)
ORDER BY t.to_house_id, t.sent_at, t.id LIMIT %(limit)s
"""
)
_PAYMENT = with_people(
    """
SELECT f.id, f.kind, f.amount, f.currency, f.method, f.at,
       coalesce((SELECT right(k.barcode, 4) FROM {cards} k WHERE k.member_id = m.id), ''), m.language,
       (SELECT sum(b.amount)::bigint FROM circulation_fee_entry b
        WHERE b.member_id = f.member_id AND b.currency = f.currency AND b.id <= f.id)
FROM circulation_fee_entry f JOIN {members} m ON m.id = f.member_id
WHERE f.id = %(one)s AND f.house_id = %(house)s AND f.kind IN ('payment', 'waiver')
"""
)
_LOANS = with_catalogue(
    """
SELECT c.barcode, c.title, l.due_at FROM circulation_loan l
JOIN {copies} c ON c.id = l.copy_id
WHERE l.member_id = %(one)s AND l.house_id = %(house)s AND l.state = 'open' AND greatest(l.lent_at, l.renewed_at) >= %(since)s
ORDER BY l.due_at, l.id LIMIT %(limit)s
"""
)
_READER = with_people(
    """
SELECT coalesce((SELECT right(k.barcode, 4) FROM {cards} k WHERE k.member_id = m.id), ''), m.language
FROM {members} m WHERE m.id = %s
"""
)
_DAY = """
SELECT (SELECT count(*) FROM circulation_target WHERE house_id = %(house)s AND state = 'asked'),
       (SELECT count(*) FROM circulation_request WHERE pickup_house_id = %(house)s AND state = 'on_shelf'),
       (SELECT count(*) FROM circulation_request WHERE pickup_house_id = %(house)s AND state = 'on_shelf' AND shelf_until < %(now)s),
       (SELECT count(*) FROM circulation_transfer WHERE to_house_id = %(house)s AND state = 'sent'),
       (SELECT count(*) FROM circulation_transfer WHERE from_house_id = %(house)s AND state = 'sent'),
       (SELECT count(*) FROM circulation_loan WHERE house_id = %(house)s AND state = 'open' AND due_at < %(now)s)
"""


class HoldSlip(NamedTuple):
    """What lies in a copy on the hold shelf. `card` is the last four signs of the reader's card, `language` theirs or empty."""

    request_id: int
    barcode: str | None
    title: str
    until: datetime
    card: str
    language: str


class TransferSlip(NamedTuple):
    """What travels with a copy."""

    transfer_id: int
    barcode: str | None
    title: str
    reason: TransferReason
    to_house_id: int
    sent_at: datetime


class PaymentReceipt(NamedTuple):
    """A payment or a forgiveness; both sums are as the reader sees them: what they gave, and what is owed after it."""

    entry_id: int
    kind: FeeKind
    amount: Money
    method: PaymentMethod | None
    at: datetime
    card: str
    language: str
    owed: Money


class LoanSlipLine(NamedTuple):
    """A loan of the day."""

    barcode: str | None
    title: str
    due_at: datetime


class LoansReceipt(NamedTuple):
    """What a reader took home, or renewed, since `since`."""

    card: str
    language: str
    loans: tuple[LoanSlipLine, ...]


class Day(NamedTuple):
    """A house's work in figures."""

    pull: int
    shelf: int
    uncollected: int
    coming: int
    sent: int
    overdue: int


def hold_slips(actor: Actor, *, house_id: int, request_id: int | None = None, limit: int = MOST) -> list[HoldSlip]:
    """Slips of one request or of the whole hold shelf, the latest first. One statement. Raises NotAllowed."""
    return [HoldSlip(*row) for row in _rows(actor, _HOLDS, house_id, one=request_id, limit=limit)]


def transfer_slips(
    actor: Actor, *, house_id: int, transfer_id: int | None = None, limit: int = MOST
) -> list[TransferSlip]:
    """Slips of one copy or of all that are sent from the house, by where they go. One statement. Raises NotAllowed."""
    rows = _rows(actor, _TRANSFERS, house_id, one=transfer_id, limit=limit)
    return [TransferSlip._make((*row[:3], TransferReason(row[3]), *row[4:])) for row in rows]


def payment_receipt(actor: Actor, *, house_id: int, entry_id: int) -> PaymentReceipt:
    """What was paid or forgiven at this house. One statement. Raises NotAllowed, NotFound."""
    row = next(iter(_rows(actor, _PAYMENT, house_id, one=entry_id)), None)
    if row is None:
        raise NotFound(what="payment")
    number, kind, amount, currency, method, at, card, language, owed = row
    return PaymentReceipt(
        number, FeeKind(kind), Money(-amount, currency), PaymentMethod(method) if method else None, at, card, language,
        Money(max(owed, 0), currency),
    )  # fmt: skip


def loans_receipt(actor: Actor, *, house_id: int, member_id: int, since: datetime, limit: int = MOST) -> LoansReceipt:
    """What the house lent a member, or renewed, since an instant. Two statements. Raises NotAllowed, NotFound."""
    rows = _rows(actor, _LOANS, house_id, one=member_id, since=since, limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(_READER, [member_id])
        reader = cursor.fetchone()
    if reader is None:
        raise NotFound(what="member")
    card, language = reader
    return LoansReceipt(card, language, tuple(LoanSlipLine(*row) for row in rows))


def day(actor: Actor, *, house_id: int, now: datetime) -> Day:
    """How much waits to be fetched, stands on the hold shelf, travels and is late. One statement. Raises NotAllowed."""
    return Day(*_rows(actor, _DAY, house_id, now=now)[0])


def _rows(actor: Actor, query: str, house_id: int, **facts: Any) -> Sequence[tuple[Any, ...]]:
    permissions.require_desk(actor, house_id=house_id)
    with connection.cursor() as cursor:
        cursor.execute(query, {"house": house_id, **facts})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
