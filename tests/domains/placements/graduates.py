"""Courses that people have finished, made by the services of learning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from khaneh.domains.learning import services
from khaneh.domains.learning.types import CourseDraft, CourseKind, MeetingDraft, RunDraft
from khaneh.domains.network.models import House
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label

_DAY = timedelta(days=1)


def give_course(house: House, code: str, people: Sequence[Actor], *, at: datetime, awards: tuple[str, ...] = ()) -> int:
    """A course of a house that all of these complete at an instant. Gives the course's number."""
    services.ensure_policies()
    names = Label(f"Course {code}", f"دورهٔ {code}", f"Khóa {code}")
    draft = CourseDraft(
        code=code, kind=CourseKind.WORKSHOP, names=names, house_code=house.code, attendance=0, awards=awards
    )
    course = services.add_course(actor=SYSTEM, draft=draft, now=at - 3 * _DAY)
    services.publish_course(actor=SYSTEM, code=code, now=at - 3 * _DAY)
    meeting = MeetingDraft(at - _DAY, at - _DAY + timedelta(hours=2), ())
    planned = RunDraft(course_code=code, house_code=house.code, capacity=max(1, len(people)), meetings=(meeting,))
    run = services.plan_run(actor=SYSTEM, draft=planned, now=at - 3 * _DAY)
    services.open_run(actor=SYSTEM, run_id=run.id, now=at - 3 * _DAY)
    for who in people:
        services.enrol(actor=who, run_id=run.id, now=at - 2 * _DAY)
        services.record_attendance(
            actor=SYSTEM, run_id=run.id, meeting=1, account_id=who.account_id, now=meeting.starts
        )
    services.finish_run(actor=SYSTEM, run_id=run.id, now=at)
    return course.id
