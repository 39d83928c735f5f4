"""Who may write: locks of the database session, which end with the process however it ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection

WRITER = 0x6B68_0001  # writes to the live index
BUILDER = 0x6B68_0002  # builds the next one


def acquire(lock: int) -> bool:
    """Take a lock if nobody has it. A session may take it twice and must then release it twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])


def release(lock: int) -> None:
    """Give a lock back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


@contextlib.contextmanager
def held(lock: int) -> Iterator[bool]:
    """Try to hold a lock: `with held(WRITER) as mine`."""
    mine = acquire(lock)
    try:
        yield mine
    finally:
        if mine:
            release(lock)
