"""Twenty machines at a time through the real SIP2 server: `python -m benchmarks.sip2 [--full]`.

Goal at full size: 100 pairs a second over 20 connections, p95 of a message 150 ms. `khaneh sip2` runs as a process of its own, as in
production; each connection signs in as a self-check of one of the twenty largest houses and then lends and takes back its copies, one message after the other, with
checksums and sequence numbers (messages 11 and 09, a session's 35 after each pair). The machines ask for no PIN: a PIN costs what its hash
is made to cost, once a reader. The clients' own work shares the cores.

- pairs_per_second: from the first message to the last answer, over all connections
- p95_ms: of a message and its answer, of all kinds; check_out_p95_ms, check_in_p95_ms
- server_cpu_ms, postgres_cpu_ms: processor time of a pair
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from benchmarks.lending.ground import SEED, ground
from benchmarks.lending.measuring import Pair, milliseconds, pairs, peak_mb, percentile, processor_seconds, server_peaks
from benchmarks.lending.sizes import arguments, sizes
from benchmarks.report import write_result

CONNECTIONS = 20
_NOW = "{:%Y%m%d    %H%M%S}"


class Line(threading.Thread):
    """One machine: what it was answered, how long each answer took."""

    def __init__(
        self, port: int, name: str, password: str, share: list[Pair], gate: threading.Barrier, warm: int
    ) -> None:
        super().__init__(daemon=True)
        self._share, self._gate, self._warm = share, gate, warm
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._number = -1
        self.lent: list[float] = []
        self.returned: list[float] = []
        self.refused: Counter[str] = Counter()
        if not self._ask(f"9300CN{name}|CO{password}|").startswith("941"):
            raise RuntimeError("the machine was not let in")

    def run(self) -> None:
        for place, one in enumerate(self._share):
            if place == self._warm:
                self._gate.wait()
            at = _NOW.format(datetime.now(UTC))
            begun = time.monotonic()
            answer = self._ask(f"11NN{at}{' ' * 18}AO|AA{one.card}|AB{one.barcode}|AC|")
            between = time.monotonic()
            if not answer.startswith("121"):
                self.refused[_screen(answer)] += 1
                continue
            back = self._ask(f"09N{at}{at}AP|AO|AB{one.barcode}|AC|")
            ended = time.monotonic()
            self._ask(f"35{at}AO|AA{one.card}|")
            if not back.startswith("101"):
                self.refused[_screen(back)] += 1
            elif place >= self._warm:
                self.lent.append(between - begun)
                self.returned.append(ended - between)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _ask(self, body: str) -> str:
        self._number = (self._number + 1) % 10
        data = f"{body}AY{self._number}AZ".encode()
        self._socket.sendall(data + b"%04X\r" % (-sum(data) & 0xFFFF))
        answer = b""
        while not answer.endswith(b"\r"):
            part = self._socket.recv(4096)
            if not part:
                raise ConnectionError("the server hung up")
            answer += part
        return answer.decode()


@contextmanager
def server(threads: int) -> Iterator[tuple[int, int]]:
    """`khaneh sip2` until the end: its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    program = [
        sys.executable,
        "-m",
        "khaneh.interfaces.cli.main",
        "sip2",
        "--port",
        str(port),
        "--threads",
        str(threads),
    ]
    process = subprocess.Popen(program, env=os.environ | {"KHANEH_LOG_LEVEL": "ERROR"}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.25)
        else:
            raise TimeoutError("the SIP2 server did not start")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def machines(house_ids: list[int]) -> list[tuple[str, str]]:
    """A self-check of each house: name and password."""
    from khaneh.domains.circulation import services
    from khaneh.domains.circulation.types import TerminalKind
    from khaneh.kernel.actor import SYSTEM

    made = []
    for number, house_id in enumerate(house_ids):
        name = f"bench-{number}"
        _, password = services.add_terminal(
            actor=SYSTEM, house_id=house_id, name=name, kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="en",
            asks_pin=False, now=datetime.now(UTC),
        )  # fmt: skip
        made.append((name, password))
    return made


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(
        __doc__,
        pairs=(0, "how many; 400, at full size 6,000"),
        connections=(CONNECTIONS, "lines"),
        threads=(4, "of the server"),
    )
    wanted = sizes(chosen.copies)
    with ground("sip2", wanted, chosen.folder) as place:
        from django.db import connection

        # Two of five loans are lent by the twenty largest houses, whose numbers are the first: each has a machine, and its own pairs.
        count = (chosen.pairs or (6_000 if chosen.full else 400)) // chosen.connections
        of_house: dict[int, list[Pair]] = {n: [] for n in range(1, chosen.connections + 1)}
        for one in pairs(4 * count * chosen.connections, SEED):
            if one.house_id in of_house and len(of_house[one.house_id]) < count:
                of_house[one.house_id].append(one)
        shares = list(of_house.values())
        named = machines(list(of_house))
        warm = min(min(map(len, shares)) // 5, 20)
        with server(chosen.threads) as (port, pid):
            gate = threading.Barrier(chosen.connections + 1)
            lines = [
                Line(port, name, password, share, gate, warm)
                for (name, password), share in zip(named, shares, strict=True)
            ]
            for line in lines:
                line.start()
            gate.wait()
            backends = _backends()
            cpu, database, began = processor_seconds([pid]), processor_seconds(backends), time.monotonic()
            for line in lines:
                line.join()
            seconds = time.monotonic() - began
            cpu, database = processor_seconds([pid]) - cpu, processor_seconds(backends) - database
            memory, databases = peak_mb(pid), server_peaks()
            for line in lines:
                line.close()
        connection.close()
        built = place.seconds_built
    lent = [second for line in lines for second in line.lent]
    returned = [second for line in lines for second in line.returned]
    count = max(len(lent), 1)
    figures = {
        "pairs_per_second": round(len(lent) / seconds, 1),
        "p95_ms": milliseconds(percentile(lent + returned, 0.95)),
        "check_out_p95_ms": milliseconds(percentile(lent, 0.95)),
        "check_in_p95_ms": milliseconds(percentile(returned, 0.95)),
        "server_cpu_ms": milliseconds(cpu / count),
        "postgres_cpu_ms": milliseconds(database / count),
        "server_peak_mb": memory,
        "postgres_peak_mb": max(databases, default=0.0),
        "clients_peak_mb": peak_mb(),
    }
    told = {
        "refused": dict(sum((line.refused for line in lines), Counter[str]())),
        "seconds_building": built,
        "peer": "Koha's own SIP2 server (2019) on such a machine with a far smaller load: 9 pairs/s (quoted, not run here)",
    }
    if chosen.dry:
        print(figures, told)
        return
    write_result("sip2", figures, {**wanted._asdict(), "pairs": len(lent), "connections": chosen.connections}, **told)


def _backends() -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _screen(answer: str) -> str:
    return next((part[2:] for part in answer.split("|") if part.startswith("AF")), answer[:3])


if __name__ == "__main__":
    main()
