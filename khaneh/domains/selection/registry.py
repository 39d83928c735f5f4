"""What higher domains know of ties between people and organisations: mentoring, money, a roof. They register; this domain asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from khaneh.domains.selection.rules.conflicts import Bond

# Gives the bonds of these accounts, present ones and those that were still there at the instant. A bounded number of statements, whatever the number
# of accounts.
Source = Callable[[Collection[int], datetime], Iterable[Bond]]
_sources: dict[str, Source] = {}


def register_ties(name: str, source: Source) -> None:
    """Have a source of ties asked whenever a conflict is looked for; registered again under its name it replaces itself."""
    _sources[name] = source


def forget_ties(name: str) -> None:
    """Take a source away again; for tests that register one of their own."""
    _sources.pop(name, None)


def ties(account_ids: Collection[int], *, since: datetime) -> list[Bond]:
    """What all sources know of these accounts, without what was over before `since`."""
    return [bond for name in sorted(_sources) for bond in _sources[name](account_ids, since)]
