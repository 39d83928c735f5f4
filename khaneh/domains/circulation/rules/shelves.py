"""What a scan of a shelf tells: the order of call numbers, and where a copy should be. Pure. Spec: CIRC-INVENTORY."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from khaneh.domains.circulation.types import ScanDetail, ScanFinding
from khaneh.kernel.orthography import filing_key, latin_digits

ShelfKey = tuple[tuple[int, int, bytes], ...]

# A number with its decimals (833.91, ۸۳۳/۹۱ as Persian shelves write it), or a run of letters.
_PART = re.compile(r"(\d+)(?:[./](\d+))?|[^\W\d_]+")
_HELD = {
    "withdrawn": ScanDetail.WITHDRAWN,
    "on_loan": ScanDetail.ON_LOAN,
    "lost": ScanDetail.LOST,
    "in_transit": ScanDetail.IN_TRANSIT,
    "on_hold_shelf": ScanDetail.ON_HOLD_SHELF,
    "missing": ScanDetail.MISSING,
    "at_repair": ScanDetail.AT_REPAIR,
    "on_order": ScanDetail.NOT_READY,
    "in_process": ScanDetail.NOT_READY,
}
_SEPARATOR = re.compile(r"[,;\t|]")


class Shelf(NamedTuple):
    """What an inventory is of: a house, a location (empty: all), call numbers from and to (empty: no end)."""

    house_id: int
    location: str
    call_from: str
    call_to: str


class Scanned(NamedTuple):
    """A copy whose barcode was read. `at_house_id` is where the system thinks it is kept."""

    at_house_id: int | None
    location: str
    call_number: str
    state: str


def shelf_key(call_number: str) -> ShelfKey:
    """A key whose order is that of the shelf: whole numbers by value, decimals digit by digit, letters in the alphabet, digits of any script."""
    parts: list[tuple[int, int, bytes]] = []
    for found in _PART.finditer(latin_digits(call_number)):
        whole, decimals = found.groups()
        parts.append((0, int(whole), b"") if whole else (1, 0, filing_key(found[0].casefold())))
        if decimals:
            # After letters: 833 KAF stands before 833.9.
            parts.append((2, 0, decimals.encode()))
    return tuple(parts)


def within(call_number: str, call_from: str, call_to: str) -> bool:
    """Whether a call number stands between two, both included; `call_to` includes all that begins with it. Without ends everything does."""
    key = shelf_key(call_number)
    last = shelf_key(call_to)
    return (not call_from or key >= shelf_key(call_from)) and (not call_to or key[: len(last)] <= last)


def judge(copy: Scanned | None, shelf: Shelf) -> tuple[ScanFinding, ScanDetail | None]:
    """What a barcode on this shelf means (CIRC-INVENTORY-2); None is a barcode that no copy has."""
    if copy is None:
        return ScanFinding.UNKNOWN, None
    if copy.state in _HELD:
        return ScanFinding.UNEXPECTED, _HELD[copy.state]
    if copy.at_house_id != shelf.house_id:
        return ScanFinding.UNEXPECTED, ScanDetail.OTHER_HOUSE
    if shelf.location and copy.location != shelf.location:
        return ScanFinding.MISPLACED, ScanDetail.OTHER_LOCATION
    if not within(copy.call_number, shelf.call_from, shelf.call_to):
        return ScanFinding.MISPLACED, ScanDetail.OUTSIDE_RANGE
    return ScanFinding.EXPECTED, None


def out_of_order(call_numbers: Sequence[str]) -> Iterator[int]:
    """The places (from 0) of those that stand between two neighbours that are in order without them.

    A person who begins another shelf makes no complaint: a jump is no single copy out of its row.
    """
    keys = [shelf_key(text) for text in call_numbers]
    place = 1
    while place < len(keys) - 1:
        before, this, after = keys[place - 1 : place + 2]
        if before <= after and not before <= this <= after:
            yield place
            place += 1  # its neighbour is judged without it
        place += 1


def barcode_rows(content: bytes) -> list[list[str]]:
    """The lines of a file from a scanner without a line, cut into fields: one barcode a line, or a table with one among dates and times."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
    else:
        text = content.decode("utf-8-sig", errors="replace")
    lines = (latin_digits(line).strip("\0 \r") for line in text.splitlines())
    return [[field.strip(" \"'") for field in _SEPARATOR.split(line)] for line in lines if line]
