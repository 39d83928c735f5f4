"""Amounts in a currency's smallest unit, as whole numbers. Adding two currencies is an error, never a conversion."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

# Digits after the point as ISO 4217 gives them; prices in catalogues of the region are written without any.
_MINOR_DIGITS = {"IRR": 0, "VND": 0, "USD": 2, "EUR": 2, "GBP": 2}
# Three letters are a currency as ISO 4217 names it, four to twelve a credit of the network's own. Anchored, as regular expressions that
# PostgreSQL and JSON Schema read alike.
CURRENCY = "^[A-Z]{3}$"
CREDIT = "^[A-Z][A-Z0-9]{3,11}$"
CURRENCY_OR_CREDIT = "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$"
_CURRENCY, _CREDIT = re.compile(CURRENCY), re.compile(CREDIT)


def is_currency(code: str) -> bool:
    """Whether a code has the form of a currency's."""
    return bool(_CURRENCY.fullmatch(code))


def is_credit(code: str) -> bool:
    """Whether a code has the form of a credit's, which is earned and spent in houses and never owed."""
    return bool(_CREDIT.fullmatch(code))


def minor_digits(code: str) -> int:
    """How many digits of an amount stand after the point: of a credit two."""
    return _MINOR_DIGITS.get(code, 2)


class Money(NamedTuple):
    """`amount` counts minor units (cents; rials; đồng; hundredths of a credit)."""

    amount: int
    currency: str

    def plus(self, other: Self) -> Money:
        """The sum. Raises ValueError for two currencies."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """From a decimal number as a catalogue writes it: `45000`, `12.50`. Raises ValueError for anything else."""
        digits = minor_digits(currency)
        whole, _, fraction = text.strip().partition(".")
        if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
            raise ValueError(f"not an amount: {text!r}")
        if len(fraction.rstrip("0")) > digits:
            raise ValueError(f"{currency} has {digits} digits after the point: {text!r}")
        return cls(int(whole) * 10**digits + int((fraction + "0" * digits)[:digits] or 0), currency)
