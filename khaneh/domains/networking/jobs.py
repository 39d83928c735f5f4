"""Background work of networking. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.networking import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="22 * * * *")
@task(name="networking.digest", retry=PATIENT, queueing_lock="networking.digest")
def digest(timestamp: int) -> None:
    """Tell followers of what is new."""
    now = datetime.now(UTC)
    while looked_at := services.make_digests(now=now):
        log.info("networking.digests", extra={"looked_at": looked_at})


@periodic(cron="12 3 * * *")
@task(name="networking.end_past", retry=PATIENT, queueing_lock="networking.end_past")
def end_past(timestamp: int) -> None:
    """End sharings whose last day is over."""
    ended = services.end_past(now=datetime.now(UTC))
    if ended:
        log.info("networking.sharings_ended", extra={"ended": ended})
