"""pg_dump, pg_restore and psql for whichever server the settings name. Passwords go by the environment, never by an argument."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from django.db import connection
from psycopg import pq

from khaneh.infrastructure import embedded

# Written by newer tools, unknown to older servers, and of no matter to what is restored.
_NEWER_SETTINGS = re.compile(rb"SET (transaction_timeout|default_toast_compression)\b")
_HEAD_LINES = 60


class ToolFailed(RuntimeError):
    """A program of PostgreSQL failed, or none fits the server; the message holds what it said."""


def server_version() -> str:
    """The server's own version, e.g. `15.8`."""
    connection.ensure_connection()
    number = connection.connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def dump_database(target: Path, *, snapshot: str | None = None) -> None:
    """Write the whole database to `target` in the custom format, as of the exported snapshot. Raises ToolFailed."""
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={target}"]
    if snapshot is not None:
        options.append(f"--snapshot={snapshot}")
    _run([str(_tool("pg_dump")), *options])


def replace_database(dump: Path) -> None:
    """Put a dump in place of everything in the database, in one transaction. Raises ToolFailed, and then nothing has changed.

    The dump passes through psql as text, because only text can be restored into an older server than the one it came from.
    """
    # A backup may come from a server that calls them otherwise; the schema itself stays, it may belong to somebody else.
    clear = (
        "DO $$ DECLARE thing text; BEGIN"
        " FOR thing IN SELECT quote_ident(extname) FROM pg_extension WHERE extname <> 'plpgsql' LOOP"
        " EXECUTE 'DROP EXTENSION IF EXISTS ' || thing || ' CASCADE'; END LOOP;"
        " EXECUTE 'DROP SCHEMA public CASCADE'; EXECUTE 'CREATE SCHEMA public'; END $$;\n"
    )
    with tempfile.TemporaryFile() as errors:
        reading = subprocess.Popen(
            [str(_tool("pg_restore")), "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(dump)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        writing = subprocess.Popen(
            [str(_tool("psql")), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(),
        )
        if reading.stdout is None or writing.stdin is None:
            raise ToolFailed("no pipe between pg_restore and psql")
        try:
            with reading.stdout as source, writing.stdin as sink:
                sink.write(clear.encode())
                for position, line in enumerate(source):
                    if position < _HEAD_LINES and (
                        _NEWER_SETTINGS.match(line) or line.strip() == b"CREATE SCHEMA public;"
                    ):
                        continue
                    sink.write(line)
        except BrokenPipeError:
            pass  # psql has left at an error, which it has told
        codes = (reading.wait(), writing.wait())
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if codes != (0, 0):
        raise ToolFailed(f"the database was not restored: {said[-2000:]}")


def _environment() -> dict[str, str]:
    """The connection as the variables that libpq reads."""
    given = {name: str(value) for name, value in connection.get_connection_params().items() if value is not None}
    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    variables = {
        names_of.decode(): given[keyword]
        for keyword, names_of in names.items()
        if names_of is not None and keyword in given
    }
    return {**os.environ, **variables}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise ToolFailed(f"{Path(command[0]).name} failed: {done.stderr.decode(errors='replace').strip()[-2000:]}")


def _tool(name: str) -> Path:
    """The program that can speak with the server: ours, or for a newer server the system's. Raises ToolFailed."""
    needed = int(server_version().partition(".")[0])
    folders = [embedded.bin_dir(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    for folder in folders:
        program = folder / name
        if program.exists() and _major(program) >= needed:
            return program
    raise ToolFailed(f"no {name} of version {needed} or later: install postgresql-client-{needed}")


def _major(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0
