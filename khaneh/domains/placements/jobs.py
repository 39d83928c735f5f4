"""Background work of placements. Thin, and may be run twice."""

from __future__ import annotations

import logging
from dataclasses import astuple
from datetime import UTC, datetime

from khaneh.domains.placements import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="41 4 * * *")
@task(name="placements.sweep", retry=PATIENT, queueing_lock="placements.sweep")
def sweep(timestamp: int) -> None:
    """End what the clock ends, and ask employers what became of those whom they took."""
    now = datetime.now(UTC)
    while any(astuple(done := services.sweep(now=now))):
        log.info("placements.swept", extra={"done": astuple(done)})
