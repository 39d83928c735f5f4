"""Background work of qualifications. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.qualifications import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="17 3 * * *")
@task(name="qualifications.sweep", retry=PATIENT, queueing_lock="qualifications.sweep")
def sweep(timestamp: int) -> None:
    """End what has run out, and warn whose time is nearly over."""
    now = datetime.now(UTC)
    while (done := services.sweep(now=now)).ended or done.warned:
        log.info("qualifications.swept", extra={"ended": done.ended, "warned": done.warned})
