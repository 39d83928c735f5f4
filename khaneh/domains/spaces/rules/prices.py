"""What a booking costs."""

from __future__ import annotations

from khaneh.domains.spaces.types import PriceUnit
from khaneh.kernel.money import Money


def price(*, minutes: int, own: Money | None, unit: PriceUnit, per_hour: Money | None) -> Money | None:
    """What so many minutes cost: by the policies' price an hour where they set one, else by the space's own; None where nothing is asked.

    A part of an hour is charged as such, rounded up to a whole minor unit.
    """
    if per_hour is None and own is not None and unit is PriceUnit.BOOKING:
        return own
    rate = per_hour if per_hour is not None else own
    return None if rate is None else Money(-(-rate.amount * minutes // 60), rate.currency)
