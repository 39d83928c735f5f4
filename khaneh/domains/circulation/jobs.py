"""Background work of circulation. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.circulation import services
from khaneh.domains.circulation.services import blurring, following, reminding, replaying
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


@periodic(cron="23 * * * *")
@task(name="circulation.target", retry=PATIENT, queueing_lock="circulation.target")
def target(timestamp: int) -> None:
    """Ask houses for the readers who wait; what nobody collected is free first, and who waits follows the catalogue."""
    now = datetime.now(UTC)
    following.follow_catalogue(now=now)
    expired = services.expire_shelf(now=now)
    done = services.target_waiting(now=now)
    log.info("circulation.targeted", extra={"expired": expired, "waiting": done.waiting, "asked": done.asked})


@periodic(cron="41 1 * * *")
@task(name="circulation.lose", retry=PATIENT, queueing_lock="circulation.lose")
def lose(timestamp: int) -> None:
    """Count as lost what has been overdue for too long."""
    now = datetime.now(UTC)
    while count := services.lose_long_overdue(now=now):
        log.info("circulation.lost", extra={"loans": count})


@periodic(cron="13 2 * * *")
@task(name="circulation.blur", retry=PATIENT, queueing_lock="circulation.blur")
def blur(timestamp: int) -> None:
    """Make vague what is over."""
    done = blurring.blur(now=datetime.now(UTC))
    log.info("circulation.blurred", extra=done._asdict())


@periodic(cron="17 2 * * *")
@task(name="circulation.measure", retry=PATIENT, queueing_lock="circulation.measure")
def measure(timestamp: int) -> None:
    """Measure how long returns, journeys and collecting took, for what readers are told to expect."""
    log.info("circulation.measured", extra={"figures": services.measure_paces(now=datetime.now(UTC))})


@periodic(cron="*/5 * * * *")
@task(name="circulation.replay", retry=PATIENT, queueing_lock="circulation.replay")
def replay(timestamp: int) -> None:
    """Do what of offline desks' logs was kept and not done."""
    if count := replaying.replay_left(now=datetime.now(UTC)):
        log.info("circulation.replayed", extra={"entries": count})


@periodic(cron="29 2 * * *")
@task(name="circulation.strays", retry=PATIENT, queueing_lock="circulation.strays")
def strays(timestamp: int) -> None:
    """Forget returns that no log needs any more."""
    log.info("circulation.strays", extra={"forgotten": replaying.forget_strays(now=datetime.now(UTC))})
