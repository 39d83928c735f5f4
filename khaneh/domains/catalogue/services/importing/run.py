"""One batch from its checkpoint to its end: scan, read, write, tell how far. Constant memory whatever the size of the file."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import orjson
from django.db import InterfaceError, OperationalError, connection

from khaneh.domains.catalogue import queries
from khaneh.domains.catalogue.errors import FileUnreadable, ImportRunning
from khaneh.domains.catalogue.models import ImportBatch
from khaneh.domains.catalogue.rules.intake.profile import with_columns
from khaneh.domains.catalogue.rules.intake.reading import Done, Task
from khaneh.domains.catalogue.services import refreshing
from khaneh.domains.catalogue.services.importing import known
from khaneh.domains.catalogue.services.importing.batches import houses_by_word
from khaneh.domains.catalogue.services.importing.chunk import Piece
from khaneh.domains.catalogue.services.importing.overlapping import InTurn, Overlapping
from khaneh.domains.catalogue.services.importing.readers import Readers, workers_for
from khaneh.domains.catalogue.services.importing.state import Context
from khaneh.domains.catalogue.types import ImportReport, ImportState, Measured
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.scan import scan
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor

RECORDS = 2_000  # in a chunk, at most
BYTES = 8 * 1024 * 1024  # in a chunk, at most (one record may be larger)

Progress = Callable[[ImportReport], None]


def run(
    batch_id: int,
    *,
    actor: Actor,
    now: Callable[[], datetime],
    progress: Progress | None = None,
    workers: int | None = None,
    measured: Measured | None = None,
    refresh: bool = True,
) -> ImportReport:
    """Go on with a batch where it stands, to its end. Calls `progress` after each chunk.

    Raises ImportRunning when another process is at it, FileUnreadable when the file is gone. Any other failure is written to the batch
    before it is raised again; what was committed stays, and the next run goes on from there.
    """
    measured = measured or Measured()
    with _only_one(batch_id):
        batch = ImportBatch.objects.get(pk=batch_id)
        if batch.state == ImportState.DONE:
            return queries.import_report(batch_id)
        workers = workers_for(batch.size) if workers is None else workers
        with Readers(workers) as readers:
            try:
                with Path(batch.path).open("rb") as stream:
                    context, task = _prepare(batch, stream, now())
                    uncounted = _pour(batch, context, task, stream, progress, readers, measured)
            except FileNotFoundError as error:
                _failed(batch_id, "file-gone")
                raise FileUnreadable(file=batch.name, why="file-gone") from error
            except ImportRunning:
                raise
            except Exception as error:
                _failed(batch_id, f"{type(error).__name__}: {error}"[:500])
                raise
            if refresh:
                began = time.perf_counter()
                refreshing.refresh_stale(workers=workers, pool=readers.pool)
                measured.refreshing = time.perf_counter() - began
        _finish(batch_id, actor, now(), uncounted + measured.refreshing)
        report = queries.import_report(batch_id)
        if progress is not None:
            progress(report)
        return report


@contextmanager
def _only_one(batch_id: int) -> Iterator[None]:
    """A lock of the session: it goes with the process, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('catalogue.import'), %s)", [batch_id])
        if cursor.fetchone() != (True,):
            raise ImportRunning(batch=batch_id)
    try:
        yield
    finally:
        # Where the connection is lost, so is the lock.
        with suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
            if not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('catalogue.import'), %s)", [batch_id])


def _prepare(batch: ImportBatch, stream: BinaryIO, now: datetime) -> tuple[Context, Task]:
    """Find out what the file is, once, and mark the batch as running."""
    if batch.format is None:
        found = with_columns(detect_stream(stream, name=batch.name), batch.rules)
        batch.format = found.to_dict()
    stream.seek(0)
    fmt = FileFormat.from_dict(batch.format)
    batch.state = ImportState.RUNNING.value
    batch.failure = ""
    batch.started_at = batch.started_at or now
    batch.save(update_fields=["format", "state", "failure", "started_at"])
    source = batch.source
    context = Context(
        batch_id=batch.pk,
        source_id=source.pk,
        house_id=source.house_id,
        houses=houses_by_word(batch.rules.get("houses", {})),
        currency=batch.rules.get("currency", ""),
        serialisation=fmt.serialisation,
    )
    task = Task(
        batch.format,
        batch.forced_encoding or source.encoding,
        batch.forced_dialect or source.dialect,
        orjson.dumps(batch.rules).decode(),
        [],
    )
    return context, task


def _pour(
    batch: ImportBatch,
    context: Context,
    task: Task,
    stream: BinaryIO,
    progress: Progress | None,
    readers: Readers,
    measured: Measured,
) -> float:
    """Write everything that is left; returns the seconds that no checkpoint has counted yet."""
    fmt = FileFormat.from_dict(task.format)
    stretches = _stretches(stream, fmt, batch.checkpoint, batch.position)
    under_way: deque[tuple[Piece, Callable[[], Done]]] = deque()
    with _writing(readers.workers) as writing, _no_garbage_collected():
        clock = time.perf_counter()
        while True:
            while len(under_way) <= readers.workers:
                piece = next(stretches, None)
                if piece is None:
                    break
                under_way.append((piece, readers.submit(task._replace(records=piece.raws))))
            if not under_way:
                break
            piece, outcome = under_way.popleft()
            began = time.perf_counter()
            done = outcome()
            ready = time.perf_counter()
            measured.waiting += ready - began
            measured.reading += done.seconds
            # Time on the wall since the chunk before began to be written; the writing of the last one is added at the end.
            seconds, clock = ready - clock, ready
            writing.write(context, piece._replace(results=done.results), seconds)
            measured.writing += time.perf_counter() - ready
            if progress is not None:
                progress(queries.import_report(batch.pk))
    return time.perf_counter() - clock


def _writing(workers: int) -> InTurn | Overlapping:
    """Where the file is read by other processes, and nobody's transaction is to hold it all, writing overlaps with deciding."""
    return InTurn() if not workers or connection.in_atomic_block else Overlapping()


@contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """Not within a chunk: it makes tens of thousands of objects that all live to its end, and every search would go through them."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def _stretches(stream: BinaryIO, fmt: FileFormat, checkpoint: int, position: int) -> Iterator[Piece]:
    start = checkpoint
    raws: list[RawRecord] = []
    size = 0
    for raw in scan(stream, fmt, start=checkpoint):
        raws.append(raw)
        size += len(raw.data)
        if len(raws) >= RECORDS or size >= BYTES:
            yield Piece(start, raw.end, position + 1, stream.tell(), raws, [])
            start, position = raw.end, position + len(raws)
            raws, size = [], 0
    if raws:
        yield Piece(start, raws[-1].end, position + 1, stream.tell(), raws, [])


def _failed(batch_id: int, why: str) -> None:
    ImportBatch.objects.filter(pk=batch_id).update(state=ImportState.FAILED.value, failure=why)


def _finish(batch_id: int, actor: Actor, now: datetime, seconds: float) -> None:
    with db.transaction():
        batch = ImportBatch.objects.select_for_update().select_related("source").get(pk=batch_id)
        batch.state = ImportState.DONE.value
        batch.finished_at = now
        batch.progress = batch.size
        batch.seconds += seconds
        batch.save(update_fields=["state", "finished_at", "progress", "seconds"])
        known.forget(batch_id)
        journal.record(
            "catalogue.import.done",
            actor=actor,
            house_id=batch.source.house_id,
            batch_id=batch_id,
            source=batch.source.code,
            file=batch.name,
            counts=batch.counts.get("counts", {}),
        )
