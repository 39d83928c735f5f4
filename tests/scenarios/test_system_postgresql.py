"""The program on the system's own PostgreSQL (Debian's 15, Ubuntu's 16), as a role that is no superuser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.installation import OURS, Installation
from tests.interfaces.cli.records import collection
from tests.scenarios.system_postgresql import binaries, cluster

ROOT = Path(__file__).resolve().parents[2]
# What speaks with the database in its own tongue: migrations, locks, prepared statements, triggers and constraints, trees, COPY, each
# domain's own statements once. What is worked out before a statement is sent is the same on every server and is not repeated.
SUBSET = (
    *("tests/infrastructure/test_db.py", "tests/infrastructure/test_prepared.py"),
    *("tests/domains/network/test_trees.py", "tests/domains/people/test_finding_members.py"),
    *("tests/domains/catalogue/test_import.py", "tests/domains/spaces/test_lives.py"),
    *("tests/domains/circulation/test_invariants.py", "tests/domains/learning/test_enrolling.py"),
)

pytestmark = pytest.mark.skipif(
    binaries() is None, reason="no PostgreSQL of the system's own: apt-get install postgresql (15 or later)"
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A database of a cluster of this module's own."""
    binary = binaries()
    assert binary is not None
    with cluster(binary) as address:
        yield address


def test_the_tests_of_the_domains_pass_on_it(url: str, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("PYTEST")
    }
    subset = [path for path in SUBSET if (ROOT / path).exists()]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *subset,
            "-q",
            "-n0",
            "-m",
            "not browser and not cluster",
            "-p",
            "no:cacheprovider",
            # A folder of its own: making the usual one shuts out the users as whom other tests run their servers there.
            "--basetemp",
            str(tmp_path / "tests"),
        ],
        cwd=ROOT,
        env={**environment, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_a_backup_of_the_embedded_server_moves_there(
    url: str,
    install: Callable[..., Installation],
    tmp_path: Path,
) -> None:
    here = install(ready=True)
    path = tmp_path / "books.mrc"
    path.write_bytes(collection(20))
    with here.held():
        assert here.json("import", str(path))["new"] == 20
        here.run("backup", str(tmp_path / "all.tar"))
        there = install(DATABASE_URL=url)
        there.run("restore", str(tmp_path / "all.tar"))
        assert there.json("search", "lighthouse")["total"] == 20
        states = {check["name"]: check for check in there.json("doctor")["checks"]}
    assert "by DATABASE_URL" in states["database"]["text"]
    assert {states[name]["state"] for name in ("database", "extensions", "migrations", "index")} == {"ok"}
    assert not (there.home / "postgres").exists(), "no server of its own is started"
