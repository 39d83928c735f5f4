"""Background work of learning. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from khaneh.domains.learning import notices, services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)

# How long before its first meeting a run is brought to mind.
AHEAD = timedelta(hours=26)


@periodic(cron="*/5 * * * *")
@task(name="learning.tidy", retry=PATIENT, queueing_lock="learning.tidy")
def tidy(timestamp: int) -> None:
    """What the clock does: runs begin, offers lapse, what is nearly due is offered to whoever fits."""
    now = datetime.now(UTC)
    started, lapsed = services.start_runs(now=now), services.tidy_offers(now=now)
    if started or lapsed:
        log.info("learning.tidied", extra={"started": started, "lapsed": lapsed})


@task(name="learning.room_lost", retry=PATIENT)
def room_lost(meeting_id: int) -> None:
    """A meeting's room was taken from it: those who are concerned are told."""
    services.tell_lost(meeting_id=meeting_id, now=datetime.now(UTC))


@task(name="learning.forget_files", retry=PATIENT)
def forget_files(digests: list[str]) -> None:
    """Remove the files that no course names any more."""
    services.forget_files(digests)


@periodic(cron="47 3 * * *")
@task(name="learning.tidy_files", retry=PATIENT, queueing_lock="learning.tidy_files")
def tidy_files(timestamp: int) -> None:
    """Remove files that were left by whoever was interrupted."""
    services.tidy_files()


@periodic(cron="20 * * * *")
@task(name="learning.remind", retry=PATIENT, queueing_lock="learning.remind")
def remind(timestamp: int) -> None:
    """Whoever is enrolled is told of a run that begins tomorrow, once."""
    now = datetime.now(UTC)
    notices.remind(now=now, until=now + AHEAD)
