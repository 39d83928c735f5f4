"""The PostgreSQL that comes with the program is killed and started again: what was committed is there."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from khaneh.infrastructure.embedded import EmbeddedServer, database_url, destroy, socket_dir


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


def test_who_is_killed_while_sweeping_up_after_a_killed_server_keeps_nobody_from_starting(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path, shared_buffers="16MB"):
        owner = (tmp_path / "postgres").stat().st_uid
    # Half swept: the number in the socket's lock belongs to a dead process that nobody has waited for.
    with subprocess.Popen(["true"], user=owner if os.geteuid() == 0 else None) as nobody:
        os.waitid(os.P_PID, nobody.pid, os.WEXITED | os.WNOWAIT)
        left = socket_dir(tmp_path) / ".s.PGSQL.5432.lock"
        left.write_text(f"{nobody.pid}\n{tmp_path / 'postgres'}\n0\n5432\n{socket_dir(tmp_path)}\n")
        os.chown(left, owner, pwd.getpwuid(owner).pw_gid)
        with EmbeddedServer(tmp_path, shared_buffers="16MB"), psycopg.connect(database_url(tmp_path)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    destroy(tmp_path)


def test_a_server_that_somebody_else_has_told_to_start_is_waited_for(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path, shared_buffers="16MB") as server:
        lock = tmp_path / "postgres/postmaster.pid"
        before = lock.read_text().split()[0]
        server._start()
        assert lock.read_text().split()[0] == before
    destroy(tmp_path)
