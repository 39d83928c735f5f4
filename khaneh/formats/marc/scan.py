"""A stream of bytes into raw records, in constant memory, from any place where a raw record ended.

Nothing is lost: `pieces` hands over every byte of the (unpacked) stream in order, as records, framing and junk; `scan` leaves framing out.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.scanning import iso2709, json, lines, xml

__all__ = ["FileFormat", "RawRecord", "pieces", "scan"]

_CHUNK = 1 << 20
_SCANNERS = {
    "iso2709": iso2709.pieces,
    "marcxml": xml.pieces,
    "json": json.pieces,
    "mrk": lines.mrk,
    "aleph": lines.aleph,
    "table": lines.rows,
}


def scan(stream: BinaryIO, fmt: FileFormat, *, start: int = 0) -> Iterator[RawRecord]:
    """Records and junk, in order. `start` is 0 or the `end` of an earlier piece, in bytes of the unpacked stream (rows for a workbook)."""
    return (piece for piece in pieces(stream, fmt, start=start) if piece.kind != "framing")


def pieces(stream: BinaryIO, fmt: FileFormat, *, start: int = 0) -> Iterator[RawRecord]:
    """Every piece, framing too."""
    if fmt.delimiter == "xlsx":
        yield from lines.workbook(stream, start)
        return
    unpacked = unpack(stream, fmt.compression)
    if start and not _skip(unpacked, start):
        return
    scanner = _SCANNERS.get(fmt.serialisation, _unknown)
    end = start
    for piece in scanner(unpacked, start):
        end = piece.end
        yield piece
    if isinstance(unpacked, io.BufferedReader) and isinstance(unpacked.raw, _Unpacked) and unpacked.raw.broken:
        yield RawRecord(end, 0, b"", kind="broken-compression")


def _unknown(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """A file in no known format: one piece of junk for each chunk, so that even this is told and covered."""
    while chunk := stream.read(_CHUNK):
        yield RawRecord(start, len(chunk), chunk, kind="junk")
        start += len(chunk)


def _skip(stream: BinaryIO | io.BufferedReader, start: int) -> bool:
    """Go to `start`, by seeking where the stream can and by reading where it cannot."""
    if (not isinstance(stream, io.BufferedReader) or not isinstance(stream.raw, _Unpacked)) and stream.seekable():
        stream.seek(start)
        return True
    while start > 0:
        chunk = stream.read(min(start, _CHUNK))
        if not chunk:
            return False
        start -= len(chunk)
    return True


def unpack(stream: BinaryIO, compression: str) -> BinaryIO | io.BufferedReader:
    """The stream itself, or what is inside."""
    return io.BufferedReader(_Unpacked(stream), _CHUNK) if compression == "gzip" else stream


class _Unpacked(io.RawIOBase):
    """A gzip stream that ends where it is damaged, and remembers it, instead of raising."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._inner = gzip.GzipFile(fileobj=stream, mode="rb")
        self.broken = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed asks for WriteableBuffer, which cannot be named at run time
        if self.broken:
            return 0
        try:
            data = self._inner.read1(len(buffer))
        except (OSError, EOFError, zlib.error):
            self.broken = True
            return 0
        buffer[: len(data)] = data
        return len(data)
