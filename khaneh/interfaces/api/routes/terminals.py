"""The machines of a house, for who manages it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import terminals
from khaneh.domains.circulation.types import (
    TERMINAL_KINDS,
    TerminalKind,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.values import (
    Body,
    Done,
    HouseInPath,
    IdInPath,
    Language,
    Listed,
    house_id,
)

router = Router(tags=["machines"])


class Terminal(Schema):
    """A machine of a house: a self-check, a sorter, a gate, a payment machine. It speaks SIP2."""

    id: int
    name: str
    kind: Listed
    encoding: str
    language: str
    asks_pin: bool
    added_at: datetime
    seen_at: datetime | None
    disabled_at: datetime | None


class Terminals(Schema):
    """The machines of a house, those in use first."""

    terminals: list[Terminal]


class Speaking(Body):
    """How a machine is spoken to."""

    kind: TerminalKind
    encoding: Literal["utf-8", "windows-1256"] = "utf-8"
    language: Language = "en"
    asks_pin: StrictBool = True


class NewTerminal(Speaking):
    """The name it signs in by, which no other machine of the network has."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f|]*$")]


class Password(Schema):
    """The machine's password, which nobody can read again."""

    id: int
    password: str


class Switching(Body):
    """In use or not."""

    on: StrictBool


@router.get("/houses/{code}/terminals", response={200: Terminals, **FAILURES}, auth=KEY)
def house_terminals(request: HttpRequest, code: HouseInPath) -> Terminals:
    """The machines of a house, for who manages it."""
    return Terminals(
        terminals=[
            Terminal(
                id=one.id,
                name=one.name,
                kind=Listed.of(one.kind, TERMINAL_KINDS),
                encoding=one.encoding,
                language=one.language,
                asks_pin=one.asks_pin,
                added_at=one.added_at,
                seen_at=one.seen_at,
                disabled_at=one.disabled_at,
            )
            for one in terminals.terminals(actor_of(request), house_id=house_id(code))
        ]
    )


@writes(router, "/houses/{code}/terminals", answer=Password, status=201)
def terminal_add(request: HttpRequest, code: HouseInPath, body: NewTerminal) -> Password:
    """Let a machine in."""
    made, password = services.add_terminal(
        actor=actor_of(request), house_id=house_id(code), now=timezone.now(), **body.model_dump()
    )
    return Password(id=made, password=password)


@writes(router, "/terminals/{terminal_id}", answer=Done, method="put")
def terminal_change(request: HttpRequest, terminal_id: IdInPath, body: Speaking) -> Done:
    """Change how a machine is spoken to."""
    services.change_terminal(actor=actor_of(request), terminal_id=terminal_id, **body.model_dump())
    return Done()


@writes(router, "/terminals/{terminal_id}/password", answer=Password)
def terminal_password(request: HttpRequest, terminal_id: IdInPath) -> Password:
    """Give a machine another password; the old one opens nothing any more."""
    password = services.rotate_terminal_password(actor=actor_of(request), terminal_id=terminal_id, now=timezone.now())
    return Password(id=terminal_id, password=password)


@writes(router, "/terminals/{terminal_id}/switch", answer=Done)
def terminal_switch(request: HttpRequest, terminal_id: IdInPath, body: Switching) -> Done:
    """Cut a machine off, or let it in again."""
    services.switch_terminal(actor=actor_of(request), terminal_id=terminal_id, on=body.on, now=timezone.now())
    return Done()
