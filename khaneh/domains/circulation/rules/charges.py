"""What of each charge still stands. Pure. Spec: CIRC-FEE.

The ledger has lines and no accounts: what a payment or a forgiving goes to follows from the order of the lines. It goes to the charge it
names, then to the oldest that stands; a refund takes back the charge it names, and money that it frees goes to the oldest that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from khaneh.domains.circulation.types import CHARGES, FeeKind


class Line(NamedTuple):
    """A line of one member's ledger in one currency. Charges are above zero, all others below."""

    id: int
    kind: FeeKind
    amount: int
    settles: int | None = None


@dataclass(slots=True)
class Charge:
    """A charge and what became of it, in minor units, none below zero."""

    amount: int
    paid: int = 0
    forgiven: int = 0
    refunded: int = 0

    @property
    def stands(self) -> int:
        """What is still owed of it."""
        return self.amount - self.paid - self.forgiven - self.refunded

    @property
    def refundable(self) -> int:
        """What may be given back when it falls away: what is owed of it and what was paid, never what was forgiven (CIRC-FEE-6)."""
        return self.amount - self.forgiven - self.refunded


def charges(lines: Iterable[Line]) -> tuple[Mapping[int, Charge], int]:
    """The charges by id, and the credit that no charge has taken up. The sum of what stands less the credit is the balance.

    `lines` are one member's in one currency, in the order of their ids.
    """
    found: dict[int, Charge] = {}
    credit = 0
    for line in lines:
        if line.kind in CHARGES:
            found[line.id] = Charge(line.amount)
            credit = _pay(found, credit)
            continue
        rest, named = -line.amount, found.get(line.settles or 0)
        if line.kind is FeeKind.REFUND and named is not None:
            back = min(rest, named.refundable)
            named.refunded += back
            # What was paid of it belongs to the member again.
            freed = max(-named.stands, 0)
            named.paid -= freed
            credit += rest - back + freed
        elif line.kind is FeeKind.WAIVER:
            for charge in [named, *found.values()] if named is not None else list(found.values()):
                part = min(rest, charge.stands)
                charge.forgiven += part
                rest -= part
            credit += rest
        else:
            if named is not None:
                part = min(rest, named.stands)
                named.paid += part
                rest -= part
            credit += rest
        credit = _pay(found, credit)
    return found, credit


def _pay(found: Mapping[int, Charge], credit: int) -> int:
    """Let the oldest charges that stand take up the credit; gives what is left."""
    for charge in found.values():
        part = min(credit, charge.stands)
        charge.paid += part
        credit -= part
    return credit
