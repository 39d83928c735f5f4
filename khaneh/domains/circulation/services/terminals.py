"""Keeping machines: adding one, its password, switching it off; and answering a message once, however often it is told. Spec: CIRC-SIP."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import TerminalNameTaken
from khaneh.domains.circulation.models import Terminal, TerminalAnswer
from khaneh.domains.circulation.queries.terminals import TerminalRow, row_of
from khaneh.domains.circulation.types import TerminalKind
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

ENCODINGS = ("utf-8", "windows-1256")
LONGEST_NAME = 60
REMEMBERED = timedelta(minutes=10)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # typed on small keyboards from a sheet of paper: nothing that looks like another sign
_NOBODY = make_password(None)

_CLAIM = """
INSERT INTO circulation_terminal_answer (terminal_id, digest, connection, sequence, at) VALUES (%s, %s, %s, %s::bigint, %s)
ON CONFLICT (terminal_id, digest) DO NOTHING RETURNING id
"""
_TOLD = "SELECT id, connection, sequence, answer, at FROM circulation_terminal_answer WHERE terminal_id = %s AND digest = %s FOR UPDATE"
_AGAIN = "UPDATE circulation_terminal_answer SET connection = %s, sequence = %s::bigint, at = %s, answer = NULL WHERE id = %s"
_ADOPT = "UPDATE circulation_terminal_answer SET connection = %s, sequence = %s::bigint WHERE id = %s"
_UNCLAIM = "DELETE FROM circulation_terminal_answer WHERE id = %s"
_KEEP = "UPDATE circulation_terminal_answer SET answer = %s::jsonb WHERE id = %s"


def add_terminal(
    *,
    actor: Actor,
    house_id: int,
    name: str,
    kind: TerminalKind,
    encoding: str,
    language: str,
    asks_pin: bool,
    now: datetime,
) -> tuple[int, str]:
    """Let a machine of a house in; gives its id and its password, which nobody can read again.

    Raises NotAllowed, NotFound, Invalid, TerminalNameTaken.
    """
    _require_manager(actor, house_id)
    name = name.strip()
    _require_sound(name=name, encoding=encoding, language=language)
    password = _password()
    try:
        with db.transaction():
            made = Terminal.objects.create(
                house_id=house_id, name=name, kind=kind.value, encoding=encoding, language=language, asks_pin=asks_pin,
                password=make_password(password), added_at=now, password_at=now,
            )  # fmt: skip
            journal.record("circulation.terminal.added", actor=actor, house_id=house_id, terminal_id=made.pk)
    except IntegrityError as error:
        if Terminal.objects.filter(name__iexact=name).exists():
            raise TerminalNameTaken(name=name) from error
        raise
    return made.pk, password


def change_terminal(
    *, actor: Actor, terminal_id: int, kind: TerminalKind, encoding: str, language: str, asks_pin: bool
) -> None:
    """Change how a machine is spoken to; it is so from its next message on, half a minute later at most.

    Raises NotAllowed, NotFound, Invalid.
    """
    with db.transaction():
        found = _held(actor, terminal_id)
        _require_sound(name=found.name, encoding=encoding, language=language)
        found.kind, found.encoding, found.language, found.asks_pin = kind.value, encoding, language, asks_pin
        found.save(update_fields=["kind", "encoding", "language", "asks_pin"])
        journal.record("circulation.terminal.changed", actor=actor, house_id=found.house_id, terminal_id=terminal_id)


def rotate_terminal_password(*, actor: Actor, terminal_id: int, now: datetime) -> str:
    """Give a machine another password, which is returned; the old one opens nothing any more. Raises NotAllowed, NotFound."""
    password = _password()
    with db.transaction():
        found = _held(actor, terminal_id)
        found.password, found.password_at = make_password(password), now
        found.save(update_fields=["password", "password_at"])
        journal.record("circulation.terminal.password", actor=actor, house_id=found.house_id, terminal_id=terminal_id)
    return password


def switch_terminal(*, actor: Actor, terminal_id: int, on: bool, now: datetime) -> None:
    """Disable a machine or let it in again. Raises NotAllowed, NotFound."""
    with db.transaction():
        found = _held(actor, terminal_id)
        if on == (found.disabled_at is None):
            return
        found.disabled_at = None if on else now
        found.save(update_fields=["disabled_at"])
        kind = "circulation.terminal.enabled" if on else "circulation.terminal.disabled"
        journal.record(kind, actor=actor, house_id=found.house_id, terminal_id=terminal_id)


def sign_terminal_in(*, name: str, password: str, now: datetime) -> TerminalRow | None:
    """The machine of this name and password, or None; takes as long for a name that nobody has. Three statements, one hash."""
    found = Terminal.objects.filter(name__iexact=name.strip(), disabled_at__isnull=True).first()
    if not check_password(password, found.password if found is not None else _NOBODY) or found is None:
        return None
    Terminal.objects.filter(pk=found.pk).update(seen_at=now)
    return row_of(found)


def open_terminal(*, actor: Actor, terminal_id: int, now: datetime) -> TerminalRow:
    """Let somebody who works at the desk of its house begin a self-check without its password.

    Raises NotAllowed, and NotFound for a machine that is disabled or no self-check.
    """
    with db.transaction():
        found = Terminal.objects.filter(
            pk=terminal_id, kind=TerminalKind.SELF_CHECK.value, disabled_at__isnull=True
        ).first()
        if found is None:
            raise NotFound(what="terminal")
        permissions.require_desk(actor, house_id=found.house_id)
        Terminal.objects.filter(pk=terminal_id).update(seen_at=now)
        journal.record("circulation.terminal.opened", actor=actor, house_id=found.house_id, terminal_id=terminal_id)
    return row_of(found)


def answer_once(
    *,
    terminal_id: int,
    digest: bytes,
    line: UUID,
    sequence: int | None,
    now: datetime,
    act: Callable[[], dict[str, Any]],
) -> tuple[dict[str, Any], bool]:
    """Do what a message asks and keep the answer, in one transaction; or give the answer that it was given before (CIRC-SIP-1).

    It was told before when the same message came over another line (connection) within ten minutes, or over this one with the same
    sequence number: its answer was lost. The same message with another number on one line is another act. While one line is still at it,
    the other waits. A refusal leaves what the policies decided and nothing else; whatever else `act` raises undoes all of it. The second value says whether the act was done before. Three statements.
    """
    refused: Refusal | None = None
    with db.transaction():
        number, answer = _claim(terminal_id, digest, line, sequence, now)
        if answer is not None:
            return answer, True
        try:
            answer = act()
        except Refusal as refusal:
            # The decision that refused is kept (CIRC-OUT-6); told again, the policies are asked again.
            refused = refusal
            db.execute(_UNCLAIM, [number])
        else:
            db.execute(_KEEP, [json.dumps(answer), number])
    if answer is None:
        raise refused or RuntimeError("an act without an answer")
    return answer, False


def forget_answers(*, before: datetime) -> int:
    """Delete what machines were answered before an instant; gives the number. One statement."""
    return TerminalAnswer.objects.filter(at__lt=before).delete()[0]


def forget_line(*, line: UUID) -> None:
    """The reader at a machine has gone, so the answers arrived: nothing about them is kept. One statement."""
    db.execute("DELETE FROM circulation_terminal_answer WHERE connection = %s", [line])


def _claim(
    terminal_id: int, digest: bytes, line: UUID, sequence: int | None, now: datetime
) -> tuple[int, dict[str, Any] | None]:
    """The row of this message, held; with the answer that was given, if there was one."""
    row = db.fetch_one(_CLAIM, [terminal_id, digest, line, sequence, now])
    if row is not None:
        return int(row[0]), None
    told = db.fetch_one(_TOLD, [terminal_id, digest])
    if told is None:  # deleted between the two statements
        return _claim(terminal_id, digest, line, sequence, now)
    number, before_line, before_sequence, answer, at = told
    lost = before_line != line or (sequence is not None and before_sequence == sequence)
    if lost and answer is not None and now - at < REMEMBERED:
        db.execute(_ADOPT, [line, sequence, number])
        return int(number), json.loads(answer) if isinstance(answer, str) else answer
    db.execute(_AGAIN, [line, sequence, now, number])
    return int(number), None


def _held(actor: Actor, terminal_id: int) -> Terminal:
    found = Terminal.objects.select_for_update().filter(pk=terminal_id).first()
    if found is None:
        raise NotFound(what="terminal")
    _require_manager(actor, found.house_id)
    return found


def _require_manager(actor: Actor, house_id: int) -> None:
    if not actor.holds(permissions.MANAGERS, network.house_facts(house_id).place):
        raise NotAllowed(act="circulation.terminals")


def _require_sound(*, name: str, encoding: str, language: str) -> None:
    problems = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or "|" in name:
        problems["name"] = "required" if not name else "invalid"
    if encoding not in ENCODINGS:
        problems["encoding"] = "not_in_list"
    if language not in ("fa", "vi", "en"):
        problems["language"] = "not_in_list"
    if problems:
        raise Invalid(fields=problems)


def _password() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)
