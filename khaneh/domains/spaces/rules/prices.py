"""What a booking costs, and what of it is given back.

The terms that a booking keeps say until when all is given back (`refund_hours` before it starts; without them, as long as it can be
cancelled) and what part afterwards (`late_refund_percent`). What stays charged whatever becomes of it is its `kept`: whoever gives a time up
too late, by cancelling it or by moving to another, has had that time. What the house ends is given back whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from khaneh.domains.spaces.types import BookingState, PriceUnit
from khaneh.kernel.money import Money

# A place that is theirs for good, or was until its end.
_PAID = (BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.DONE, BookingState.NO_SHOW)


def price(*, minutes: int, own: Money | None, unit: PriceUnit, per_hour: Money | None) -> Money | None:
    """What so many minutes cost: by the policies' price an hour where they set one, else by the space's own; None where nothing is asked.

    A part of an hour is charged as such, rounded up to a whole minor unit.
    """
    if per_hour is None and own is not None and unit is PriceUnit.BOOKING:
        return own
    rate = per_hour if per_hour is not None else own
    return None if rate is None else Money(-(-rate.amount * minutes // 60), rate.currency)


def cost(state: BookingState, price: Money | None, terms: Mapping[str, Any]) -> list[Money]:
    """What a booking shall have cost as it is, one amount above zero a unit: its price, but at least what stays charged of an earlier time;
    before it is confirmed and when it was given up only that.
    """
    found = {one.currency: one.amount for one in kept(terms)}
    if price is not None and state in _PAID:
        found[price.currency] = max(price.amount, found.get(price.currency, 0))
    return [Money(amount, currency) for currency, amount in sorted(found.items()) if amount > 0]


def forfeited(
    costs: Collection[Money], *, starts: datetime, now: datetime, terms: Mapping[str, Any], held: bool
) -> list[Money]:
    """What of its costs stays charged when whoever booked gives the time up now; `held`: it was theirs for good. Rounded in their favor."""
    before = {one.currency: one.amount for one in kept(terms)}
    hours = terms.get("refund_hours")
    late = held and hours is not None and now > starts - timedelta(hours=hours)
    share = 100 - min(100, max(0, terms.get("late_refund_percent") or 0)) if late else 0
    found = [Money(max(before.get(one.currency, 0), one.amount * share // 100), one.currency) for one in costs]
    return [one for one in found if one.amount]


def kept(terms: Mapping[str, Any]) -> list[Money]:
    """What stays charged of times that were given up too late."""
    return [Money(amount, currency) for amount, currency in terms.get("kept") or ()]


def stored(amount: int | None, currency: str) -> Money | None:
    """A price from its two columns."""
    return Money(amount, currency) if amount is not None else None


def read(pair: Any) -> Money | None:
    """An amount as terms keep it, a pair."""
    return Money(int(pair[0]), str(pair[1])) if pair else None
