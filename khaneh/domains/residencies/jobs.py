"""Background work of residencies. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.residencies import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="41 * * * *")
@task(name="residencies.run_out", retry=PATIENT, queueing_lock="residencies.run_out")
def run_out(timestamp: int) -> None:
    """Close what was allotted up to a day that is over. By the hour, since days end at other hours in other zones."""
    if closed := services.close_run_out(now=datetime.now(UTC)):
        log.info("residencies.run_out", extra={"closed": closed})


@periodic(cron="23 5 * * *")
@task(name="residencies.follow_up", retry=PATIENT, queueing_lock="residencies.follow_up")
def follow_up(timestamp: int) -> None:
    """Ask the teams that have graduated what became of them."""
    now = datetime.now(UTC)
    while asked := services.ask_follow_ups(now=now):
        log.info("residencies.follow_up", extra={"asked": asked})
