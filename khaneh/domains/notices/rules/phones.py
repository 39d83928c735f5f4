"""Telephone numbers as people write them, to numbers with their country (E.164). Pure."""

from __future__ import annotations

import re

from khaneh.kernel.calendars import latin_digits

_CODES = {"IR": "98", "VN": "84"}
_LENGTHS = range(8, 16)  # digits, country included


def international(phone: str, country: str) -> str:
    """`0912 345 6789` in Iran is `+989123456789`; empty for what is no number. Persian and Arabic digits are read."""
    text = latin_digits(phone).strip()
    digits = re.sub(r"\D", "", text)
    code = _CODES.get(country, "")
    if text.startswith("+"):
        number = digits
    elif digits.startswith("00"):
        number = digits[2:]
    elif digits.startswith("0") and code:
        number = code + digits[1:]
    elif code and digits.startswith(code) and len(digits) > 10:
        number = digits
    else:
        number = code + digits if code else ""
    # A trunk zero that was written after the country does not belong there.
    if code and number.startswith(code + "0"):
        number = code + number[len(code) + 1 :]
    return f"+{number}" if len(number) in _LENGTHS else ""
