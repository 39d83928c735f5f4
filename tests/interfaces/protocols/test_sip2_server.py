"""The server on a real socket, with clients that nobody here wrote: `Sip2` of PyPI (a self-check's side) and the codec of `pysip2`."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pysip2
import pytest
from django.db import connection
from Sip2.sip2 import Sip2

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Loan
from khaneh.domains.circulation.types import TerminalKind
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2.server import Limits, Server
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.interfaces.protocols.conftest import PIN, card_of, give_pin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
AT = "20260302    123000"
PATIENCE = 60.0  # seconds: how long a busy machine may take for what a test waits for
Client = Callable[[], Sip2]


class Running:
    """A server in a thread of its own."""

    def __init__(self, limits: Limits) -> None:
        self.port = 0
        self._ready, self._limits = threading.Event(), limits
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = Server(threads=4, limits=self._limits)
        self.port = await server.start("127.0.0.1", 0)
        self._ready.set()
        await self._stop.wait()
        await server.stop()

    def stop(self) -> None:
        """Once is enough."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


@pytest.fixture
def shelves() -> Shelves:
    services.ensure_policies()
    return make_shelves()


@pytest.fixture
def password(shelves: Shelves) -> str:
    """Of the machine `front`, a self-check of the central library."""
    _, password = services.add_terminal(
        actor=SYSTEM, house_id=shelves.central.pk, name="front", kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="en",
        asks_pin=False, now=NOW,
    )  # fmt: skip
    return password


@pytest.fixture
def running(transactional_db: None) -> Iterator[Running]:
    server = Running(Limits())
    yield server
    server.stop()


@pytest.fixture
def impatient(transactional_db: None) -> Iterator[Running]:
    """A server that waits for nobody: a busy test could be too slow for it."""
    server = Running(Limits(message=0.5, sign_in=1.0))
    yield server
    server.stop()


@pytest.fixture
def client(running: Running, password: str, tmp_path: Path) -> Client:
    """A public client that has signed in."""

    def build() -> Sip2:
        made = Sip2()
        made.hostName, made.hostPort, made.tlsEnable, made.logfile_path = (
            "127.0.0.1",
            running.port,
            False,
            str(tmp_path),
        )
        made.socketTimeout, made.loglevel, made.institutionId = 10, "ERROR", "T-CENTRAL"
        made.connect()
        assert (
            made.sip_login_response(made.get_response(made.sip_login_request("front", password)))["fixed"]["Ok"] == "1"
        )
        return made

    return build


def ask(box: Sip2, name: str, *arguments: Any) -> dict[str, Any]:
    """The client's own message and its own reading of the answer."""
    message = getattr(box, f"sip_{name}_request")(*arguments)
    return dict(getattr(box, f"sip_{name}_response")(box.get_response(message)))


def test_a_public_client_borrows_renews_and_returns(shelves: Shelves, client: Client) -> None:
    member, copy = shelves.member(given_name="پریسا", language="fa"), shelves.copy()
    give_pin(member, shelves.central)
    box = client()
    status = ask(box, "sc_status")
    assert (status["fixed"]["OnlineStatus"], status["variable"]["AO"]) == ("Y", ["T-CENTRAL"])
    box.patron, box.patronpwd = card_of(member), PIN
    known = ask(box, "patron_information", "charged")
    assert (known["variable"]["BL"], known["variable"]["CQ"], known["fixed"]["ChargedItemsCount"]) == (
        ["Y"],
        ["Y"],
        "0000",
    )
    assert known["variable"]["AE"][0].startswith("پریسا")
    lent = ask(box, "checkout", copy.barcode)
    assert (lent["fixed"]["Ok"], lent["variable"]["AB"]) == ("1", [copy.barcode])
    assert lent["variable"]["AF"][0].startswith("امانت تا")
    assert ask(box, "patron_information", "charged")["variable"]["AU"] == [copy.barcode]
    assert ask(box, "item_information", copy.barcode)["fixed"]["CirculationStatus"] == "04"
    assert ask(box, "renew", copy.barcode)["fixed"]["Ok"] == "1"
    assert ask(box, "renew_all")["fixed"]["RenewedItems"] == "0001"
    back = ask(box, "checkin", copy.barcode)
    assert (back["fixed"]["Ok"], back["fixed"]["Alert"]) == ("1", "N")
    assert ask(box, "end_patron_session")["fixed"]["EndSession"] == "Y"
    loan = Loan.objects.get()
    assert (loan.state, loan.member_id, loan.renewals) == ("returned", None, 2)
    box.disconnect()


def test_a_public_client_resends_what_was_garbled(shelves: Shelves, client: Client) -> None:
    box, copy = client(), shelves.copy()
    good = box.sip_item_information_request(copy.barcode)
    garbled = good.replace(copy.barcode, copy.barcode[:-1] + "~")
    assert box.get_response(garbled).startswith("96")
    assert box.sip_item_information_response(box.get_response(good))["fixed"]["CirculationStatus"] == "03"
    first = box.last_response
    assert box.get_response(box.sip_sc_resend_request()) == first


