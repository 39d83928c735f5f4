"""The journal: what happened, once, in the transaction in which it happened. Append-only; news travels upward from here."""

import json
from collections.abc import Callable
from typing import Any

from khaneh.infrastructure.db.prepared import execute
from khaneh.infrastructure.db.together import Write
from khaneh.kernel.actor import Actor

_RECORD = """
INSERT INTO journal_entry (kind, account_id, house_id, facts)
VALUES (%(kind)s, %(account)s::bigint, %(house)s::bigint, %(facts)s::jsonb)
"""

Follower = Callable[[str, int | None, dict[str, Any]], None]
_followers: list[tuple[str, Follower]] = []


def follow(prefix: str, follower: Follower) -> None:
    """Call `follower(kind, house_id, facts)` for every entry whose kind starts with `prefix`, in the transaction that records it.

    How a higher domain hears of a lower one at once: registered in `AppConfig.ready`. It may note what is to be done (a row, a job);
    whatever it raises undoes the act. The same pair registered again does nothing.
    """
    if (prefix, follower) not in _followers:
        _followers.append((prefix, follower))


def record(kind: str, *, actor: Actor, house_id: int | None = None, **facts: Any) -> None:
    """Add one entry, e.g. `record("catalogue.merge.undone", actor=actor, record_id=7)`.

    `kind` is domain.thing.happened, stable for ever. Facts are JSON values; never a credential, never what somebody reads. What a program
    did with a key has that key's id as the fact `token`. One statement, in the caller's transaction, and what followers add.
    """
    execute(*_entry(kind, actor, house_id, facts))
    for prefix, follower in _followers:
        if kind.startswith(prefix):
            follower(kind, house_id, facts)


def entry(kind: str, *, actor: Actor, house_id: int | None = None, **facts: Any) -> Write:
    """The same as a part of `db.write`, for what happens many times a second. Raises RuntimeError for a kind that somebody follows."""
    if any(kind.startswith(prefix) for prefix, _ in _followers):
        raise RuntimeError(f"{kind} is followed: record it")
    return _entry(kind, actor, house_id, facts)


def _entry(kind: str, actor: Actor, house_id: int | None, facts: dict[str, Any]) -> Write:
    by = {} if actor.token_id is None else {"token": actor.token_id}
    return Write(
        _RECORD, {"kind": kind, "account": actor.account_id, "house": house_id, "facts": json.dumps({**facts, **by})}
    )
