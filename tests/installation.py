"""The real program on a home of its own: what tests of the command line and of whole scenarios stand on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from khaneh.infrastructure.embedded import EmbeddedServer, socket_dir

OURS = (
    "DATABASE_URL",
    "KHANEH_TEST_SERVER",
    "KHANEH_URL",
    "SECRET_KEY",
    "SEARCH_URL",
    "EMAIL_URL",
    "DJANGO_SETTINGS_MODULE",
)


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
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, check=False, timeout=300)
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


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Installation]]:
    """Make installations; their servers are stopped at the end, whatever was killed meanwhile."""
    made: list[Installation] = []

    def one(**settings: str) -> Installation:
        installation = Installation(tmp_path_factory.mktemp("home"), **settings)
        made.append(installation)
        return installation

    yield one
    for installation in made:
        if (installation.home / "postgres").exists():
            EmbeddedServer(installation.home).open().close()
        sockets = socket_dir(installation.home)
        if sockets.exists():
            for left in sockets.iterdir():
                left.unlink()
            sockets.rmdir()