def test_a_public_codec_speaks_to_the_server(shelves: Shelves, running: Running, password: str) -> None:
    member, copy = shelves.member(), shelves.copy()
    with running.line() as line:
        answers = line.makefile("rb", newline=None)

        def send(message: Any, number: int) -> Any:
            line.sendall(pysip2.encode_message(message, sequence_number=number, checksum=True, encoding="utf-8"))
            data = b""
            while not data.endswith(b"\r"):
                data += answers.read(1)
            decoded = pysip2.decode_message(data, encoding="utf-8")
            assert decoded.sequence_number == number
            return decoded.message

        login = pysip2.LoginRequest(
            uid_algorithm="0", pwd_algorithm="0", login_user_id="front", login_password=password
        )
        assert send(login, 0).ok == "1"
        lent = send(
            pysip2.CheckoutRequest(
                sc_renewal_policy="N", no_block="N", transaction_date=AT, nb_due_date=AT, institution_id="T-CENTRAL",
                patron_identifier=card_of(member), item_identifier=copy.barcode, terminal_password="",
            ),
            1,
        )  # fmt: skip
        assert (lent.ok, lent.media_type) == ("1", "001")
        told = send(
            pysip2.PatronInformationRequest(
                language="000", transaction_date=AT, summary="  Y       ", institution_id="", patron_identifier=card_of(member)
            ),
            2,
        )  # fmt: skip
        assert told.charged_items == (copy.barcode,)


def test_two_lines_and_one_copy(shelves: Shelves, running: Running, password: str) -> None:
    """One reader gets it, the other one is refused, whichever was first; ten times."""
    members = [shelves.member(), shelves.member()]
    lines = [running.line(), running.line()]
    try:
        for line in lines:
            exchange(line, m.Login(user="front", password=password))
        with ThreadPoolExecutor(2) as together:
            for turn in range(10):
                copy, gate = shelves.copy(), threading.Barrier(2)
                told = [m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode) for member in members]
                answers = together.map(lambda line, message, gate=gate: _at_once(gate, line, message), lines, told)
                assert sorted(answer.ok for answer in answers) == ["0", "1"]
                assert Loan.objects.filter(copy=copy).count() == 1
                assert exchange(lines[0], m.CheckIn(at=AT, item=copy.barcode), turn % 10).ok == "1"
    finally:
        for line in lines:
            line.close()


def test_circ_sip_1_a_line_that_drops_before_the_answer(shelves: Shelves, running: Running, password: str) -> None:
    """The machine hears nothing, comes back and tells all again: both lines may be at it at the same time."""
    member, copy = shelves.member(), shelves.copy()
    with running.line() as line:
        exchange(line, m.Login(user="front", password=password))
        exchange(line, m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode), 1)
    Loan.objects.update(renewals=0)
    message = sip2.encode(m.Renew(at=AT, patron=card_of(member), item=copy.barcode), sequence=2, checksum=True)
    for _ in range(5):
        with running.line() as dropped:
            exchange(dropped, m.Login(user="front", password=password))
            dropped.sendall(message)
    with running.line() as line:
        exchange(line, m.Login(user="front", password=password))
        assert exchange_bytes(line, message).ok == "1"  # type: ignore[attr-defined]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and Loan.objects.get().renewals != 1:
        time.sleep(0.05)
    assert Loan.objects.get().renewals == 1


@pytest.mark.parametrize("drop", [b"11", b"", b"9300CNfront|CO"])
def test_who_sends_slowly_or_nothing_is_cut_off(impatient: Running, drop: bytes) -> None:
    began = time.monotonic()
    with impatient.line() as line:
        while time.monotonic() - began < PATIENCE:
            try:
                if drop:
                    line.sendall(drop[:1])
                line.settimeout(0.1)
                if line.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("the line is still open")


def test_who_sends_without_end_is_cut_off_and_others_are_served(
    shelves: Shelves, running: Running, client: Client
) -> None:
    with running.line() as flood, pytest.raises(ConnectionError):
        for _ in range(200):
            flood.sendall(b"A" * 4096)
            time.sleep(0.005)
    assert ask(client(), "item_information", shelves.copy().barcode)["fixed"]["CirculationStatus"] == "03"


@pytest.fixture
def before(transactional_db: None) -> set[int]:
    """The connections that others have left open: named first, it is made before the server is."""
    return connections()


def test_no_connection_to_the_database_is_left(
    before: set[int], running: Running, shelves: Shelves, client: Client
) -> None:
    ask(client(), "item_information", shelves.copy().barcode)
    assert connections() - before, "the server has its own"
    running.stop()
    for _ in range(600):  # PostgreSQL ends a process a moment after its connection is closed
        if not connections() - before:
            return
        time.sleep(0.1)
    raise AssertionError(connections() - before)


def connections() -> set[int]:
    """The processes in which PostgreSQL serves a connection to this database, but for the test's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def exchange(line: socket.socket, message: m.Message, sequence: int = 0) -> Any:
    """The answer over a socket."""
    return exchange_bytes(line, sip2.encode(message, sequence=sequence, checksum=True))


def exchange_bytes(line: socket.socket, data: bytes) -> m.Message:
    """The answer to bytes over a socket."""
    line.sendall(data)
    found = b""
    while not found.endswith(b"\r"):
        part = line.recv(4096)
        assert part, "the server has closed the line"
        found += part
    return sip2.decode(found[:-1]).message


def _at_once(gate: threading.Barrier, line: socket.socket, message: m.Message) -> Any:
    gate.wait(PATIENCE)
    return exchange(line, message)
