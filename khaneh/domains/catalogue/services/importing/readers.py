"""Reading beside the database: worker processes that turn bytes into what is stored, while the chunk before is being written."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from khaneh.domains.catalogue.rules.intake import reading
from khaneh.domains.catalogue.rules.intake.reading import Done, Result, Task, Unread, timed

SMALL = 2_000_000  # bytes: starting processes takes longer than reading this much
_LONGEST = 300.0  # seconds for one stretch: beyond, its reading has got stuck


class Readers:
    """`submit` a stretch, and call what it gives to have the results. In worker processes, or in this one where `workers` is 0.

    `pool` is of the processes, once they have begun; it goes with the block.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def submit(self, task: Task) -> Callable[[], Done]:
        """Begin to read; the returned function waits for the end."""
        if not self.workers:
            return lambda: timed(task)
        try:
            future = self._started().submit(timed, task)
        except BrokenProcessPool:
            self._close()
            future = self._started().submit(timed, task)
        return lambda: self._outcome(future, task)

    def _started(self) -> ProcessPoolExecutor:
        if self.pool is None:
            # A fresh interpreter: a fork of a process with threads and a database connection inherits both halfway.
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=reading.settle_down)
        return self.pool

    def _outcome(self, future: Future[Done], task: Task) -> Done:
        try:
            return future.result(timeout=_LONGEST)
        except (BrokenProcessPool, TimeoutError):
            self._close()
            return self._one_by_one(task)

    def _one_by_one(self, task: Task) -> Done:
        """A worker died or got stuck on one of these: read each alone, and set aside the one that does it again."""
        # Nothing to read, and it dies all the same: the fault is not in any record. BrokenProcessPool stops the import.
        self._started().submit(timed, task._replace(records=[])).result(timeout=_LONGEST)
        results: list[Result] = []
        seconds = 0.0
        for raw in task.records:
            alone = task._replace(records=[raw])
            try:
                done = self._started().submit(timed, alone).result(timeout=_LONGEST / 10)
            except (BrokenProcessPool, TimeoutError) as fault:
                self._close()
                problem = {"code": "reading-failed", "severity": "fatal", "facts": {"fault": type(fault).__name__}}
                digest = reading.digest_of(raw)
                done = Done([Unread(digest, task.format["dialect"], task.format["encoding"], [problem])], 0.0)
            results += done.results
            seconds += done.seconds
        return Done(results, seconds)

    def _close(self) -> None:
        if self.pool is None:
            return
        pool, self.pool = self.pool, None
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(timeout=5)


def workers_for(size: int) -> int:
    """How many processes to read a file of this size with."""
    return 0 if size < SMALL else min(2, os.cpu_count() or 1)
