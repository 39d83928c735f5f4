"""Background work of policies. Thin, and may be run twice."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings

from khaneh.domains.policies import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task


@periodic(cron="41 2 * * *")
@task(name="policies.prune_decisions", retry=PATIENT, queueing_lock="policies.prune_decisions")
def prune_decisions(timestamp: int) -> None:
    """Forget decisions that are older than KHANEH_DECISIONS_DAYS."""
    services.prune_decisions(days=settings.DECISIONS_DAYS, now=datetime.now(UTC))
