"""Start a cluster of two OpenSearch nodes on loopback and run the search suites on it: `python -m tests.cluster.run [pytest arguments]`.

Needs Java 17 or later (a JDK) and Maven, which fetches the artifacts of `pom.xml` the first time. Without arguments of its own pytest gets
the suites that both engines must pass. `--serve` keeps the cluster up until Ctrl-C instead, e.g. to try `SEARCH_URL` by hand.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUITES = ["tests/infrastructure/search", "tests/domains/discovery"]
MEMORY = "1g"  # of both nodes together: they share a process
PATIENCE = 120  # seconds for the nodes to find each other


class CannotRun(Exception):
    """Something that the cluster needs is not on this machine."""


def _require(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise CannotRun(f"'{program}' is missing; Debian and Ubuntu have it in the package {package}")
    return found


def classpath(work: Path) -> str:
    """Where Maven keeps the cluster's artifacts, fetched now if need be."""
    maven = _require("mvn", "maven")
    _require("javac", "openjdk-17-jdk-headless")
    listed = work / "classpath"
    command = [
        maven,
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        "dependency:build-classpath",
        f"-Dmdep.outputFile={listed}",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode or not listed.exists():
        raise CannotRun(
            f"Maven could not get the artifacts of {HERE / 'pom.xml'}:\n{done.stdout[-2000:]}{done.stderr[-1000:]}"
        )
    return listed.read_text().strip()


def _first_port(nodes: int) -> int:
    """A port after which as many are free: the runner takes the ones that follow it."""
    for port in range(19200, 19900, 10):
        with contextlib.ExitStack() as stack:
            try:
                for number in range(nodes + 1):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + number))
            except OSError:
                continue
            return port
    raise CannotRun("no free ports between 19200 and 19900")


@contextlib.contextmanager
def cluster(nodes: int = 2) -> Iterator[list[str]]:
    """The nodes' addresses, once the cluster is green. Everything is gone afterwards."""
    java = _require("java", "openjdk-17-jdk-headless")
    with tempfile.TemporaryDirectory(prefix="khaneh-cluster-") as folder:
        path = classpath(Path(folder))
        arguments = [str(Path(folder) / "nodes"), str(nodes), str(_first_port(nodes))]
        command = [java, f"-Xmx{MEMORY}", "-Xms256m", "-cp", path, str(HERE / "Cluster.java"), *arguments]
        log = Path(folder) / "log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, cwd=folder
            )
        assert process.stdin is not None
        try:
            yield _addresses(process, log)
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _addresses(process: subprocess.Popen[bytes], log: Path) -> list[str]:
    assert process.stdout is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    said: list[str] = []
    try:
        for line in process.stdout:
            text = line.decode(errors="replace").strip()
            said.append(text)
            if text.startswith("READY "):
                threading.Thread(target=process.stdout.read, daemon=True).start()  # or its pipe would fill
                return text.split()[1:]
    finally:
        timer.cancel()
    told = "\n".join(said[-20:]) + log.read_text(errors="replace")[-2000:]
    raise CannotRun(f"the cluster did not start within {PATIENCE} seconds:\n{told}")


def main(arguments: list[str]) -> int:
    """Run the suites on a cluster; the exit code is pytest's, or 3 where there can be no cluster."""
    try:
        with cluster() as addresses:
            url = ",".join(addresses)
            print(f"OpenSearch: {len(addresses)} nodes at {url}", flush=True)
            if arguments == ["--serve"]:
                with contextlib.suppress(KeyboardInterrupt):
                    threading.Event().wait()
                return 0
            command = [sys.executable, "-m", "pytest", "-n0", *(arguments or SUITES)]
            return subprocess.run(command, check=False, env={**os.environ, "SEARCH_URL": url}).returncode
    except CannotRun as error:
        print(f"make test-cluster: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
