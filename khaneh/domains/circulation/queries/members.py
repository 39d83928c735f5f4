"""A member's picture at the desk: loans, requests, what is owed, beside what people know of them. Bounded statements at any number of loans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.types import FeeKind, LoanState, RequestState
from khaneh.domains.people import queries as people
from khaneh.domains.people.types import MemberRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

# More than any policy lends; beyond it the page says how many there are in all.
MOST = 500
LATEST_FEES = 12

_LOANS = with_catalogue(
    """
SELECT l.id, c.barcode, c.record_id, c.title, l.state, l.lent_at, l.due_at, l.renewals,
       l.claimed_at IS NOT NULL, l.house_id
FROM circulation_loan l JOIN {copies} c ON c.id = l.copy_id
WHERE l.member_id = %(member)s AND l.state IN ('open', 'lost') ORDER BY l.due_at, l.id LIMIT %(limit)s
"""
)
_REQUESTS = with_catalogue(
    """
SELECT q.id, q.state, coalesce(c.record_id, q.record_id, w.id),
       coalesce(c.title, r.title, w.title, ''),
       q.pickup_house_id, q.placed_at, q.shelf_until, c.barcode
FROM circulation_request q
LEFT JOIN {copies} c ON c.id = coalesce(q.captured_copy_id, q.wanted_copy_id)
LEFT JOIN {records} r ON r.id = q.record_id
LEFT JOIN LATERAL (SELECT x.id, x.title FROM {records} x
                   WHERE x.work_id = q.work_id AND c.id IS NULL AND q.record_id IS NULL ORDER BY x.id LIMIT 1) w ON true
WHERE q.member_id = %(member)s AND q.state IN ('placed', 'suspended', 'targeted', 'in_transit', 'on_shelf')
ORDER BY q.state <> 'on_shelf', q.placed_at, q.id LIMIT %(limit)s
"""
)
_OWED = """
SELECT currency, sum(amount)::bigint FROM circulation_fee_entry WHERE member_id = %s GROUP BY currency HAVING sum(amount) <> 0
ORDER BY currency
"""
_FEES = """
SELECT id, kind, amount, currency, at FROM circulation_fee_entry WHERE member_id = %s ORDER BY at DESC, id DESC LIMIT %s
"""


class LoanLine(NamedTuple):
    """A loan that holds its copy. `title` is empty where the record has none; `house_id` lent it."""

    id: int
    barcode: str | None
    record_id: int
    title: str
    state: LoanState
    lent_at: datetime
    due_at: datetime
    renewals: int
    is_claimed: bool
    house_id: int


class RequestLine(NamedTuple):
    """A request that is under way; `house_id` is where it is collected, `barcode` the copy that was captured or asked for."""

    id: int
    state: RequestState
    record_id: int | None
    title: str
    house_id: int
    placed_at: datetime
    shelf_until: datetime | None
    barcode: str | None


class FeeLine(NamedTuple):
    """A line of the ledger: charges above zero, all others below."""

    id: int
    kind: FeeKind
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberPicture:
    """Everything that a desk sees of a member. `owed` has one sum a currency, below zero where it is credit."""

    member: MemberRow
    loans: tuple[LoanLine, ...]
    requests: tuple[RequestLine, ...]
    owed: tuple[Money, ...]
    fees: tuple[FeeLine, ...]
    now: datetime

    @property
    def overdue(self) -> int:
        """How many open loans are past their day."""
        return sum(self.is_overdue(loan) for loan in self.loans)

    @property
    def ready(self) -> int:
        """How many requests stand on a hold shelf."""
        return sum(request.state is RequestState.ON_SHELF for request in self.requests)

    def is_overdue(self, loan: LoanLine) -> bool:
        """Whether a loan is open past its day."""
        return loan.state is LoanState.OPEN and loan.due_at < self.now


def picture(actor: Actor, *, house_id: int, member_id: int, now: datetime) -> MemberPicture:
    """A member as the desk of a house sees them. At most twelve statements. Raises NotAllowed, NotFound."""
    permissions.require_desk(actor, house_id=house_id)
    member = people.member(actor=actor, member_id=member_id, now=now)
    facts = {"member": member_id, "limit": MOST}
    with connection.cursor() as cursor:
        cursor.execute(_LOANS, facts)
        loans = tuple(LoanLine._make((*row[:4], LoanState(row[4]), *row[5:])) for row in cursor.fetchall())
        cursor.execute(_REQUESTS, facts)
        requests = tuple(RequestLine(*row)._replace(state=RequestState(row[1])) for row in cursor.fetchall())
        cursor.execute(_OWED, [member_id])
        owed = tuple(Money(amount, currency) for currency, amount in cursor.fetchall())
        cursor.execute(_FEES, [member_id, LATEST_FEES])
        fees = tuple(
            FeeLine(pk, FeeKind(kind), Money(amount, currency), at)
            for pk, kind, amount, currency, at in cursor.fetchall()
        )
    return MemberPicture(member, loans, requests, owed, fees, now)
