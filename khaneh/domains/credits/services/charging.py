"""What things cost: said as what something shall have cost, so that saying it twice charges once.

Called by the domains that ask prices, in the transaction of their own act and with their own permissions.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Sum

from khaneh.domains.credits import rules
from khaneh.domains.credits.models import Balance, Entry
from khaneh.domains.credits.services import ledger
from khaneh.domains.credits.types import COSTS, EntryKind, Holder
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

_COSTS = [kind.value for kind in COSTS]


def charge(
    *,
    actor: Actor,
    holder: Holder,
    prices: Collection[Money],
    source: str,
    now: datetime,
    house_id: int | None = None,
    may_owe: int | None = None,
    what_there_is: bool = False,
    note: str = "",
) -> int:
    """Make what `source` (e.g. `spaces.booking:12`) costs its holder be these prices, one a unit: what lacks is charged, what was too much is
    given back. Told again, it changes nothing. Gives the number of lines that it wrote.

    Money may be owed down to `may_owe`, None for no limit; a credit never. `what_there_is` takes less than the price rather than refuse it:
    for what is charged afterwards. Raises BalanceShort, UnitUnknown. About ten statements, one where nothing is and was charged.
    """
    _check(source)
    floor = None if may_owe is None else -may_owe
    with db.transaction():
        wanted = {ledger.opened(holder, one.currency): one.amount for one in prices if one.amount > 0}
        costs = _held(source, wanted)
        changes = {number: wanted.get(number, 0) - costs.get(number, 0) for number in {*costs, *wanted}}
        written = 0
        # What comes back is written first: nobody is refused for the order of lines.
        for number, change in sorted(changes.items(), key=lambda one: (one[1], one[0])):
            most = ledger.available(number, floor) if change > 0 and what_there_is else change
            line = _line(source, min(change, most), house_id, note)
            if line is not None:
                ledger.write(number, -min(change, most), line, actor=actor, now=now, floor=floor)
                written += 1
        return written


def refund(
    *,
    actor: Actor,
    source: str,
    now: datetime,
    keep: Collection[Money] = (),
    house_id: int | None = None,
    note: str = "",
) -> int:
    """Give back what `source` cost, to whoever paid it, but for `keep`. Gives the number of lines that it wrote, 0 where there was nothing to
    give back. At most eight statements for each unit, one where it cost nothing.
    """
    _check(source)
    left = {one.currency: one.amount for one in keep}
    with db.transaction():
        costs = _held(source, ())
        units = dict(Balance.objects.filter(pk__in=costs).values_list("pk", "unit_id")) if costs else {}
        written = 0
        for number, cost in sorted(costs.items()):
            back = max(0, cost - left.get(units[number], 0))
            line = _line(source, -back, house_id, note)
            if line is not None:
                ledger.write(number, back, line, actor=actor, now=now)
                written += 1
        return written


def hold(*, sources: Collection[str] = (), holders: Collection[tuple[Holder, str]] = ()) -> None:
    """Hold the ledgers that these sources were charged to, and these of holders and units, before several of them are written. One statement,
    one for the sources, and one for each of the holders' (four the first time). See `ledger` for what may be locked after them: nothing.
    """
    numbers = {ledger.opened(holder, unit) for holder, unit in sorted(set(holders), key=str)}
    if sources:
        numbers |= set(Entry.objects.filter(source__in=sources).values_list("balance_id", flat=True))
    ledger.hold(numbers)


def _line(source: str, change: int, house_id: int | None, note: str) -> ledger.Line | None:
    if not change:
        return None
    return ledger.Line(EntryKind.CHARGE if change > 0 else EntryKind.REFUND, source, note=note, house_id=house_id)


def _held(source: str, also: Collection[int]) -> dict[int, int]:
    """What a source has cost so far by balance, with their ledgers held, and `also` these. Three statements, one where there is nothing."""
    seen = {*_costs(source), *also}
    if not seen:
        return {}
    ledger.hold(seen)
    return _costs(source)


def _costs(source: str) -> dict[int, int]:
    sums = Entry.objects.filter(source=source, kind__in=_COSTS).values_list("balance_id").annotate(total=Sum("amount"))
    return {number: -int(total) for number, total in sums if total}


def _check(source: str) -> None:
    if not rules.is_source(source):
        raise ValueError(f"not a source: {source!r}")
