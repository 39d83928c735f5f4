"""Background work of founding. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.founding import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="47 4 * * *")
@task(name="founding.sweep", retry=PATIENT, queueing_lock="founding.sweep")
def sweep(timestamp: int) -> None:
    """Tell who is to be assessed again, and what is late; remove the files of photographs that were taken out."""
    now = datetime.now(UTC)
    while any(done := services.sweep(now=now)):
        log.info("founding.swept", extra={"done": tuple(done)})
    if files := services.sweep_files():
        log.info("founding.files_removed", extra={"files": files})
