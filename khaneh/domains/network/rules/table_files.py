"""Tables as files: CSV and XLSX in, lines of text out, and back. No column has a meaning here.

Cells that a spreadsheet would run as a formula are written with an apostrophe in front (CSV) or as plain text (XLSX), and the
apostrophe is taken off again on the way in.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from khaneh.domains.network.errors import TableUnreadable

MOST_LINES = 50_000
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
_MOST_COLUMNS = 200
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# What XML 1.0 cannot hold, and with it no XLSX.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A header and numbered lines (the header is line 1); empty lines are left out."""

    header: tuple[str, ...]
    lines: tuple[tuple[int, dict[str, str]], ...]


def read(data: bytes) -> TableFile:
    """The table in a CSV (UTF-8, or UTF-16 with its mark; comma, semicolon or tab) or XLSX file (its first sheet).

    Raises TableUnreadable.
    """
    if len(data) > MOST_BYTES:
        raise TableUnreadable(reason="too_large", limit=MOST_BYTES)
    return _table(_xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, without which a spreadsheet takes Persian and Vietnamese for something else."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]], *, title: str) -> bytes:
    """One sheet, every cell text."""
    # Imported where it is used, as below: it takes a third of a second of every start, and most starts need no spreadsheet.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in [header, *rows]:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_CONTROLS.sub("", text))
            cell.data_type = "s"  # also what starts with "=", which would otherwise be a formula
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _guarded(cell: str) -> str:
    if cell.startswith(_RUN_BY_SPREADSHEETS) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUN_BY_SPREADSHEETS) else cell


def _table(rows: Iterable[tuple[int, list[str]]]) -> TableFile:
    header: tuple[str, ...] = ()
    lines: list[tuple[int, dict[str, str]]] = []
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if not header:
            header = tuple(cell.strip().lower() for cell in row)
            named = [name for name in header if name]
            if len(named) != len(set(named)) or len(header) > _MOST_COLUMNS:
                raise TableUnreadable(reason="no_header")
            continue
        if len(lines) >= MOST_LINES:
            raise TableUnreadable(reason="too_large", limit=MOST_LINES)
        cells = [*row, *[""] * (len(header) - len(row))]
        lines.append(
            (number, {name: _unguarded(cell.strip()) for name, cell in zip(header, cells, strict=False) if name})
        )
    if not header:
        raise TableUnreadable(reason="no_header")
    return TableFile(header, tuple(lines))


def _csv(data: bytes) -> Iterable[tuple[int, list[str]]]:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableUnreadable(reason="not_a_table") from error
    if "\0" in text:
        raise TableUnreadable(reason="not_a_table")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        start = 1
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise TableUnreadable(reason="not_a_table") from error


def _xlsx(data: bytes) -> Iterable[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise TableUnreadable(reason="too_large", limit=MOST_UNPACKED_BYTES)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
            yield number, [_text(value) for value in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError) as error:
        # openpyxl has no error of its own for a broken workbook: it fails wherever it stumbles (XML errors are SyntaxErrors).
        raise TableUnreadable(reason="not_a_table") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value)
