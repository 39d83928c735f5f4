"""Background work of profiles. Thin, and may be run twice."""

from __future__ import annotations

import logging

from khaneh.domains.profiles import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@periodic(cron="2-59/10 * * * *")
@task(name="profiles.read", retry=PATIENT, queueing_lock="profiles.read")
def read(timestamp: int) -> None:
    """Let the model read what reviewers, mentors, applications and teams say, as far as it has not."""
    if read_now := services.read_competence():
        log.info("profiles.competence_read", extra={"read": read_now})
