"""What is kept of a person here: told, and forgotten. Lines stay, as books must, with numbers and without words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.credits import queries
from khaneh.domains.credits.models import Balance, Entry, Work
from khaneh.domains.credits.types import Holder, WorkState
from khaneh.domains.people.queries import contacts
from khaneh.domains.people.types import Owed
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_DEBT = Label("Money owed for bookings", "بدهی رزروها", "Còn nợ tiền đặt chỗ")


def export_member(member_id: int) -> dict[str, Any]:
    """Balances, lines and recorded work, as JSON values. At most twelve statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"balances": [], "entries": [], "works": []}
    holder = Holder(account_id)
    return {
        "balances": [list(row.money) for row in queries.balances_of(holder, actor=SYSTEM)],
        "entries": [
            {
                "unit": unit, "kind": kind, "amount": amount, "after": after, "source": source, "note": note, "at": at,
            }
            for unit, kind, amount, after, source, note, at in Entry.objects.filter(balance__account_id=account_id)
            .order_by("pk")
            .values_list("balance__unit_id", "kind", "amount", "after", "source", "note", "at")
        ],
        "works": [
            {
                "house": row.house.code, "kind": row.kind, "minutes": row.minutes, "done_on": row.done_on,
                "note": row.note, "state": row.state.value, "unit": row.unit, "amount": row.amount, "reason": row.reason,
            }
            for row in queries.works_of(account_id, limit=10_000)
        ],
    }  # fmt: skip


def owed_by_member(member_id: int) -> list[Owed]:
    """Debts stand in the way of being forgotten. Two statements."""
    account_id = _account(member_id)
    debts = queries.owed(account_id) if account_id is not None else []
    return [Owed("credits.owed", _DEBT, len(debts))] if debts else []


def erase_member(member_id: int, now: datetime) -> None:
    """Forget what a member did and what was said of it."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed. What it had stays in the books, under a number that says nobody. Three statements."""
    mine = Work.objects.filter(account_id=account_id)
    mine.filter(state=WorkState.PENDING.value).update(state=WorkState.WITHDRAWN.value, decided_at=now)
    mine.update(account=None, note="", reason="", key=None)
    balances = Balance.objects.filter(account_id=account_id)
    Entry.objects.filter(balance__in=balances).exclude(note="").update(note="")


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
