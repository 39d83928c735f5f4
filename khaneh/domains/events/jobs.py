"""Background work of events. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.events import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="*/10 * * * *")
@task(name="events.tidy", retry=PATIENT, queueing_lock="events.tidy")
def tidy(timestamp: int) -> None:
    """Remind who comes, let shares become common, give groups' places away close to the start, close what is over."""
    now = datetime.now(UTC)
    while done := services.remind(now=now):
        log.info("events.reminded", extra={"registrations": done})
    services.tidy_places(now=now)
    while done := services.close_what_is_over(now=now):
        log.info("events.closed", extra={"events": done})


@task(name="events.room_lost", retry=PATIENT)
def room_lost(event_id: int) -> None:
    """Tell who has registered that a room was taken from their event."""
    services.tell_lost(event_id=event_id, now=datetime.now(UTC))


@task(name="events.room_found", retry=PATIENT)
def room_found(event_id: int) -> None:
    """Tell them where it is, if it had lost its room."""
    services.settle_found(event_id=event_id, now=datetime.now(UTC))


@periodic(cron="41 3 * * *")
@task(name="events.forget", retry=PATIENT, queueing_lock="events.forget")
def forget(timestamp: int) -> None:
    """Forget the names of groups and guests of events long past."""
    while services.forget_names(now=datetime.now(UTC)):
        pass
