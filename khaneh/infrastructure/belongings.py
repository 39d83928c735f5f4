"""Whether somebody has anything of a kind at all: a fee, a team, a review. Each domain names what it keeps; all kinds are asked at once.

For menus alone: it says that there is something, never what, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet, TextField, Value

from khaneh.kernel.actor import Actor

Rows = Callable[[Actor], "QuerySet[Any]"]
_KINDS: dict[str, Rows] = {}


def register(kind: str, rows: Rows) -> None:
    """Name a kind (`circulation.fees`) and the rows that somebody who has an account has of it. Registered again, it is replaced."""
    _KINDS[kind] = rows


def registered() -> frozenset[str]:
    """All kinds that there are."""
    return frozenset(_KINDS)


def kinds_of(actor: Actor) -> frozenset[str]:
    """The kinds of which the actor has at least one row; none for a visitor or the system. One statement."""
    if actor.account_id is None or not _KINDS:
        return frozenset()
    first, *others = (_one(rows(actor), kind) for kind, rows in sorted(_KINDS.items()))
    return frozenset(first.union(*others, all=True))


def _one(rows: QuerySet[Model], kind: str) -> QuerySet[Model, str]:
    named = rows.order_by().values_list(Value(kind, output_field=TextField()), flat=True)
    return named[:1]
