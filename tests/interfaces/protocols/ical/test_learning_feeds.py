"""Courses in calendars: what is on is told to everybody, where one has a place to oneself, and what moves stays the same meeting."""

from __future__ import annotations

import icalendar
import pytest
from django.test import Client

from khaneh.domains.learning import services
from tests.domains.learning.school import NOW, School, at, make_school
from tests.interfaces.protocols.ical.conftest import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(db: None) -> School:
    """Houses, rooms and courses."""
    return make_school()


def events(address: str) -> list[icalendar.Event]:
    answer = Client().get(address)
    assert answer.status_code == 200
    return [one for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")]  # noqa: C416


def courses(address: str) -> list[icalendar.Event]:
    return [one for one in events(address) if one["UID"].startswith("course-")]


def test_a_course_its_house_and_who_is_in_it(school: School) -> None:
    run = school.run()
    school.run("TALK", opened=False, meetings=(school.meeting(13),))
    sara = school.places.person()
    school.enrolled(run, sara)
    own = f"/calendars/person/{key_of(sara)}.ics"
    for address in ("/calendars/course/SAFETY.ics?lang=en", "/calendars/house/P-CENTRE.ics?lang=en", own):
        first, second = courses(address)
        assert (first["DTSTART"].dt, second["DTEND"].dt) == (at(10, day=10), at(12, day=11)), address
        assert first["LOCATION"].startswith("ROOM"), address
    assert [str(one["SUMMARY"]) for one in courses("/calendars/course/SAFETY.ics?lang=en")] == [
        "SAFETY (1 of 2)", "SAFETY (2 of 2)",
    ]  # fmt: skip
    assert courses("/calendars/course/TALK.ics") == [], "plans are nobody's business"
    assert {one["TRANSP"] for one in courses("/calendars/house/P-CENTRE.ics")} == {"TRANSPARENT"}

    before = [str(one["UID"]) for one in courses(own)]
    services.change_times(actor=school.trainer, run_id=run.id, meetings=(school.meeting(12),), now=NOW)
    (moved,) = courses(own)
    assert (str(moved["UID"]), moved["DTSTART"].dt) == (before[0], at(10, day=12))
    services.cancel_run(actor=school.trainer, run_id=run.id, reason="Ill", now=NOW)
    assert courses(own) == courses("/calendars/course/SAFETY.ics") == []


def test_an_offer_is_not_certain_and_who_waits_has_nothing(school: School) -> None:
    run = school.run(capacity=1)
    first, sara = school.enrolled(run), school.places.person()
    school.enrolled(run, sara)
    own = f"/calendars/person/{key_of(sara)}.ics"
    assert courses(own) == []
    services.withdraw(actor=school.trainer, enrolment_id=first, now=NOW)
    assert {str(one["STATUS"]) for one in courses(own)} == {"TENTATIVE"}


def test_there_is_no_calendar_of_a_draft(school: School) -> None:
    assert Client().get("/calendars/course/NOBODYS.ics").status_code == 404
