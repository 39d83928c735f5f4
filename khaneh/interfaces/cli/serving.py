"""`khaneh serve`: everything one machine needs, under one process that starts it, watches it and stops it in order."""

from __future__ import annotations

import http.client
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from khaneh.interfaces.cli import runtime
from khaneh.interfaces.cli.exits import Failed
from khaneh.interfaces.cli.output import say

_ANSWER_SECONDS = 60  # for the web server's first answer
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
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Web server processes.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 256), help="Threads of each.")
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
    with runtime.only_user(home), runtime.database():
        _require_free(host, port)
        runtime.django()
        _prepare(demo)

        from django.conf import settings
        from django.db import connections

        from khaneh.infrastructure.processes import Supervisor

        connections.close_all()
        supervisor = Supervisor(_programs(host, port, processes, threads, with_worker))

        def started(told: Callable[[], bool]) -> None:
            _await_answer(host, port, told, supervisor.deaths)
            if not told():
                _announce(settings.SITE_URL, home, time.monotonic() - began)

        supervisor.run(started=started)
        say("stopped")


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

    logging_settings: dict[str, Any] = {
        **settings.LOGGING,
        "loggers": {"_granian": {"level": "WARNING"}, "granian.access": {"level": "WARNING"}},
    }
    Granian(
        "khaneh.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        websockets=False,
        log_dictconfig=logging_settings,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    ).serve()


def _programs(host: str, port: int, processes: int, threads: int, with_worker: bool) -> list[Any]:
    from khaneh.infrastructure.processes import Program

    me = [sys.executable, "-m", "khaneh.interfaces.cli.main"]
    supervised = {"KHANEH_SUPERVISED": "1"}
    listen = ["--host", host, "--port", str(port), "--processes", str(processes), "--threads", str(threads)]
    programs = [Program("web", [*me, "web", *listen], supervised)]
    if with_worker:
        # Two processes: a long import must not keep a change from being found.
        programs.append(Program("jobs", [*me, "worker", "--no-index"], supervised))
        programs.append(Program("index", [*me, "worker", "--no-jobs"], supervised))
    return programs


def _prepare(demo: bool) -> None:
    pending = runtime.pending_migrations()
    if pending:
        say(f"bringing the tables up to this version ({len(pending)} steps)")
        runtime.migrate()
    if demo:
        from khaneh.interfaces.cli import demonstration

        demonstration.load(find=None, quiet_if_loaded=True)


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


def _await_answer(host: str, port: int, told: Callable[[], bool], deaths: Callable[[], int]) -> None:
    """Return when the web server answers. Raises Failed when it does not."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (compared, not bound)
    deadline = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < deadline and not told():
        if deaths() >= _YOUNG_DEATHS:
            raise Failed("a process of the server dies at its start; its log is above.")
        connection = http.client.HTTPConnection(local, port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    if not told():
        raise Failed(f"the web server did not answer within {_ANSWER_SECONDS} s; its log is above.")


def _announce(url: str, home: Path, seconds: float) -> None:
    logging.getLogger(__name__).info("serving", extra={"url": url, "seconds": round(seconds, 1)})
    say("")
    say(f"  Khaneh answers at {url}  (ready in {seconds:.1f} s)")
    say(f"  Data: {home}")
    from khaneh.interfaces.cli import demonstration

    lines = demonstration.sign_in_lines()
    if lines:
        say("  Demonstration sign-ins:")
        for line in lines:
            say(f"    {line}")
    say("  Ctrl-C stops everything.")
    say("")
