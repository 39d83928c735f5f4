"""Where `<record>` elements begin and end. Bytes are searched, not parsed: a broken record cannot hide the next one, and no document type
declaration or entity is ever seen by a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from khaneh.formats.marc.pieces import OVERSIZE_KEEP, RECORD_LIMIT, RawRecord

_CHUNK = 1 << 20
_TOKEN = re.compile(rb"<(?:(!--)|(!\[CDATA\[)|(/?)(?:[\w.-]+:)?record(?=[\s/>]))")
_LONGEST_TOKEN = 80
_SPAN_LIMIT = 1 << 20  # a comment that is not closed within this is no comment
_FIELDS = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>/]")
_METADATA = re.compile(rb"<(?:[\w.-]+:)?metadata[\s>/]")
_HEADER = re.compile(rb"<(?:[\w.-]+:)?header[\s>/]")


def pieces(stream: BinaryIO, start: int) -> Iterator[RawRecord]:
    """Every byte of the stream from `start` on, in order."""
    return _Scanner(stream, start).run()


class _Scanner:
    def __init__(self, stream: BinaryIO, start: int) -> None:
        self.stream = stream
        self.buffer = b""
        self.base = start  # the place of buffer[0] in the stream
        self.done = 0  # up to where the buffer has been handed over
        self.search = 0
        self.open: int | None = None
        self.ended = False

    def run(self) -> Iterator[RawRecord]:
        while True:
            token = _TOKEN.search(self.buffer, self.search)
            if token is None:
                if self.ended:
                    yield from self._finish()
                    return
                self.search = max(self.search, len(self.buffer) - _LONGEST_TOKEN)
                yield from self._more()
                continue
            if token.group(1) or token.group(2):
                closing = b"-->" if token.group(1) else b"]]>"
                end = self.buffer.find(closing, token.end())
                if end >= 0:
                    self.search = end + 3
                elif self.ended or len(self.buffer) - token.start() > _SPAN_LIMIT:
                    self.search = token.end()
                else:
                    self.search = token.start()
                    yield from self._more()
                continue
            closed = self.buffer.find(b">", token.end())
            if closed < 0 and not self.ended and len(self.buffer) - token.start() < _SPAN_LIMIT:
                self.search = token.start()
                yield from self._more()
                continue
            end = closed + 1 if closed >= 0 else len(self.buffer)
            yield from self._tag(token, end)

    def _tag(self, token: re.Match[bytes], end: int) -> Iterator[RawRecord]:
        self.search = end
        if token.group(3):
            if self.open is not None:
                yield from self._emit(self.open, end)
                self.open = None
        elif self.buffer[end - 2 : end] != b"/>":
            # An opened record that another follows was a wrapper (OAI-PMH) unless it has fields of its own: then its end is missing.
            if self.open is not None and _FIELDS.search(self.buffer, self.open, token.start()):
                yield from self._emit(self.open, token.start())
            self.open = token.start()

    def _emit(self, begin: int, end: int) -> Iterator[RawRecord]:
        if begin > self.done:
            yield self._piece(self.done, begin, "framing")
        fields = _FIELDS.search(self.buffer, begin, end)
        # A deleted record of OAI-PMH has a header and nothing else.
        wrapper = (
            not fields and _HEADER.search(self.buffer, begin, end) and not _METADATA.search(self.buffer, begin, end)
        )
        yield self._piece(begin, end, "framing" if wrapper else "record")
        self.done = end

    def _piece(self, begin: int, end: int, kind: str) -> RawRecord:
        if end - begin > RECORD_LIMIT:
            return RawRecord(
                self.base + begin, end - begin, self.buffer[begin : begin + OVERSIZE_KEEP], oversize=True, kind=kind
            )
        return RawRecord(self.base + begin, end - begin, self.buffer[begin:end], kind=kind)

    def _more(self) -> Iterator[RawRecord]:
        """Read on, first letting go of what is decided."""
        keep = self.open if self.open is not None else self.search
        if self.open is None and keep > self.done:
            yield self._piece(self.done, keep, "framing")
            self.done = keep
        elif self.open is not None and self.open > self.done:
            yield self._piece(self.done, self.open, "framing")
            self.done = self.open
        drop = self.done
        if drop:
            self.buffer = self.buffer[drop:]
            self.base += drop
            self.search -= drop
            self.open = self.open - drop if self.open is not None else None
            self.done = 0
        if self.open is not None and len(self.buffer) - self.open > RECORD_LIMIT:
            yield self._oversize()
            return
        chunk = self.stream.read(_CHUNK)
        self.ended = not chunk
        self.buffer += chunk

    def _oversize(self) -> RawRecord:
        """A record too large to hold: on to its end tag, keeping only its beginning."""
        offset, head, length = self.base, self.buffer[:OVERSIZE_KEEP], 0
        while True:
            token = next((found for found in _TOKEN.finditer(self.buffer, self.search) if found.group(3)), None)
            if token is not None:
                end = self.buffer.find(b">", token.end()) + 1 or len(self.buffer)
                length += end
                self.buffer = self.buffer[end:]
                break
            keep = max(0, len(self.buffer) - _LONGEST_TOKEN)
            length += keep
            chunk = self.stream.read(_CHUNK)
            self.buffer = self.buffer[keep:] + chunk
            self.search = 0
            if not chunk:
                length += len(self.buffer)
                self.buffer, self.ended = b"", True
                break
        self.base = offset + length
        self.done = self.search = 0
        self.open = None
        return RawRecord(offset, length, head, oversize=True)

    def _finish(self) -> Iterator[RawRecord]:
        if self.open is not None and _FIELDS.search(self.buffer, self.open):
            yield from self._emit(self.open, len(self.buffer))
        elif len(self.buffer) > self.done:
            yield self._piece(self.done, len(self.buffer), "framing")
            self.done = len(self.buffer)
