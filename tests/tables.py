"""Tables that are migrated once in a run, on its own server, and copied wherever they are wanted: migrating takes longer than most tests."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

from khaneh.infrastructure.embedded import bin_dir, database_url

# The folder of the whole run (tests/server.py), which goes away with it.
_HOME = Path(os.environ["KHANEH_HOME"])


def migrated() -> str:
    """The name of a database of the run's own server that has every table and no row of ours; "" where the server is somebody else's."""
    if os.environ["KHANEH_TEST_SERVER"] != "own":
        return ""
    with (_HOME / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_HOME / "tables").exists():
            command = [sys.executable, "-m", "khaneh.interfaces.cli.main", "migrate", "--json"]
            environment = {**os.environ, "DATABASE_URL": database_url(_HOME)}
            done = subprocess.run(command, env=environment, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr.decode()
            assert json.loads(done.stdout)["applied"]
            (_HOME / "tables").touch()
    return "khaneh"


def dump() -> Path | None:
    """The same as an archive of pg_dump; None where `migrated` gives none."""
    if not migrated():
        return None
    path = _HOME / "tables.dump"
    with (_HOME / "dump.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = path.with_suffix(".draft")
            command = [str(bin_dir() / "pg_dump"), "-Fc", "-f", str(draft), "-d", database_url(_HOME)]
            subprocess.run(command, check=True)
            draft.rename(path)
    return path
