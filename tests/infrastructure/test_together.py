"""Writes and questions that are sent as one statement, and acts that refuse before they write."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import Invalid

pytestmark = pytest.mark.django_db
_PARENT = "INSERT INTO tried_parent (name) VALUES (%(name)s) RETURNING id"
_CHILD = "INSERT INTO tried_child (parent_id, name) VALUES ((SELECT id FROM parent), %(name)s)"


@pytest.fixture(autouse=True)
def _tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tried_parent (id bigserial PRIMARY KEY, name text UNIQUE) ON COMMIT DROP;"
            "CREATE TEMP TABLE tried_child (id bigserial PRIMARY KEY, parent_id bigint NOT NULL, name text) ON COMMIT DROP"
        )


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_parts_are_one_statement_and_one_names_the_id_of_another(django_assert_num_queries: Any) -> None:
    for name in ("first", "second"):
        with django_assert_num_queries(1):
            made = db.write(parent=db.Write(_PARENT, {"name": name}), child=db.Write(_CHILD, {"name": f"{name}'s"}))
        assert list(made) == ["parent"]
        assert (made["parent"], f"{name}'s") in _rows("SELECT parent_id, name FROM tried_child")


def test_a_part_that_fails_leaves_nothing_of_the_others() -> None:
    parts = {"child": db.Write("INSERT INTO tried_child (parent_id) VALUES (%(one)s)", {"one": 1})}
    db.write(**parts, parent=db.Write(_PARENT, {"name": "once"}))
    with pytest.raises(DatabaseError), transaction.atomic():
        db.write(**parts, parent=db.Write(_PARENT, {"name": "once"}))
    assert _rows("SELECT count(*) FROM tried_child") == [(1,)]


def test_questions_are_one_statement_and_each_makes_of_its_row_what_it_is(django_assert_num_queries: Any) -> None:
    db.write(parent=db.Write(_PARENT, {"name": "one"}))
    named = "SELECT name,  id > 0 FROM tried_parent WHERE name = %(name)s"
    for name, wanted in (("one", ("one", True)), ("nobody", None)):
        with django_assert_num_queries(1):
            found = db.read(
                some=db.Read(named, {"name": name}, 2, lambda row: row),
                count=db.Read("SELECT count(*) FROM tried_parent", {}, 1, lambda row: row and row[0]),
            )
        assert found == {"some": wanted, "count": 1}


def test_an_entry_that_somebody_follows_is_recorded_by_itself() -> None:
    with pytest.raises(RuntimeError):
        journal.entry("network.house.changed", actor=SYSTEM, house_id=1)


def test_a_refusal_before_anything_is_written_leaves_the_act_around_it_whole(django_assert_num_queries: Any) -> None:
    with transaction.atomic():
        db.execute("INSERT INTO tried_parent (name) VALUES (%s)", ["kept"])
        with django_assert_num_queries(0), pytest.raises(Invalid), db.refusing_first():
            raise Invalid(fields={})
        db.execute("INSERT INTO tried_parent (name) VALUES (%s)", ["too"])
    assert _rows("SELECT name FROM tried_parent ORDER BY id") == [("kept",), ("too",)]


def test_whatever_else_fails_within_undoes_the_act_around_it() -> None:
    with pytest.raises(ValueError, match="wrong"), transaction.atomic():
        try:
            with db.refusing_first():
                db.execute("INSERT INTO tried_parent (name) VALUES (%s)", ["gone"])
                raise ValueError("wrong")
        except ValueError:
            with pytest.raises(transaction.TransactionManagementError):
                db.execute("INSERT INTO tried_parent (name) VALUES (%s)", ["gone too"])
            raise
    assert _rows("SELECT count(*) FROM tried_parent") == [(0,)]
