"""Deciding one chunk while the one before is being written: by a thread with a connection of its own.

What a chunk is decided from is what stands before it in the file. Of the chunk that is still being written that is handed over in memory
(`Ahead`), as long as it brings only new records; where a chunk changes what is there, or a number of its records comes again in the
next, the next waits until it is written. The lock MATCHING is held on the deciding connection all the while, and let go between two
chunks when somebody else waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from django.db import connection

from khaneh.domains.catalogue.services.importing import chunk
from khaneh.domains.catalogue.services.importing.chunk import Piece, Prepared
from khaneh.domains.catalogue.services.importing.matching import Ahead
from khaneh.domains.catalogue.services.importing.state import MATCHING, WRITING, Context, Incoming, Tally
from khaneh.infrastructure import db

Write = Callable[[Context, Piece, float], None]


class InTurn:
    """Each chunk decided and written before the next, on the caller's connection: for small files and within a transaction."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def write(self, context: Context, piece: Piece, seconds: float) -> None:
        """Commit one stretch. Raises ImportRunning when another process has moved the checkpoint."""
        chunk.write(context, piece, seconds)


class Overlapping:
    """`write` returns when the chunk is decided and the one before committed; leaving the block waits for the last one."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="chunk-writer")
        self._under_way: Future[Tally] | None = None
        self._before: Prepared | None = None

    def __enter__(self) -> Self:
        self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._finish()
        finally:
            self._writer.submit(_close).result()
            self._writer.shutdown()
            self._held.close()

    def write(self, context: Context, piece: Piece, seconds: float) -> None:
        """Decide one stretch and have it written. Raises what the stretch before raised, e.g. ImportRunning."""
        if db.is_awaited(MATCHING):
            self._finish()
            self._held.close()
            self._take()
        incoming = chunk.incoming_of(piece)
        if self._before is not None and _meets(self._before, incoming):
            self._finish()
        ahead = Ahead.of(self._before.sorted.new) if self._before is not None else None
        prepared = chunk.prepare(context, piece, incoming, ahead)
        self._finish()
        self._before = prepared
        self._under_way = self._writer.submit(chunk.write_prepared, context, prepared, seconds)

    def _take(self) -> None:
        self._held.enter_context(db.session_lock(MATCHING))
        with db.transaction():
            db.lock(WRITING)

    def _finish(self) -> None:
        """Wait until nothing is being written."""
        under_way, self._under_way, self._before = self._under_way, None, None
        if under_way is not None:
            under_way.result()


def _close() -> None:
    connection.close()  # each thread has its own under this name


def _meets(before: Prepared, incoming: list[Incoming]) -> bool:
    """Whether the tables must have a chunk before the next is decided."""
    if before.sorted.changed:
        return True
    there = {one.parsed.identity for one in chunk.incoming_of(before.piece)}
    return any(one.parsed.identity in there for one in incoming)
