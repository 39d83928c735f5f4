"""Run the search suites on a real OpenSearch cluster of three nodes on loopback: `python -m tests.cluster.run [pytest arguments]`.

Each node is a process of its own, so that a test can kill one as a power cut would; it is started again on its data a few seconds later,
as a service manager does. Needs a JDK from 17 on and Maven, which fetches the artifacts of `pom.xml` the first time. `--serve` keeps the
cluster up until Ctrl-C instead, e.g. to try `SEARCH_URL` by hand; arguments that name tests take the place of the suites.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUITES = ["tests/infrastructure/search", "tests/domains/discovery", "tests/cluster"]
NODES = 3  # the fewest of which one can be lost and the others still agree
MEMORY = "512m"  # of each
PATIENCE = 600  # seconds for the nodes to find each other; on an idle machine it is 20
REST = 5  # seconds before a dead node is started again
# Short lives on few cores: compiled quickly rather than well, and one thread to collect garbage.
JAVA = (f"-Xmx{MEMORY}", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")


class CannotRun(Exception):
    """Something that the cluster needs is not on this machine, or the nodes did not find each other."""


def _require(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise CannotRun(f"'{program}' is missing; Debian and Ubuntu have it in the package {package}")
    return found


def _run(command: list[str], failure: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"{failure}:\n{done.stdout[-2000:]}{done.stderr[-1000:]}")


def classpath(folder: Path) -> str:
    """What a node runs on: Maven's copies of the artifacts, fetched if need be, and our own class, compiled into the folder."""
    maven, compiler = _require("mvn", "maven"), _require("javac", "openjdk-17-jdk-headless")
    listed, pom, source = folder / "classpath", HERE / "pom.xml", HERE / "ClusterNode.java"
    _run(
        [maven, "-q", "-B", "-f", str(pom), "dependency:build-classpath", f"-Dmdep.outputFile={listed}"],
        f"Maven could not get the artifacts of {pom}",
    )
    artifacts = listed.read_text().strip()
    _run([compiler, "-d", str(folder / "classes"), "-cp", artifacts, str(source)], f"{source} does not compile")
    return os.pathsep.join((str(folder / "classes"), artifacts))


def _free_ports(count: int) -> list[int]:
    """As many ports on loopback that nobody listens at, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


class Cluster:
    """The nodes' processes. `start` returns once the cluster is green; `stop` leaves nothing behind but the folder."""

    def __init__(self, folder: Path, nodes: int = NODES) -> None:
        ports = _free_ports(2 * nodes)
        self._folder = folder
        self._http, self._transport = ports[:nodes], ports[nodes:]
        self._names = [f"node-{number}" for number in range(1, nodes + 1)]
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def addresses(self) -> list[str]:
        """One for each node."""
        return [f"http://127.0.0.1:{port}" for port in self._http]

    def start(self) -> None:
        """Start every node and wait until they form a green cluster."""
        self._command = [_require("java", "openjdk-17-jdk-headless"), *JAVA, "-cp", classpath(self._folder)]
        self._processes = [self._node(number) for number in range(len(self._names))]
        until = time.monotonic() + PATIENCE
        while not self._is_green():
            if time.monotonic() > until or any(process.poll() is not None for process in self._processes):
                raise CannotRun(f"the cluster did not start within {PATIENCE} seconds:\n{self._logged()}")
            time.sleep(0.5)
        self._keeper.start()

    def stop(self) -> None:
        """End the nodes: a node ends with its standard input."""
        self._stopping.set()
        if self._keeper.is_alive():
            self._keeper.join()
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()
        for process in self._processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _node(self, number: int) -> subprocess.Popen[bytes]:
        ports = ",".join(map(str, self._transport))
        own = [self._names[number], str(self._http[number]), str(self._transport[number])]
        command = [*self._command, "ClusterNode", str(self._folder), *own, ports, ",".join(self._names)]
        with (self._folder / f"{self._names[number]}.log").open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self._folder)

    def _keep(self) -> None:
        """Start again what dies."""
        while not self._stopping.wait(0.5):
            for number, process in enumerate(self._processes):
                if process.poll() is not None and not self._stopping.wait(REST):
                    self._processes[number] = self._node(number)

    def _is_green(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.addresses[0]}/_cluster/health", timeout=10) as answer:
                health = json.load(answer)
        except (OSError, ValueError):
            return False
        return bool(health["status"] == "green" and health["number_of_nodes"] == len(self._names))

    def _logged(self) -> str:
        logs = (self._folder / f"{name}.log" for name in self._names)
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs if log.exists())


@contextlib.contextmanager
def cluster(nodes: int = NODES) -> Iterator[list[str]]:
    """The nodes' addresses, once the cluster is green. Everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="khaneh-cluster-") as folder:
        made = Cluster(Path(folder), nodes)
        try:
            made.start()
            yield made.addresses
        finally:
            made.stop()


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
            chosen = any(not argument.startswith("-") for argument in arguments)
            command = [sys.executable, "-m", "pytest", "-n0", *arguments, *(() if chosen else SUITES)]
            return subprocess.run(command, check=False, env={**os.environ, "SEARCH_URL": url}).returncode
    except CannotRun as error:
        print(f"make test-cluster: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
