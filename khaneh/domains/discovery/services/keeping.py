"""The one writer of a running site: a loop that a worker runs in a thread of its own; and waiting for it, for commands."""

from __future__ import annotations

import contextlib
import logging
import threading
import time

from django.db import DatabaseError, connection

from khaneh.domains.discovery.index import engine
from khaneh.domains.discovery.models import Generation
from khaneh.domains.discovery.services import locks
from khaneh.domains.discovery.services.changes import drain, live_writer, pending, step
from khaneh.domains.discovery.services.rebuilding import RebuildRunning, is_current, rebuild
from khaneh.infrastructure.search.port import IndexMissing

_log = logging.getLogger(__name__)

_INTERVAL = 0.5  # seconds between two looks; a change is findable well within five
_REST = 5.0  # seconds after a failure
_IDLE = 10.0  # seconds without a change after which the writer is closed


def keep_fresh(stop: threading.Event, *, interval: float = _INTERVAL) -> None:
    """Write changes to the index as they come until `stop` is set; build it where it is missing or belongs to another database.

    Several workers may run this: one writes, the others wait to take its place. Outlives a restart of the database.
    """
    while not stop.is_set():
        try:
            _turn(stop, interval)
        except RebuildRunning:
            stop.wait(interval)
        except (DatabaseError, IndexMissing, OSError, TimeoutError, ValueError) as error:
            _log.warning("index writer rests: %s", error)
            # A new session: the old one's locks are gone, or are let go with it.
            connection.close()
            stop.wait(_REST)
    connection.close()


def _turn(stop: threading.Event, interval: float) -> None:
    """Once at the writer's place, until somebody else needs it."""
    if not is_current():
        rebuild()
    with locks.held(locks.WRITER) as mine:
        while mine and not stop.is_set() and is_current() and not _wanted():
            if pending():
                _write(stop, interval)
            else:
                stop.wait(interval)
    stop.wait(interval)


def _wanted() -> bool:
    """Whether a rebuild waits to put its index in place."""
    return Generation.objects.filter(state=Generation.State.READY).exists()


def _write(stop: threading.Event, interval: float) -> None:
    """Keep one writer open while changes keep coming."""
    name = engine().live()
    with live_writer() as writer:
        last = time.monotonic()
        while writer is not None and not stop.is_set() and not _wanted():
            if engine().live() != name:
                raise IndexMissing(str(name))
            if step(writer):
                last = time.monotonic()
            elif time.monotonic() - last > _IDLE:
                break
            else:
                stop.wait(interval)


def drain_now(timeout: float = 60.0) -> bool:
    """Return when every change so far can be found: written here, or by the worker. False when `timeout` seconds were not enough."""
    until = time.monotonic() + timeout
    while True:
        # An index that is away may come back, and another may build the one that is missing.
        with contextlib.suppress(RebuildRunning, IndexMissing):
            if not is_current():
                rebuild()
            else:
                drain()
            if is_current() and not pending():
                return True
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
