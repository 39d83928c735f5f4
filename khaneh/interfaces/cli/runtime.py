"""What a command stands on: the settings, the database that the program brings, Django, the tables.

A command takes as little as it needs: `search` a ready database, `match` no database at all.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from khaneh.interfaces.cli.exits import Failed

if TYPE_CHECKING:
    from khaneh.infrastructure.embedded import EmbeddedServer

SETTINGS = "khaneh.config.settings"

# Every program that migrates asks for the same lock: one of several that start together does it.
_MIGRATION_LOCK = zlib.crc32(b"khaneh.migrate")


def home() -> Path:
    """The folder of KHANEH_HOME, made if it is not there. Raises Failed where that is not possible."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.conf import settings

    try:
        folder = Path(settings.KHANEH_HOME)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"KHANEH_HOME cannot be used: {error}") from error
    return folder


def brings_database() -> bool:
    """Whether the embedded PostgreSQL is used: no DATABASE_URL names another."""
    return not os.environ.get("DATABASE_URL")


@contextlib.contextmanager
def database() -> Iterator[EmbeddedServer | None]:
    """The server runs inside: the embedded one, which is given, is started if nobody has; another one is taken to run. Raises Failed."""
    folder = home()
    if not brings_database():
        yield None
        return
    from khaneh.infrastructure.embedded import EmbeddedServer, ServerDidNotStart

    try:
        server = EmbeddedServer(folder).open()
    except (ServerDidNotStart, OSError) as error:
        raise Failed(f"{error}\nkhaneh doctor says more.") from error
    try:
        yield server
    finally:
        from django.db import connections

        connections.close_all()
        server.close()


def django() -> None:
    """Models, translations, logging: everything but a connection."""
    home()
    import django as framework

    framework.setup()


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """A database with every table, and Django. Raises Failed when the tables are behind the program or the server does not answer."""
    with database():
        django()
        if pending_migrations():
            migrate()
        yield


def pending_migrations() -> list[str]:
    """The names of migrations that the database lacks. Raises Failed when it does not answer."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Failed(f"the database does not answer: {str(error).strip()}\nkhaneh doctor says more.") from error
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> None:
    """Bring the tables up to the program, one process at a time."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
    put_in_force()


def put_in_force() -> None:
    """The rules and skills that ship with this version, where nobody has published others. Changes nothing the second time."""
    from khaneh.domains.circulation import services as circulation
    from khaneh.domains.events import services as events
    from khaneh.domains.learning import services as learning
    from khaneh.domains.placements import services as placements
    from khaneh.domains.programmes import services as programmes
    from khaneh.domains.spaces import services as spaces

    circulation.ensure_policies()
    spaces.ensure_policies()
    learning.ensure_policies()
    events.ensure_policies()
    placements.ensure_skills()
    programmes.ensure_policies()


@contextlib.contextmanager
def only_user(folder: Path) -> Iterator[None]:
    """Held by `serve` for as long as it serves a home, and by what must not happen meanwhile. Raises Failed. Ends with the process."""
    with (folder / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Failed(
                f"{folder} is being served (by process {lock.read().strip() or '?'}): stop it first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
