"""Background work of discovery. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.discovery import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="34 * * * *")
@task(name="discovery.look_again", retry=PATIENT, queueing_lock="discovery.look_again")
def look_again(timestamp: int) -> None:
    """Tell of what came since a kept search was last asked."""
    told = services.look_again(now=datetime.now(UTC))
    log.info("discovery.looked_again", extra={"told": told})
