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
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.types.numeric import Int8

Values = Sequence[Any] | Mapping[str, Any]
# Nothing is prepared for having been seen often: only what comes through here.
_BY_COUNTING = 1 << 30


def fetch_one(statement: str, values: Values) -> tuple[Any, ...] | None:
    """The first row, or None."""
    row: tuple[Any, ...] | None = _executed(statement, values).fetchone()
    return row


def fetch_all(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """Every row."""
    rows: list[tuple[Any, ...]] = _executed(statement, values).fetchall()
    return rows


def execute(statement: str, values: Values) -> int:
    """How many rows it wrote."""
    count: int = _executed(statement, values).rowcount
    return count


# One for each line to the server: a cursor keeps how values are written and read, and making one takes as long as a lookup by key.
_cursors: WeakKeyDictionary[psycopg.Connection[Any], psycopg.Cursor[Any]] = WeakKeyDictionary()


def _executed(statement: str, values: Values) -> Any:
    """The cursor that has executed it; what it holds is to be read before anything else is executed."""
    ours = connections[DEFAULT_DB_ALIAS]
    ours.close_if_health_check_failed()
    ours.ensure_connection()
    ours.validate_thread_sharing()
    line: Any = ours.connection
    if ours.queries_logged or ours.execute_wrappers:
        # Wrapped as Django wraps its own: counted, logged.
        _let_prepare(line)
        cursor = _Told(line)
        wrap: Any = ours.make_debug_cursor if ours.queries_logged else ours.make_cursor
        wrap(cursor).execute(statement, _typed(values))
        return cursor
    kept = _cursors.get(line)
    if kept is None:
        _let_prepare(line)
        kept = _cursors[line] = psycopg.Cursor(line)
    ours.validate_no_broken_transaction()
    with ours.wrap_database_errors:
        kept.execute(statement, _typed(values), prepare=True)
    return kept


class _Told(psycopg.Cursor[Any]):
    """A cursor that binds on the server and prepares whatever it executes, and can say what that was."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Told:
        try:
            super().execute(query, params, **{**options, "prepare": True})
        finally:
            # Where Django looks for what was executed; psycopg leaves it empty for what is prepared.
            self._query = self._convert_query(query, params)
        return self


def _let_prepare(line: Any) -> None:
    if line.prepare_threshold is None:
        line.prepare_threshold = _BY_COUNTING


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
