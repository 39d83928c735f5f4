"""Background work. Jobs live in PostgreSQL: one that is deferred in a transaction exists only if that transaction commits.

A domain's `jobs.py` declares them with `@task(...)`; services, which stand below the jobs, defer them by name with `defer(...)`.
"""

from __future__ import annotations

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

task = app.task
periodic = app.periodic

# Three tries over some minutes: enough for a server that restarts, too few to hide a fault.
PATIENT = RetryStrategy(max_attempts=3, exponential_wait=5)


def defer(name: str, *, queue: str = "default", **arguments: Any) -> None:
    """Put the job `name` into its queue, in the caller's transaction. Arguments are JSON values."""
    app.configure_task(name, queue=queue).defer(**arguments)


__all__ = ["PATIENT", "defer", "periodic", "task"]
