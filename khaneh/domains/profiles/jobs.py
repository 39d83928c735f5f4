"""Background work of profiles. Thin, and may be run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from khaneh.domains.profiles import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task

log = logging.getLogger(__name__)


@task(name="profiles.import_companies", retry=PATIENT, queue="imports", lock="profiles.import")
def import_companies(import_id: int) -> None:
    """Take in a table of companies."""
    services.run_import(import_id=import_id, clock=lambda: datetime.now(UTC))


@periodic(cron="*/5 * * * *")
@task(name="profiles.resume_imports", retry=PATIENT, queueing_lock="profiles.resume_imports")
def resume_imports(timestamp: int) -> None:
    """Go on with tables whose worker is gone."""
    if resumed := services.resume_imports(now=datetime.now(UTC)):
        log.info("profiles.imports_resumed", extra={"imports": resumed})


@periodic(cron="2-59/10 * * * *")
@task(name="profiles.read", retry=PATIENT, queueing_lock="profiles.read")
def read(timestamp: int) -> None:
    """Let the model read what reviewers, mentors, applications and teams say, as far as it has not."""
    if read_now := services.read_competence():
        log.info("profiles.competence_read", extra={"read": read_now})
