"""What other parts of the program keep about a member: each registers how it tells it, how it forgets it, and what must be settled first.

A higher domain registers in `AppConfig.ready`; services of members call what is registered, in their own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from khaneh.domains.people.types import Owed

Exporter = Callable[[int], Any]
Eraser = Callable[[int, datetime], None]
Closer = Callable[[int, datetime], None]
Check = Callable[[int], "list[Owed]"]
Around = Callable[[], AbstractContextManager[None]]


class Keeper(NamedTuple):
    """One part of the program that keeps something about members."""

    exporter: Exporter
    eraser: Eraser
    owed: Check | None
    closer: Closer | None
    above: int


_keepers: dict[str, Keeper] = {}
_around: list[Around] = []


def register(
    name: str,
    exporter: Exporter,
    eraser: Eraser,
    *,
    owed: Check | None = None,
    closer: Closer | None = None,
    above: int = 1,
) -> None:
    """Take part in telling and forgetting. The same name again takes the place of the first.

    `exporter(member_id)` gives JSON values; `eraser(member_id, now)` forgets, in the caller's transaction, whatever it raises undoes the
    erasure; `owed(member_id)` says what stands in its way, e.g. open loans; `closer(account_id, now)` forgets an account that is closed.

    Whoever locks what is below what others lock is called after them: `above` is 1, and 0 for what the others' acts lock in their turn
    (rooms for a course).
    """
    _keepers[name] = Keeper(exporter, eraser, owed, closer, above)


def register_around(around: Around) -> None:
    """Have everything that forgets somebody done within this: what several of them would finish by themselves is finished once."""
    if around not in _around:
        _around.append(around)


@contextmanager
def forgetting() -> Iterator[None]:
    """Around all that forgets somebody, within its transaction."""
    with ExitStack() as stack:
        for one in _around:
            stack.enter_context(one())
        yield


def forget(name: str) -> None:
    """Take a registration back; for tests."""
    _keepers.pop(name, None)


def keepers() -> dict[str, Keeper]:
    """Who is registered, by name: in the order in which they lock what is theirs, then by name."""
    return dict(sorted(_keepers.items(), key=lambda one: (-one[1].above, one[0])))


def owed_by(member_ids: list[int]) -> list[Owed]:
    """Everything that must be settled before these members are forgotten."""
    return [
        owed
        for _name, keeper in keepers().items()
        if keeper.owed
        for number in member_ids
        for owed in keeper.owed(number)
    ]
