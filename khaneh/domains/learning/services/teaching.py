"""Nobody teaches in two places at once: refused with the other run's name, and kept by PostgreSQL (`learning_teaching_one_place`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from khaneh.domains.learning.errors import TeacherBusy
from khaneh.domains.learning.models import Meeting, Teaching
from khaneh.domains.learning.types import MeetingDraft
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db


def require_free(account_ids: Collection[int], meetings: Iterable[Meeting | MeetingDraft], *, besides: int = 0) -> None:
    """Hold the teachers until the transaction ends; none of them teaches at these times but in the run `besides`. Two statements.

    Held after the runs, before the spaces. Raises TeacherBusy.
    """
    times = Q()
    for one in meetings:
        times |= Q(during__overlap=(one.starts, one.ends))
    if not account_ids or not times:
        return
    db.lock(*(("learning.teacher", number) for number in account_ids))
    found = Teaching.objects.filter(times, account_id__in=account_ids).exclude(meeting__run_id=besides)
    busy = found.select_related("meeting__run__course").order_by("during", "pk").first()
    if busy is not None:
        raise TeacherBusy(
            account_id=busy.account_id, name=people.account_names([busy.account_id]).get(busy.account_id, ""),
            run_id=busy.meeting.run_id, course=busy.meeting.run.course.names,
            starts=busy.meeting.starts.isoformat(), ends=busy.meeting.ends.isoformat(),
        )  # fmt: skip
