"""What a copy that comes in was doing: one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from khaneh.domains.circulation.types import SHELF_DAYS, LoanState
from khaneh.infrastructure import db
from khaneh.kernel.money import Money

COLUMNS = """
       l.id, l.state, l.member_id, l.due_at, coalesce((l.terms ->> 'grace_days')::int, 0),
       (l.terms -> 'fee_per_day' ->> 0)::bigint, l.terms -> 'fee_per_day' ->> 1,
       (l.terms -> 'fee_cap' ->> 0)::bigint, l.terms -> 'fee_cap' ->> 1,
       t.id, r.id, r.pickup_house_id, (r.terms ->> 'shelf_days')::int"""
# One row for any copy. `r` is the request for which it travels or stands on the hold shelf.
SOURCES = """
FROM (VALUES (1)) AS one
LEFT JOIN circulation_occupancy o ON o.copy_id = %(copy)s
LEFT JOIN circulation_loan l ON l.id = o.loan_id
LEFT JOIN circulation_transfer t ON t.id = o.transfer_id
LEFT JOIN circulation_request r ON r.id = coalesce(o.request_id, t.request_id) AND r.ended_at IS NULL
"""
_HOLDING = f"SELECT {COLUMNS} {SOURCES}"


@dataclass(frozen=True, slots=True)
class Holding:
    """The loan, the transfer or the request that holds a copy; all None for one that stands on its shelf."""

    loan_id: int | None
    loan_state: LoanState | None
    member_id: int | None
    due_at: datetime | None
    grace_days: int
    fee_per_day: Money | None
    fee_cap: Money | None
    transfer_id: int | None
    request_id: int | None
    pickup_house_id: int | None
    shelf_days: int


def holding(*, copy_id: int) -> Holding:
    """What holds a copy. One statement."""
    return held_by(db.fetch_one(_HOLDING, {"copy": copy_id}) or ())


def held_by(row: Sequence[Any]) -> Holding:
    """The same from a row of `COLUMNS`."""
    loan, state, member, due_at, grace, fee, fee_in, cap, cap_in, transfer, request, pickup, shelf = row
    return Holding(
        loan_id=loan,
        loan_state=LoanState(state) if state else None,
        member_id=member,
        due_at=due_at,
        grace_days=grace,
        fee_per_day=Money(fee, fee_in) if fee is not None else None,
        fee_cap=Money(cap, cap_in) if cap is not None else None,
        transfer_id=transfer,
        request_id=request,
        pickup_house_id=pickup,
        shelf_days=SHELF_DAYS if shelf is None else shelf,
    )
