"""Background work about people. Thin, and may be run twice."""

from __future__ import annotations

from datetime import UTC, datetime

from khaneh.domains.people import services
from khaneh.infrastructure.jobs import PATIENT, periodic, task


@periodic(cron="41 * * * *")
@task(name="people.forget_token_answers", retry=PATIENT, queueing_lock="people.forget_token_answers")
def forget_token_answers(timestamp: int) -> None:
    """Delete what programs were answered longer ago than a call is told again."""
    services.forget_token_answers(before=datetime.now(UTC) - services.TOKEN_ANSWERS_REMEMBERED)
