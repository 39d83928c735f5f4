"""What lending keeps about a member: told, forgotten, moved when two memberships are one. Spec: CIRC-KEEP.

Called by people: the first three through `people.services.personal_data`, the last two through the journal (`apps.ready`), each in the
transaction of the act that asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries.titles import things
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation.models import Conflict, FeeEntry, Loan, Request
from khaneh.domains.circulation.services import ending
from khaneh.domains.circulation.types import ConflictState, LoanState, RequestState
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.people.types import Owed
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_LOANS = Label("Loans to return", "امانت‌هایی که باید بازگردانده شود", "Tài liệu cần trả")
_DEBTS = Label("Fees to pay", "بدهی‌هایی که باید پرداخت شود", "Khoản cần thanh toán")
_SHELF = Label(
    "Copies that wait on the hold shelf: collect them or cancel the requests",
    "نسخه‌هایی که در قفسهٔ رزرو منتظر شماست: دریافت کنید یا درخواست را لغو کنید",
    "Tài liệu đang chờ trên giá: hãy nhận hoặc hủy yêu cầu",
)
_UNSETTLED = Label(
    "What a desk without a line noted and nobody has looked at yet",
    "آنچه میزی بدون اتصال ثبت کرده و هنوز بررسی نشده است",
    "Ghi nhận của quầy ngoại tuyến chưa được xử lý",
)
_FORGET_ANSWERS = """
DELETE FROM circulation_terminal_answer a USING unnest(%s::text[]) AS words (word) WHERE position(word IN a.answer::text) > 0
"""

# What was noted of a copy names nobody's loan; a note that stands with a charge too, or has a name in it, is known by that.
_FORGET_DAMAGES = """
UPDATE circulation_damage d SET note = '' WHERE note <> '' AND (
    note IN (SELECT note FROM circulation_fee_entry WHERE member_id = %s)
    OR EXISTS (SELECT FROM unnest(%s::text[]) AS words (word) WHERE position(lower(word) IN lower(d.note)) > 0))
"""


def owed(member_id: int) -> list[Owed]:
    """What must be settled before a member is forgotten: open loans, debts, copies on the hold shelf, conflicts. Four statements.

    A lost copy that is paid for is settled.
    """
    found = (
        ("loans", _LOANS, Loan.objects.filter(member_id=member_id, state=LoanState.OPEN.value).count()),
        ("debts", _DEBTS, sum(amount > 0 for _, amount in balances(member_id))),
        (
            "hold_shelf",
            _SHELF,
            Request.objects.filter(member_id=member_id, state=RequestState.ON_SHELF.value).count(),
        ),
        ("conflicts", _UNSETTLED, Conflict.objects.filter(member_id=member_id, state=ConflictState.OPEN.value).count()),
    )
    return [Owed(f"circulation.{code}", label, count) for code, label, count in found if count]


def balances(member_id: int) -> list[tuple[str, int]]:
    """What a member owes in each currency, in minor units; below zero is credit. One statement."""
    sums: dict[str, int] = {}
    for currency, amount in FeeEntry.objects.filter(member_id=member_id).values_list("currency", "amount"):
        sums[currency] = sums.get(currency, 0) + amount
    return sorted(sums.items())


def export_member(member_id: int) -> dict[str, Any]:
    """Loans and requests with their titles, and the ledger, as JSON values. Seven statements."""
    loans = list(Loan.objects.filter(member_id=member_id).order_by("pk"))
    requests = list(Request.objects.filter(member_id=member_id).order_by("pk"))
    named = things(
        copy_ids={one.copy_id for one in loans} | {one.wanted_copy_id for one in requests if one.wanted_copy_id},
        record_ids={one.record_id for one in requests if one.record_id is not None},
        work_ids={one.work_id for one in requests if one.work_id is not None},
    )
    codes = network.house_refs({one.house_id for one in loans} | {one.pickup_house_id for one in requests})

    def title(kind: str, number: int | None) -> str:
        thing = named.get((kind, number or 0))
        return thing.title if thing is not None else ""

    return {
        "loans": [
            {
                "title": title("copy", one.copy_id), "house": codes[one.house_id].code, "state": one.state,
                "lent_at": one.lent_at, "due_at": one.due_at, "renewals": one.renewals, "returned_at": one.ended_at,
                "reason": (one.override or {}).get("reason", ""),
            }
            for one in loans
        ],
        "requests": [
            {
                "title": title(*ending.wants(one)), "collected_at": codes[one.pickup_house_id].code, "state": one.state,
                "placed_at": one.placed_at, "ended_at": one.ended_at, "note": one.note,
                "reason": (one.override or {}).get("reason", ""), "priority_reason": one.priority_reason,
            }
            for one in requests
        ],
        "fees": list(
            FeeEntry.objects.filter(member_id=member_id).order_by("pk").values("kind", "amount", "currency", "at", "method", "note")
        ),
        "balance": dict(balances(member_id)),
        "conflicts": list(Conflict.objects.filter(member_id=member_id).order_by("pk").values("act", "happened_at", "facts")),
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member. Requests end; what is over is nobody's; the ledger keeps amounts, and neither words nor keys.

    A lost copy that is paid for stays lost, and its loan ends. Open loans and debts stand in the way (`owed`).
    """
    ending.end(ending.held(_active([member_id])), reason="erased", now=now)
    lost = Loan.objects.filter(member_id=member_id, state=LoanState.LOST.value).order_by("copy_id")
    for loan_id, copy_id, house_id in list(lost.values_list("pk", "copy_id", "house_id")):
        catalogue.lending_copy(copy_id=copy_id, lock=True)
        Loan.objects.filter(pk=loan_id).update(state=LoanState.RETURNED.value, ended_at=now, ended_house_id=house_id)
        catalogue_services.set_copy_state(copy_id=copy_id, state=CopyState.LOST)
    forget_history(member_id=member_id)
    _forget_words(member_id, now)
    FeeEntry.objects.filter(member_id=member_id).update(note="", key=None, loan=None)
    Conflict.objects.filter(member_id=member_id).update(member=None, loan_id=None, facts={}, reason="")


