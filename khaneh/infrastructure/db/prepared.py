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
from psycopg.types.numeric import Int8Dumper

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


class _Prepared(psycopg.Cursor[Any]):
    """A cursor that binds on the server, whole numbers as bigint: their size would give the same statement several types."""

    def __init__(self, line: Any) -> None:
        super().__init__(line)
        self.adapters.register_dumper(int, Int8Dumper)
        if line.prepare_threshold is None:
            line.prepare_threshold = _BY_COUNTING

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Prepared:
        super().execute(query, params, **{**options, "prepare": True})
        return self


class _Told(_Prepared):
    """One that can say what it executed."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Told:
        try:
            super().execute(query, params, **options)
        finally:
            # Where Django looks for it; psycopg leaves it empty for what is prepared.
            self._query = self._convert_query(query, params)
        return self


# One for each line to the server: a cursor keeps how values are written and read, and making one takes as long as a lookup by key.
_cursors: WeakKeyDictionary[psycopg.Connection[Any], _Prepared] = WeakKeyDictionary()


def _executed(statement: str, values: Values) -> _Prepared:
    """The cursor that has executed it; what it holds is to be read before anything else is executed."""
    ours = connections[DEFAULT_DB_ALIAS]
    ours.close_if_health_check_failed()
    if ours.connection is None:
        ours.ensure_connection()
    ours.validate_thread_sharing()
    line: Any = ours.connection
    if ours.queries_logged or ours.execute_wrappers:
        # Wrapped as Django wraps its own: counted, logged.
        told = _Told(line)
        wrap: Any = ours.make_debug_cursor if ours.queries_logged else ours.make_cursor
        wrap(told).execute(statement, values)
        return told
    kept = _cursors.get(line)
    if kept is None:
        kept = _cursors[line] = _Prepared(line)
    ours.validate_no_broken_transaction()
    with ours.wrap_database_errors:
        kept.execute(statement, values)
    return kept
