"""A small network for tests of learning: the houses and rooms of the tests of spaces, qualifications, and courses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from khaneh.domains.learning import services
from khaneh.domains.learning.types import CourseDraft, CourseKind, EnrolmentState, MeetingDraft, RunDraft, RunRow
from khaneh.domains.network.models import Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.spaces import services as spaces
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.spaces.places import NOW, Places, at, make_houses, make_space, named

__all__ = ["NOW", "School", "at", "make_school", "named"]


@dataclass(frozen=True)
class School:
    """Places, somebody who teaches, and a course; runs are planned as a test needs them."""

    places: Places
    trainer: Actor

    def course(self, code: str, **facts: Any) -> str:
        """A published course of the centre, made by the services."""
        facts = {"kind": CourseKind.WORKSHOP, "names": named(code), "house_code": "P-CENTRE", "hours": 4, **facts}
        services.add_course(actor=SYSTEM, draft=CourseDraft(code=code, **facts), now=NOW)
        services.publish_course(actor=SYSTEM, code=code, now=NOW)
        return code

    def run(self, course: str = "SAFETY", *, opened: bool = True, **facts: Any) -> RunRow:
        """A run in the centre's room on 10 and 11 March, ten to twelve, open unless told otherwise."""
        facts = {
            "house_code": "P-CENTRE", "capacity": 2, "teachers": (self.trainer.account_id,),
            "meetings": tuple(self.meeting(day) for day in (10, 11)), **facts,
        }  # fmt: skip
        row = services.plan_run(actor=SYSTEM, draft=RunDraft(course_code=course, **facts), now=NOW)
        return services.open_run(actor=SYSTEM, run_id=row.id, now=NOW) if opened else row

    def meeting(self, day: int, hour: int = 10, *, spaces: tuple[int, ...] | None = None) -> MeetingDraft:
        """Two hours of a day in March, in the room."""
        taken = (self.places.room.pk,) if spaces is None else spaces
        return MeetingDraft(at(hour, day=day), at(hour + 2, day=day), taken)

    def enrolled(self, run: RunRow, actor: Actor | None = None, **facts: Any) -> int:
        """The number of somebody's enrolment, whatever it came to."""
        done = services.enrol(actor=actor or self.places.person(), run_id=run.id, now=NOW, **facts)
        return done.enrolment_ids[0]

    def present(self, run: RunRow, enrolment: int, meeting: int, *, now: datetime | None = None) -> None:
        """Written down by hand."""
        from khaneh.domains.learning.models import Enrolment

        account = Enrolment.objects.get(pk=enrolment).account_id
        starts = run.meetings[meeting - 1].starts
        services.record_attendance(
            actor=self.trainer, run_id=run.id, meeting=meeting, account_id=account, now=now or starts
        )


def qualification(code: str, **facts: Any) -> None:
    """Something to be trusted with."""
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft(code=code, names=named(code), **facts))


def make_school() -> School:
    """The network, under the rules that ship."""
    spaces.ensure_policies()
    services.ensure_policies()
    centre, branch, far = make_houses()
    company = Organisation.objects.create(
        code="P-CO", kind="company_startup", country="IR", region=centre.region, names={"en": "Co", "fa": "Co", "vi": "Co"}
    )  # fmt: skip
    # One room is enough for courses: what stands in one another is tested with the spaces.
    room = make_space("ROOM", centre)
    places = Places(centre, branch, far, company, room, room, room, room, room)
    qualification("laser", valid_months=24)
    qualification("induction")
    school = School(places, places.staff(Role.TRAINER))
    school.course("SAFETY", awards=("laser",), pass_mark=60)
    school.course("TALK", attendance=0)
    return school


ENROLLED, WAITING, OFFERED = EnrolmentState.ENROLLED, EnrolmentState.WAITING, EnrolmentState.OFFERED
