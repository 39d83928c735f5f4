"""The mentors whose hours other houses share with one, for whoever appoints mentors there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.networking import queries
from khaneh.interfaces.web.spaces import wording


def shared_mentors(house_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """Each with the house that shares and what is left of this month, by name. At most seven statements."""
    found = [
        {
            "account_id": account_id,
            "names": row.names,
            "house": row.house,
            "left": wording.length(row.left) if row.left else "",
        }
        for account_id, row in queries.shared_mentors(house_id, now=now).items()
    ]
    return sorted(found, key=lambda one: str(one["names"]))
