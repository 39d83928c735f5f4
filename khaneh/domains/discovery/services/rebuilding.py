"""Building the index afresh beside the live one, from the tables, while the site is used; then putting it in place.

Changes made meanwhile go to the live index as ever and are kept (`Pending.applied`), so that the new one can catch up before it is
published.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from django.db import connections, transaction
from django.utils import timezone

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.batches import Analysed, analyse, prepare
from khaneh.domains.discovery.index import engine
from khaneh.domains.discovery.models import Generation, Pending
from khaneh.domains.discovery.services import locks
from khaneh.domains.discovery.services.changes import apply
from khaneh.infrastructure.search.port import Writer

_WORTH_PROCESSES = 5_000  # documents; fewer are done before another process has started
_PATIENCE = 60.0  # seconds to wait for the writer to step aside

Progress = Callable[[int], None]


class RebuildRunning(Exception):
    """Another process is building the index."""


def is_current() -> bool:
    """Whether the engine has an index, made for these fields and by this database. If not, only `rebuild` helps."""
    name = engine().live()
    return name is not None and Generation.objects.filter(name=name, state=Generation.State.LIVE).exists()


def rebuild(*, processes: int | None = None, progress: Progress | None = None) -> int:
    """Build the index from the tables and put it in place of the live one. Returns the number of documents.

    `processes` analyse documents beside this one (0: none; by default one fewer than there are cores where it is worth it);
    `progress` is told the number of documents so far. Must not be called in a transaction that others wait for. Raises RebuildRunning.
    """
    with locks.held(locks.BUILDER) as mine:
        if not mine:
            raise RebuildRunning
        generation = _begin()
        with engine().writer(generation.name, bulk=True) as writer:
            count = _fill(writer, processes, progress or (lambda _: None))
        generation.documents = count
        generation.state = Generation.State.READY
        generation.save()
        _publish(generation)
        return count


def _begin() -> Generation:
    """Clear what a killed rebuild left behind and start a generation, visible to the writer before anything is read."""
    with transaction.atomic():
        Generation.objects.exclude(state=Generation.State.LIVE).delete()
        Pending.objects.filter(applied=True).delete()
        name = f"{timezone.now():%Y%m%d%H%M%S}-{secrets.token_hex(4)}"
        generation = Generation.objects.create(name=name, state=Generation.State.BUILDING, started_at=timezone.now())
    engine().create(generation.name)
    return generation


def _fill(writer: Writer, processes: int | None, progress: Progress) -> int:
    count = 0
    for documents in _documents(processes):
        writer.add(documents)
        count += len(documents)
        progress(count)
    return count


def _documents(processes: int | None) -> Iterator[Analysed]:
    """Every document of every kind, analysed here until there prove to be enough for other processes."""
    batches = ((kind.name, keys) for kind in registry.kinds() for keys in kind.all_keys())
    seen = 0
    for name, keys in batches:
        yield analyse(name, keys)
        seen += len(keys)
        if processes != 0 and (processes or seen >= _WORTH_PROCESSES):
            break
    # The engine, in this process, takes a core for about as long as a helper takes for the same documents.
    workers = max(1, (os.cpu_count() or 1) - 1) if processes is None else processes
    if workers < 1:
        return
    first = next(batches, None)
    if first is None:
        return
    settings = {k: v for k, v in connections["default"].settings_dict.items() if k != "TEST"}
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), prepare, (settings,)) as pool:
        running: deque[Future[Analysed]] = deque([pool.submit(analyse, *first)])
        for batch in batches:
            running.append(pool.submit(analyse, *batch))
            if len(running) >= workers * 3:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _publish(generation: Generation) -> None:
    """Take the writer's place, let the new index catch up, and swap."""
    until = time.monotonic() + _PATIENCE
    while not locks.acquire(locks.WRITER):  # the worker sees the READY generation and lets go
        if time.monotonic() > until:
            raise TimeoutError("the index writer did not step aside")
        time.sleep(0.05)
    try:
        rows = list(Pending.objects.order_by("id").values_list("id", "kind", "key"))
        if rows:
            with engine().writer(generation.name) as writer:
                apply(writer, rows)
                writer.commit()
        engine().publish(generation.name)
        with transaction.atomic():
            Generation.objects.exclude(pk=generation.pk).delete()
            generation.state = Generation.State.LIVE
            generation.published_at = timezone.now()
            generation.save()
            Pending.objects.filter(id__in=[row[0] for row in rows]).delete()
    finally:
        locks.release(locks.WRITER)
