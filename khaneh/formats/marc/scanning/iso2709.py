"""Where ISO 2709 records begin and end, also in files whose lengths lie, whose terminators are missing, or that hold other things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from khaneh.formats.marc.pieces import OVERSIZE_KEEP, RECORD_LIMIT, RawRecord

_CHUNK = 1 << 20
_FRAMING = re.compile(rb"(?:[\r\n\x00\x1a\t]|\xef\xbb\xbf| +(?=[\r\n\x00\x1a\t]|[0-9]{5}|\Z))*")
# A leader that nothing else looks like: length, status and type letters, two counts, base address, entry map.
LEADER = re.compile(rb"[0-9]{5}[acdnopsx ][a-z][a-z #0-9|-][ a-z0-9#|-][ a#]?[0-9]{2}[0-9]{5}[ -~]{3}45[0 #]{2}")
_AFTER_END = (0x1E, 0x1D, 0x0A, 0x0D, 0x20, 0x00)


def pieces(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Every byte of the stream from `start` on, in order: records, what stands between them, and junk."""
    buffer, base, position, ended = b"", start, 0, False
    while True:
        declared = buffer[position : position + 5]
        # Framing has no digits: where a length stands and the first terminator is where it says, there is one whole record.
        if declared.isdigit():
            end = position + int(declared)
            if buffer.find(b"\x1d", position, end) == end - 1 and end > position + 5:
                yield RawRecord(base + position, end - position, buffer[position:end])
                position = end
                continue
        gap = _FRAMING.match(buffer, position)
        if gap is not None and gap.end() > position:
            yield RawRecord(base + position, gap.end() - position, gap.group(), kind="framing")
            position = gap.end()
        if position < len(buffer):
            found = _end(buffer, position, ended=ended)
            if found is not None:
                if found - position > RECORD_LIMIT:
                    head = buffer[position : position + OVERSIZE_KEEP]
                    yield RawRecord(base + position, found - position, head, True, _kind(head))
                else:
                    yield from _cut(buffer[position:found], base + position)
                position = found
                continue
            if len(buffer) - position > RECORD_LIMIT:
                piece, rest = _oversize(stream, buffer[position:], base + position)
                yield piece
                buffer, base, position = rest, piece.end, 0
                continue
        elif ended:
            return
        chunk = stream.read(_CHUNK)
        ended = not chunk
        buffer, base, position = buffer[position:] + chunk, base + position, 0


def _end(buffer: bytes, position: int, *, ended: bool) -> int | None:
    """Where the piece that begins at `position` ends, or None where more of the file is needed to say."""
    terminator = buffer.find(b"\x1d", position)
    if terminator < 0:
        return len(buffer) if ended else None
    declared = buffer[position : position + 5]
    if not declared.isdigit() or position + int(declared) <= terminator + 1:
        return terminator + 1
    # The length reaches further: either it is wrong, or the text holds a terminator.
    by_length = position + int(declared)
    if by_length + 64 > len(buffer) and not ended:
        return None
    after = _FRAMING.match(buffer, terminator + 1)
    following = after.end() if after is not None else terminator + 1
    if LEADER.match(buffer, following) or following >= len(buffer) or by_length > len(buffer):
        return terminator + 1
    beyond = _FRAMING.match(buffer, by_length)
    aligned = beyond is not None and (beyond.end() >= len(buffer) or LEADER.match(buffer, beyond.end()) is not None)
    return by_length if aligned and buffer[by_length - 1] == 0x1D else terminator + 1


def _kind(data: bytes) -> str:
    return "record" if LEADER.match(data) or (data[:5].isdigit() and b"\x1e" in data) else "junk"


def _cut(segment: bytes, offset: int) -> Iterator[RawRecord]:
    """A segment up to a terminator: one record as a rule; several where terminators are missing; junk where there is no record."""
    if segment[:5].isdigit() and int(segment[:5]) == len(segment):
        yield RawRecord(offset, len(segment), segment)
        return
    starts = [0]
    headless = not LEADER.match(segment)
    for match in LEADER.finditer(segment, 1):
        at = match.start()
        complete = at + int(segment[at : at + 5]) == len(segment)
        if complete or segment[at - 1] in _AFTER_END or (headless and len(starts) == 1 and b"\x1e" not in segment[:at]):
            starts.append(at)
    for begin, end in zip(starts, [*starts[1:], len(segment)], strict=True):
        piece = segment[begin:end]
        fields = b"\x1e" in piece and (
            b"\x1f" in piece or LEADER.match(piece) is not None or piece[:24].count(b"0") > 3
        )
        yield RawRecord(offset + begin, len(piece), piece, kind="record" if LEADER.match(piece) or fields else "junk")


def _oversize(stream: BinaryIO, held: bytes, offset: int) -> tuple[RawRecord, bytes]:
    """A piece too large to hold: its beginning, and what was read beyond its end."""
    length, head = len(held), held[:OVERSIZE_KEEP]
    while True:
        chunk = stream.read(_CHUNK)
        terminator = chunk.find(b"\x1d")
        if terminator >= 0 or not chunk:
            length += terminator + 1
            return RawRecord(offset, length, head, oversize=True, kind=_kind(head)), chunk[terminator + 1 :]
        length += len(chunk)
