"""Background work. Jobs live in PostgreSQL: one that is deferred in a transaction exists only if that transaction commits.

A domain's `jobs.py` declares them with `@task(...)`; services defer them with `declared.defer(argument=value)`.
"""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

task = app.task
periodic = app.periodic

# Three tries over some minutes: enough for a server that restarts, too few to hide a fault.
PATIENT = RetryStrategy(max_attempts=3, exponential_wait=5)

__all__ = ["PATIENT", "periodic", "task"]
