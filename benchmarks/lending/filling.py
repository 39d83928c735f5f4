"""Rows by the million, made in the database itself: INSERT … SELECT over numbers, with draws that depend on nothing but the number.

Triggers and foreign keys are off while it fills (`session_replication_role`), so that what is made must be right by itself; the test of
the benchmarks asks the invariants of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db import connection, models

# A number in [0, 1) that belongs to a row and a purpose: the same in every run, whatever the order of rows.
_DRAW = """
CREATE SCHEMA made;
CREATE FUNCTION made.draw(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (hashint8extended(n, salt) & 9007199254740991) / 9007199254740992.0::float8 $$;
"""


@contextmanager
def filling() -> Iterator[None]:
    """Triggers and keys off, draws at hand; afterwards sequences go on after what was made."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET work_mem = '256MB'; SET synchronous_commit = off")
        cursor.execute(_DRAW)
    try:
        yield
        _follow_on()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP SCHEMA made CASCADE; RESET session_replication_role; RESET work_mem; RESET synchronous_commit"
            )


def fill(model: type[models.Model], columns: Mapping[str, str], source: str) -> int:
    """INSERT INTO the model's table, SELECT the expressions FROM `source`; gives the number of rows.

    `columns` are names of columns. Those that are left out and cannot be empty have the model's own default.
    """
    given = {**_defaults(model, columns), **columns}
    table = model._meta.db_table
    return run(
        f"INSERT INTO {table} ({', '.join(given)}) SELECT {', '.join(given.values())} FROM {source}",
        said=table,
    )


def run(statement: str, *, said: str = "") -> int:
    """One statement; with a name, its rows and seconds are told."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        count: int = cursor.rowcount
    if said:
        print(f"  {said}: {count:,} rows, {time.perf_counter() - began:.1f} s", flush=True)
    return count


def pick(draw: str, shares: Mapping[str, float]) -> str:
    """An expression that gives one of the values as often as its share says."""
    bounds = list(accumulate(shares.values()))[:-1]
    return f"({_array(shares, 'text')})[width_bucket({draw}, {_array(bounds, 'float8')}) + 1]"


def weighted(draw: str, weights: list[float]) -> str:
    """An expression that gives 1 to the number of weights, each as often as its weight says."""
    total = sum(weights)
    bounds = [one / total for one in accumulate(weights)][:-1]
    return f"(width_bucket({draw}, {_array(bounds, 'float8')}) + 1)"


def literal(value: object) -> str:
    """A constant in SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return f"'{value.isoformat()}'::timestamptz"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return "'" + text.replace("'", "''") + "'"


def _array(values: Any, kind: str) -> str:
    return f"'{{{','.join(str(one) for one in values)}}}'::{kind}[]"


def _defaults(model: type[models.Model], given: Mapping[str, str]) -> dict[str, str]:
    missing = {}
    for field in model._meta.concrete_fields:
        column = field.column
        made = field.primary_key or field.generated or field.has_db_default()
        if column and column not in given and not field.null and not made:
            missing[column] = literal(field.get_default())
    return missing


def _follow_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.column_name = 'id'"
            " AND c.is_identity = 'YES'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), n) FROM (SELECT max(id) AS n FROM {table}) AS m WHERE n IS NOT NULL"
            )
