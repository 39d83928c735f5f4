"""Background work of the exchange. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.exchange import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="53 4 * * *")
@task(name="exchange.sweep", retry=PATIENT, queueing_lock="exchange.sweep")
def sweep(timestamp: int) -> None:
    """End what the clock ends, and ask owners whether something goes on and what came of it."""
    now = datetime.now(UTC)
    while any(done := services.sweep(now=now)):
        log.info("exchange.swept", extra={"done": tuple(done)})


@periodic(cron="*/5 * * * *")
@task(name="exchange.read", retry=PATIENT, queueing_lock="exchange.read")
def read(timestamp: int) -> None:
    """Bring what needs are compared with up to date, let the model read what it has not read, and look through the catalogue for needs."""
    changed, read_now = services.gather_texts(), services.read_texts()
    if read_now:
        # What the model has just read may be near what was read before. Ahead of the catalogue, which takes seconds a need.
        _gather()
        services.reckon_reach(now=datetime.now(UTC), only_first=True)
    looked = services.find_records(now=datetime.now(UTC))
    if changed or read_now or looked:
        log.info("exchange.texts_read", extra={"changed": changed, "read": read_now, "looked_through_for": looked})


@periodic(cron="23 5 * * *")
@task(name="exchange.gather", retry=PATIENT, queueing_lock="exchange.gather")
def gather(timestamp: int) -> None:
    """Put together needs that several have and nobody has answered, after the clock has ended what it ends."""
    _gather()


@periodic(cron="41 3 * * *")
@task(name="exchange.reach", retry=PATIENT, queueing_lock="exchange.reach")
def reach(timestamp: int) -> None:
    """Note whom the proposals reach."""
    log.info("exchange.reach_reckoned", extra={"proposed": services.reckon_reach(now=datetime.now(UTC))})


@periodic(cron="37 * * * *")
@task(name="exchange.learn", retry=PATIENT, queueing_lock="exchange.learn")
def learn(timestamp: int) -> None:
    """Learn from the proposals that brokers have decided."""
    if services.learn_weights(now=datetime.now(UTC)):
        log.info("exchange.weights_learnt")


def _gather() -> None:
    if changed := services.gather_needs(now=datetime.now(UTC)):
        log.info("exchange.needs_gathered", extra={"changed": changed})
