"""What is left of somebody: every value of every table, and every file of a home folder, searched for words that tell who it was."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from psycopg import sql

from khaneh.kernel.orthography import search_key

_COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN
    ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED', 'tsvector', 'xml')
ORDER BY 1, 2
"""
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
# The server's own files hold pages that were deleted until it needs the room again; what anybody reads is its log.
_SERVER = ("base", "global", "pg_wal", "pg_xact", "pg_multixact", "pg_subtrans", "pg_stat", "pg_logical")


def columns() -> list[tuple[str, str]]:
    """Every column of every table that can hold a word."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return list(cursor.fetchall())


def in_tables(wanted: Mapping[str, str | bytes]) -> dict[str, set[str]]:
    """The columns, as `table.column`, in which each of the wanted words stands; by the name that the caller gave it."""
    found: dict[str, set[str]] = {name: set() for name in wanted}
    needles = {name: list(_forms(word)) for name, word in wanted.items()}
    for table, column in columns():
        query = sql.SQL("SELECT {0} FROM {1} WHERE {0} IS NOT NULL").format(
            sql.Identifier(column), sql.Identifier(table)
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            for (value,) in cursor.fetchall():
                for name in _spoken_of(_readings(_bytes(value)), needles):
                    found[name].add(f"{table}.{column}")
    return found


def in_files(home: Path, wanted: Mapping[str, str | bytes]) -> dict[str, set[str]]:
    """The files below a home folder in which each of the wanted words stands."""
    found: dict[str, set[str]] = {name: set() for name in wanted}
    needles = {name: list(_forms(word)) for name, word in wanted.items()}
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        if path.is_file() and not (inside.parts[0] == "postgres" and inside.parts[1].startswith(_SERVER)):
            for name in _spoken_of(_readings(path.read_bytes()), needles):
                found[name].add(str(inside))
    return found


def _spoken_of(readings: list[bytes], needles: Mapping[str, list[bytes]]) -> Iterator[str]:
    for name, forms in needles.items():
        if any(form in reading for reading in readings for form in forms):
            yield name


def _forms(word: str | bytes) -> Iterator[bytes]:
    """A word as it may be written: as it is, folded for search, escaped for JSON and for addresses; small letters."""
    if isinstance(word, bytes):
        yield word
        yield word.hex().encode()
        return
    for form in {word, search_key(word), json.dumps(word)[1:-1], quote(word)}:
        if form:
            yield form.lower().encode()


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return (value if isinstance(value, str) else repr(value)).encode("utf-8", "replace")


def _readings(raw: bytes) -> list[bytes]:
    """The bytes as they are and in small letters, and what unpacks from them: sessions and caches are base64, some of it deflated."""
    readings = [raw, raw.decode("utf-8", "replace").lower().encode()]
    for match in _BASE64.finditer(raw):
        text = match.group().replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
        try:
            inner = base64.b64decode(text + b"=" * (-len(text) % 4))
        except binascii.Error:
            continue
        readings.append(inner.decode("utf-8", "replace").lower().encode())
        try:
            readings.append(zlib.decompress(inner).decode("utf-8", "replace").lower().encode())
        except zlib.error:
            continue
    return readings
