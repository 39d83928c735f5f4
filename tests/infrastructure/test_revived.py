"""The PostgreSQL that comes with the program is killed and started again: what was committed is there."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg

from khaneh.infrastructure.embedded import EmbeddedServer, database_url, destroy


def test_a_killed_server_is_started_again_and_a_living_one_left_alone(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path, shared_buffers="16MB") as server:
        with psycopg.connect(database_url(tmp_path), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        lock = tmp_path / "postgres/postmaster.pid"
        before = int(lock.read_text().split()[0])
        assert not server.revive()
        assert int(lock.read_text().split()[0]) == before
        os.kill(before, signal.SIGKILL)
        # A killed process is there until the kernel comes to it; the supervisor looks again, too.
        deadline = time.monotonic() + 120
        while not server.revive():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert int(lock.read_text().split()[0]) != before
        with psycopg.connect(database_url(tmp_path)) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        assert not server.revive()
    destroy(tmp_path)
