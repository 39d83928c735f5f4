"""An upload whose worker is killed in the middle is gone on with by the next worker that comes, without anybody asking for it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from khaneh.infrastructure.embedded import database_url
from tests.installation import Installation
from tests.interfaces.cli.records import collection

PATIENCE = 300.0  # seconds that a busy machine may take for anything that the test waits for
RECORDS = 8_000  # four chunks: the first is committed when the kill comes
_UPLOAD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "khaneh.config.settings"
import django
django.setup()
from khaneh.domains.catalogue import services
from khaneh.kernel.actor import SYSTEM
with open(sys.argv[1], "rb") as file:
    batch = services.keep_file(actor=SYSTEM, upload=file, name="books.mrc")
services.start_import(actor=SYSTEM, batch_id=batch)
"""


def _value(one: Installation, sql: str) -> int:
    import psycopg

    with psycopg.connect(database_url(one.home)) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def _until(what: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.1)
    return False


def test_the_next_worker_goes_on_with_an_upload_whose_worker_was_killed(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    one = install(ready=True)
    path = tmp_path / "books.mrc"
    path.write_bytes(collection(RECORDS))
    log = (tmp_path / "log").open("ab")
    taken = lambda: _value(one, "SELECT count(*) FROM catalogue_contribution")  # noqa: E731
    done = lambda: _value(one, "SELECT count(*) FROM catalogue_import_batch WHERE state = 'done'")  # noqa: E731
    with one.held():
        uploaded = [sys.executable, "-c", _UPLOAD, str(path)]
        environment = {**one.environment, "DATABASE_URL": database_url(one.home)}
        subprocess.run(uploaded, env=environment, check=True, timeout=PATIENCE, stdout=log, stderr=log)
        path.unlink()  # what was uploaded is kept

        # A group of its own: the readers beside it go with it.
        first = one.start("worker", "--no-index", stdout=log, stderr=log, start_new_session=True)
        try:
            assert _until(lambda: taken() > 0, PATIENCE), (tmp_path / "log").read_text()[-3000:]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(first.pid, signal.SIGKILL)
            first.wait()
        assert 0 < taken() < RECORDS, "the kill came in the middle"
        assert done() == 0

        second = one.start("worker", "--no-index", stdout=log, stderr=log, start_new_session=True)
        try:
            assert _until(lambda: done() == 1, PATIENCE), (tmp_path / "log").read_text()[-3000:]
        finally:
            second.send_signal(signal.SIGTERM)
            try:
                second.wait(PATIENCE)
            finally:
                second.kill()
                second.wait()
        assert taken() == RECORDS
        assert _value(one, "SELECT count(DISTINCT identity) FROM catalogue_contribution") == RECORDS
        assert _value(one, "SELECT (counts -> 'counts' ->> 'read')::int FROM catalogue_import_batch") == RECORDS
