"""Background work of circulation. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.circulation.services import reminding
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="7 * * * *")
@task(name="circulation.remind", retry=PATIENT, queueing_lock="circulation.remind")
def remind(timestamp: int) -> None:
    """Find the reminders of each house where it is morning."""
    now = datetime.now(UTC)
    for house_id in reminding.houses_in_the_morning(now=now):
        count = reminding.remind(house_id=house_id, now=now)
        log.info("circulation.reminded", extra={"house_id": house_id, "notices": count})


@periodic(cron="*/10 * * * *")
@task(name="circulation.receipts", retry=PATIENT, queueing_lock="circulation.receipts")
def receipts(timestamp: int) -> None:
    """Give receipts to those who asked for them."""
    reminding.give_receipts(now=datetime.now(UTC))
