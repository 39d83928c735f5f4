"""Background work of residencies. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.residencies import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="23 5 * * *")
@task(name="residencies.follow_up", retry=PATIENT, queueing_lock="residencies.follow_up")
def follow_up(timestamp: int) -> None:
    """Ask the teams that have graduated what became of them."""
    now = datetime.now(UTC)
    while asked := services.ask_follow_ups(now=now):
        log.info("residencies.follow_up", extra={"asked": asked})
