"""`kill -9` in the middle of a thousand loans: whoever was told that a copy is lent finds it lent, once, and nothing is half done.

Two desks in the browser and two self-checks lend; one after the other the web server, the workers and PostgreSQL are killed under them.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.infrastructure.embedded import database_url
from tests.domains.circulation.impossible import ALL
from tests.installation import Installation
from tests.interfaces.cli.records import collection
from tests.scenarios.test_kill import _all_run, _descendants, _free_port, _served, _until

DESKS, MACHINES, RECORDS = 2, 2, 50
# After which part of the loans was acknowledged each blow falls.
WEB, WORKERS, POSTGRESQL = 0.25, 0.45, 0.65
# A machine that does other work as well takes its time; what is tested is never how long.
_PATIENCE = 600.0

Loan = tuple[int, str, str]  # member, card, barcode


class Desk:
    """A librarian's browser at the desk: tells a loan until it hears what became of it."""

    def __init__(self, floor: dict[str, Any], number: int) -> None:
        self._floor, self._house = floor, floor["house"]
        self._session = f"{floor['cookie']}={floor['sessions'][number]}"
        self._token = ""

    def lend(self, loan: Loan) -> bool:
        """Whether the desk said that it is lent; False for a line that broke or an answer that is none."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            if not self._token:
                headers, _ = self._ask("GET", "")
                found = re.search(r"csrftoken=(\w+)", " ".join(headers.get_all("Set-Cookie") or []))
                self._token = found[1] if found else ""
            member, _, barcode = loan
            form = {"house": self._house, "member": member, "scan": barcode, "csrfmiddlewaretoken": self._token}
            _, page = self._ask("POST", urlencode(form))
            # Told again after the line broke, it is lent already, to the member in hand.
            return "Lent until" in page or "on loan" in page
        return False

    def _ask(self, method: str, body: str) -> tuple[Any, str]:
        port = self._floor["port"]
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            line.request(
                method, "/desk/circulation/", body,
                {
                    "Host": f"localhost:{port}", "Cookie": f"{self._session}; csrftoken={self._token}",
                    "Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en",
                    "X-Requested-With": "fetch", "Referer": f"http://localhost:{port}/desk/circulation/",
                },
            )  # fmt: skip
            answer = line.getresponse()
            page = answer.read().decode()
            if answer.status >= 500:
                raise OSError(answer.status)
            assert answer.status == 200, f"{answer.status} {page[:2000]}"
            return answer.headers, page
        finally:
            line.close()


class SelfCheck:
    """A machine that says a message again, on another line, until it is answered."""

    def __init__(self, port: int, password: str) -> None:
        self._port, self._password, self._number = port, password, 0
        self._files: Any = None

    def lend(self, loan: Loan) -> bool:
        """Whether the server said that it is lent; False for a line that broke."""
        _, card, barcode = loan
        try:
            if self._files is None:
                self._files = socket.create_connection(("127.0.0.1", self._port), timeout=60).makefile("rwb")
                signed_in = self._tell(m.Login(user="front", password=self._password))
                if signed_in.ok != "1":
                    raise OSError("not let in")
            self._number = (self._number + 1) % 10
            answer = self._tell(m.CheckOut(at="20260302    123000", patron=card, item=barcode))
        except (OSError, sip2.Sip2Error):
            self._files = None
            return False
        assert answer.ok in "01"
        return bool(answer.ok == "1")

    def _tell(self, message: Any) -> Any:
        self._files.write(sip2.encode(message, sequence=self._number, checksum=True))
        self._files.flush()
        return sip2.decode(self._read()).message

    def _read(self) -> bytes:
        said = bytearray()
        while not said.endswith(b"\r"):
            one = self._files.read(1)
            if not one:
                raise OSError("the line broke")
            said += one
        return bytes(said[:-1])


class Crowd:
    """Clients that lend everything, each loan until it is acknowledged."""

    def __init__(self, clients: list[Any], loans: list[Loan]) -> None:
        self.told: list[str] = []  # the barcodes that were acknowledged, in order
        self._all, self._left = len(loans), list(reversed(loans))
        self._lock = threading.Lock()
        self._until = time.monotonic() + _PATIENCE
        self._pool = ThreadPoolExecutor(len(clients))
        self._work = [self._pool.submit(self._lend, client) for client in clients]

    def _lend(self, client: Any) -> None:
        while True:
            with self._lock:
                if not self._left:
                    return
                loan = self._left.pop()
            while not client.lend(loan):
                assert time.monotonic() < self._until, f"{loan} was never answered; {len(self.told)} were"
                time.sleep(0.2)
            with self._lock:
                self.told.append(loan[2])

    def reach(self, part: float) -> None:
        """Wait until this part of the loans is acknowledged."""
        number = round(self._all * part)
        stuck = lambda: any(one.done() and one.exception() for one in self._work)  # noqa: E731
        assert _until(lambda: len(self.told) >= number or stuck(), _PATIENCE), f"{len(self.told)} of {self._all}"
        if stuck():
            self.finish()

    def finish(self) -> None:
        """Wait for all; raises what a client raised."""
        for one in self._work:
            one.result()
        self._pool.shutdown()


def _made(one: Installation) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.scenarios.lending_floor", str(DESKS)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, env=one.environment, cwd=root, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _programs(root: int, *words: str) -> list[int]:
    """The children of `khaneh serve` whose command has one of the words, with their own children."""
    found = []
    for pid in _descendants(root):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            if "khaneh.interfaces.cli.main" in command and any(word in command for word in words):
                found += [pid, *_descendants(pid)]
    return found


def _postgres(one: Installation) -> list[int]:
    server = int((one.home / "postgres/postmaster.pid").read_text().split()[0])
    return [server, *_descendants(server)]


def _rows(one: Installation, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url(one.home)) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]


def _lent(one: Installation) -> list[tuple[Any, ...]]:
    return _rows(one, "SELECT c.barcode, l.member_id FROM circulation_loan l JOIN catalogue_copy c ON c.id = l.copy_id")


def _whole(one: Installation, told: list[str], loans: list[Loan]) -> None:
    """Every loan that was acknowledged is there, once, with everything that belongs to it."""
    assert sorted(told) == sorted(barcode for _, _, barcode in loans), "all were acknowledged in the end"
    assert sorted(_lent(one)) == sorted((barcode, member) for member, _, barcode in loans), (
        "each is lent once, to its reader"
    )
    number = len(loans)
    for what, sql in {
        "occupancies": "SELECT count(*) FROM circulation_occupancy o JOIN circulation_loan l ON l.id = o.loan_id AND l.copy_id = o.copy_id",
        "copies on loan": "SELECT count(*) FROM catalogue_copy WHERE state = 'on_loan'",
        "statistics": "SELECT count(*) FROM circulation_statistic WHERE act = 'loan'",
        "lines of the journal": "SELECT count(*) FROM journal_entry WHERE kind = 'circulation.loan.opened'",
        "decisions": "SELECT count(*) FROM policies_decision d JOIN circulation_loan l ON l.decision_id = d.id",
    }.items():
        assert _rows(one, sql) == [(number,)], what
    assert [row for row in _rows(one, ALL) if row[1] is not None] == []


def _killed(pids: list[int]) -> None:
    assert pids, "there was somebody to kill"
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_thousand_loans_while_the_web_server_the_workers_and_postgresql_are_killed(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    machines = _free_port()
    one, log = install(KHANEH_SIP2=f"127.0.0.1:{machines}"), tmp_path / "log"
    books = tmp_path / "books.mrc"
    books.write_bytes(collection(RECORDS))
    with one.held():
        one.run("migrate")
        one.run("import", str(books))
    with _served(one, log) as (pid, port):
        assert _until(lambda: _all_run(log), _PATIENCE), log.read_text()[-3000:]
        floor = {**_made(one), "port": port}
        loans: list[Loan] = [(member, card, barcode) for member, card, barcode in floor["loans"]]
        clients = [Desk(floor, number) for number in range(DESKS)]
        crowd = Crowd([*clients, *(SelfCheck(machines, floor["password"]) for _ in range(MACHINES))], loans)
        crowd.reach(WEB)
        _killed(_programs(pid, "web"))
        crowd.reach(WORKERS)
        workers = _programs(pid, "worker")
        _killed(workers)
        crowd.reach(POSTGRESQL)
        told = list(crowd.told)
        _killed(_postgres(one))
        _killed([pid, *_descendants(pid)])  # it is started again with its database, as one
    with _served(one, log) as (pid, port):
        assert set(told) <= {barcode for barcode, _ in _lent(one)}, "what was acknowledged before PostgreSQL was killed"
        floor["port"] = port
        crowd.reach(1.0)
        crowd.finish()
        _whole(one, crowd.told, loans)
        # What was lent is found as lent: the worker that was started again brings the index up to date.
        assert _until(
            lambda: _rows(one, "SELECT count(*) FROM discovery_pending WHERE NOT applied") == [(0,)], _PATIENCE
        )
