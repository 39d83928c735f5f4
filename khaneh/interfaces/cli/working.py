"""`khaneh worker`: background jobs and the index writer. Any number of workers may run, on any machine; one of them writes the index."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from typing import Any

import click

from khaneh.infrastructure.processes import StopTold, stop_signals
from khaneh.interfaces.cli import runtime
from khaneh.interfaces.cli.exits import Failed

log = logging.getLogger(__name__)

_STALLED_SECONDS = 20.0  # without a heartbeat, and a worker is taken for dead


@click.command(
    epilog="Example, on a second machine: DATABASE_URL=postgresql://… SEARCH_URL=https://… khaneh worker --concurrency 4"
)
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 64), help="Jobs at the same time.")
@click.option("--jobs/--no-jobs", default=True, help="Do background jobs.")
@click.option("--index/--no-index", default=True, help="Keep the search index up to date.")
def worker(concurrency: int, jobs: bool, index: bool) -> None:
    """Do background work until told to stop (Ctrl-C or SIGTERM): the job in hand is finished first.

    `khaneh serve` starts one by itself; start more where one machine is not enough.
    """
    if not (jobs or index):
        raise click.UsageError("with --no-jobs and --no-index there is nothing to do")
    os.environ.setdefault("KHANEH_LOG_LEVEL", "INFO")
    with stop_signals() as told, runtime.ready():
        from khaneh.domains.discovery import services as discovery

        stop = threading.Event()
        writer = threading.Thread(target=discovery.keep_fresh, args=(stop,), name="index")
        if index:
            writer.start()
            log.info("index writer runs", extra={"pid": os.getpid()})
        try:
            if jobs:
                asyncio.run(_do_jobs(concurrency, told))
            else:
                _watch(writer, told)
        finally:
            stop.set()
            if index:
                writer.join()
                log.info("index writer stopped", extra={"pid": os.getpid()})


def _watch(writer: threading.Thread, told: StopTold) -> None:
    """Wait in the main thread, where signals arrive. A writer that has died takes the process along, to be started again."""
    while not told.wait(1):
        if not writer.is_alive():
            raise Failed("the index writer died; its log is above")


async def _do_jobs(concurrency: int, told: StopTold) -> None:
    from procrastinate.contrib.django import app

    name = f"{os.uname().nodename}:{os.getpid()}"
    connector: Any = app.connector  # Django's, which knows the one for workers
    with app.replace_connector(connector.get_worker_connector()) as working:
        async with working.open_async():
            task = asyncio.create_task(
                working.run_worker_async(
                    name=name,
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=20,
                    fetch_job_polling_interval=2,
                    update_heartbeat_interval=5,
                    stalled_worker_timeout=_STALLED_SECONDS,
                )
            )
            log.info("worker takes jobs", extra={"worker": name, "concurrency": concurrency})
            looked_at = -_STALLED_SECONDS
            while not told.is_set() and not task.done():
                if time.monotonic() - looked_at > _STALLED_SECONDS:
                    looked_at = time.monotonic()
                    await _take_up_again(working.job_manager)
                await asyncio.sleep(0.2)
            if not task.done():
                task.cancel()  # procrastinate's own way to say: finish what runs, take nothing more
            try:
                await task
            except asyncio.CancelledError:
                log.info("worker stopped", extra={"worker": name})


async def _take_up_again(jobs: Any) -> None:
    """Jobs whose worker was killed are put back in the queue: they are idempotent, and go on where they were."""
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS):
        log.warning("job taken up again", extra={"job": job.id, "task": job.task_name})
        await jobs.retry_job(job)
