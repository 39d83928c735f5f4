"""Locks on named things, taken once in an act and in one order for everybody, so that two acts cannot wait for each other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

from khaneh.infrastructure.db.prepared import fetch_all

# The rows of unnest come in the array's order, and so do the calls.
_LOCK = """
SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(key) ELSE pg_advisory_xact_lock(key) END
FROM unnest(%(keys)s::bigint[], %(shared)s::boolean[]) AS wanted (key, shared)
"""


def lock(*things: tuple[str, int], shared: Collection[tuple[str, int]] = ()) -> None:
    """Hold each (kind, id) until the transaction ends, e.g. `lock(("people.member", 7), ("catalogue.copy", 9))`.

    What is `shared` others may hold at the same time who share it too. One statement. The order is by kind and id whatever the order of the arguments. Raises RuntimeError outside a transaction, where
    the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    alone = set(things)
    wanted = sorted(alone | set(shared))
    keys = [_key(kind, number) for kind, number in wanted]
    fetch_all(_LOCK, {"keys": keys, "shared": [one not in alone for one in wanted]})


@contextmanager
def session_lock(thing: tuple[str, int]) -> Iterator[None]:
    """Hold one (kind, id) on this connection until the block ends, over any number of transactions, against `lock` and `session_lock`.

    Goes with the connection, however that ends. Raises RuntimeError inside a transaction, whose failure would keep it from being let go.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a lock over transactions is not taken inside one")
    key = _key(*thing)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def is_awaited(thing: tuple[str, int]) -> bool:
    """Whether somebody waits for what this connection holds. One statement."""
    key = _key(*thing) & 0xFFFF_FFFF_FFFF_FFFF
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objsubid = 1"
            " AND classid::bigint = %s AND objid::bigint = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [key >> 32, key & 0xFFFF_FFFF],
        )
        return bool(cursor.fetchone()[0])


def _key(kind: str, number: int) -> int:
    digest = hashlib.blake2b(f"{kind}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
