"""Money over the counter, and corrections."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.credits import permissions, rules
from khaneh.domains.credits.services import ledger
from khaneh.domains.credits.types import EntryKind, Holder, Means
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import is_currency
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_NOTE = 500


def pay(
    *,
    actor: Actor,
    holder: Holder,
    unit: str,
    amount: int,
    means: Means,
    house_id: int,
    now: datetime,
    key: str | None = None,
    note: str = "",
) -> int:
    """Take money at the desk of a house; what is more than what is owed is the holder's to spend. Gives the line's id; with a `key`, a
    payment that is told twice is written once. Raises NotAllowed, NotFound, Invalid.
    """
    permissions.require_desk(actor, house_id=house_id)
    return _paid(EntryKind.PAYMENT, actor, holder, unit, amount, means, house_id, now, key, note)


def pay_out(
    *,
    actor: Actor,
    holder: Holder,
    unit: str,
    amount: int,
    means: Means,
    house_id: int,
    now: datetime,
    key: str | None = None,
    note: str = "",
) -> int:
    """Give money back over the counter, at most what the holder has. As `pay`, for who manages the house. Also raises BalanceShort."""
    permissions.require_manage(actor, house_id=house_id)
    return _paid(EntryKind.PAYOUT, actor, holder, unit, amount, means, house_id, now, key, note)


def adjust(
    *,
    actor: Actor,
    holder: Holder,
    unit: str,
    amount: int,
    reason: str,
    house_id: int,
    now: datetime,
    key: str | None = None,
) -> int:
    """Correct a balance by an amount above or below zero, for a reason that the ledger keeps; gives the line's id. Nobody corrects their
    own. Raises NotAllowed, NotFound, Invalid, UnitUnknown, BalanceShort where a credit would be owed.
    """
    permissions.require_manage(actor, house_id=house_id)
    reason = reason.strip()
    wrong = {}
    if not amount or abs(amount) > rules.GREATEST:
        wrong["amount"] = "out_of_range"
    if not reason or len(reason) > LONGEST_NOTE:
        wrong["reason"] = "too_long" if reason else "required"
    if actor.account_id is not None and holder.account_id == actor.account_id:
        wrong["holder"] = "own"
    if wrong:
        raise Invalid(fields=wrong)
    line = ledger.Line(EntryKind.ADJUSTED, note=reason, house_id=house_id, key=key)
    return _write(actor, holder, unit, amount, line, now, floor=None)


def _paid(
    kind: EntryKind, actor: Actor, holder: Holder, unit: str, amount: int, means: Means, house_id: int, now: datetime,
    key: str | None, note: str,
) -> int:  # fmt: skip
    wrong = {}
    if not is_currency(unit):
        wrong["unit"] = "not_in_list"
    if not 0 < amount <= rules.GREATEST:
        wrong["amount"] = "out_of_range"
    if means not in list(Means):
        wrong["means"] = "not_in_list"
    if len(note) > LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    line = ledger.Line(kind, means=Means(means), note=note.strip(), house_id=house_id, key=key)
    return _write(actor, holder, unit, amount if kind is EntryKind.PAYMENT else -amount, line, now, floor=0)


def _write(
    actor: Actor, holder: Holder, unit: str, amount: int, line: ledger.Line, now: datetime, *, floor: int | None
) -> int:
    with db.transaction():
        _known(holder)
        number = ledger.opened(holder, unit)
        ledger.hold([number])
        # Seen with the ledger held: the same form sent twice at one moment.
        before = ledger.told(line.key)
        return before if before is not None else ledger.write(number, amount, line, actor=actor, now=now, floor=floor)


def _known(holder: Holder) -> None:
    """Raises NotFound where there is no such account or organisation. One statement."""
    if holder.account_id is not None:
        if not people.account(holder.account_id).is_active:
            raise NotFound(what="account")
    elif holder.organisation_id not in network.organisation_refs([holder.organisation_id or 0]):
        raise NotFound(what="organisation")
