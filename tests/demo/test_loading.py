"""The network's files pass the importer that a real network uses, line by line, in the order in which they depend on each other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.network import make_boundaries
from khaneh.domains.network.services import tables
from khaneh.domains.network.types.tables import ImportMode, Outcome, TableName
from khaneh.kernel.actor import SYSTEM

NETWORK = Path(make_boundaries.__file__).parent
NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_every_line_of_every_table_is_taken() -> None:
    for table in TableName:
        name = f"{table.value}.geojson" if table is TableName.BOUNDARIES else f"{table.value}.csv"
        report = tables.import_table(
            actor=SYSTEM,
            table=table,
            data=(NETWORK / name).read_bytes(),
            mode=ImportMode.ALL_OR_NOTHING,
            now=NOW,
        )
        refused = [(line.line, line.code, line.problems) for line in report.lines if line.outcome is Outcome.REFUSED]
        assert refused == [], name
        assert report.applied, name
        assert report.unknown_columns == (), name
