"""Children: restarted when they die, stopped in order, gone with a parent that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

PATIENCE = 60.0  # seconds: how long a busy machine may take for what a test waits for
_PARENT = """
import sys
from khaneh.infrastructure.processes import Program, Supervisor
folder = sys.argv[1]
child = '''
import os, signal, sys, time
name, folder = sys.argv[1:]
def leave(*_):
    with open(folder + "/stopped", "a") as out: out.write(name + "\\\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
with open(folder + "/" + name, "a") as out: out.write(str(os.getpid()) + "\\\\n")
while True: time.sleep(0.05)
'''
Supervisor([Program(name, [sys.executable, "-c", child, name, folder]) for name in ("web", "jobs")]).run()
"""


@pytest.fixture
def parent(tmp_path: Path):
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(_PARENT), str(tmp_path)])
    yield process
    process.kill()
    process.wait()


def _pids(path: Path, number: int = 1) -> list[int]:
    """The process ids that a child wrote, once there are `number` of them."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines = path.read_text().split() if path.exists() else []
        if len(lines) >= number:
            return [int(line) for line in lines]
        time.sleep(0.05)
    raise AssertionError(f"{path.name} did not start {number} times")


def _is_gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # dead, and only waiting for whoever inherits it
            return True
        time.sleep(0.05)
    return False


def test_a_stop_ends_the_children_in_the_order_of_the_list(parent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    pids = [*_pids(tmp_path / "web"), *_pids(tmp_path / "jobs")]
    parent.send_signal(signal.SIGINT)
    assert parent.wait(PATIENCE) == 0
    assert (tmp_path / "stopped").read_text().split() == ["web", "jobs"]
    assert all(_is_gone(pid) for pid in pids)


def test_a_killed_parent_leaves_no_child(parent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    pids = [*_pids(tmp_path / "web"), *_pids(tmp_path / "jobs")]
    parent.kill()
    parent.wait()
    assert all(_is_gone(pid) for pid in pids)


def test_a_child_that_dies_is_started_again(parent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    (first,) = _pids(tmp_path / "jobs")
    os.kill(first, signal.SIGKILL)
    assert _pids(tmp_path / "jobs", 2)[1] != first
    assert len(_pids(tmp_path / "web")) == 1, "its neighbour goes on"
