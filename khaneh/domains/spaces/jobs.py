"""Background work of spaces. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.spaces import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="*/5 * * * *")
@task(name="spaces.tidy", retry=PATIENT, queueing_lock="spaces.tidy")
def tidy(timestamp: int) -> None:
    """End what the clock ends: who has not come, what is over, what nobody answered; then what was kept for who waits."""
    now = datetime.now(UTC)
    services.tidy_waiting(now=now)
    while done := services.tidy(now=now):
        log.info("spaces.tidied", extra=done)
    services.forget_names(now=now)


@task(name="spaces.offer", retry=PATIENT)
def offer(space_id: int) -> None:
    """Offer what became free in a space's tree to those who wait."""
    if offered := services.offer_waiting(space_id=space_id, now=datetime.now(UTC)):
        log.info("spaces.offered", extra={"space_id": space_id, "entries": len(offered)})


@task(name="spaces.forget_pictures", retry=PATIENT)
def forget_pictures(digests: list[str]) -> None:
    """Remove the files of photographs that were removed."""
    services.forget_pictures(digests)


@periodic(cron="47 2 * * *")
@task(name="spaces.tidy_pictures", retry=PATIENT, queueing_lock="spaces.tidy_pictures")
def tidy_pictures(timestamp: int) -> None:
    """Remove the files of pictures that nobody shows: what a crash between the file and its row leaves."""
    if removed := services.tidy_pictures():
        log.info("spaces.pictures_removed", extra={"files": removed})
