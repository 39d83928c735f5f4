"""When people are in courses, as learners or as teachers: for those above who look for a time that suits several."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from khaneh.domains.learning.models import Enrolment, Teaching
from khaneh.domains.learning.types import LIVE_RUNS, SEATED


def busy(account_ids: Collection[int], *, now: datetime) -> list[tuple[int, datetime, datetime]]:
    """Account, beginning and end of every meeting that is not over, of runs that these people have a seat in or teach. Two statements.

    What they are there for is not told. The caller has asked who may know of their time.
    """
    seated = Enrolment.objects.filter(
        account_id__in=account_ids, state__in=[state.value for state in SEATED],
        run__state__in=[state.value for state in LIVE_RUNS], run__meetings__ends__gt=now,
    )  # fmt: skip
    taught = Teaching.objects.filter(account_id__in=account_ids, meeting__ends__gt=now)
    return [
        *_times(seated.values_list("account_id", "run__meetings__starts", "run__meetings__ends")),
        *_times(taught.values_list("account_id", "meeting__starts", "meeting__ends")),
    ]


def _times(rows: Iterable[tuple[int | None, datetime, datetime]]) -> list[tuple[int, datetime, datetime]]:
    return [(number, starts, ends) for number, starts, ends in rows if number is not None]
