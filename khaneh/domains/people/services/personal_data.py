"""What other parts of the program keep about a member: each registers how it tells it, how it forgets it, and what must be settled first.

A higher domain registers in `AppConfig.ready`; services of members call what is registered, in their own transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from khaneh.domains.people.types import Owed

Exporter = Callable[[int], Any]
Eraser = Callable[[int, datetime], None]
Check = Callable[[int], "list[Owed]"]


class Keeper(NamedTuple):
    """One part of the program that keeps something about members."""

    exporter: Exporter
    eraser: Eraser
    owed: Check | None


_keepers: dict[str, Keeper] = {}


def register(name: str, exporter: Exporter, eraser: Eraser, *, owed: Check | None = None) -> None:
    """Take part in telling and forgetting. The same name again takes the place of the first.

    `exporter(member_id)` gives JSON values; `eraser(member_id, now)` forgets, in the caller's transaction, whatever it raises undoes the
    erasure; `owed(member_id)` says what stands in its way, e.g. open loans.
    """
    _keepers[name] = Keeper(exporter, eraser, owed)


def forget(name: str) -> None:
    """Take a registration back; for tests."""
    _keepers.pop(name, None)


def keepers() -> dict[str, Keeper]:
    """Who is registered, by name, in order."""
    return dict(sorted(_keepers.items()))


def owed_by(member_ids: list[int]) -> list[Owed]:
    """Everything that must be settled before these members are forgotten."""
    return [
        owed
        for _name, keeper in keepers().items()
        if keeper.owed
        for number in member_ids
        for owed in keeper.owed(number)
    ]
