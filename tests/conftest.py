"""What every test may use: the folder of real records, quick passwords. The database server is started by tests/server.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.kept import OF_DJANGO, forget
from tests.tables import migrated

# Tests are never timed: a machine that is busy is no fault of what they test.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


# Files whose tests take minutes begin first: begun last, one of two processes would wait for the other.
_LONGEST_FIRST = ("scenarios", "races", "browser", "domains/circulation", "interfaces/api")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests by how long their folder takes; within it as they stand."""
    folder = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(folder).as_posix()
        return next((at for at, name in enumerate(_LONGEST_FIRST) if path.startswith(name)), len(_LONGEST_FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records, images and texts; the test is skipped where there is none."""
    named = os.environ.get("KHANEH_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared/data"
    if not folder.is_dir():
        pytest.skip("no folder of real records: set KHANEH_DATA to it")
    return folder


@pytest.fixture(autouse=True)
def _nothing_kept_in_the_process() -> None:
    """A process keeps names and rules for some seconds; a test's database is another one than the last test's."""
    forget()


@pytest.fixture(autouse=True)
def _fast_passwords(settings: object) -> None:
    """A real hash takes a tenth of a second; what is tested is never how strong it is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Each process has a database of its own, a copy of one that was migrated for all of them."""
    from django.db import connection

    name = migrated()
    if name:
        connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Append-only tables refuse TRUNCATE, which is how a test that commits is cleaned up: here alone it is let through."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
    DatabaseOperations.sql_flush = _emptied  # type: ignore[method-assign]
    # Django writes names of tables and rights on them after each test that commits; they stay instead.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


_TRUNCATED = DatabaseOperations.sql_flush


def _emptied(
    self: DatabaseOperations,
    style: object,
    tables: list[str],
    *,
    reset_sequences: bool = False,
    allow_cascade: bool = False,
) -> list[str]:
    """What empties the tables after a test that commits: rows are deleted where there are any, a tenth of the time of a TRUNCATE of all.

    Neither foreign keys nor the triggers that keep histories have a say in it. That takes a superuser, as on the tests' own server; on
    another server the tables are truncated.
    """
    # Jobs are not in Django's care, and a job that is left would be the next test's.
    jobs = ["procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs"]
    tables = [name for name in (*tables, *jobs) if name not in OF_DJANGO]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            return _TRUNCATED(self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {self.quote_name(name)})" for name in tables)
        )
        filled = [name for (name,) in cursor.fetchall()]
    if not filled:
        return []
    return [
        "SET session_replication_role = replica",
        *(f"DELETE FROM {self.quote_name(name)}" for name in filled),
        "SET session_replication_role = DEFAULT",
    ]
