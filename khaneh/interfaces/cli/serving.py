"""`khaneh serve`: everything one machine needs, under one process that starts it, watches it and stops it in order."""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from khaneh.infrastructure.processes import Program, Supervisor, ignore_stop_signals
from khaneh.interfaces.cli import runtime
from khaneh.interfaces.cli.exits import Failed
from khaneh.interfaces.cli.output import say

if TYPE_CHECKING:
    from khaneh.infrastructure.embedded import EmbeddedServer

_ANSWER_SECONDS = 60  # for the web server's first answer
_TABLES = "tables"  # the file that remembers for which program the tables were brought up
_REVIVED_AGAIN = 10  # seconds before a database that did not start is tried again
_YOUNG_DEATHS = 3  # children that die so often in a row before the first answer will not do better


@click.command(
    epilog="""\b
Examples:
  khaneh serve                                   on http://localhost:8000
  khaneh serve --demo                            with the demonstration network
  khaneh serve --host 0.0.0.0 --processes 4      on a server (set KHANEH_URL and KHANEH_HOSTS)
"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64), help="Web server processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 256), help="Threads of each.")
@click.option("--demo", is_flag=True, help="Load the demonstration network unless it is there.")
@click.option("--worker/--no-worker", "with_worker", default=True, help="Background work and the index too.")
def serve(host: str, port: int, processes: int, threads: int, demo: bool, with_worker: bool) -> None:
    """Serve the site: database, migrations, web server and worker. Ctrl-C stops all of it.

    Killed at any moment it loses nothing that was committed; the next start goes on where it was.
    """
    began = time.monotonic()
    os.environ.setdefault("KHANEH_URL", f"http://localhost:{port}")
    os.environ.setdefault("KHANEH_LOG_LEVEL", "INFO")
    home = runtime.home()
    (home / "static").mkdir(exist_ok=True)
    with runtime.only_user(home), runtime.database() as server:
        try:
            _require_free(host, port)
            # Yesterday's tables are today's, unless the program has changed: then the site may start before they are looked at.
            trusted = _tables_are_known(home) and not (demo and not (home / "demonstration").exists())
            if not trusted:
                _prepare(home, demo)
            programs = _programs(host, port, processes, threads, with_worker)
            prepare = lambda: _prepare(home, demo) if trusted else None  # noqa: E731
            _run(programs, prepare, host, port, home, began, _reviving(server) if server is not None else None)
        finally:
            ignore_stop_signals()
    say("stopped")


def _run(
    programs: list[Program],
    prepare: Callable[[], None],
    host: str,
    port: int,
    home: Path,
    began: float,
    watching: Callable[[], None] | None,
) -> None:
    """Supervise the programs until told to stop."""
    web, *later = programs
    supervisor = Supervisor([web])

    def started(told: Callable[[], bool]) -> None:
        status = _await_answer(host, port, told, supervisor.deaths)
        if told():
            return
        _announce(home, port, time.monotonic() - began, status)
        prepare()
        # After the first page, because starting takes processor time that the reader is waiting for.
        for program in later:
            supervisor.add(program)
        _tell_sign_ins()

    supervisor.run(started=started, watching=watching)


def _reviving(server: EmbeddedServer) -> Callable[[], None]:
    """Looks whether the database that came with the program still runs, and starts it again: nobody else would."""
    from khaneh.infrastructure.embedded import ServerDidNotStart

    not_before = 0.0

    def look() -> None:
        nonlocal not_before
        if time.monotonic() < not_before:
            return
        try:
            if server.revive():
                logging.getLogger(__name__).error("the database had died and was started again")
        except (ServerDidNotStart, OSError):
            logging.getLogger(__name__).exception("the database has died and does not start")
            not_before = time.monotonic() + _REVIVED_AGAIN

    return look


@click.command(hidden=True)
@click.option("--host", required=True)
@click.option("--port", required=True, type=int)
@click.option("--processes", required=True, type=int)
@click.option("--threads", required=True, type=int)
def web(host: str, port: int, processes: int, threads: int) -> None:
    """The web server alone, as `serve` starts it: no database, no worker."""
    runtime.home()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "khaneh.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    ).serve()


def _programs(host: str, port: int, processes: int, threads: int, with_worker: bool) -> list[Program]:
    me = [sys.executable, "-m", "khaneh.interfaces.cli.main"]
    supervised = {"KHANEH_SUPERVISED": "1"}
    listen = ["--host", host, "--port", str(port), "--processes", str(processes), "--threads", str(threads)]
    programs = [Program("web", [*me, "web", *listen], supervised)]
    if with_worker:
        # Two processes: a long import must not keep a change from being found.
        programs.append(Program("jobs", [*me, "worker", "--no-index"], supervised))
        programs.append(Program("index", [*me, "worker", "--no-jobs"], supervised))
    machines = os.environ.get("KHANEH_SIP2", "")
    if machines:
        where, _colon, number = machines.rpartition(":")
        programs.append(Program("sip2", [*me, "sip2", "--host", where or "127.0.0.1", "--port", number], supervised))
    return programs


def _prepare(home: Path, demo: bool) -> None:
    """The tables brought up to this version, and the demonstration where it is wanted."""
    runtime.django()
    from django.db import connections

    pending = runtime.pending_migrations()
    if pending:
        say(f"bringing the tables up to this version ({len(pending)} steps)")
        runtime.migrate()
    else:
        runtime.put_in_force()
    (home / _TABLES).write_text(_fingerprint())
    if demo:
        from khaneh.interfaces.cli import demonstration

        demonstration.load()
    connections.close_all()


def _tables_are_known(home: Path) -> bool:
    """Whether this very program has already seen this database with all its tables."""
    marker = home / _TABLES
    return marker.exists() and marker.read_text() == _fingerprint()


def _fingerprint() -> str:
    """A sum over the names of all migrations that are installed and the database's address: cheap, without the framework."""
    from django.conf import settings

    total = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode())
    for app in settings.INSTALLED_APPS:
        top, *rest = app.split(".")
        spec = importlib.util.find_spec(top)
        for location in (spec.submodule_search_locations if spec else None) or ():
            names = sorted(path.name for path in Path(location, *rest, "migrations").glob("*.py"))
            total.update(f"{app}: {names}\n".encode())
    return total.hexdigest()


