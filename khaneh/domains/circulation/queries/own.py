"""What a reader sees of their own lending: loans, requests, the ledger, what they have read. Whoever calls has identified them.

Titles come from the catalogue's own query, so nothing here knows its tables.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from khaneh.domains.catalogue.queries.titles import Thing, things
from khaneh.domains.circulation.types import FeeKind, LoanState, PaymentMethod, RequestLevel, RequestState
from khaneh.domains.network import queries as network
from khaneh.kernel.money import Money

# More than any policy lends; a longer list is a fault somewhere else and must not take a page down.
MOST = 500

_LOANS = """
SELECT id, copy_id, state, lent_at, due_at, renewals, claimed_at IS NOT NULL, house_id, (terms ->> 'renewals_max')::int
FROM circulation_loan WHERE member_id = %(member)s AND state IN ('open', 'lost') ORDER BY due_at, id LIMIT %(limit)s
"""
_REQUESTS = """
SELECT id, state, level, work_id, record_id, coalesce(captured_copy_id, wanted_copy_id), pickup_house_id, placed_at, suspended_until,
       expires_at, shelf_until, note
FROM circulation_request
WHERE member_id = %(member)s AND state IN ('placed', 'suspended', 'targeted', 'in_transit', 'on_shelf')
ORDER BY state <> 'on_shelf', placed_at, id LIMIT %(limit)s
"""
_OWED = """
SELECT currency, sum(amount)::bigint FROM circulation_fee_entry WHERE member_id = %s GROUP BY currency HAVING sum(amount) <> 0
ORDER BY currency
"""
_LEDGER = """
SELECT id, kind, amount, currency, at, note, method, house_id,
       sum(amount) OVER (PARTITION BY currency ORDER BY at, id)::bigint, count(*) OVER ()
FROM circulation_fee_entry WHERE member_id = %s ORDER BY at DESC, id DESC LIMIT %s OFFSET %s
"""
_HISTORY = """
SELECT id, copy_id, lent_at, ended_at, house_id, state, count(*) OVER ()
FROM circulation_loan WHERE member_id = %s AND state IN ('returned', 'found') ORDER BY ended_at DESC, id DESC LIMIT %s OFFSET %s
"""


class OwnLoan(NamedTuple):
    """A loan that holds its copy. `days` until the day it is due on the clocks of the house that lent it, below zero after it.

    `renewals_left` is None without a limit, and no promise: the rules are asked when it is renewed.
    """

    id: int
    thing: Thing | None
    state: LoanState
    lent_at: datetime
    due_at: datetime
    days: int
    renewals: int
    renewals_left: int | None
    is_claimed: bool
    house_id: int
    zone: str
    is_late: bool


class OwnRequest(NamedTuple):
    """A request that is under way; `house_id` is where it is collected."""

    id: int
    thing: Thing | None
    state: RequestState
    level: RequestLevel
    house_id: int
    zone: str
    placed_at: datetime
    suspended_until: datetime | None
    expires_at: datetime | None
    shelf_until: datetime | None
    note: str

    @property
    def may_move(self) -> bool:
        """Whether it may still be collected elsewhere, or wait: no copy is under way for it."""
        return self.state in (RequestState.PLACED, RequestState.TARGETED, RequestState.SUSPENDED)


class OwnFee(NamedTuple):
    """A line of the ledger with what was owed after it, in the same currency."""

    id: int
    kind: FeeKind
    amount: Money
    at: datetime
    note: str
    method: PaymentMethod | None
    house_id: int | None
    after: Money


class OwnRead(NamedTuple):
    """Something that was read, while its reader keeps a history."""

    loan_id: int
    thing: Thing | None
    lent_at: datetime
    ended_at: datetime
    house_id: int


def own_loans(member_id: int, *, now: datetime) -> list[OwnLoan]:
    """What a member has at home, soonest due first. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_LOANS, {"member": member_id, "limit": MOST})
        rows = cursor.fetchall()
    named = things(copy_ids=[row[1] for row in rows])
    found = []
    for number, copy, state, lent, due, renewals, claimed, house, most in rows:
        zone = network.house_facts(house).calendar.zone
        clock = ZoneInfo(zone)
        days = (due.astimezone(clock).date() - now.astimezone(clock).date()).days
        left = max(0, most - renewals) if most is not None else None
        found.append(
            OwnLoan(
                number, named.get(("copy", copy)), LoanState(state), lent, due, days, renewals, left, claimed, house, zone,
                state == LoanState.OPEN and due < now,
            )
        )  # fmt: skip
    return found


def own_requests(member_id: int) -> list[OwnRequest]:
    """What a member waits for, that which can be collected first. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_REQUESTS, {"member": member_id, "limit": MOST})
        rows = cursor.fetchall()
    named = things(
        copy_ids=[row[5] for row in rows if row[5] is not None],
        record_ids=[row[4] for row in rows if row[4] is not None],
        work_ids=[row[3] for row in rows if row[3] is not None],
    )
    return [
        OwnRequest(
            number, named.get(("copy", copy)) or named.get(("record", record)) or named.get(("work", work)), RequestState(state),
            RequestLevel(level), house, network.house_facts(house).calendar.zone, placed, suspended, expires, shelf, note,
        )
        for number, state, level, work, record, copy, house, placed, suspended, expires, shelf, note in rows
    ]  # fmt: skip


def owed(member_id: int) -> list[Money]:
    """What a member owes, one sum a currency, below zero where it is credit. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [member_id])
        return [Money(amount, currency) for currency, amount in cursor.fetchall()]


def ledger(member_id: int, *, offset: int = 0, limit: int = 50) -> tuple[list[OwnFee], int]:
    """Lines of a member's ledger, the newest first, and how many there are. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER, [member_id, limit, offset])
        rows = cursor.fetchall()
    lines = [
        OwnFee(
            number, FeeKind(kind), Money(amount, currency), at, note, PaymentMethod(method) if method else None, house,
            Money(after, currency),
        )
        for number, kind, amount, currency, at, note, method, house, after, _ in rows
    ]  # fmt: skip
    return lines, rows[0][-1] if rows else 0


def history(member_id: int, *, offset: int = 0, limit: int = 50) -> tuple[list[OwnRead], int]:
    """What a member has read and kept, the newest first, and how much there is. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [member_id, limit, offset])
        rows = cursor.fetchall()
    named = things(copy_ids=[row[1] for row in rows])
    lines = [
        OwnRead(number, named.get(("copy", copy)), lent, ended, house)
        for number, copy, lent, ended, house, _, _ in rows
    ]
    return lines, rows[0][-1] if rows else 0
