"""One transaction an act. Nested calls join the outer one: an act that another act needs is part of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction as django_transaction


def transaction() -> django_transaction.Atomic:
    """`with transaction():` commits at the end, rolls back on any exception."""
    return django_transaction.atomic()


def on_commit(act: Callable[[], Any]) -> None:
    """Run `act` after the commit, never after a rollback. For what is outside the database only; jobs need it not."""
    django_transaction.on_commit(act)
