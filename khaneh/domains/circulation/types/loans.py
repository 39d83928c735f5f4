"""Loans: their states, and what lending, taking back and renewing answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from khaneh.kernel.labels import Label


class LoanState(StrEnum):
    """open → returned | lost; lost → found. A lost loan still holds its copy."""

    OPEN = "open"
    RETURNED = "returned"
    LOST = "lost"
    FOUND = "found"


LOAN_STATES: Mapping[LoanState, Label] = {
    LoanState.OPEN: Label("On loan", "در امانت", "Đang mượn"),
    LoanState.RETURNED: Label("Returned", "بازگردانده شد", "Đã trả"),
    LoanState.LOST: Label("Lost", "گم شد", "Đã mất"),
    LoanState.FOUND: Label("Lost and found again", "گم شد و پیدا شد", "Mất rồi tìm lại được"),
}
LOANS_HOLDING_A_COPY = (LoanState.OPEN, LoanState.LOST)


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody passes over refusals by named rights, for a reason that is kept."""

    rights: frozenset[str]
    reason: str

    def to_facts(self) -> dict[str, Any]:
        """For the row and the journal."""
        return {"rights": sorted(self.rights), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Lent:
    """A copy was lent."""

    loan_id: int
    copy_id: int
    member_id: int
    due_at: datetime
    decision_id: int | None


class ReturnedTo(StrEnum):
    """What happens to a copy that came in."""

    SHELF = "shelf"  # it belongs here: put it back
    HOLD_SHELF = "hold_shelf"  # a reader of this house waits for it
    TRANSIT_TO_READER = "transit_to_reader"  # a reader of another house waits for it
    TRANSIT_HOME = "transit_home"  # it belongs to another house
    TRANSIT_TO_EVEN_OUT = "transit_to_even_out"  # it floats, and this house has too many
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Returned:
    """A copy came in. `loan_id` is None when it was not lent; `fee` is in minor units of `currency`; `to_house_id` is where it goes next.

    `charge_id` is the ledger's line of the fee: nothing else leads to it, so whoever may want to undo the return keeps it.
    """

    copy_id: int
    record_id: int
    loan_id: int | None
    member_id: int | None
    was_late_days: int
    fee: int
    currency: str
    goes_to: ReturnedTo
    to_house_id: int | None
    request_id: int | None
    transfer_id: int | None
    was_lost: bool
    refunded: int
    charge_id: int | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """A loan was renewed."""

    loan_id: int
    due_at: datetime
    renewals: int
