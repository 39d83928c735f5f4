"""The made-up network that lending is measured on, at a small size: filled without triggers and keys, it must be right by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from psycopg import sql

from benchmarks.lending import ground, sizes
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Statistic, Transfer
from khaneh.domains.people.models import Member
from tests.domains.circulation.impossible import impossible

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HEAVY = 20  # requests of the one member who has many
SMALL = sizes.sizes(1_200)._replace(
    records=300, members=300, past_loans=900, houses=120, waiting=80, on_shelf=12, in_transit=8, going_home=8, heavy=1
)


@pytest.fixture
def built(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            pytest.skip("triggers are only switched off by a superuser, as on the tests' own server")
    ground.build(SMALL, NOW)


def test_nothing_impossible_is_made(built: None) -> None:
    assert impossible() == []
    assert orphans() == []
    assert Member.objects.count() == SMALL.members
    assert Request.objects.filter(state="on_shelf").count() == SMALL.on_shelf
    assert Transfer.objects.filter(state="sent").count() >= SMALL.in_transit
    assert Request.objects.filter(state__in=["placed", "targeted", "suspended"]).count() == SMALL.waiting + HEAVY
    for table in (Loan, FeeEntry, Statistic):
        assert table.objects.count() > 100
    # The question can be answered with no: one row that no service would write is found.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE catalogue_copy SET state = 'available' WHERE state = 'on_hold_shelf'")
        cursor.execute("UPDATE circulation_loan SET house_id = 999999 WHERE state = 'open'")
    assert impossible()
    assert orphans() == [("circulation_loan", "house_id")]


def orphans() -> list[tuple[str, str]]:
    """Tables and columns with a key to a row that is not there."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, b.attname FROM pg_constraint k"
            " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
            " JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]"
            " WHERE k.contype = 'f' ORDER BY 1, 2"
        )
        for table, column, other, key in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT EXISTS (SELECT FROM {} t WHERE {} IS NOT NULL AND NOT EXISTS (SELECT FROM {} o WHERE {} = {}))").format(
                    sql.Identifier(table), sql.Identifier("t", column), sql.Identifier(other), sql.Identifier("o", key),
                    sql.Identifier("t", column),
                )
            )  # fmt: skip
            if cursor.fetchone() == (True,):
                found.append((table, column))
    return found
