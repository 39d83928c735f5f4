"""Background work of programmes. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.programmes import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task
from khaneh.infrastructure.outgoing import Mailer, Outcome

log = logging.getLogger(__name__)


@periodic(cron="*/10 * * * *")
@task(name="programmes.sweep", retry=PATIENT, queueing_lock="programmes.sweep")
def sweep(timestamp: int) -> None:
    """Judge the conditions of calls whose deadline is over, and remind who has not handed in."""
    if done := services.sweep(now=datetime.now(UTC)):
        log.info("programmes.swept", extra={"done": dict(done)})


@task(name="programmes.send_invitation", retry=PATIENT)
def send_invitation(member_id: int) -> None:
    """Write to a colleague who has no account; a server that is busy is asked again."""
    with Mailer() as mailer:
        handed = services.send_invitation(member_id=member_id, mailer=mailer, now=datetime.now(UTC))
    if handed is not None and handed.outcome is not Outcome.SENT:
        log.warning("programmes.invitation_not_sent", extra={"member": member_id, "reason": handed.reason})


@task(name="programmes.forget_documents", retry=PATIENT)
def forget_documents(digests: list[str]) -> None:
    """Remove the files of documents that were taken away."""
    services.forget_documents(digests)


@periodic(cron="53 2 * * *")
@task(name="programmes.tidy_documents", retry=PATIENT, queueing_lock="programmes.tidy_documents")
def tidy_documents(timestamp: int) -> None:
    """Remove the files that no application names: what a crash between the file and its row leaves."""
    if removed := services.tidy_documents():
        log.info("programmes.documents_removed", extra={"files": removed})
