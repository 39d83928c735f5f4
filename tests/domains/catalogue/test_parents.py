"""What PostgreSQL keeps between contributions, copies and their parents, whoever writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from khaneh.domains.catalogue import services
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books

pytestmark = pytest.mark.django_db

NOWHERE = 987_654_321
_AS_BEFORE = """
INSERT INTO catalogue_contribution
    (record_id, own_record_id, source_id, batch_id, identity, occurrence, version, position, raw, digest, serialisation, dialect,
     encoding, problems, comparable, keys, work_keys)
SELECT {record}, own_record_id, {source}, {batch}, 'again', more, version, position, raw, digest, serialisation, dialect,
     encoding, problems, comparable, keys, work_keys
FROM catalogue_contribution, generate_series(1, 3) AS more
"""
_COPY = """
INSERT INTO catalogue_copy
    (record_id, contribution_id, location, call_number, price_currency, state, barcode_given, house_given)
SELECT {record}, {contribution}, '', '', '', 'available', '', '' FROM catalogue_record
"""


@pytest.fixture(autouse=True)
def _imported(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM, copies=(("B1", "MAIN"),)))
    services.import_file(actor=SYSTEM, path=path)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def contributions(**parents: object) -> str:
    return _AS_BEFORE.format(**{"record": "record_id", "source": "source_id", "batch": "batch_id", **parents})


def test_rows_whose_parents_are_there_are_taken() -> None:
    run(contributions())


@pytest.mark.parametrize(
    "parents",
    [
        {"record": NOWHERE},
        {"source": NOWHERE},
        {"batch": NOWHERE},
        {"record": f"CASE more WHEN 3 THEN {NOWHERE} ELSE record_id END"},
    ],
)
def test_one_contribution_without_a_parent_stops_the_statement(parents: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="names a parent that is not there"):
        run(contributions(**parents))


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE catalogue_contribution SET record_id = {NOWHERE}",
        f"UPDATE catalogue_contribution SET batch_id = {NOWHERE}",
        f"UPDATE catalogue_copy SET record_id = {NOWHERE}",
        f"UPDATE catalogue_copy SET contribution_id = {NOWHERE}",
        _COPY.format(record=NOWHERE, contribution="NULL"),
        _COPY.format(record="id", contribution=NOWHERE),
    ],
)
def test_a_row_never_comes_to_a_parent_that_is_not_there(statement: str) -> None:
    with pytest.raises(IntegrityError, match="names a parent that is not there"):
        run(statement)


def test_a_copy_may_be_of_no_contribution() -> None:
    run("UPDATE catalogue_copy SET contribution_id = NULL")


@pytest.mark.parametrize(
    "table", ["catalogue_record", "catalogue_source", "catalogue_import_batch", "catalogue_contribution"]
)
def test_a_parent_neither_goes_nor_takes_another_number(table: str) -> None:
    with pytest.raises(DatabaseError, match="is kept for ever"):
        run(f"DELETE FROM {table}")
    with pytest.raises(DatabaseError, match="keeps its number"):
        run(f"UPDATE {table} SET id = id + 1000")
