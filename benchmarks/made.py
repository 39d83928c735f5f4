"""A made-up network as an installation to measure: built once into a folder, copied for every benchmark that changes it.

The folder's server is durable and has the settings of `khaneh serve`. Each benchmark works in a copy of the database, so that the next
one begins from the same state.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

_MADE = "khaneh"
Sized = TypeVar("Sized", bound=NamedTuple)


class Ground(NamedTuple, Generic[Sized]):
    """An installation with a network of its own: where, how large, and where clients find its database."""

    home: Path
    sizes: Sized
    database: str
    seconds_built: float


@contextmanager
def ground(
    name: str, wanted: Sized, folder: Path, *, build: Callable[[Sized, datetime], None], version: int
) -> Iterator[Ground[Sized]]:
    """A database for one benchmark, with Django set up for it. Import nothing of Django's models before. The copy goes afterwards.

    `build` fills an empty, migrated database; with another `version`, or other sizes, it is called again.
    """
    from khaneh.infrastructure.embedded import EmbeddedServer, database_url

    home = folder.resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(KHANEH_HOME=str(home), DJANGO_SETTINGS_MODULE="khaneh.config.settings", SECRET_KEY="benchmark")
    os.environ["DATABASE_URL"] = database_url(home)
    server = EmbeddedServer(home).open()
    try:
        import django

        django.setup()
        seconds = _ensure_made(wanted, build, version)
        own = f"run_{name}"
        say(f"copying the network for {name}")
        _use("postgres")
        _drop(own)
        _execute(f"CREATE DATABASE {own} TEMPLATE {_MADE} STRATEGY FILE_COPY")
        os.environ["DATABASE_URL"] = database_url(home).replace(f"/{_MADE}?", f"/{own}?")
        _use(own)
        _execute("CHECKPOINT")
        try:
            yield Ground(home, wanted, own, seconds)
        finally:
            _use("postgres")
            _drop(own)
            _close()
    finally:
        server.close()


def say(text: str) -> None:
    """A line of progress."""
    print(f"ground: {text}", flush=True)


def _ensure_made(wanted: Any, build: Callable[[Any, datetime], None], version: int) -> float:
    """Build the network unless the folder has this one; gives the seconds that building took, whenever that was."""
    from django.core.management import call_command

    said = {"version": version, "sizes": list(wanted)}
    _use("postgres")
    row = _row(f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{_MADE}'")
    made: dict[str, Any] = json.loads(row[0]) if row and row[0] else {}
    if {name: made.get(name) for name in said} == said:
        _use(_MADE)
        call_command("migrate", verbosity=0)
        return float(made["seconds"])
    began = time.perf_counter()
    say(f"building a network of {wanted}")
    _drop(_MADE)
    _execute(f"CREATE DATABASE {_MADE}")
    _use(_MADE)
    call_command("migrate", verbosity=0)
    build(wanted, datetime.now(UTC))
    _execute("VACUUM (ANALYZE)")
    seconds = round(time.perf_counter() - began, 1)
    _use("postgres")
    _execute(f"COMMENT ON DATABASE {_MADE} IS '{json.dumps({**said, 'seconds': seconds})}'")
    say(f"built in {seconds} s")
    return seconds


def _use(database: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()


def _close() -> None:
    from django.db import connection

    connection.close()


def _drop(database: str) -> None:
    _execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _execute(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _row(statement: str) -> tuple[Any, ...] | None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
