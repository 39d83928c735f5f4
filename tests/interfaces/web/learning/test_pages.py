"""The pages of learning: the catalogue, enrolling, one's own courses, runs and the training of the staff at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.models import Attendance, Certificate, Course, Enrolment, Run
from khaneh.domains.learning.types import RequirementDraft
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.qualifications import services as awarding
from khaneh.domains.qualifications.types import Basis
from khaneh.domains.spaces import services as booking
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.learning.school import NOW, School, at, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(db: None, monkeypatch: pytest.MonkeyPatch) -> School:
    """Courses in houses with rooms; the clock of the pages stands."""
    at_hour(monkeypatch, NOW)
    return make_school()


def at_hour(monkeypatch: pytest.MonkeyPatch, when: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: when)


def browser(actor: Actor | None = None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if actor is not None:
        account = Account.objects.get(pk=actor.account_id)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def send(client: Client, name: str, *args: Any, status: int = 302, **form: Any) -> Any:
    answer = client.post(reverse(name, args=args), form)
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
def test_the_catalogue_is_narrowed_and_says_when_there_is_nothing(school: School, language: str) -> None:
    school.run()
    client = browser(language=language)
    text = page(client, "courses")
    assert reverse("course", args=["SAFETY"]) in text
    assert reverse("course", args=["TALK"]) in text
    assert reverse("course", args=["TALK"]) not in page(client, "courses", open="1")
    assert reverse("course", args=["TALK"]) not in page(client, "courses", q="SAFETY")
    assert reverse("course", args=["SAFETY"]) not in page(client, "courses", kind="assessment")
    assert reverse("course", args=["SAFETY"]) not in page(client, "courses", house="P-BRANCH")
    for odd in ({"where": "NOWHERE"}, {"house": "NONE"}, {"page": "999"}, {"kind": "x" * 500}, {"q": "\0"}):
        page(client, "courses", **odd)


def test_a_courses_page_says_when_what_it_asks_for_and_what_it_opens(school: School) -> None:
    run = school.run()
    school.course("NEXT", requires=("laser",))
    text = page(browser(), "course", "SAFETY")
    assert reverse("run-enrol", args=[run.id]) in text
    assert "2 of 2 seats are free" in text
    assert "laser" in text
    assert "Counts for 24 months" in text
    reader = school.places.person()
    assert "you lack it" in page(browser(reader), "course", "NEXT")
    page(browser(), "course", "NOTHING", status=404)


def test_enrolling_shows_the_terms_and_sent_twice_is_one(school: School) -> None:
    run, reader = school.run(capacity=1), school.places.person()
    page(browser(), "run-enrol", run.id, status=302)
    client = browser(reader)
    assert "There is a seat" in page(client, "run-enrol", run.id)
    done = send(client, "run-enrol", run.id)
    mine = Enrolment.objects.get(account_id=reader.account_id)
    assert done.url == reverse("account-enrolment", args=[mine.pk])
    assert send(client, "run-enrol", run.id).url == done.url
    assert Enrolment.objects.count() == 1
    text = page(client, "account-enrolment", mine.pk)
    assert mine.code in text
    assert reverse("account-enrolment", args=[mine.pk]) in page(client, "account-courses")
    page(browser(school.places.person()), "account-enrolment", mine.pk, status=404)

    second = school.places.person()
    other = browser(second)
    assert "All seats are taken" in page(other, "run-enrol", run.id)
    send(other, "run-enrol", run.id)
    theirs = Enrolment.objects.get(account_id=second.account_id)
    assert "You are number 1 in the list" in page(other, "account-enrolment", theirs.pk)

    send(client, "account-enrolment-act", mine.pk, act="withdraw", seen="waiting")
    mine.refresh_from_db()
    assert mine.state == "enrolled", "a form that shows another state does nothing"
    send(client, "account-enrolment-act", mine.pk, act="withdraw", seen="enrolled")
    theirs.refresh_from_db()
    assert theirs.state == "offered"
    assert "A seat is kept for you" in page(other, "account-enrolment", theirs.pk)
    send(other, "account-enrolment-act", theirs.pk, act="accept", seen="offered")
    theirs.refresh_from_db()
    assert theirs.state == "enrolled"


def test_what_stands_in_the_way_is_said_with_the_remedy(school: School) -> None:
    school.course("NEXT", requires=("laser",), price=Money(50_000, "IRR"))
    school.run("SAFETY", meetings=(school.meeting(9),))
    run = school.run("NEXT", meetings=(school.meeting(12),))
    client = browser(school.places.person())
    text = page(client, "run-enrol", run.id)
    assert "You cannot enrol like this" in text
    assert reverse("course", args=["SAFETY"]) in text, "the way to what is missing"
    send(client, "run-enrol", run.id, status=409)
    assert not Enrolment.objects.exists()
    priced = school.run("SAFETY", meetings=(school.meeting(14),))
    Course.objects.filter(code="SAFETY").update(price_amount=70_000, price_currency="IRR")
    answer = send(client, "run-enrol", priced.id, status=409, price="1 IRR")
    assert "The price is another" in answer.content.decode()
    send(client, "run-enrol", priced.id, status=409, **{"for": "P-CO"})
    page(client, "run-enrol", 999_999, status=404)


def test_who_would_be_in_two_places_is_shown_them_before_anything_is_kept(school: School) -> None:
    reader, first = school.places.person(), school.run()
    second = school.run("TALK", meetings=(school.meeting(10, 11, spaces=()),), teachers=())
    school.enrolled(first, reader)
    client = browser(reader)
    text = page(client, "run-enrol", second.id)
    assert "You would be in two places at once" in text
    assert f'name="known" value="run:{first.id}"' in text
    refused = send(client, "run-enrol", second.id, status=409).content.decode()
    assert "You would be in two places at once." in refused
    assert Enrolment.objects.count() == 1, "nothing is kept of it"
    send(client, "run-enrol", second.id, known=f"run:{first.id}")
    assert Enrolment.objects.filter(run_id=second.id, state="enrolled").exists()


def test_the_desk_is_told_as_well_and_sees_a_room_that_is_lost(school: School) -> None:
    reader, desk, first = school.places.person(), school.places.staff(), school.run()
    second = school.run("TALK", meetings=(school.meeting(10, 11, spaces=()),), teachers=())
    school.enrolled(first, reader)
    client, name = browser(desk), Account.objects.get(pk=reader.account_id).email
    refused = send(client, "desk-run-act", second.id, status=409, act="enrol", who=name, once="a").content.decode()
    assert f'name="known" value="run:{first.id}"' in refused
    send(client, "desk-run-act", second.id, act="enrol", who=name, once="b", known=f"run:{first.id}")
    assert Enrolment.objects.filter(run_id=second.id).count() == 1
    other = school.places.space("ROOM2", kind=school.places.room.kind, capacity=20)
    booking.cancel(actor=desk, booking_id=first.meetings[0].places[0].booking_id, now=NOW)
    assert "One of the meetings has no room yet" in page(browser(), "course", "SAFETY")
    text = page(client, "desk-run-of-course", first.id)
    assert "Meeting 1 has lost its room" in text
    assert f'<option value="{other.pk}">' in text
    send(client, "desk-run-act", first.id, act="room", meeting="1", space=str(other.pk), once="c")
    assert "has lost its room" not in page(client, "desk-run-of-course", first.id)


def test_the_desk_lets_in_assesses_and_finishes(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    run, reader = school.run(), school.places.person()
    enrolment = school.enrolled(run, reader)
    code = Enrolment.objects.get(pk=enrolment).code
    client = browser(school.trainer)
    assert reverse("desk-run-of-course", args=[run.id]) in page(client, "desk-courses")
    assert "From an hour before" in page(client, "desk-run-of-course", run.id)
    for number, day in ((1, 10), (2, 11)):
        at_hour(monkeypatch, at(10, day=day) + timedelta(minutes=5))
        send(client, "desk-run-act", run.id, act="scan", scan=code, meeting=number)
        again = send(client, "desk-run-act", run.id, act="scan", scan=code, meeting=number)
        assert f"meeting={number}&came={enrolment}" in again.url, "the next card is for the same meeting"
        assert "is here.</span>" in client.get(again.url).content.decode()
    assert Attendance.objects.count() == 2
    wrong = send(client, "desk-run-act", run.id, status=409, act="scan", scan="nobody", meeting="2")
    assert "not on the list" in wrong.content.decode()
    unassessed = send(client, "desk-run-act", run.id, status=409, act="finish")
    assert "1 person has no result yet" in unassessed.content.decode()
    send(client, "desk-run-act", run.id, status=422, act="assess", enrolment=enrolment, score="well done")
    send(client, "desk-run-act", run.id, act="assess", enrolment=enrolment, score="۸۰")
    send(client, "desk-run-act", run.id, act="finish", once="k1")
    send(client, "desk-run-act", run.id, act="finish", once="k1")
    certificate = Certificate.objects.get()
    assert reverse("certificate", args=[certificate.key]) in page(client, "desk-run-of-course", run.id)
    mine = browser(reader)
    assert reverse("certificate", args=[certificate.key]) in page(mine, "account-courses", view="past")
    assert "laser" in page(mine, "account-courses")
    assert "laser" in qualifications.held_by(reader.account_id or 0, at=at(13, day=11))
    page(browser(school.places.person()), "desk-run-of-course", run.id, status=404)
    send(client, "desk-run-act", run.id, status=422, act="revoke", certificate="0", reason="not they")
    send(client, "desk-run-act", run.id, act="revoke", certificate=certificate.pk, reason="not they", once="r")
    assert "has been taken back" in page(client, "desk-run-of-course", run.id)
    assert not queries.check(certificate.key).is_valid


def test_the_desk_enters_a_course_and_plans_its_run(school: School) -> None:
    client = browser(school.trainer)
    form = {"kind": "course", "code": "KILN", "names_en": "Kiln", "names_fa": "کوره", "names_vi": "Lò nung", "hours": "۶",
            "attendance": "50", "awards": ["induction"], "once": "c1"}  # fmt: skip
    made = send(client, "desk-course-new", **form)
    assert send(client, "desk-course-new", **form).url == made.url
    assert Course.objects.filter(code="KILN", hours=6).count() == 1
    assert (
        "Another course has this code"
        in send(client, "desk-course-new", status=422, **{**form, "once": "c2"}).content.decode()
    )
    send(client, "desk-course", "KILN", act="publish")
    send(client, "desk-course-change", "KILN", **{**form, "hours": "8", "once": "c3"})
    assert Course.objects.get(code="KILN").hours == 8
    room = school.places.room.pk
    plan = {"capacity": "4", "teachers": "", "open": "1", "meeting_0_day": "2026-03-10", "meeting_0_from": "10:00",
            "meeting_0_until": "12:00", "meeting_0_space": room}  # fmt: skip
    answer = send(client, "desk-course-plan", "KILN", status=422, **{**plan, "teachers": "nobody@example.org"})
    assert "There is no account with the address" in answer.content.decode()
    send(client, "desk-course-plan", "KILN", **plan)
    run = Run.objects.get(course__code="KILN")
    assert run.state == "open"
    taken = send(client, "desk-course-plan", "KILN", status=422, **plan)
    assert "The room for meeting 1 cannot be had" in taken.content.decode()
    send(client, "desk-course", "KILN", act="material", names_en="Manual", names_fa="راهنما", names_vi="Sổ tay",
         url="https://example.org/kiln", public="1")  # fmt: skip
    assert "Manual" in page(browser(), "course", "KILN")
    send(client, "desk-run-act", run.pk, act="cancel", reason="The kiln is cold")
    assert "The kiln is cold" in page(client, "desk-run-of-course", run.pk)


def test_whether_the_staff_is_trained_is_a_live_figure(school: School) -> None:
    manager = school.places.staff(Role.HOUSE_MANAGER)
    client = browser(manager)
    assert "Nothing is asked of anybody" in page(client, "desk-training")
    draft = RequirementDraft("induction", roles=(Role.TRAINER.value, Role.HOUSE_MANAGER.value))
    services.require_training(actor=SYSTEM, draft=draft, now=NOW)
    assert "0 % of the staff are trained" in page(client, "desk-training")
    awarding.award(
        actor=SYSTEM, account_id=manager.account_id or 0, code="induction", basis=Basis.RECOGNITION,
        house_id=school.places.centre.pk, now=NOW,
    )  # fmt: skip
    text = page(client, "desk-training")
    assert "50 % of the staff are trained" in text
    rows = client.get(reverse("desk-training-table")).content.decode().splitlines()
    assert rows[-1].startswith("total,,2,1,")
    send(client, "desk-training", status=404, act="ask", qualification="induction", roles=["trainer"])
