"""Text in tables that people open with a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def plain_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def csv_line(cells: Iterable[str]) -> str:
    """One line of a CSV file, for answers that are written as they are read; what a spreadsheet would run is text."""
    written = io.StringIO()
    csv.writer(written).writerow([plain_cell(cell) for cell in cells])
    return written.getvalue()
