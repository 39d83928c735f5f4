"""The one place that writes lines of the ledger.

A holder's ledger of one unit is held from reading to writing. Whoever writes in it has taken all other locks of the act before, and takes
none after: so an act may turn out to concern the ledgers of people whom it did not know of when it began (a space is closed, and those
who had booked it get their money back), and two of them never wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from khaneh.domains.credits import rules
from khaneh.domains.credits.errors import BalanceShort, UnitUnknown
from khaneh.domains.credits.models import Balance, Entry
from khaneh.domains.credits.queries.balances import of
from khaneh.domains.credits.types import EntryKind, Holder, Means, UnitKind
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import is_currency

_UNIT = "INSERT INTO credits_unit (code, kind, names, active) VALUES (%(code)s, %(kind)s, '{}', true) ON CONFLICT DO NOTHING"
_BALANCE = """
INSERT INTO credits_balance (account_id, organisation_id, unit_id, amount, may_owe)
SELECT %(account)s::bigint, %(organisation)s::bigint, u.code, 0, u.kind = 'currency'
FROM credits_unit u WHERE u.code = %(unit)s ON CONFLICT DO NOTHING
"""


class Line(NamedTuple):
    """What a line shall say beside whose it is and how much."""

    kind: EntryKind
    source: str = ""
    means: Means | None = None
    note: str = ""
    house_id: int | None = None
    key: str | None = None


def opened(holder: Holder, unit: str) -> int:
    """The id of a holder's balance of a unit, made where there is none; a currency is known when it is first used. Raises UnitUnknown.

    One statement, four the first time.
    """
    found = of(holder).filter(unit_id=unit).values_list("pk", flat=True)
    number = found.first()
    if number is None:
        if is_currency(unit):
            db.execute(_UNIT, {"code": unit, "kind": UnitKind.CURRENCY.value})
        db.execute(_BALANCE, {"account": holder.account_id, "organisation": holder.organisation_id, "unit": unit})
        number = found.first()
    if number is None:
        raise UnitUnknown(unit=unit)
    return int(number)


def hold(balance_ids: Iterable[int]) -> None:
    """Hold these ledgers until the transaction ends, in one order. One statement. Nothing else is locked after them (see the module)."""
    wanted = sorted(set(balance_ids))
    if wanted:
        db.lock(*(("credits.ledger", number) for number in wanted))


def write(balance_id: int, amount: int, line: Line, *, actor: Actor, now: datetime, floor: int | None = None) -> int:
    """Write one line, with its ledger held; gives its id. Raises BalanceShort where the balance would go below zero (a credit), or below
    `floor` (money). Three statements, four about a source.
    """
    unit, had, may_owe, house_id = Balance.objects.values_list("unit_id", "amount", "may_owe", "unit__house_id").get(
        pk=balance_id
    )
    least = floor if may_owe else 0
    if amount < 0 and least is not None and had + amount < least:
        raise BalanceShort(
            unit=unit, is_credit=not may_owe, balance=had, needed=-amount, short=least - had - amount, house_id=house_id
        )
    step = Entry.objects.filter(source=line.source).count() + 1 if line.source else None
    made = Entry.objects.create(
        balance_id=balance_id, kind=line.kind.value, amount=amount, floor=least if amount < 0 else None,
        source=line.source, step=step, means=line.means.value if line.means else "", note=line.note,
        house_id=line.house_id, by_id=actor.account_id, at=now, key=line.key,
    )  # fmt: skip
    journal.record(f"credits.entry.{line.kind.value}", actor=actor, house_id=line.house_id, entry_id=made.pk)
    return made.pk


def available(balance_id: int, floor: int | None) -> int:
    """How much can be charged, with the ledger held: all that anybody asks, where money has no limit. One statement."""
    had, may_owe = Balance.objects.values_list("amount", "may_owe").get(pk=balance_id)
    least = floor if may_owe else 0
    return rules.GREATEST if least is None else max(0, had - least)


def told(key: str | None) -> int | None:
    """The line that was written under a key, if one was. At most one statement."""
    return Entry.objects.filter(key=key).values_list("pk", flat=True).first() if key else None
