"""Who may make which call about courses, runs, enrolments, certificates and the training of staff: each with a key of everybody."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.learning import services
from khaneh.domains.learning.models import Certificate, Enrolment
from khaneh.domains.learning.types import CourseDraft, CourseKind, MeetingDraft, RequirementDraft
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Member
from khaneh.domains.people.types import TokenAccess
from khaneh.kernel.actor import SYSTEM
from tests.domains.learning.school import NOW, School, at, make_school, named
from tests.domains.spaces.places import HOUR
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.who_may import wrong_answers

pytestmark = pytest.mark.django_db

WHO = ("nobody", "reader", "far trainer", "cataloguer", "desk", "trainer", "manager", "manager who reads")
TODAY = at(9, day=12)
HERE: dict[str, Any] = {"house": "P-CENTRE"}
MEETINGS = [{"starts": at(10, day=25).isoformat(), "ends": at(12, day=25).isoformat()}]
COURSE: dict[str, Any] = {**HERE, "kind": "course", "names": {"en": "Course"}}
ALL = "401 200 200 200 200 200 200 200"
OWN = "401 200 403 403 403 403 403 403"
OWN_ACT = "401 {} 403 403 403 403 403 403"
DESK = "401 403 403 403 {} {} {} 403"
SEEN = "401 404 404 404 200 200 200 200"
OF_DESK = "401 404 404 404 {} {} {} 403"  # to others the enrolment, or who is in the run, is not there
OWN_TOO = "401 200 404 404 200 200 200 403"
GIVES = "401 403 403 403 403 {} {} 403"
GIVES_UNSEEN = "401 404 404 404 404 {} {} 403"
ANSWERS = "401 404 404 404 403 200 200 403"
NOBODY_HERE = "401 403 403 403 403 403 403 403"  # whoever administers an authority


def row(pattern: str, status: int = 200) -> str:
    return pattern.format(status, status, status)


CALLS: dict[str, tuple[Any, str]] = {
    "GET /houses/{house}/courses": (None, ALL),
    "GET /houses/{house}/runs": (None, ALL),
    "GET /runs/{run}/quote": (None, OWN),
    "GET /runs/{run}/roster": (None, SEEN),
    "GET /runs/{held}/certificates": (None, ALL),  # none, for who has nothing to do with it
    "GET /me/enrolments": (None, OWN),
    "GET /me/teaching": (None, OWN),
    "GET /me/certificates": (None, OWN),
    "GET /enrolments/{enrolment}": (None, SEEN),
    "GET /houses/{house}/enrolment-requests": (None, "401 403 403 403 200 200 200 200"),
    "GET /houses/{house}/staff-training": (None, "401 403 403 403 403 200 200 200"),
    "POST /courses": ({**COURSE, "code": "NEW"}, row(GIVES, 201)),
    "PUT /courses/{talk}": (COURSE, row(GIVES)),
    "POST /courses/{draft}/publish": (None, row(GIVES_UNSEEN)),
    "POST /courses/{talk}/retire": (None, row(GIVES)),
    "GET /runs/{run}/materials": (None, ALL),
    "POST /courses/{talk}/materials": ({"names": {"en": "Book"}, "url": "https://example.org/book"}, row(GIVES, 201)),
    "POST /courses/{talk}/files": ({"name": "notes.txt", "content": "Tm90ZXM="}, row(GIVES, 201)),
    "GET /materials/{material}/file": (None, "401 404 404 404 404 404 404 404"),
    "POST /materials/{material}/remove": (None, row(GIVES)),
    "POST /runs": ({**HERE, "course": "TALK", "capacity": 5, "meetings": MEETINGS}, row(GIVES, 201)),
    "POST /runs/{planned}/open": (None, row(GIVES_UNSEEN)),
    "POST /runs/{run}/change": ({"capacity": 5}, row(GIVES)),
    "POST /runs/{run}/times": ({"meetings": MEETINGS}, row(GIVES)),
    "POST /runs/{run}/cancel": ({"reason": "snow"}, row(GIVES)),
    "POST /runs/{running}/attendance": ({"meeting": 1, "member": "coming"}, row(OF_DESK)),
    "POST /runs/{running}/attendance/undo": ({"meeting": 1, "enrolment": "came"}, row(OF_DESK)),
    "POST /runs/{running}/finish": (None, row(GIVES_UNSEEN, 409)),
    "POST /me/enrolments": ({"run": "other"}, row(OWN_ACT, 201)),
    "POST /enrolments": ({"run": "other", "member": "member"}, row(DESK, 201)),
    "POST /enrolments/{enrolment}/withdraw": ({}, row(OF_DESK)),
    "POST /enrolments/{offered}/accept": (None, OWN_TOO),
    "POST /enrolments/{offered}/decline": (None, OWN_TOO),
    "POST /enrolments/{request}/approve": (None, ANSWERS),
    "POST /enrolments/{request}/refuse": ({"reason": "full"}, ANSWERS),
    "POST /enrolments/{came}/result": ({"score": 80}, row(GIVES_UNSEEN)),
    "POST /certificates/{certificate}/revoke": ({"reason": "not they"}, row(GIVES_UNSEEN)),
    "POST /training-requirements": ({"qualification": "laser", "roles": ["trainer"]}, NOBODY_HERE),
    "POST /training-requirements/{requirement}/end": (None, NOBODY_HERE),
}


@pytest.fixture
def school() -> School:
    return make_school()


def coming(day: int) -> tuple[MeetingDraft, ...]:
    return (MeetingDraft(at(10, day=day), at(12, day=day)),)


@pytest.fixture
def things(school: School) -> dict[str, Any]:
    """One of each, of the centre; `offered` is the reader's."""
    asked = school.course("ASKED", approval=True)
    services.add_course(
        actor=SYSTEM, draft=CourseDraft("DRAFT", CourseKind.COURSE, named("Draft"), house_code="P-CENTRE"), now=NOW
    )
    own, member, attends = (school.places.person() for _ in range(3))
    run, other = school.run(meetings=coming(20), capacity=3), school.run(meetings=coming(21))
    running = school.run(meetings=(MeetingDraft(TODAY + HOUR / 2, TODAY + 2 * HOUR),), capacity=3)
    held = school.run("TALK", meetings=coming(10))
    # Whoever waits is offered the seat that somebody gives up.
    tight = school.run(meetings=coming(24), capacity=1)
    holds = school.enrolled(tight)
    found: dict[str, Any] = {
        "house": "P-CENTRE", "talk": "TALK", "draft": "DRAFT", "run": run.id, "other": other.id, "running": running.id,
        "held": held.id, "planned": school.run(meetings=coming(22), opened=False).id,
        "reader": own.account_id,
        "member": Member.objects.get(account_id=member.account_id).pk,
        "coming": Member.objects.get(account_id=attends.account_id).pk,
        "enrolment": school.enrolled(run, member), "offered": school.enrolled(tight, own),
        "request": school.enrolled(school.run(asked, meetings=coming(23))), "came": school.enrolled(running),
    }  # fmt: skip
    school.enrolled(running, attends)
    school.present(running, found["came"], 1, now=TODAY)
    services.withdraw(actor=SYSTEM, enrolment_id=holds, now=TODAY)
    finished = school.enrolled(held)
    certificate = Certificate.objects.create(
        key="key", enrolment_id=finished, account_id=Enrolment.objects.get(pk=finished).account_id, holder="Maker",
        house=school.places.centre, course_code="TALK", course_names={"en": "Talk"}, kind="workshop", hours=4,
        issued_at=at(12, day=10),
    )  # fmt: skip
    requirement = services.require_training(
        actor=SYSTEM, draft=RequirementDraft("laser", (Role.TRAINER.value,)), now=NOW
    )
    material = services.add_material(
        actor=SYSTEM, code="TALK", names=named("Slides"), url="https://example.org/slides", now=NOW
    )
    return found | {"certificate": certificate.pk, "requirement": requirement.id, "material": material}


@pytest.fixture
def callers(school: School, things: dict[str, Any]) -> dict[str, Program]:
    centre = school.places.centre.pk
    made = (
        NOBODY,
        program(own=True, account_id=things["reader"], now=NOW),
        program((Role.TRAINER, school.places.far.pk), now=NOW),
        program((Role.CATALOGUER, centre), now=NOW),
        program((Role.CIRCULATION, centre), now=NOW),
        program((Role.TRAINER, centre), now=NOW),
        program((Role.HOUSE_MANAGER, centre), now=NOW),
        program((Role.HOUSE_MANAGER, centre), access=TokenAccess.READ, now=NOW),
    )
    return dict(zip(WHO, made, strict=True))


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any], clock: Clock
) -> None:
    clock(TODAY)
    wrong = wrong_answers(CALLS, callers, things)
    assert not wrong, "\n".join(wrong)
