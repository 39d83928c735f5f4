"""Locks on named things, taken once in an act and in one order for everybody, so that two acts cannot wait for each other."""

from __future__ import annotations

import hashlib

from django.db import connection


def lock(*things: tuple[str, int]) -> None:
    """Hold each (kind, id) until the transaction ends, e.g. `lock(("people.member", 7), ("catalogue.copy", 9))`.

    One statement. The order is by kind and id whatever the order of the arguments. Raises RuntimeError outside a transaction, where
    the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    keys = [_key(kind, number) for kind, number in sorted(set(things))]
    with connection.cursor() as cursor:
        # The rows of unnest come in the array's order, and so do the calls.
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def _key(kind: str, number: int) -> int:
    digest = hashlib.blake2b(f"{kind}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