def forget_history(*, member_id: int) -> None:
    """Forget what a member has read and asked for, as far as it is over. Three statements."""
    FeeEntry.objects.filter(member_id=member_id, loan__ended_at__isnull=False).update(loan=None)
    Loan.objects.filter(member_id=member_id, ended_at__isnull=False).update(member=None, override=None)
    Request.objects.filter(member_id=member_id, ended_at__isnull=False).update(**ending.forgotten(keeps=False))


def merge_members(*, kept_id: int, gone_id: int, now: datetime) -> None:
    """Two memberships are one person's: loans, requests and the ledger of `gone` become `kept`'s.

    Who waited twice for one thing waits once: the request that has its copy goes on, else the earlier one. A history is kept only if both
    wanted it. About ten statements.
    """
    kept = people.standing(now=now, member_id=kept_id)
    if kept is None or not kept.keep_history:
        forget_history(member_id=kept_id)
        forget_history(member_id=gone_id)
    requests = ending.held(_active([kept_id, gone_id]))
    for one in requests:
        one.member_id = kept_id
    ending.end(ending.doubled(requests), reason="merged", now=now)
    Loan.objects.filter(member_id=gone_id).update(member_id=kept_id)
    Request.objects.filter(member_id=gone_id).update(member_id=kept_id)
    Conflict.objects.filter(member_id=gone_id).update(member_id=kept_id)
    db.lock(("circulation.ledger", kept_id), ("circulation.ledger", gone_id))
    FeeEntry.objects.filter(member_id=gone_id).update(member_id=kept_id)


def _active(member_ids: Iterable[int]) -> list[int]:
    rows = Request.objects.filter(member_id__in=list(member_ids), ended_at=None)
    return list(rows.values_list("pk", flat=True))


def _forget_words(member_id: int, now: datetime) -> None:
    """What machines said to the member in the last minutes and what was noted of copies: found by their name and cards, since neither
    names anybody otherwise."""
    row = people.member(actor=SYSTEM, member_id=member_id, now=now)
    names = [word for word in (row.given_name, row.family_name) if word]
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_DAMAGES, [member_id, names])
        cursor.execute(_FORGET_ANSWERS, [[*names, *(card.barcode for card in row.cards)]])
