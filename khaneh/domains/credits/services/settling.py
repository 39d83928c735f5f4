"""Ledgers at the end of an act: whatever asks prices says what its things shall have cost, and this brings the ledgers there.

One place, and one order: everything else that an act locks comes first, then all ledgers that it concerns at once by number, and nothing
after them (`ledger`). An act that is made of several, each of which settles, is done `together`: what each settles is tried where it stands,
so that it is refused there as by itself, and written at the end of the whole. So whoever moves a room with an event, or is forgotten by every part of
the program, never holds a ledger while waiting for a room, and two acts never wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from khaneh.domains.credits.errors import BalanceShort, UnitUnknown
from khaneh.domains.credits.services.charging import charge, hold, refund
from khaneh.domains.credits.types import Holder
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Bill:
    """What a source shall have cost, as `services.charge` takes it. Without a holder all that it cost goes back to whoever paid.

    One that is not `required` does not refuse the act where it cannot be paid: it is told of (`Unpaid`).
    """

    source: str
    actor: Actor
    holder: Holder | None = None
    prices: Collection[Money] = ()
    house_id: int | None = None
    may_owe: int | None = None
    required: bool = True


class Unpaid(Exception):
    """These sources cannot be paid for, and did not have to be."""

    def __init__(self, sources: Collection[str]) -> None:
        super().__init__(sources)
        self.sources = tuple(sources)


# By source: what is said last of a thing is what it shall have cost.
_later: ContextVar[dict[str, tuple[Bill, datetime]] | None] = ContextVar("credits_settled_later", default=None)


def settle(bills: Sequence[Bill], *, now: datetime) -> None:
    """Bring the ledgers to what these sources shall have cost, with their rows written and nothing left to lock.

    Raises BalanceShort, UnitUnknown; Unpaid, with all of them, for bills that are not required. At most two statements and ten a bill, and
    none where there is none; `together` twice that.
    """
    if not bills:
        return
    later = _later.get()
    wanted = {bill.source: (bill, now) for bill in bills}
    if later is None:
        _write(wanted)
        return
    with db.tried():
        _write(later | wanted)
    # What was tried could be paid: if others have spent it when it is written, the whole act is to be asked again.
    later |= {source: (replace(bill, required=True), at) for source, (bill, at) in wanted.items()}


@contextmanager
def together() -> Iterator[None]:
    """Within a transaction: what is settled in the block is written at its end, with all ledgers held at once. Nothing is locked after it.

    A block within another joins it. Raises as `settle`, where others spend meanwhile what was there when it was tried.
    """
    if _later.get() is not None:
        yield
        return
    later: dict[str, tuple[Bill, datetime]] = {}
    token = _later.set(later)
    try:
        yield
    finally:
        _later.reset(token)
    _write(later)


def refuse_unpaid(bill: Bill, *, now: datetime) -> None:
    """Whether this could be paid for at this moment, by paying it and taking that back. Raises as `settle`. None where nothing is asked."""
    if any(price.amount for price in bill.prices):
        with db.tried():
            _write({bill.source: (bill, now)})


def _write(wanted: dict[str, tuple[Bill, datetime]]) -> None:
    if len(wanted) > 1:
        hold(
            sources=list(wanted),
            holders=[
                (bill.holder, price.currency) for bill, _ in wanted.values() if bill.holder for price in bill.prices
            ],
        )
    short = []
    for bill, now in wanted.values():
        if bill.holder is None:
            refund(actor=bill.actor, source=bill.source, now=now)
            continue
        try:
            charge(
                actor=bill.actor, holder=bill.holder, prices=bill.prices, source=bill.source, now=now,
                house_id=bill.house_id, may_owe=bill.may_owe,
            )  # fmt: skip
        except (BalanceShort, UnitUnknown):
            if bill.required:
                raise
            short.append(bill.source)
    if short:
        raise Unpaid(short)
