"""Background work of notices. Thin, and may be run twice, by several workers at the same time."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings

from khaneh.domains.notices import services
from khaneh.domains.notices.types import Round
from khaneh.infrastructure import sms
from khaneh.infrastructure.jobs import PATIENT, periodic, task
from khaneh.infrastructure.outgoing import Mailer


@periodic(cron="* * * * *")
@task(name="notices.send", queueing_lock="notices.send")
def send(timestamp: int) -> None:
    """Gather what was told and send what is due, until nothing is left; what a dead sender held becomes a question for a person."""
    gateway = sms.gateway(settings.SMS_URL, outbox=settings.SMS_OUTBOX)
    services.recover(sms=gateway, now=datetime.now(UTC))
    while services.gather(now=datetime.now(UTC)):
        pass
    with Mailer() as mailer:
        while services.send_due(mail=mailer, sms=gateway, now=datetime.now(UTC), limit=100) != Round():
            pass


@periodic(cron="23 3 * * *")
@task(name="notices.tidy", retry=PATIENT, queueing_lock="notices.tidy")
def tidy(timestamp: int) -> None:
    """Forget what is old."""
    services.tidy(now=datetime.now(UTC))
