"""Records made of lines: tables with a separator, MarcEdit's `.mrk`, Aleph sequential; and rows of a workbook."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import orjson

from khaneh.formats.marc.pieces import OVERSIZE_KEEP, RECORD_LIMIT, RawRecord

_ROW_LIMIT = 1 << 20  # a quoted cell that is not closed within this is not believed to be open
_WORKBOOK_LIMIT = 2 << 30  # unpacked bytes; more is a bomb
_WORKBOOK_RATIO = 400


class _Group:
    """Lines that belong together, held up to the limit."""

    def __init__(self, offset: int) -> None:
        self.offset, self.length = offset, 0
        self.lines: list[bytes] = []
        self.oversize = False

    def add(self, line: bytes) -> None:
        if self.length + len(line) > RECORD_LIMIT and not self.oversize:
            self.oversize = True
            self.lines = [b"".join(self.lines)[:OVERSIZE_KEEP] or line[:OVERSIZE_KEEP]]
        if not self.oversize:
            self.lines.append(line)
        self.length += len(line)

    def piece(self, kind: str) -> RawRecord:
        return RawRecord(self.offset, self.length, b"".join(self.lines), oversize=self.oversize, kind=kind)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(RECORD_LIMIT + 1):
        yield line


def _blank(line: bytes) -> bool:
    return not line.strip(b" \t\r\n\x1a\x00\xef\xbb\xbf")


def _grouped(stream: BinaryIO, start: int, belongs: Callable[[bytes, bytes], bool]) -> Iterator[RawRecord]:
    """Groups of lines; `belongs(first, line)` says whether a line goes on with the group that began with `first`."""
    offset, group, first = start, None, b""
    for line in _lines(stream):
        if group is None or not belongs(first, line):
            if group is not None:
                yield group.piece("framing" if _blank(first) else "record")
            group, first = _Group(offset), line
        group.add(line)
        offset += len(line)
    if group is not None:
        yield group.piece("framing" if _blank(first) else "record")


def mrk(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Records of `=TAG` lines, each begun by its leader or after an empty line."""

    def belongs(first: bytes, line: bytes) -> bool:
        if _blank(first) or _blank(line):
            return _blank(first) and _blank(line)
        return not line.startswith((b"=LDR", b"=000"))

    return _grouped(stream, start, belongs)


_SYSTEM_NUMBER = re.compile(rb"(?:\xef\xbb\xbf)?([0-9]{9}) ")


def aleph(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Lines with the same nine-digit number; a line without one goes with the line before."""

    def number(line: bytes) -> bytes | None:
        match = _SYSTEM_NUMBER.match(line)
        return match.group(1) if match else None

    def belongs(first: bytes, line: bytes) -> bool:
        if _blank(first) or _blank(line):
            return _blank(first) and _blank(line)
        own = number(line)
        return own is None or own == number(first)

    return _grouped(stream, start, belongs)


def rows(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Rows of a separated table; the first row of the file, which names the columns, is framing."""
    offset = start
    group: _Group | None = None
    quotes = 0
    heading = start == 0
    for line in _lines(stream):
        if group is None:
            group, quotes = _Group(offset), 0
        group.add(line)
        offset += len(line)
        quotes += line.count(b'"')
        if quotes % 2 and group.length < _ROW_LIMIT:
            continue
        framing = heading or all(_blank(part) for part in group.lines)
        if heading and all(_blank(part) for part in group.lines):
            yield group.piece("framing")
        else:
            yield group.piece("framing" if framing else "record")
            heading = False
        group = None
    if group is not None:
        yield from _reopened(group)


def _reopened(group: _Group) -> Iterator[RawRecord]:
    """The rows behind a quotation mark that was never closed: each line by itself."""
    if group.oversize:
        yield group.piece("record")
        return
    offset = group.offset
    for line in group.lines:
        yield RawRecord(offset, len(line), line, kind="framing" if _blank(line) else "record")
        offset += len(line)


def check_workbook(stream: BinaryIO) -> None:
    """Raise ValueError for a file that is no workbook, or that unpacks to far more than it is."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError("not a workbook") from error
    finally:
        stream.seek(0)
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if unpacked > _WORKBOOK_LIMIT or unpacked > _WORKBOOK_RATIO * max(packed, 1 << 16):
        raise ValueError("the workbook unpacks to too much")


def workbook_rows(stream: BinaryIO) -> Iterator[list[str]]:
    """The rows of the first sheet as text, whole numbers without a fraction. Raises ValueError for what cannot be opened."""
    import openpyxl  # here, because it takes longer than all else that a start imports, and few files are workbooks

    check_workbook(stream)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except (KeyError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise ValueError("not a workbook") from error
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is not None:
            for row in sheet.iter_rows(values_only=True):
                yield [_cell(value) for value in row]
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def workbook(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Rows of a workbook, each as a JSON list of its cells. Offsets and lengths count rows; row 0 names the columns."""
    number = -1
    try:
        for number, cells in enumerate(workbook_rows(stream)):
            if number >= start:
                empty = number == 0 or not any(cell.strip() for cell in cells)
                yield RawRecord(number, 1, orjson.dumps(cells), kind="framing" if empty else "record")
    except ValueError as error:
        yield RawRecord(number + 1, 0, str(error).encode(), kind="junk")
