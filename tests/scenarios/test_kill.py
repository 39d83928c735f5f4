"""`kill -9` loses nothing: the whole tree is killed in the middle of an import, and the next start goes on where it was."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from khaneh.infrastructure.embedded import EmbeddedServer, database_url
from tests.installation import Installation
from tests.interfaces.cli.records import collection

PATIENCE = 300.0  # seconds that a busy machine may take for anything that a test waits for
RECORDS = 8_000  # four chunks: the first is committed when the kill comes


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _descendants(root: int) -> list[int]:
    """The processes below `root`, by the kernel's own list."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [root]
    while waiting:
        some = children.get(waiting.pop(), [])
        found += some
        waiting += some
    return found


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _all_run(log: Path) -> bool:
    told = log.read_text()
    return all(line in told for line in ("Ctrl-C stops everything", "worker takes jobs", "index writer runs"))


def _until(what: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def _served(one: Installation, log: Path) -> Iterator[tuple[int, int]]:
    """`khaneh serve`, answering: its process id and its port. Killed at the end if it still runs."""
    port = _free_port()
    with log.open("ab") as out:
        process = one.start("serve", "--port", str(port), "--processes", "1", stdout=out, stderr=out)
    try:
        assert _until(lambda: _answers(port), PATIENCE), log.read_text()[-3000:]
        yield process.pid, port
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()
                process.wait()


def _rows(one: Installation, sql: str) -> int:
    import psycopg

    with psycopg.connect(database_url(one.home)) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def test_killed_in_the_middle_of_an_import_nothing_is_lost_and_nothing_twice(
    install: Callable[..., Installation],
    tmp_path: Path,
) -> None:
    one = install(ready=True)
    path = tmp_path / "books.mrc"
    path.write_bytes(collection(RECORDS))
    log = tmp_path / "log"
    with _served(one, log) as (pid, port):
        importing = one.start("import", str(path), stdout=log.open("ab"), stderr=log.open("ab"))
        seen = lambda: _rows(one, "SELECT count(*) FROM catalogue_contribution")  # noqa: E731
        assert _until(lambda: seen() > 0 or importing.poll() is not None, PATIENCE)
        time.sleep(1)  # a chunk's commit reaches the disk within 0.6 s (wal_writer_delay), not at once
        tree = [pid, importing.pid, *_descendants(pid), *_descendants(importing.pid)]
        server = int((one.home / "postgres/postmaster.pid").read_text().split()[0])
        for process in [*tree, server, *_descendants(server)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        importing.wait()
        assert _until(lambda: not _answers(port), PATIENCE), "nobody is left who answers"
    with EmbeddedServer(one.home):
        committed = seen()
    assert committed > 0, "the kill came after something was committed"

    again = one.json("import", str(path))
    assert again["quarantined"] == 0
    with _served(one, log):
        assert seen() == RECORDS
        assert _rows(one, "SELECT count(DISTINCT identity) FROM catalogue_contribution") == RECORDS
        assert one.json("search", "lighthouse", "--limit", "0")["total"] == _rows(
            one, "SELECT count(*) FROM catalogue_record WHERE merged_into_id IS NULL"
        )


def test_ctrl_c_stops_everything(install: Callable[..., Installation], tmp_path: Path) -> None:
    one = install(ready=True)
    log = tmp_path / "log"
    with _served(one, log) as (pid, port):
        assert _until(lambda: _all_run(log), PATIENCE), log.read_text()[-3000:]
        tree = _descendants(pid)
        os.kill(pid, signal.SIGINT)
        assert _until(lambda: not _answers(port), PATIENCE)
    alive = [process for process in tree if Path(f"/proc/{process}").exists()]
    assert not alive
    assert not (one.home / "postgres/postmaster.pid").exists(), "the database was stopped in order"
    told = log.read_text()
    assert "stopped" in told
    assert "Traceback" not in told


def test_killed_alone_its_children_stop_the_database_too(
    install: Callable[..., Installation],
    tmp_path: Path,
) -> None:
    one = install(ready=True)
    log = tmp_path / "log"
    with _served(one, log) as (pid, port):
        assert _until(lambda: _all_run(log), PATIENCE), log.read_text()[-3000:]
        tree = _descendants(pid)
        os.kill(pid, signal.SIGKILL)
        assert _until(lambda: not _answers(port), PATIENCE)
        assert _until(lambda: not any(Path(f"/proc/{process}").exists() for process in tree), PATIENCE)
        stopped = _until(lambda: not (one.home / "postgres/postmaster.pid").exists(), PATIENCE)
        assert stopped, log.read_text()[-2000:] + (one.home / "postgres/server.log").read_text()[-1500:]


@pytest.mark.parametrize("other", ["port", "home"])
def test_what_is_taken_is_said(other: str, install: Callable[..., Installation], tmp_path: Path) -> None:
    one = install(ready=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        if other == "port":
            one.run("serve", "--port", port, code=1)
            return
        with _served(one, tmp_path / "log"):
            one.run("serve", "--port", str(_free_port()), code=1)
