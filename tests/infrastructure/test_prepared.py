"""Statements that PostgreSQL keeps prepared: they answer as others do, are planned once, and survive what undoes a transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khaneh.infrastructure import db

pytestmark = pytest.mark.django_db
_ADD = "SELECT %(one)s::bigint + %(other)s::bigint"


def _prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [row[0] for row in cursor.fetchall()]


def test_one_statement_serves_numbers_of_every_size() -> None:
    for number in (1, 40_000, 3_000_000_000):
        assert db.fetch_one(_ADD, {"one": number, "other": 1}) == (number + 1,)
    assert [one for one in _prepared() if "bigint +" in one] == ["SELECT $1::bigint + $2::bigint"]


def test_values_come_back_as_they_went() -> None:
    at = datetime(2026, 3, 20, 23, 59, tzinfo=UTC)
    row = db.fetch_one(
        "SELECT %s::timestamptz, %s::text, %s::bool, %s::bigint[], %s::text", [at, "ک'%", True, [1, 2], None]
    )
    assert row == (at, "ک'%", True, [1, 2], None)
    assert db.fetch_one("SELECT 1 WHERE %s::int = 2", [1]) is None
    assert db.fetch_all("SELECT n FROM generate_series(1, %s::int) AS n", [3]) == [(1,), (2,), (3,)]


def test_rows_that_were_written_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE noted (n bigint) ON COMMIT DROP")
    assert db.execute("INSERT INTO noted SELECT n FROM generate_series(1, %s::int) AS n", [4]) == 4


def test_statements_are_counted_as_djangos_own(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        db.fetch_one(_ADD, {"one": 1, "other": 2})
        db.fetch_one(_ADD, {"one": 1, "other": 2})


def test_the_text_of_a_statement_is_told_to_who_listens() -> None:
    with CaptureQueriesContext(connection) as heard:
        db.execute("UPDATE people_account SET email = email WHERE id = %s", [1])
        with pytest.raises(DatabaseError), transaction.atomic():
            db.fetch_one("SELECT 1 / %s::int", [0])
    texts = [query["sql"] for query in heard.captured_queries]
    assert texts[0] == "UPDATE people_account SET email = email WHERE id = $1"
    assert "SELECT 1 / $1::int" in texts


def test_an_error_is_djangos_and_an_undone_transaction_harms_nothing() -> None:
    for _ in range(3):
        with pytest.raises(DatabaseError), transaction.atomic():
            db.fetch_one("SELECT 1 / %s::bigint", [0])
        assert db.fetch_one(_ADD, {"one": 1, "other": 2}) == (3,)
