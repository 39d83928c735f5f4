"""Standard numbers as MARC fields hold them: valid ones only, in one form. ISO 2108 (ISBN), ISO 3297 (ISSN)."""

from __future__ import annotations

import re

_ISBN = re.compile(r"(?<![0-9])(97[89][-\s]?(?:[0-9][-\s]?){9}[0-9]|(?:[0-9][-\s]?){9}[0-9Xx])(?![0-9])")
_ISSN = re.compile(r"(?<![0-9])([0-9]{4})[-\u2010-\u2015\s]?([0-9]{3}[0-9Xx])(?![0-9])")
_NOT_DIGITS = re.compile(r"[^0-9Xx]")
_OCLC = re.compile(r"^\s*(?:\(OCoLC\)\s*(?:oc[mn]|on)?|a?oc[mn]|on(?=[0-9]{10}))\s*0*([0-9]+)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*\(([^)]+)\)\s*(\S.*?)\s*$")
_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def isbn13(text: str) -> str:
    """The first valid ISBN in a text as 13 digits, or "". Row numbers, prices and wrong check digits give ""."""
    if len(text) < 10:
        return ""
    if not text.isascii():
        text = text.translate(_LATIN_DIGITS)
    elif len(text) == 13 and text.isdigit() and text[:3] in ("978", "979"):
        return text if _ean_check(text[:12]) == text[12] else ""
    for found in _ISBN.finditer(text):
        digits = _NOT_DIGITS.sub("", found.group(1)).upper()
        if len(digits) == 13:
            if _ean_check(digits[:12]) == digits[12]:
                return digits
        elif len(digits) == 10:
            total = sum((10 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(digits))
            # 0000000000 and its like satisfy the check but are fillers.
            if total % 11 == 0 and len(set(digits[:9])) > 1:
                core = "978" + digits[:9]
                return core + _ean_check(core)
    return ""


def _ean_check(twelve: str) -> str:
    digits = twelve.encode("ascii")
    return "0123456789"[-(sum(digits[::2]) + 3 * sum(digits[1::2]) - 24 * 48) % 10]  # 48 is "0"


def issn(text: str) -> str:
    """The first valid ISSN in a text with its hyphen, or ""."""
    if not text.isascii():
        text = text.translate(_LATIN_DIGITS)
    found = _ISSN.search(text)
    if found is None:
        return ""
    digits = (found.group(1) + found.group(2)).upper()
    total = sum((8 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(digits))
    return f"{digits[:4]}-{digits[4:]}" if total % 11 == 0 and digits != "00000000" else ""


def system_number(text: str) -> str:
    """A 035 as "(SOURCE)number". OCLC's prefixes (ocm, ocn, on) and leading zeros go; a number without a source is ""."""
    found = _OCLC.match(text)
    if found:
        return f"(OCoLC){found.group(1)}"
    found = _NUMBER.match(text)
    return f"({found.group(1)}){found.group(2)}" if found else ""


def lccn(text: str) -> str:
    """A Library of Congress control number as "(DLC)number", normalised as the LCCN permalink rules say."""
    number = text.split("/")[0].replace(" ", "")
    if "-" in number:
        head, _, tail = number.partition("-")
        number = head + tail.zfill(6)
    return f"(DLC){number}" if any(map(str.isdigit, number)) else ""
