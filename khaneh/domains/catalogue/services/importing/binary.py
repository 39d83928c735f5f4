"""Rows as COPY has them in its binary form: for the tables that get a row and more with every record of a file.

Values are encoded here one by one; which value belongs to which column is said where the rows are made. Nothing here knows a table.
"""

from __future__ import annotations

import struct
from functools import lru_cache

_LENGTH = struct.Struct(">i")
_LONG = struct.Struct(">iq")

NULL = _LENGTH.pack(-1)
FALSE = _LENGTH.pack(1) + b"\0"


def columns(count: int) -> bytes:
    """What a row of so many columns begins with."""
    return struct.pack(">h", count)


def long(value: int | None) -> bytes:
    """A bigint."""
    return NULL if value is None else _LONG.pack(8, value)


def octets(value: bytes) -> bytes:
    """A bytea, or a text that is in UTF-8 already."""
    return _LENGTH.pack(len(value)) + value


def text(value: str) -> bytes:
    """A text."""
    data = value.encode()
    return _LENGTH.pack(len(data)) + data


@lru_cache(maxsize=4096)
def words(*values: str) -> bytes:
    """Several texts in a row, of columns that say the same in most rows."""
    return b"".join(map(text, values))
