"""A PostgreSQL server of this run's own, in a folder that goes away with it, so that two runs at the same time do not meet.

Loaded as a plugin (`-p tests.server`), because it must stand before pytest-django reads the settings: they name the server's socket.
The process that runs or distributes the tests starts it; the workers of a distributed run find it in their environment.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from khaneh.infrastructure.embedded import EmbeddedServer, destroy

_STARTED: list[tuple[EmbeddedServer | None, Path]] = []

if not os.environ.get("KHANEH_TEST_SERVER"):
    _home = Path(tempfile.mkdtemp(prefix="khaneh-test-"))
    os.environ.update(KHANEH_HOME=str(_home), KHANEH_TEST_SERVER="another", SECRET_KEY="for-tests-only")
    _server = None
    if not os.environ.get("DATABASE_URL"):
        os.environ["KHANEH_TEST_SERVER"] = "own"
        _server = EmbeddedServer(_home, durable=False, shared_buffers="128MB").open()
    _STARTED.append((_server, _home))


def pytest_unconfigure() -> None:
    while _STARTED:
        server, home = _STARTED.pop()
        if server is not None:
            server.close()
            destroy(home)
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(f"{home}-kept", ignore_errors=True)  # tests/kept.py
