"""The machine and its line: signing in, its status, and asking for a message again."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.formats.sip2.messages.layout import Answer, Message, always, fixed, perhaps


@dataclass(frozen=True, kw_only=True)
class Login(Message):
    """Who the machine is. Only the algorithms 0, plain text, are in use anywhere."""

    code = "93"
    user_algorithm: str = fixed(1, "0")
    password_algorithm: str = fixed(1, "0")
    user: str = always("CN")
    password: str = always("CO")
    location: str | None = perhaps("CP")


@dataclass(frozen=True, kw_only=True)
class LoginAnswer(Message):
    """Whether it may go on."""

    code = "94"
    ok: str = fixed(1, "0")


@dataclass(frozen=True, kw_only=True)
class MachineStatus(Message):
    """How the machine is: 0 well, 1 out of paper, 2 about to go down; and how wide its printer is."""

    code = "99"
    status: str = fixed(1, "0")
    print_width: str = fixed(3, "080")
    version: str = fixed(4, "2.00")


@dataclass(frozen=True, kw_only=True)
class ServerStatus(Answer):
    """What the server does for this machine. `timeout` counts tenths of a second."""

    code = "98"
    online: str = fixed(1, "Y")
    check_in: str = fixed(1, "Y")
    check_out: str = fixed(1, "Y")
    renewal: str = fixed(1, "Y")
    status_update: str = fixed(1, "N")
    offline: str = fixed(1, "Y")
    timeout: str = fixed(3, "100")
    retries: str = fixed(3, "003")
    at: str = fixed(18)
    version: str = fixed(4, "2.00")
    institution: str = always("AO")
    library: str | None = perhaps("AM")
    supported: str = always("BX")
    terminal: str | None = perhaps("AN")


@dataclass(frozen=True, kw_only=True)
class ResendToServer(Message):
    """The machine asks for the last answer again."""

    code = "97"


@dataclass(frozen=True, kw_only=True)
class ResendToMachine(Message):
    """The server asks for the last message again."""

    code = "96"
