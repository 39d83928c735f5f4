"""Tables as files: CSV and XLSX in, lines of text out, and back. No column has a meaning here.

Cells that a spreadsheet would run as a formula are written with an apostrophe in front (CSV) or as plain text (XLSX), and the
apostrophe is taken off again on the way in.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from khaneh.domains.network.errors import TableUnreadable

MOST_LINES = 50_000
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
# A sheet that is read line by line; its shared texts are the one thing of it that is held in memory.
MOST_STREAMED_BYTES = 2 * 1024 * 1024 * 1024
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


@contextmanager
def stream(path: Path) -> Iterator[tuple[tuple[str, ...], Iterator[tuple[int, dict[str, str]]]]]:
    """The header of such a file of any size, and its lines as they are read, one at a time in memory. Raises TableUnreadable, also midway."""
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    if packed:
        with path.open("rb") as file:
            yield _headed(_sheet(file, file, MOST_STREAMED_BYTES))
        return
    with path.open("rb") as file:
        encoding = "utf-16" if file.read(2) in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        with path.open(encoding=encoding, newline="") as text:
            delimiter = _delimiter(text.readline())
            text.seek(0)
            yield _headed(_rows(text, delimiter))
    except UnicodeError as error:
        raise TableUnreadable(reason="not_a_table") from error


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
    header, streamed = _headed(rows)
    lines = tuple(islice(streamed, MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        raise TableUnreadable(reason="too_large", limit=MOST_LINES)
    return TableFile(header, lines)


def _headed(rows: Iterable[tuple[int, list[str]]]) -> tuple[tuple[str, ...], Iterator[tuple[int, dict[str, str]]]]:
    """The header, and the lines below it, without empty ones."""
    filled = ((number, row) for number, row in rows if any(cell.strip() for cell in row))
    _, first = next(filled, (0, []))
    header = tuple(cell.strip().lower() for cell in first)
    named = [name for name in header if name]
    if not header or len(named) != len(set(named)) or len(header) > _MOST_COLUMNS:
        raise TableUnreadable(reason="no_header")

    def lines() -> Iterator[tuple[int, dict[str, str]]]:
        for number, row in filled:
            cells = [*row, *[""] * (len(header) - len(row))]
            yield number, {name: _unguarded(cell.strip()) for name, cell in zip(header, cells, strict=False) if name}

    return header, lines()


def _csv(data: bytes) -> Iterable[tuple[int, list[str]]]:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableUnreadable(reason="not_a_table") from error
    return _rows(io.StringIO(text, newline=""), _delimiter(text.partition("\n")[0]))


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def _rows(text: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    def whole() -> Iterator[str]:
        for line in text:
            if "\0" in line:
                raise TableUnreadable(reason="not_a_table")
            yield line

    reader = csv.reader(whole(), delimiter=delimiter)
    try:
        start = 1
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise TableUnreadable(reason="not_a_table") from error


def _xlsx(data: bytes) -> Iterable[tuple[int, list[str]]]:
    return _sheet(io.BytesIO(data), io.BytesIO(data), MOST_UNPACKED_BYTES)


def _sheet(packed: IO[bytes], content: IO[bytes], most: int) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        archive = zipfile.ZipFile(packed)
        if sum(entry.file_size for entry in archive.infolist()) > most:
            raise TableUnreadable(reason="too_large", limit=most)
        book = load_workbook(content, read_only=True, data_only=True)
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
