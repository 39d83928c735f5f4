"""What a registration costs, and what of it is given back. Pure: no ORM, no clock.

A price is for each person, and stays the one that was agreed to. The terms that a registration keeps say until when all is given back
(`refund_hours` before the start; without them, as long as it can be cancelled) and what part afterwards (`late_refund_percent`). What stays
charged of places that were given up too late is its `kept`, whether somebody came with fewer or nobody came. What the house ends is given
back whole, and so is what somebody gives up because the house has moved it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from khaneh.domains.events.types import HOLDING, RegistrationState
from khaneh.kernel.money import Money


def cost(state: RegistrationState, each: Money | None, people: int, terms: Mapping[str, Any]) -> tuple[Money, ...]:
    """What a registration shall have cost as it is, an amount above zero for each unit: while it has its places their price, and what stays
    charged of those that were given up too late.
    """
    found: dict[str, int] = defaultdict(int)
    for one in kept(terms):
        found[one.currency] += one.amount
    if each is not None and state in HOLDING:
        found[each.currency] += each.amount * people
    return tuple(Money(amount, currency) for currency, amount in sorted(found.items()) if amount > 0)


def given_up(
    each: Money | None, people: int, *, terms: Mapping[str, Any], starts: datetime, now: datetime, moved: bool
) -> dict[str, Any]:
    """The terms after whoever registered has given up the places of so many people at this moment; `moved`: at another time or place than
    they agreed to. What stays charged is rounded in their favor.
    """
    until = refund_until(terms, starts)
    if each is None or moved or until is None or now <= until:
        return dict(terms)
    share = 100 - min(100, max(0, terms.get("late_refund_percent") or 0))
    lost: dict[str, int] = defaultdict(int)
    for one in (*kept(terms), Money(each.amount * people * share // 100, each.currency)):
        lost[one.currency] += one.amount
    return {**terms, "kept": [[amount, currency] for currency, amount in sorted(lost.items()) if amount]}


def refund_until(terms: Mapping[str, Any], starts: datetime) -> datetime | None:
    """Until when all is given back; None where it is as long as it can be cancelled."""
    hours = terms.get("refund_hours")
    return starts - timedelta(hours=hours) if hours is not None else None


def is_agreed(each: Money | None, agreed: Money | None) -> bool:
    """Whether somebody who agreed to one price may be asked another: only what costs no more."""
    if each is None or not each.amount:
        return True
    return agreed is not None and agreed.currency == each.currency and each.amount <= agreed.amount


def is_moved(terms: Mapping[str, Any], revision: int) -> bool:
    """Whether an event with this revision is at another time or place than a registration with these terms agreed to."""
    return bool(terms.get("revision", revision) != revision)


def kept(terms: Mapping[str, Any]) -> tuple[Money, ...]:
    """What stays charged of places that were given up too late."""
    return tuple(Money(amount, currency) for amount, currency in terms.get("kept") or ())


def stored(amount: int | None, currency: str) -> Money | None:
    """A price from its two columns."""
    return Money(amount, currency) if amount is not None else None
