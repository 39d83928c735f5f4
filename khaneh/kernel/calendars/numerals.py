"""Digits and separators of numbers, for Persian, Vietnamese and English readers."""

from __future__ import annotations

from decimal import Decimal

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_TO_PERSIAN = str.maketrans("0123456789", _PERSIAN)
_TO_LATIN = str.maketrans(_PERSIAN + "٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
# (between groups of three, before the fraction)
_SEPARATORS = {"fa": ("٬", "٫"), "vi": (".", ","), "en": (",", ".")}


def local_digits(text: str, language: str) -> str:
    """The text with the digits of the reader's language: Persian ones in Persian, Latin ones elsewhere."""
    return text.translate(_TO_PERSIAN if language[:2] == "fa" else _TO_LATIN)


def latin_digits(text: str) -> str:
    """Persian and Arabic digits as 0-9; everything else untouched."""
    return text.translate(_TO_LATIN)


def show_number(number: int | float | Decimal, language: str, *, decimals: int = 0) -> str:
    """With groups of three: `1,234.5`, `1.234,5`, `۱٬۲۳۴٫۵`. A number that rounds to nothing has no minus sign.

    In Persian the minus sign stands left of the figures, where a hyphen would be carried to their right (CLDR, fa). Both are isolated, so
    that they do not turn the line around them.
    """
    shown = f"{number:,.{decimals}f}"
    if shown.startswith("-") and not shown.strip("-0.,"):
        shown = shown[1:]
    group, point = _SEPARATORS.get(language[:2], _SEPARATORS["en"])
    whole, _, fraction = shown.partition(".")
    whole = whole.replace(",", group)
    figures = local_digits(whole + (point + fraction if fraction else ""), language)
    return f"\u2066\u2212{figures[1:]}\u2069" if language[:2] == "fa" and whole.startswith("-") else figures
