"""One transaction an act. Nested calls join the outer one: an act that another act needs is part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db import transaction as django_transaction

from khaneh.kernel.refusal import Refusal


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


def on_commit(act: Callable[[], Any]) -> None:
    """Run `act` after the commit, never after a rollback. For what is outside the database only; jobs need it not."""
    django_transaction.on_commit(act)
