"""The real program on a home of its own: what tests of the command line and of whole scenarios stand on."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from khaneh.infrastructure.embedded import EmbeddedServer, bin_dir, database_url, socket_dir
from tests.tables import dump

OURS = (
    "DATABASE_URL",
    "KHANEH_TEST_SERVER",
    "KHANEH_URL",
    "SECRET_KEY",
    "SEARCH_URL",
    "EMAIL_URL",
    "DJANGO_SETTINGS_MODULE",
)


# A home whose tables are there and hold nothing: made by the first test of a run that wants one, copied for the others.
_READY = Path(os.environ["KHANEH_HOME"]) / "ready"


class Installation:
    """A home folder and the program on it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = {**kept, "KHANEH_HOME": str(home), **settings}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """`khaneh ARGUMENTS`, running."""
        command = [sys.executable, "-m", "khaneh.interfaces.cli.main", *arguments]
        return subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, **options)

    def run(self, *arguments: str, code: int = 0, given: bytes = b"") -> str:
        """`khaneh ARGUMENTS` to its end; its standard output. Fails with what it said when it leaves with another code."""
        command = [sys.executable, "-m", "khaneh.interfaces.cli.main", *arguments]
        done = subprocess.run(
            command, env=self.environment, input=given, capture_output=True, check=False, timeout=1800
        )
        assert done.returncode == code, (
            f"{arguments} left with {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        )
        return done.stdout.decode()

    def held(self) -> EmbeddedServer:
        """The database, running for as long as this is open, so that not every command starts it and stops it."""
        return EmbeddedServer(self.home, durable=False)

    def json(self, *arguments: str, code: int = 0) -> Any:
        """`khaneh ARGUMENTS --json`, read."""
        return json.loads(self.run(*arguments, "--json", code=code))


def _ready() -> Path:
    """A stopped installation with its tables, of this run's own."""
    with _READY.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_READY / "complete").exists():
            shutil.rmtree(_READY, ignore_errors=True)
            _READY.mkdir()
            made, tables = Installation(_READY), dump()
            with made.held():
                if tables is None:
                    made.run("migrate")
                    (_READY / "secret-key").unlink(missing_ok=True)
                else:
                    command = [str(bin_dir() / "pg_restore"), "--no-owner", "-d", database_url(_READY), str(tables)]
                    subprocess.run(command, check=True)
            _forget_server(_READY)
            (_READY / "complete").touch()
    return _READY


def _forget_server(home: Path) -> None:
    """Remove the sockets that a stopped or killed server of a home left."""
    sockets = socket_dir(home)
    if sockets.exists():
        for left in sockets.iterdir():
            left.unlink()
        sockets.rmdir()


@pytest.fixture(scope="module")
def install() -> Iterator[Callable[..., Installation]]:
    """Make installations; their servers are stopped at the end, whatever was killed meanwhile.

    `ready=True` gives one that has been migrated, which takes a copy instead of the first start of a database; else the home is empty.
    """
    made: list[Installation] = []

    def one(*, ready: bool = False, **settings: str) -> Installation:
        # Not below pytest's own folder: another run of tests that begins shuts that to the user as whom root runs the server.
        home = Path(tempfile.mkdtemp(prefix="khaneh-home-"))
        if ready:
            # With its owner: the server is somebody else where root runs the tests.
            subprocess.run(["cp", "-a", f"{_ready()}/.", str(home)], check=True)
            (home / "complete").unlink()
        installation = Installation(home, **settings)
        made.append(installation)
        return installation

    yield one
    for installation in made:
        if (installation.home / "postgres/postmaster.pid").exists():
            EmbeddedServer(installation.home).open().close()
        _forget_server(installation.home)
        shutil.rmtree(installation.home, ignore_errors=True)
