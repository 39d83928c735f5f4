"""Money: charges, payments, forgiveness, in a ledger that only grows. Spec: CIRC-FEE."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import Sum

from khaneh.domains.circulation import notices, permissions
from khaneh.domains.circulation.errors import PaymentTooHigh
from khaneh.domains.circulation.models import FeeEntry
from khaneh.domains.circulation.rules.charges import Line, charges
from khaneh.domains.circulation.types import CHARGES, FeeKind, PaymentMethod
from khaneh.domains.network import queries as network
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
    """Forgive what is owed, or a part, for a reason; gives the entry's id. It goes to the oldest charge that stands (CIRC-FEE-6).

    Raises NotAllowed, NotFound, Invalid, PaymentTooHigh.
    """
    permissions.require_lead(actor, house_id=house_id)
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise Invalid(fields={"reason": "required" if not reason.strip() else "too_long"})
    return _settle(actor, house_id, member_id, FeeKind.WAIVER, amount, now, note=reason.strip())


def balance(member_id: int, currency: str) -> int:
    """What a member owes in one currency, in minor units; below zero is credit. One statement."""
    total = FeeEntry.objects.filter(member_id=member_id, currency=currency).aggregate(total=Sum("amount"))["total"]
    return int(total or 0)


def charge_for_loan(
    *,
    member_id: int,
    house_id: int,
    kind: FeeKind,
    amount: Money,
    now: datetime,
    loan_id: int | None = None,
) -> int:
    """Charge what a loan cost: lateness, loss, damage; gives the entry's id. Two statements, in the caller's transaction.

    The line says on which day, and neither at which hour, in which house nor at whose desk: with those it would lead from the member to the
    loan, which forgets who read. `loan_id` only for whoever keeps a history (docs/decisions/0011).
    """
    entry = FeeEntry.objects.create(
        member_id=member_id, kind=kind.value, amount=amount.amount, currency=amount.currency, loan_id=loan_id,
        at=_day(house_id, now),
    )  # fmt: skip
    notices.tell_charged(entry_id=entry.pk, member_id=member_id, house_id=house_id, now=now)
    return entry.pk


def take_back(*, charge_id: int, house_id: int, now: datetime, member_id: int | None = None) -> int:
    """Take a charge of a loan back, as far as it was not forgiven or taken back before (CIRC-FEE-5, 6); gives how much, in minor units.

    What was paid of it is the member's credit. Nothing is done where it is not a charge of that member. Four statements.
    """
    charge = FeeEntry.objects.filter(pk=charge_id).first()
    if charge is None or (member_id is not None and charge.member_id != member_id):
        return 0
    hold(charge.member_id)
    lines = FeeEntry.objects.filter(member_id=charge.member_id, currency=charge.currency).order_by("pk")
    found, _ = charges(
        Line(pk, FeeKind(kind), amount, settles)
        for pk, kind, amount, settles in lines.values_list("pk", "kind", "amount", "settles_id")
    )
    back = found[charge.pk].refundable if charge.pk in found else 0
    if back > 0:
        FeeEntry.objects.create(
            member_id=charge.member_id, kind=FeeKind.REFUND.value, amount=-back, currency=charge.currency,
            settles_id=charge.pk, at=_day(house_id, now),
        )  # fmt: skip
    return back


def hold(member_id: int) -> None:
    """Let nobody else pay, forgive or take back in a member's ledger until the transaction ends. After members and copies in the order of
    locks. One statement.
    """
    db.lock(("circulation.ledger", member_id))


def _day(house_id: int, now: datetime) -> datetime:
    """Midnight of the house's own day."""
    local = now.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


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
        hold(member_id)
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
