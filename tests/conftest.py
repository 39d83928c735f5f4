"""What every test may use: the folder of real records, quick passwords. The database server is started by tests/server.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Tests are never timed: a machine that is busy is no fault of what they test.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records, images and texts; the test is skipped where there is none."""
    named = os.environ.get("KHANEH_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared/data"
    if not folder.is_dir():
        pytest.skip("no folder of real records: set KHANEH_DATA to it")
    return folder


@pytest.fixture(autouse=True)
def _fast_passwords(settings: object) -> None:
    """A real hash takes a tenth of a second; what is tested is never how strong it is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Append-only tables refuse TRUNCATE, which is how a test that commits is cleaned up: here alone it is let through."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
