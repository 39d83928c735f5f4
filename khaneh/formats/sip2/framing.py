"""A stream cut into messages. Machines end them with CR, with CR LF, a few with LF; the answer ends as the machine's own message did."""

from __future__ import annotations

import re
from collections.abc import Iterator

from khaneh.formats.sip2.errors import TooLong

LONGEST_MESSAGE = 8192  # bytes; the longest request of the protocol has less than a thousand
_END = re.compile(rb"\r\n|\r|\n")


class Splitter:
    """Collects bytes of one connection and gives whole messages, without their ends."""

    def __init__(self, longest: int = LONGEST_MESSAGE) -> None:
        self._longest = longest
        self._held = b""
        self.terminator = b"\r"

    @property
    def is_waiting(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._held.strip(b" \0\r\n"))

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Each message that these bytes complete; empty lines are none. Raises TooLong.

        A CR that is the last byte at hand ends its message at once: nobody waits for an LF that may never come. One that follows is an
        empty line.
        """
        self._held += data
        begin = 0
        for end in _END.finditer(self._held):
            line = self._held[begin : end.start()].strip(b" \0")
            begin = end.end()
            if not line:
                if end.group() == b"\n" and self.terminator == b"\r":
                    self.terminator = b"\r\n"
                continue
            if len(line) > self._longest:
                raise TooLong(f"{len(line)} bytes")
            self.terminator = b"\r\n" if end.group() == b"\r\n" else b"\r"
            yield line
        self._held = self._held[begin:]
        if len(self._held) > self._longest:
            raise TooLong(f"{len(self._held)} bytes without an end")