def _require_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Failed(f"{host} is no address of this machine: {error.strerror}") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            hint = f"Choose another port: khaneh serve --port {port + 1 if port < 65535 else 8000}"
            raise Failed(f"cannot listen on {host}:{port}: {error.strerror}. {hint}") from error


def _await_answer(host: str, port: int, told: Callable[[], bool], deaths: Callable[[], int]) -> int:
    """The HTTP status of the first page, when the web server answers; 0 when told to stop. Raises Failed when it does not answer."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (compared, not bound)
    deadline = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < deadline and not told():
        if deaths() >= _YOUNG_DEATHS:
            raise Failed("a process of the server dies at its start; its log is above.")
        connection = http.client.HTTPConnection(local, port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
            response = connection.getresponse()
            response.read()
        except OSError:
            time.sleep(0.1)
        else:
            return response.status
        finally:
            connection.close()
    if told():
        return 0
    raise Failed(f"the web server did not answer within {_ANSWER_SECONDS} s; its log is above.")


def _announce(home: Path, port: int, seconds: float, status: int) -> None:
    from django.conf import settings

    url = settings.SITE_URL
    logging.getLogger(__name__).info("serving", extra={"url": url, "port": port, "seconds": round(seconds, 1)})
    say("")
    say(f"  Khaneh answers at {url}  (ready in {seconds:.1f} s)")
    if status >= 500:
        say(f"  but its first page fails with status {status}: the log above says why, khaneh doctor may")
    say(f"  Data: {home}")


def _tell_sign_ins() -> None:
    from khaneh.interfaces.cli import demonstration

    lines = demonstration.sign_in_lines()
    if lines:
        say("  Demonstration sign-ins:")
        for line in lines:
            say(f"    {line}")
    say("  Ctrl-C stops everything.")
    say("")
