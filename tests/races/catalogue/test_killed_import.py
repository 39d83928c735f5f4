"""An import that is killed again and again, at any moment, ends as one that was left in peace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.import_records import write_file
from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import ImportBatch
from khaneh.domains.catalogue.services.importing import run
from khaneh.domains.catalogue.types import ImportState
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import snapshot

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
_CHUNK = 40


def database_url() -> str:
    """The test database, for a process of its own."""
    settings = connection.settings_dict
    where = "&".join(f"{name}={settings[key]}" for name, key in (("host", "HOST"), ("port", "PORT")) if settings[key])
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return f"postgresql://{settings['USER']}{password}@/{settings['NAME']}?{where}"


def checkpoint() -> tuple[int, str]:
    found = ImportBatch.objects.order_by("-pk").values_list("checkpoint", "state").first()
    return found or (0, "")


def others() -> int:
    """How many connections the database has beside our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("workers", [0, 1], ids=["in turn", "overlapping"])
def test_killed_at_random_moments_the_end_is_the_same(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "records.mrc"
    write_file(path, 1_500, seed=3)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + b"00077 junk in the middle\x1d" + data[len(data) // 2 :])
    monkeypatch.setattr(run, "RECORDS", _CHUNK)
    services.import_file(actor=SYSTEM, path=path)
    peaceful = snapshot.content()
    snapshot.empty()

    draw = random.Random(11)
    environment = {**os.environ, "DATABASE_URL": database_url(), "SECRET_KEY": "for-tests-only"}
    command = [sys.executable, "-m", "tests.races.catalogue.kill_me", str(path), str(_CHUNK), str(workers)]
    kills = 0
    while True:
        before = checkpoint()[0]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        # Let it come as far as its first new checkpoint, then kill it some moment later; the moments fall anywhere in a chunk.
        until = time.monotonic() + 60
        while process.poll() is None and checkpoint()[0] == before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(draw.random() * 0.25)
        if kills >= 6 or process.poll() is not None:
            assert process.wait(timeout=120) == 0
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        # What the server had been sent before it still does; if that was the end, there is nothing to take up again.
        while others() and time.monotonic() < until + 60:
            time.sleep(0.005)
        if checkpoint()[1] == ImportState.DONE:
            break
    assert kills >= 3
    assert ImportBatch.objects.count() == 1
    for name, rows in peaceful.items():
        assert snapshot.content()[name] == rows, name
