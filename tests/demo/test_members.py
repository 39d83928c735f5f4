"""The demonstration's members are taken through the services of a desk, and once only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import demo
from khaneh.domains.network.services import tables
from khaneh.domains.network.types.tables import ImportMode, TableName
from khaneh.domains.people import queries
from khaneh.domains.people.models import Member
from khaneh.interfaces.cli import demo_members
from khaneh.kernel.actor import SYSTEM

FOLDER = Path(str(demo.__file__)).parent


@pytest.mark.django_db
def test_every_member_is_taken_once() -> None:
    now = datetime.now(UTC)
    for table in (TableName.REGIONS, TableName.ORGANISATIONS, TableName.HOUSES):
        data = (FOLDER / f"network/{table.value}.csv").read_bytes()
        tables.import_table(actor=SYSTEM, table=table, data=data, mode=ImportMode.ALL_OR_NOTHING, now=now)
    made = demo_members.load(FOLDER / "members")
    assert made == Member.objects.filter(state="active").count() >= 60
    assert demo_members.load(FOLDER / "members") == 0
    assert {row.code for row in queries.categories()} == {
        "adult",
        "child",
        "student",
        "senior",
        "class",
        "organisation",
    }
    for member_id in Member.objects.filter(category__needs_guardian=True).values_list("pk", flat=True):
        standing = queries.standing(now=datetime.now(UTC), member_id=member_id)
        assert standing is not None
        assert not standing.lacks_guardian
