"""`kill -9` in the middle of a thousand loans: whoever was told that a copy is lent finds it lent, once, and nothing is half done.

Two desks in the browser, two self-checks and a program of the API lend; under them are killed, spread over the thousand: the web server alone, the workers alone, one
connection of PostgreSQL, all of PostgreSQL alone, and in the end everything at once.
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
AT_LEAST = 20  # loans that the program of the API makes, and calls that it tells again at the end
# After which part of the loans was acknowledged each blow falls.
WEB, WORKERS, CONNECTION, POSTGRESQL, ALL_AT_ONCE = 0.15, 0.3, 0.4, 0.5, 0.7
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


class Program:
    """Calls of the API: each loan is one call with a name, told under that name until it is answered."""

    def __init__(self, floor: dict[str, Any]) -> None:
        self._floor = floor
        self.answers: dict[str, set[bytes]] = {}  # by barcode, whatever was heard
        self.replayed = 0

    def lend(self, loan: Loan) -> bool:
        """Whether an answer was heard; False for a line that broke, or a server that could not."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, replayed, answer = self._call(loan)
            if status == 201:
                self.answers.setdefault(loan[2], set()).add(answer)
                self.replayed += replayed
                return True
            # A part that does not answer, or more calls in a minute than a key may make.
            assert status == 429 or status >= 500, (status, answer)
        return False

    def _call(self, loan: Loan) -> tuple[int, bool, bytes]:
        member, _, barcode = loan
        body = json.dumps({"house": self._floor["house"], "copy_barcode": barcode, "member": member})
        port = self._floor["port"]
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            line.request(
                "POST", "/api/v1/loans", body,
                {
                    "Host": f"localhost:{port}", "Authorization": f"Bearer {self._floor['key']}",
                    "Content-Type": "application/json", "Idempotency-Key": f"loan-{barcode}",
                },
            )  # fmt: skip
            answer = line.getresponse()
            return answer.status, answer.headers["Idempotent-Replayed"] == "true", answer.read()
        finally:
            line.close()


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
    """The server's processes. Its file is away for a moment while it is started again, and empty for another."""
    file, until = one.home / "postgres/postmaster.pid", time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(FileNotFoundError, IndexError):
            server = int(file.read_text().split()[0])
            return [server, *_descendants(server)]
        assert time.monotonic() < until, "the database was not started again"
        time.sleep(0.05)


def _rows(one: Installation, sql: str) -> list[tuple[Any, ...]]:
    """What the database says, once it has come back from whatever was done to it."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with psycopg.connect(database_url(one.home)) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[arg-type]
        except psycopg.OperationalError:
            assert time.monotonic() < until, "the database never came back"
            time.sleep(0.2)


def _lent(one: Installation) -> list[tuple[Any, ...]]:
    return _rows(one, "SELECT c.barcode, l.member_id FROM circulation_loan l JOIN catalogue_copy c ON c.id = l.copy_id")


def _are_lent(one: Installation, told: list[str]) -> None:
    assert set(told) <= {barcode for barcode, _ in _lent(one)}, "what was acknowledged before PostgreSQL was killed"


def _told_once(one: Installation, program: Program, loans: list[Loan]) -> None:
    """Each call of the API was answered with one loan, the one that there is; told again, it is answered with the same and nothing is done."""
    made = dict(_rows(one, "SELECT c.barcode, l.id FROM circulation_loan l JOIN catalogue_copy c ON c.id = l.copy_id"))
    assert len(program.answers) > AT_LEAST
    before = program.replayed
    again = [loan for loan in loans if loan[2] in program.answers][:AT_LEAST]
    assert all(program.lend(loan) for loan in again)
    assert program.replayed - before == AT_LEAST
    for barcode, heard in program.answers.items():
        (answer,) = heard
        assert json.loads(answer)["loan"] == made[barcode]
    assert len(_lent(one)) == len(loans)


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


class Parts:
    """The processes of an installation that serves, by what they are; killing some, and seeing that the others went on."""

    def __init__(self, one: Installation, root: int) -> None:
        self._one, self._root = one, root

    def now(self) -> dict[str, list[int]]:
        return {
            "supervisor": [self._root], "web": _programs(self._root, "web"), "workers": _programs(self._root, "worker"),
            "machines": _programs(self._root, "sip2"), "postgresql": _postgres(self._one)[:1],
        }  # fmt: skip

    def kill(self, name: str, *more: int) -> None:
        """Kill one part alone."""
        before = self.now()
        _killed([*before[name], *more])
        for other, pids in before.items():
            assert other == name or not set(pids) - set(self.now()[other]), f"{other} goes on while {name} is killed"


def _killed(pids: list[int]) -> None:
    assert pids, "there was somebody to kill"
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_thousand_loans_while_the_web_server_the_workers_and_postgresql_are_killed(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    machines = _free_port()
    one, log = install(ready=True, KHANEH_SIP2=f"127.0.0.1:{machines}"), tmp_path / "log"
    books = tmp_path / "books.mrc"
    books.write_bytes(collection(RECORDS))
    with one.held():
        one.run("import", str(books))
    with _served(one, log) as (pid, port):
        assert _until(lambda: _all_run(log), _PATIENCE), log.read_text()[-3000:]
        floor = {**_made(one), "port": port}
        loans: list[Loan] = [(member, card, barcode) for member, card, barcode in floor["loans"]]
        clients = [Desk(floor, number) for number in range(DESKS)]
        program = Program(floor)
        machine = [SelfCheck(machines, floor["password"]) for _ in range(MACHINES)]
        crowd = Crowd([*clients, *machine, program], loans)
        parts = Parts(one, pid)
        crowd.reach(WEB)
        parts.kill("web")
        crowd.reach(WORKERS)
        parts.kill("workers")
        crowd.reach(CONNECTION)
        # PostgreSQL ends all connections and recovers by itself; the server stays the same.
        server = _postgres(one)[0]
        (connection,) = _rows(
            one,
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1",
        )
        told = list(crowd.told)
        _killed([connection[0]])
        crowd.reach(POSTGRESQL)
        _are_lent(one, told)
        assert _postgres(one)[0] == server
        # The supervisor starts the database again, and nobody else is started again for it.
        told = list(crowd.told)
        parts.kill("postgresql", *_descendants(server))
        crowd.reach(ALL_AT_ONCE)
        _are_lent(one, told)
        assert _postgres(one)[0] != server
        told = list(crowd.told)
        _killed([*_postgres(one), pid, *_descendants(pid)])
    with _served(one, log) as (pid, port):
        _are_lent(one, told)
        floor["port"] = port
        crowd.reach(1.0)
        crowd.finish()
        _whole(one, crowd.told, loans)
        _told_once(one, program, loans)
        # What was lent is found as lent: the worker that was started again brings the index up to date.
        assert _until(
            lambda: _rows(one, "SELECT count(*) FROM discovery_pending WHERE NOT applied") == [(0,)], _PATIENCE
        )
