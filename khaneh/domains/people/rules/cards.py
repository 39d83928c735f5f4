"""Card barcodes: ours, and those of others that we take. Pure."""

from __future__ import annotations

import re

from khaneh.kernel.orthography import latin_digits

# `M`, nine digits and a check digit by ISO/IEC 7812-1 (Luhn), which finds every single wrong digit and nearly every swapped pair.
_OURS = re.compile(r"M(\d{9})(\d)")
# What Code 39 and Code 128 labels of other systems hold; a blank or a control sign comes from a scanner's setting, never from a card.
_ANY = re.compile(r"[A-Z0-9][A-Z0-9./+%$_-]{2,39}")


def check_digit(digits: str) -> str:
    """The Luhn digit that follows `digits`."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def barcode(number: int) -> str:
    """Our barcode of a number from 1 to 999,999,999. Raises ValueError."""
    if not 1 <= number <= 999_999_999:
        raise ValueError("a card's number has at most nine digits")
    digits = f"{number:09}"
    return f"M{digits}{check_digit(digits)}"


def read(text: str) -> str:
    """A barcode as scanned or typed, in capitals and Latin digits without blanks; empty where it can be none."""
    plain = latin_digits(text).strip().replace(" ", "").upper()
    return plain if _ANY.fullmatch(plain) else ""


def is_misread(code: str) -> bool:
    """Whether a code has the shape of ours and a wrong check digit: somebody mistyped it."""
    ours = _OURS.fullmatch(code)
    return ours is not None and check_digit(ours[1]) != ours[2]
