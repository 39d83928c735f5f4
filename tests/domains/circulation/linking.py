"""Looking for who read what: rows of all tables joined by every number, instant and transaction that they share.

A number is followed wherever it stands: in keys, in columns that are named like keys, in the facts of the journal and other JSON. Two rows
are joined too where they hold the same instant to the microsecond, or were written by the same transaction. What many rows of one table
share tells of none of them: a house, a day, a round of the night.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

Row = tuple[str, int]
Token = tuple[str, Any]

# What a number is of, where no key says so.
_NAMED = {
    "loan_id": "circulation_loan", "earlier_loan_id": "circulation_loan", "loan": "circulation_loan",
    "request_id": "circulation_request", "request": "circulation_request", "transfer_id": "circulation_transfer",
    "copy_id": "catalogue_copy", "record_id": "catalogue_record", "decision_id": "policies_decision",
    "entry_id": "circulation_fee_entry", "entry": "circulation_fee_entry", "lost_entry": "circulation_fee_entry",
    "member": "people_member", "member_id": "people_member", "account_id": "people_account",
}  # fmt: skip
# The index takes these away within seconds.
_PASSING = ("discovery_touched",)


def path(start: Row, ends: str, *, crowd: int) -> list[Row | Token] | None:
    """The shortest way from a row to any row of the table `ends`, or None. What `crowd` rows of one table share is no way."""
    rows = dict(_rows())
    holders: dict[Token, list[Row]] = defaultdict(list)
    for row, tokens in rows.items():
        for token in tokens:
            holders[token].append(row)
    telling = {token for token, held in holders.items() if not _is_crowd(held, crowd)}
    came: dict[Row, tuple[Row, Token] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        row = waiting.popleft()
        if row[0] == ends:
            way: list[Row | Token] = [row]
            while (step := came[row]) is not None:
                row = step[0]
                way += [step[1], row]
            return way[::-1]
        for token in rows.get(row, set()) & telling:
            for other in holders[token]:
                if other not in came:
                    came[other] = (row, token)
                    waiting.append(other)
    return None


def _is_crowd(held: list[Row], crowd: int) -> bool:
    counts: dict[str, int] = defaultdict(int)
    for table, _ in held:
        counts[table] += 1
    return max(counts.values()) >= crowd


def _rows() -> Iterator[tuple[Row, set[Token]]]:
    keys = _foreign_keys()
    for table, columns in _tables().items():
        if table in _PASSING or "id" not in columns:
            continue
        names = sorted(columns)
        query = sql.SQL("SELECT xmin::text, {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table)
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = cursor.fetchall()
        for transaction, *values in found:
            held = dict(zip(names, values, strict=True))
            tokens: set[Token] = {(table, held["id"]), ("transaction", transaction)}
            for name, value in held.items():
                if isinstance(value, str):  # JSON, as the driver gives it
                    value = json.loads(value)
                tokens |= set(_tokens(keys.get((table, name)) or _NAMED.get(name), value))
            yield (table, held["id"]), tokens


def _tokens(of: str | None, value: Any) -> Iterator[Token]:
    if isinstance(value, datetime):
        if (value.hour, value.minute, value.second, value.microsecond) not in ((0, 0, 0, 0), (20, 30, 0, 0)):
            yield "instant", value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _tokens(_NAMED.get(name), inner)
    elif of is not None and isinstance(value, int):
        yield of, value


def _tables() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND c.data_type IN ('bigint', 'integer', 'timestamp with time zone', 'jsonb')"
        )
        for table, column in cursor.fetchall():
            found[table].add(column)
    return found


def _foreign_keys() -> dict[tuple[str, str], str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text FROM pg_constraint k"
            " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'"
        )
        return {(table, column): other for table, column, other in cursor.fetchall()}
