"""One transaction an act. Nested calls join the outer one: an act that another act needs is part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db import transaction as django_transaction

from khaneh.infrastructure.db.prepared import fetch_one
from khaneh.kernel.refusal import Refusal

# A transaction has a number from its first change of a row on.
_WRITTEN = "SELECT pg_current_xact_id_if_assigned()::text"


def transaction() -> django_transaction.Atomic:
    """`with transaction():` commits at the end, rolls back on any exception."""
    return django_transaction.atomic()


@contextmanager
def refusing_first() -> Iterator[None]:
    """`transaction()` for an act that writes nothing before its last refusal.

    Within another transaction it needs no savepoint, which would be two statements: a refusal finds nothing to undo, and the act around it
    may go on. Whatever else is raised undoes the whole.
    """
    # A test's own transaction counts as none, as for Django's durable blocks.
    if not connection.in_atomic_block or getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        with transaction():
            yield
        return
    try:
        yield
    except Refusal:
        raise
    except BaseException:
        connection.set_rollback(True)
        raise


@contextmanager
def judging() -> Iterator[None]:
    """`transaction()` for an act that many are refused, most of them before it has written anything.

    After a rollback the driver lets PostgreSQL forget every statement that it keeps prepared, and the next act prepares all of its own again: a
    refusal that finds nothing to undo ends its transaction with a commit. What was written is undone by a refusal, as by anything else.
    """
    if connection.in_atomic_block:
        with transaction():
            yield
        return
    refused = None
    with transaction():
        try:
            yield
        except Refusal as refusal:
            if connection.needs_rollback or connection.run_on_commit or fetch_one(_WRITTEN, ()) != (None,):
                raise
            refused = refusal
    if refused is not None:
        raise refused


@contextmanager
def tried() -> Iterator[None]:
    """What is done in the block is taken back at its end with the locks that it took, also when nothing goes wrong: what is asked is then
    answered by the very act."""
    with transaction():
        yield
        connection.set_rollback(True)


def on_commit(act: Callable[[], Any]) -> None:
    """Run `act` after the commit, never after a rollback. For what is outside the database only; jobs need it not."""
    django_transaction.on_commit(act)
