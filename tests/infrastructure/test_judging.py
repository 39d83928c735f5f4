"""Acts that are often refused: what a refusal undoes, and what it leaves as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from khaneh.infrastructure import db
from khaneh.kernel.refusal import Invalid

pytestmark = pytest.mark.django_db(transaction=True)
_ASKED = "SELECT 'kept ready'"
_PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement = %(asked)s::text"


@pytest.fixture(autouse=True)
def _table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE judged (name text)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE judged")


def _names() -> list[Any]:
    return [name for (name,) in db.fetch_all("SELECT name FROM judged ORDER BY name", ())]


def test_a_refusal_that_undoes_nothing_keeps_what_is_prepared() -> None:
    with pytest.raises(Invalid), db.judging():
        db.fetch_one(_ASKED, ())
        raise Invalid(fields={})
    assert not connection.in_atomic_block
    assert db.fetch_one(_PREPARED, {"asked": _ASKED}) == (1,)
    # A transaction that is rolled back has the driver forget: what this spares.
    with pytest.raises(Invalid), db.transaction():
        db.fetch_one(_ASKED, ())
        raise Invalid(fields={})
    assert db.fetch_one(_PREPARED, {"asked": _ASKED}) == (0,)


def test_a_refusal_undoes_what_was_written_and_what_would_be_done_after_it() -> None:
    done: list[str] = []
    with pytest.raises(Invalid), db.judging():
        db.execute("INSERT INTO judged VALUES (%(name)s)", {"name": "gone"})
        raise Invalid(fields={})
    with pytest.raises(Invalid), db.judging():
        db.on_commit(lambda: done.append("file"))
        raise Invalid(fields={})
    with db.judging():
        db.execute("INSERT INTO judged VALUES (%(name)s)", {"name": "kept"})
    assert (_names(), done) == (["kept"], [])


def test_within_another_transaction_it_is_one_of_its_own() -> None:
    with transaction.atomic():
        db.execute("INSERT INTO judged VALUES (%(name)s)", {"name": "outer"})
        with pytest.raises(Invalid), db.judging():
            db.execute("INSERT INTO judged VALUES (%(name)s)", {"name": "inner"})
            raise Invalid(fields={})
    assert _names() == ["outer"]
