"""The web server of an installation whose index is there and whose database runs, for as long as it is measured. No worker: nothing changes."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx


@contextlib.contextmanager
def site(home: Path, *, processes: int = 2, threads: int = 4) -> Iterator[str]:
    """Its address, once it answers. Processes and threads are those of `khaneh serve` on two cores."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "khaneh.interfaces.cli.main", "web", "--host", "127.0.0.1", "--port", str(port)]
    counts = ["--processes", str(processes), "--threads", str(threads)]
    server = subprocess.Popen([*program, *counts], env=os.environ | {"KHANEH_HOME": str(home)})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{address}/search", timeout=60).raise_for_status()
                break
            time.sleep(0.5)
        else:
            raise TimeoutError("the web server did not start")
        yield address
    finally:
        server.terminate()
        server.wait()
