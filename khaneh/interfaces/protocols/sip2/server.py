"""The TCP server. Lines wait in one event loop, where a thousand idle machines cost nothing; messages are answered by a few threads, each
with one connection to the database.

Whoever sends too much, too slowly or nothing at all is cut off; the limits are those of `Limits`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import close_old_connections, connections

from khaneh.domains.circulation import services
from khaneh.domains.circulation.services.terminals import REMEMBERED
from khaneh.formats.sip2 import Splitter, TooLong
from khaneh.interfaces.protocols.sip2.dispatch import open_session
from khaneh.interfaces.protocols.sip2.session import Reply, Session

log = logging.getLogger(__name__)

_CHECK_AFTER = 30.0  # seconds without work, and a thread asks whether its database connection still lives
_SWEEP = 60.0  # seconds between two deletions of answers that are past
_last = threading.local()


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and numbers. `message` is from a message's first byte to its end, `sign_in` from connecting to the first answer."""

    message: float = 10.0
    sign_in: float = 30.0
    idle: float = 3600.0
    write: float = 10.0
    lines: int = 1000
    lines_of_an_address: int = 200


class Server:
    """Machines' lines, until it is stopped."""

    def __init__(
        self,
        *,
        threads: int = 4,
        limits: Limits | None = None,
        opens: Callable[[str], Session] = open_session,
    ) -> None:
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sip2")
        self._count = threads
        self._opens = opens
        self._lines: dict[asyncio.Task[None], str] = {}
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Listen; gives the port, which is chosen where 0 was asked for. Raises OSError."""
        self._server = await asyncio.start_server(self._connected, host, port, ssl=tls, limit=65536)
        self._sweeper = asyncio.create_task(self._sweep())
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    async def stop(self, seconds: float = 10.0) -> None:
        """Take no line more, let the messages in hand be answered, cut all."""
        if self._server is not None:
            self._server.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
        for task in list(self._lines):
            task.cancel()
        if self._lines:
            await asyncio.wait(list(self._lines), timeout=seconds)
        loop = asyncio.get_running_loop()
        # Each thread closes its own connection to the database: they wait for one another, so that none does it twice.
        gate = threading.Barrier(self._count)
        await asyncio.gather(*(loop.run_in_executor(self._threads, _leave, gate) for _ in range(self._count)))
        self._threads.shutdown()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a line without a task")
        address = str((writer.get_extra_info("peername") or ("local",))[0])
        if (
            len(self._lines) >= self._limits.lines
            or sum(one == address for one in self._lines.values()) >= self._limits.lines_of_an_address
        ):
            log.warning("sip2 line refused: too many", extra={"address": address})
            writer.close()
            return
        self._lines[task] = address
        log.info("sip2 line opened", extra={"address": address, "lines": len(self._lines)})
        why = "closed by the machine"
        try:
            why = await self._converse(reader, writer, self._opens(address))
        except (ConnectionError, TimeoutError, ssl.SSLError) as error:
            why = type(error).__name__
        except asyncio.CancelledError:
            why = "the server stops"
        finally:
            del self._lines[task]
            writer.close()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(writer.wait_closed(), 1)
            log.info("sip2 line ended", extra={"address": address, "why": why})

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> str:
        """Answer until somebody ends it; why it ended."""
        splitter, limits = Splitter(), self._limits
        begun: float | None = None
        opened = time.monotonic()
        while True:
            if begun is not None:
                wait, why = begun + limits.message - time.monotonic(), "a message did not end"
            elif session.terminal is None:
                wait, why = opened + limits.sign_in - time.monotonic(), "nobody signed in"
            else:
                wait, why = limits.idle, "idle"
            try:
                # Not `wait_for`, which makes a task of every read.
                async with asyncio.timeout(max(wait, 0)):
                    data = await reader.read(4096)
            except TimeoutError:
                return why
            if not data:
                return "closed by the machine"
            try:
                for line in splitter.feed(data):
                    # A message in hand is answered even when the server is told to stop meanwhile.
                    reply = await asyncio.shield(self._answer(session, line, splitter.terminator))
                    writer.write(reply.data)
                    async with asyncio.timeout(limits.write):
                        await writer.drain()
                    if reply.closes:
                        return "cut"
            except TooLong:
                return "a message too long"
            begun = (begun or time.monotonic()) if splitter.is_waiting else None

    def _answer(self, session: Session, line: bytes, end: bytes) -> asyncio.Future[Reply]:
        return asyncio.get_running_loop().run_in_executor(self._threads, _handle, session, line, end)

    async def _sweep(self) -> None:
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(self._threads, _forget)
            except Exception as error:
                log.warning("sip2 answers not swept", extra={"error": type(error).__name__})
            await asyncio.sleep(_SWEEP)


def _handle(session: Session, line: bytes, end: bytes) -> Reply:
    _look_after_connection()
    return session.handle(line, end)


def _forget() -> None:
    _look_after_connection()
    services.forget_answers(before=datetime.now(UTC) - REMEMBERED)


def _look_after_connection() -> None:
    """A thread that has not worked for a while asks whether its connection lives, as a web request would each time."""
    now = time.monotonic()
    if now - getattr(_last, "at", 0.0) > _CHECK_AFTER or connections["default"].errors_occurred:
        close_old_connections()
    _last.at = now


def _leave(gate: threading.Barrier) -> None:
    connections.close_all()
    with contextlib.suppress(threading.BrokenBarrierError):
        gate.wait(5)
