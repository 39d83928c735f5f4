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
