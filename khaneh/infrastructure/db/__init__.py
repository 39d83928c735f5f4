"""Transactions, locks and bulk copying. The only door from the domains to the database's own tools."""

from khaneh.infrastructure.db.copying import copy_binary, copy_rows
from khaneh.infrastructure.db.locks import is_awaited, lock, session_lock
from khaneh.infrastructure.db.prepared import execute, fetch_all, fetch_one
from khaneh.infrastructure.db.together import Read, Write, read, write
from khaneh.infrastructure.db.transactions import judging, on_commit, refusing_first, transaction, tried

__all__ = [
    "Read",
    "Write",
    "copy_binary",
    "copy_rows",
    "execute",
    "fetch_all",
    "fetch_one",
    "is_awaited",
    "judging",
    "lock",
    "on_commit",
    "read",
    "refusing_first",
    "session_lock",
    "transaction",
    "tried",
    "write",
]
