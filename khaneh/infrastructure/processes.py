"""Programs that run as children of one: started in order, restarted when they die, stopped in order, never left behind.

Knows nothing of what the programs do. Linux only where it must be: a child is told of its parent's death by the kernel, so that a
parent killed without a chance to clean up leaves nobody serving.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

_BACKOFF = (0.5, 1, 2, 5, 10, 30)  # seconds before a child that died is started again
_HEALTHY_SECONDS = 60  # one that lived so long starts again without delay
_STOP_SECONDS = 30  # a child that has not left by then is killed


def die_with_parent(parent: int | None = None) -> None:
    """Ask the kernel for SIGTERM when this process's parent dies. `parent`: leave at once if it is another by now.

    The kernel means the parent's *thread* that started this process: call it in children of main threads.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


@dataclass(frozen=True)
class Program:
    """One child: its name in the log, its command, and what its environment has beside ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class _Child:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.deaths = 0
        self.start_at = 0.0
        self._started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        parent = os.getpid()
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            list(self.program.command),
            env={**os.environ, **self.program.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent, which stops its children in order
            preexec_fn=lambda: die_with_parent(parent),
        )
        log.info("started", extra={"program": self.program.name, "pid": self._process.pid})

    def reap(self) -> None:
        """Note a death and when to start again."""
        if self._process is None:
            return
        code = self._process.poll()
        if code is None:
            return
        lived = time.monotonic() - self._started_at
        self.deaths = 0 if lived > _HEALTHY_SECONDS else self.deaths + 1
        wait = _BACKOFF[min(self.deaths, len(_BACKOFF) - 1)]
        self.start_at = time.monotonic() + wait
        self._process = None
        log.error("died", extra={"program": self.program.name, "exit_code": code, "starts_again_in": wait})

    def stop(self, seconds: float) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("killed", extra={"program": self.program.name, "waited": seconds})
            self._process.kill()
            self._process.wait()
        self._process = None


class Supervisor:
    """Runs programs until it is told to stop by SIGINT or SIGTERM. Use in a process's main thread."""

    def __init__(self, programs: Sequence[Program], *, stop_seconds: float = _STOP_SECONDS) -> None:
        self._children = [_Child(program) for program in programs]
        self._stop_seconds = stop_seconds

    def run(
        self, *, started: Callable[[Callable[[], bool]], None] | None = None, watching: Callable[[], None] | None = None
    ) -> None:
        """Start all, call `started` once (with a function that says whether to stop waiting), watch until told to stop, stop all.

        `started` may add others that shall wait for the first ones. `watching` is called four times a second: for what is no child.
        """
        with stop_signals() as told:
            try:
                for child in self._children:
                    child.start()
                if started is not None:
                    started(told.is_set)
                while not told.wait(0.25):
                    if watching is not None:
                        watching()
                    self._watch()
            finally:
                # The first in the list is the first to stop: what takes work in, before what works it off.
                for child in self._children:
                    child.stop(self._stop_seconds)

    def add(self, program: Program) -> None:
        """Start one more, while it runs."""
        child = _Child(program)
        self._children.append(child)
        child.start()

    def deaths(self) -> int:
        """How many times in a row children died young: a caller that waits for an answer gives up by it."""
        for child in self._children:
            child.reap()
        return max((child.deaths for child in self._children), default=0)

    def _watch(self) -> None:
        now = time.monotonic()
        for child in self._children:
            child.reap()
            if child.pid is None and now >= child.start_at:
                child.start()


class StopTold:
    """Whether a signal has told this process to stop; waiting for it costs nothing."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._set = False

    def is_set(self) -> bool:
        """Whether it has been told."""
        return self._set

    def set(self, *_signal: object) -> None:
        """Tell it. Fit for a signal handler."""
        self._set = True
        with contextlib.suppress(OSError):  # full: then a reader is awake already
            self._writer.send(b"x")

    def wait(self, seconds: float) -> bool:
        """Wait until told, at most so long; whether it has been told."""
        if not self._set:
            select.select([self._reader], [], [], seconds)
        return self._set

    def close(self) -> None:
        """Give the descriptors back."""
        self._reader.close()
        self._writer.close()


def ignore_stop_signals() -> None:
    """From now on a second Ctrl-C changes nothing: what is being stopped in order goes on being stopped in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def stop_signals() -> Iterator[StopTold]:
    """SIGINT and SIGTERM set the yielded flag instead of raising, so that work ends between two steps and never inside one."""
    told = StopTold()
    before = {number: signal.signal(number, told.set) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        told.close()
