"""Where MARC-in-JSON records begin and end: in arrays, in lines, or one after another.

A record begins with `{"leader":` or `{"fields":`, which cannot stand inside a JSON string unescaped; so a broken record ends where the
next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from khaneh.formats.marc.pieces import OVERSIZE_KEEP, RECORD_LIMIT, RawRecord

_CHUNK = 1 << 20
_START = re.compile(rb'\{\s*"(?:leader|fields)"\s*:')
_LONGEST_START = 256
_AFTER = re.compile(rb"[\s,\]]*\Z")


def pieces(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Every byte of the stream from `start` on, in order."""
    buffer, base, begun, ended, search = b"", start, False, False, 0
    while not ended:
        chunk = stream.read(_CHUNK)
        ended = not chunk
        buffer += chunk
        while True:
            found = _START.search(buffer, search)
            if found is None:
                break
            if found.start():
                yield from _split(buffer[: found.start()], base, begun=begun)
                base += found.start()
                buffer = buffer[found.start() :]
            begun, search = True, found.end() - found.start()
        search = max(search, len(buffer) - _LONGEST_START)
        if not begun and len(buffer) > _LONGEST_START and not ended:
            yield from _split(buffer[:-_LONGEST_START], base, begun=False)
            base += len(buffer) - _LONGEST_START
            buffer, search = buffer[-_LONGEST_START:], 0
        elif len(buffer) > RECORD_LIMIT:
            piece, buffer, ended = _oversize(stream, buffer, base)
            yield piece
            base, begun, search = piece.end, False, 0
    if buffer:
        yield from _split(buffer, base, begun=begun)


def _split(data: bytes, offset: int, *, begun: bool) -> Iterator[RawRecord]:
    """One record with the commas, brackets and line ends behind it; or, where none has begun, what stands before the first."""
    if not begun:
        plain = not data.strip(b" \t\r\n[,]\xef\xbb\xbf") or data.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"[")
        yield RawRecord(offset, len(data), data, kind="framing" if plain else "junk")
        return
    tail = _AFTER.search(data)
    end = tail.start() if tail is not None else len(data)
    end = _balanced(data, end)
    oversize = end > RECORD_LIMIT
    yield RawRecord(offset, end, data[: OVERSIZE_KEEP if oversize else end], oversize=oversize)
    if end < len(data):
        rest = data[end:]
        plain = not rest.strip(b" \t\r\n,]}\x00\x1a")
        yield RawRecord(offset + end, len(rest), rest, kind="framing" if plain else "junk")


_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}]', re.DOTALL)


def _balanced(data: bytes, end: int) -> int:
    """The end of the record's own braces where they close before `end` (a wrapper object may close after it)."""
    if data[end - 2 : end] not in (b"}}", b"]}") and data[end - 1 : end] == b"}":
        return end
    depth = 0
    for token in _STRUCTURE.finditer(data, 0, end):
        if token.group() == b"{":
            depth += 1
        elif token.group() == b"}":
            depth -= 1
            if depth == 0:
                return token.end()
    return end


def _oversize(stream: BinaryIO, held: bytes, offset: int) -> tuple[RawRecord, bytes, bool]:
    head, length, buffer = held[:OVERSIZE_KEEP], 0, held[OVERSIZE_KEEP:]
    length = OVERSIZE_KEEP
    while True:
        found = _START.search(buffer)
        if found is not None:
            length += found.start()
            return RawRecord(offset, length, head, oversize=True), buffer[found.start() :], False
        keep = max(0, len(buffer) - _LONGEST_START)
        length += keep
        chunk = stream.read(_CHUNK)
        buffer = buffer[keep:] + chunk
        if not chunk:
            return RawRecord(offset, length + len(buffer), head, oversize=True), b"", True
