"""Doing something to see what would become of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from khaneh.infrastructure import db


@contextmanager
def tried() -> Iterator[None]:
    """What is done in the block is taken back at its end, also when nothing goes wrong: what is asked is then answered by the very act."""
    with db.transaction():
        yield
        connection.set_rollback(True)
