"""`khaneh sip2`: the server that self-checks, sorters and gates speak to."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from pathlib import Path

import click

from khaneh.infrastructure.processes import StopTold, stop_signals
from khaneh.interfaces.cli import runtime
from khaneh.interfaces.cli.exits import Failed
from khaneh.interfaces.cli.output import say

log = logging.getLogger(__name__)
PORT = 6001


@click.command(
    epilog="""\b
Examples:
  khaneh sip2                                       on this machine alone, port 6001
  khaneh sip2 --host 0.0.0.0 --certificate crt.pem --key key.pem    machines in other houses, over TLS
"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Messages at the same time.")
@click.option(
    "--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="For TLS: the chain, PEM."
)
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="For TLS: its key, PEM.")
def sip2(host: str, port: int, threads: int, certificate: Path | None, key: Path | None) -> None:
    """Answer machines over SIP2 until told to stop (Ctrl-C or SIGTERM): messages in hand are answered first.

    Machines and their passwords are kept at /desk/terminals/. `khaneh serve` starts this by itself where KHANEH_SIP2 is set.
    """
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key belong together")
    os.environ.setdefault("KHANEH_LOG_LEVEL", "INFO")
    with stop_signals() as told, runtime.ready():
        tls = None
        if certificate is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            try:
                tls.load_cert_chain(certificate, key)
            except (OSError, ssl.SSLError) as error:
                raise Failed(f"the certificate cannot be used: {error}") from error
        try:
            asyncio.run(_serve(host, port, threads, tls, told))
        except OSError as error:
            raise Failed(f"cannot listen on {host}:{port}: {error.strerror or error}") from error


async def _serve(host: str, port: int, threads: int, tls: ssl.SSLContext | None, told: StopTold) -> None:
    from khaneh.interfaces.protocols.sip2.server import Server

    server = Server(threads=threads)
    chosen = await server.start(host, port, tls=tls)
    say(f"SIP2 on {host}:{chosen}{' over TLS' if tls else ''}")
    log.info("sip2 serves", extra={"host": host, "port": chosen, "threads": threads, "pid": os.getpid()})
    while not told.is_set():
        await asyncio.sleep(0.2)
    await server.stop()
    log.info("sip2 stopped")
