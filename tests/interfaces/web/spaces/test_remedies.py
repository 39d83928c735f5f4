"""Who lacks a qualification is told the next seat of a course that gives it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from khaneh.domains.learning import services as learning
from khaneh.domains.learning.types import CourseDraft, CourseKind, MeetingDraft, RunDraft
from khaneh.domains.network.types import Role
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis, QualificationDraft
from khaneh.kernel.actor import SYSTEM
from tests.domains.spaces.places import Places, named
from tests.interfaces.web.spaces.conftest import SignedIn, key, on, text_of

pytestmark = pytest.mark.django_db


def test_the_next_seat_is_named_with_its_course_and_leads_to_it(places: Places, signed_in: SignedIn) -> None:
    now = timezone.now()
    learning.ensure_policies()
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("kiln", named("Kiln safety")))
    kiln = places.space("KILN", kind="kiln", requires=("kiln",))
    maker = places.person()
    client = signed_in(maker)
    look = (f"/spaces/{kiln.pk}/book", {"starts": key(on(9)), "minutes": "60"})
    for page in (client.get(*look), client.get(f"/spaces/{kiln.pk}")):
        assert "No course that gives it takes people in" in text_of(page)
    draft = CourseDraft(
        code="KILN-1", kind=CourseKind.WORKSHOP, names=named("An evening at the kiln"), house_code="P-BRANCH", hours=2, awards=("kiln",)
    )  # fmt: skip
    learning.add_course(actor=SYSTEM, draft=draft, now=now)
    learning.publish_course(actor=SYSTEM, code="KILN-1", now=now)
    meeting = MeetingDraft(on(10, ahead=5), on(12, ahead=5), ())
    trainer = places.staff(Role.TRAINER, places.branch)
    run = RunDraft(
        course_code="KILN-1",
        house_code="P-BRANCH",
        capacity=7,
        meetings=(meeting,),
        teachers=(trainer.account_id or 0,),
    )
    planned = learning.plan_run(actor=SYSTEM, draft=run, now=now)
    learning.open_run(actor=SYSTEM, run_id=planned.id, now=now)
    for page in (client.get(*look), client.get(f"/spaces/{kiln.pk}")):
        assert "An evening at the kiln" in text_of(page)
        assert "7 seats free" in text_of(page)
        assert "/courses/KILN-1" in text_of(page)
    qualifications.award(
        actor=SYSTEM, account_id=maker.account_id or 0, code="kiln", basis=Basis.ASSESSMENT, house_id=places.centre.pk,
        now=now - timedelta(days=1),
    )  # fmt: skip
    assert "An evening at the kiln" not in text_of(client.get(*look))
