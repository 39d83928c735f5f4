"""Statements of acts that happen many times a second: PostgreSQL plans each once for a connection, not at every execution.

Django sends a statement as text with its values in it, so that parsing and planning are done anew each time; for a lookup by key that is
three quarters of the server's work. Here values travel beside the statement (server-side binding), which PostgreSQL keeps prepared for
as long as the connection lives. Statements are counted, logged and wrapped as Django's own.

A value's type is told to PostgreSQL once, when the statement is prepared: whole numbers are always bigint. Where a value's type does not
follow from its place, the statement casts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from psycopg.types.numeric import Int8

Values = Sequence[Any] | Mapping[str, Any]
# Nothing is prepared for having been seen often: only what comes through here.
_BY_COUNTING = 1 << 30


def fetch_one(statement: str, values: Values) -> tuple[Any, ...] | None:
    """The first row, or None."""
    with _cursor() as cursor:
        cursor.execute(statement, _typed(values))
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def fetch_all(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """Every row."""
    with _cursor() as cursor:
        cursor.execute(statement, _typed(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def execute(statement: str, values: Values) -> int:
    """How many rows it wrote."""
    with _cursor() as cursor:
        cursor.execute(statement, _typed(values))
        count: int = cursor.rowcount
    return count


class _Prepared(psycopg.Cursor[Any]):
    """A cursor that binds on the server and prepares whatever it executes."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Prepared:
        try:
            super().execute(query, params, **{**options, "prepare": True})
        finally:
            if connection.queries_logged:
                # Where Django looks for what was executed; psycopg leaves it empty for what is prepared.
                self._query = self._convert_query(query, params)
        return self


def _cursor() -> Any:
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    line = connection.connection
    if line.prepare_threshold is None:
        line.prepare_threshold = _BY_COUNTING
    # As Django wraps its own: counted, logged, errors translated.
    wrap: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    connection.validate_thread_sharing()
    return wrap(_Prepared(line))


def _typed(values: Values) -> Values:
    """Whole numbers as bigint, also in lists: their size would give the same statement several types."""
    if isinstance(values, Mapping):
        return {name: _number(value) for name, value in values.items()}
    return [_number(value) for value in values]


def _number(value: Any) -> Any:
    kind = type(value)
    if kind is int:
        return Int8(value)
    if kind is list:
        return [_number(one) for one in value]
    return value
