"""Money: charges, payments, forgiveness, in a ledger that only grows. Spec: CIRC-FEE."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from khaneh.domains.circulation import notices, permissions
from khaneh.domains.circulation.errors import PaymentTooHigh
from khaneh.domains.circulation.models import FeeEntry
from khaneh.domains.circulation.types import CHARGES, FeeKind, PaymentMethod
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_NOTE = 500


def charge(
    *, actor: Actor, house_id: int, member_id: int, kind: FeeKind, amount: Money, now: datetime, note: str = ""
) -> int:
    """Charge a member at a desk; gives the entry's id. Raises NotAllowed, NotFound, Invalid."""
    permissions.require_desk(actor, house_id=house_id)
    problems = {}
    if kind not in CHARGES:
        problems["kind"] = "not_in_list"
    if amount.amount <= 0:
        problems["amount"] = "out_of_range"
    if len(note) > LONGEST_NOTE:
        problems["note"] = "too_long"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        if people.standing(now=now, member_id=member_id) is None:
            raise NotFound(what="member")
        entry_id = _write(actor, house_id, member_id, kind, amount, now, note=note)
        notices.tell_charged(entry_id=entry_id, member_id=member_id, house_id=house_id, now=now)
        return entry_id


def pay(
    *,
    actor: Actor,
    house_id: int,
    member_id: int,
    amount: Money,
    method: PaymentMethod,
    now: datetime,
    key: str | None = None,
) -> int:
    """Take a payment at a desk; gives the entry's id. With a `key` a payment told twice is written once.

    Raises NotAllowed, NotFound, Invalid, PaymentTooHigh.
    """
    permissions.require_desk(actor, house_id=house_id)
    return _settle(actor, house_id, member_id, FeeKind.PAYMENT, amount, now, method=method.value, key=key)


def waive(*, actor: Actor, house_id: int, member_id: int, amount: Money, reason: str, now: datetime) -> int:
    """Forgive what is owed, or a part, for a reason; gives the entry's id. Raises NotAllowed, NotFound, Invalid, PaymentTooHigh."""
    permissions.require_lead(actor, house_id=house_id)
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise Invalid(fields={"reason": "required" if not reason.strip() else "too_long"})
    return _settle(actor, house_id, member_id, FeeKind.WAIVER, amount, now, note=reason.strip())


def balance(member_id: int, currency: str) -> int:
    """What a member owes in one currency, in minor units; below zero is credit. One statement."""
    total = FeeEntry.objects.filter(member_id=member_id, currency=currency).aggregate(total=Sum("amount"))["total"]
    return int(total or 0)


def _settle(
    actor: Actor,
    house_id: int,
    member_id: int,
    kind: FeeKind,
    amount: Money,
    now: datetime,
    *,
    note: str = "",
    method: str = "",
    key: str | None = None,
) -> int:
    if amount.amount <= 0:
        raise Invalid(fields={"amount": "out_of_range"})
    with db.transaction():
        # Two desks could each take the whole debt (CIRC-FEE-4).
        if people.standing(now=now, member_id=member_id, lock=True) is None:
            raise NotFound(what="member")
        told = FeeEntry.objects.filter(key=key).values_list("pk", flat=True).first() if key else None
        if told is not None:
            return int(told)
        owed = balance(member_id, amount.currency)
        if amount.amount > owed:
            raise PaymentTooHigh(owed=max(owed, 0), currency=amount.currency)
        taken = Money(-amount.amount, amount.currency)
        return _write(actor, house_id, member_id, kind, taken, now, note=note, method=method, key=key)


def _write(
    actor: Actor,
    house_id: int,
    member_id: int,
    kind: FeeKind,
    amount: Money,
    now: datetime,
    *,
    note: str = "",
    method: str = "",
    key: str | None = None,
) -> int:
    entry = FeeEntry.objects.create(
        member_id=member_id, kind=kind.value, amount=amount.amount, currency=amount.currency, house_id=house_id,
        by_id=actor.account_id, at=now, note=note, method=method, key=key,
    )  # fmt: skip
    journal.record("circulation.fee.entered", actor=actor, house_id=house_id, entry_id=entry.pk, entry_kind=kind.value)
    return entry.pk
