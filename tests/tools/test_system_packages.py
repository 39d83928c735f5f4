"""What a machine lacks is installed where that is allowed, and otherwise named exactly."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/system-packages"


class Machine:
    """A machine that has nothing but what is put into its folder of programs."""

    def __init__(self, folder: Path, *, user: int) -> None:
        self.folder = folder
        self.has("id", f"echo {user}")

    def has(self, program: str, does: str = "exit 0") -> None:
        path = self.folder / program
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    def asked(self, what: str, **settings: str) -> subprocess.CompletedProcess[str]:
        shell = shutil.which("sh")
        assert shell is not None
        environment = {"PATH": str(self.folder), **settings}
        return subprocess.run(
            [shell, str(TOOL), what], env=environment, capture_output=True, text=True, check=False, timeout=60
        )


@pytest.mark.parametrize(
    ("what", "target", "packages"),
    [
        ("test", "test", ("chromium", "yaz")),
        ("bench", "bench", ("yaz", "idzebra-2.0")),
        ("cluster", "test-cluster", ("openjdk-17-jdk-headless", "maven")),
    ],
)
def test_who_may_not_install_is_told_what_to_install(
    tmp_path: Path, what: str, target: str, packages: tuple[str, ...]
) -> None:
    machine = Machine(tmp_path, user=1000)
    machine.has("apt-get", "echo must not be called >&2; exit 9")
    told = machine.asked(what)
    assert told.returncode == 1
    assert f"make {target} also needs" in told.stderr
    command = next(line for line in told.stderr.splitlines() if "sudo apt-get install" in line)
    assert set(packages) <= set(command.split())
    assert "must not be called" not in told.stderr


def test_what_is_there_is_not_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    machine.has("yaz-marcdump")
    assert "yaz" not in machine.asked("bench").stderr
    machine.has("zebraidx")
    assert machine.asked("bench").returncode == 0


def test_root_installs_and_is_told_when_that_fails(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0)
    machine.has("apt-get", 'echo "called: $*"')
    done = machine.asked("bench")
    assert done.returncode == 0
    assert "called: install -q -y --no-install-recommends yaz idzebra-2.0" in done.stdout
    machine.has("apt-get", "exit 100")
    failed = machine.asked("bench")
    assert failed.returncode == 1
    assert "idzebra-2.0" in failed.stderr


def test_one_may_go_on_without_but_not_without_a_cluster(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    assert machine.asked("test", SYSTEM_PACKAGES="skip").returncode == 0
    assert machine.asked("cluster", SYSTEM_PACKAGES="skip").returncode == 1
