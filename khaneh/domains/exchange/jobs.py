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
