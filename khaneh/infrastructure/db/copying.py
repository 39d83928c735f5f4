"""Rows by the thousand: COPY through Django's own connection, inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, types: Sequence[str] = ()) -> int:
    """Append rows to `table` and return their number. Values are Python values, adapted as for any statement.

    With `types` (PostgreSQL type names, one a column) the binary form is used: faster for bytes and integers.
    """
    form = sql.SQL(" (FORMAT BINARY)") if types else sql.SQL("")
    statement = sql.SQL("COPY {} ({}) FROM STDIN{}").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), form
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        if types:
            copy.set_types(list(types))
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def copy_binary(table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """Append rows that are already in PostgreSQL's binary form (a tuple each, without the file's header and trailer).

    For tables of many small rows of one shape, where making Python values of them would take longer than writing them.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        copy.write(b"".join(rows))
        copy.write(b"\xff\xff")
