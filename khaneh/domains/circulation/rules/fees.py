"""What lateness and loss cost. Pure. Spec: CIRC-FEE."""

from __future__ import annotations

from khaneh.kernel.money import Money


def overdue_fee(*, late_days: int, grace_days: int, per_day: Money | None, cap: Money | None) -> Money | None:
    """The fee for a late return, or None. Within the grace nothing is due; after it every late day counts (CIRC-FEE-1), up to the cap (2).

    Raises ValueError when fee and cap are in two currencies.
    """
    if per_day is None or per_day.amount <= 0 or late_days <= grace_days:
        return None
    if cap is not None and cap.currency != per_day.currency:
        raise ValueError(f"a fee in {per_day.currency} with a cap in {cap.currency}")
    amount = per_day.amount * late_days
    return Money(min(amount, cap.amount) if cap is not None else amount, per_day.currency)


def age_band(age: int | None) -> str:
    """The band in which statistics count a person; empty where the age is not known."""
    if age is None:
        return ""
    for band, above in (("0-6", 7), ("7-14", 15), ("15-17", 18), ("18-29", 30), ("30-59", 60)):
        if age < above:
            return band
    return "60+"
