"""A house with its machines, and a line to the server's session that needs no socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.types import TerminalKind
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Card
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import dispatch, permitted, session
from khaneh.interfaces.protocols.sip2.session import Session
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves

PIN = "2580"


@dataclass
class Clock:
    """A clock that tests move."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Machine:
    """A machine that speaks our own codec over a session."""

    session: Session
    encoding: str = "utf-8"
    sequence: int = 0
    sent: bytes = b""
    closed: bool = False
    answers: list[bytes] = field(default_factory=list)

    def send(self, message: m.Message, *, sequence: int | None = None) -> Any:
        """The answer to a message with its checksum and number."""
        self.sequence = self.sequence + 1 if sequence is None else sequence
        return self.send_bytes(
            sip2.encode(message, encoding=self.encoding, sequence=self.sequence % 10, checksum=True)[:-1]
        )

    def send_bytes(self, line: bytes) -> Any:
        """The answer to bytes; None for none."""
        self.sent = line
        reply = self.session.handle(line)
        self.answers.append(reply.data)
        self.closed = reply.closes
        return sip2.decode(reply.data[:-1], encoding=self.encoding).message if reply.data else None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelves(db: None) -> Shelves:
    """Three houses, empty, with the rules that ship."""
    services.ensure_policies()
    return make_shelves()


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    """What one test's wrong passwords shut is open for the next."""
    session._ADDRESSES._wrong.clear()


@pytest.fixture
def machine(shelves: Shelves, clock: Clock) -> Callable[..., Machine]:
    """A machine that has signed in; facts of the terminal by name."""
    made = iter(range(1, 1000))

    def build(**facts: Any) -> Machine:
        name = facts.setdefault("name", f"machine-{next(made)}")
        terminal = {"kind": TerminalKind.SELF_CHECK, "encoding": "utf-8", "language": "en", "asks_pin": False, **facts}
        house = terminal.pop("house", shelves.central)
        password = terminal.pop("password", None)
        if password is None:
            _, password = services.add_terminal(actor=SYSTEM, house_id=house.pk, now=NOW, **terminal)
        found = Machine(
            Session(
                dispatch.HANDLERS, dispatch.ONCE, permitted.is_permitted, dispatch.LATE, address="test", clock=clock
            )
        )
        assert found.send(m.Login(user=name, password=password)).ok == "1"
        found.encoding = terminal["encoding"]
        return found

    return build


def card_of(member: Any) -> str:
    """The card in use."""
    return str(Card.objects.get(member=member, state="active").barcode)


def give_pin(member: Any, house: Any) -> None:
    """The member's PIN is PIN."""
    people.set_pin(actor=SYSTEM, member_id=member.pk, pin=PIN, now=datetime.now(UTC), house_id=house.pk)
