"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.people.queries import contacts
from khaneh.domains.qualifications import queries
from khaneh.domains.qualifications.models import Holding
from khaneh.kernel.actor import SYSTEM


def export_member(member_id: int) -> list[dict[str, Any]]:
    """Everything the member holds and held, as JSON values. Four statements."""
    account_id = _account(member_id)
    if account_id is None:
        return []
    return [
        {
            "qualification": row.qualification.code,
            "names": row.qualification.names.to_dict(),
            "house": row.house.code if row.house else "",
            "basis": row.basis.value,
            "source": row.source,
            "awarded_at": row.awarded_at,
            "valid_until": row.valid_until,
            "last_used_at": row.last_used_at,
            "ended_at": row.ended_at,
            "end_reason": row.end_reason.value if row.end_reason else "",
            "reason": row.reason,
        }
        for row in queries.holdings_of(account_id, actor=SYSTEM, limit=10_000)
    ]


def erase_member(member_id: int, now: datetime) -> None:
    """Forget what the member held. Two statements."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id)


def erase_account(account_id: int) -> None:
    """The same for an account that is closed, whether or not its holder was a member. One statement."""
    Holding.objects.filter(account_id=account_id).delete()


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
