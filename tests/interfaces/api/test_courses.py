"""A course through the API: found, planned, enrolled in, waited for, attended, passed, certified, checked by everybody; and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.learning import services
from khaneh.domains.learning.models import Attendance, Enrolment
from khaneh.domains.learning.types import RequirementDraft
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Card
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.learning.school import NOW, School, at, make_school, qualification
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.test_spaces import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(clock: Clock) -> School:
    clock(NOW)
    return make_school()


@pytest.fixture
def trainer(school: School) -> Program:
    return program((Role.TRAINER, school.places.centre.pk), now=NOW)


def reader(school: School) -> tuple[Actor, Program]:
    actor = school.places.person()
    return actor, program(own=True, account_id=actor.account_id, now=NOW)


def meeting(day: int, *spaces: int) -> dict[str, Any]:
    return {"starts": at(10, day=day).isoformat(), "ends": at(12, day=day).isoformat(), "spaces": list(spaces)}


def planned(trainer: Program, course: str = "SAFETY", **facts: Any) -> Any:
    body = {"course": course, "house": "P-CENTRE", "capacity": 1, "meetings": [meeting(10)], **facts}
    made = trainer.done("/runs", body)
    return trainer.done(f"/runs/{made['id']}/open")


def test_a_course_is_taken_to_its_certificate(school: School, trainer: Program, clock: Clock) -> None:
    body = {"house": "P-CENTRE", "kind": "workshop", "names": {"en": "Laser"}, "awards": ["laser"], "pass_mark": 60}
    trainer.done("/courses", {**body, "code": "LASER"})
    assert NOBODY.get("/courses/LASER").status_code == 404, "a draft is nobody else's to see"
    trainer.done("/courses/LASER/publish")
    run = planned(trainer, "LASER", meetings=[meeting(10, school.places.room.pk)])
    assert [one["code"] for one in NOBODY.read("/courses", awarding="laser", enrolling=True)["courses"]] == ["LASER"]
    assert [one["id"] for one in NOBODY.read("/courses/LASER")["runs"]] == [run["id"]]
    assert NOBODY.read(f"/runs/{run['id']}")["meetings"][0]["rooms"][0]["code"] == "ROOM"
    sara, sara_calls = reader(school)
    _, other = reader(school)
    quote = sara_calls.read(f"/runs/{run['id']}/quote")
    assert (quote["possible"], quote["state"]["code"], quote["reasons"]) == (True, "enrolled", [])
    enrolled = sara_calls.done("/me/enrolments", {"run": run["id"]}, call="one")["enrolments"][0]
    again = sara_calls.post("/me/enrolments", {"run": run["id"]}, call="one")
    assert (again["Idempotent-Replayed"], again.json()["enrolments"]) == ("true", [enrolled])
    # The one seat is taken: who comes later waits, and is told how long the queue is.
    assert other.read(f"/runs/{run['id']}/quote")["state"]["code"] == "waiting"
    waits = other.done("/me/enrolments", {"run": run["id"]})
    assert waits["state"]["code"] == "waiting"
    assert other.read("/me/enrolments")["enrolments"][0]["place"] == 1
    other.done(f"/enrolments/{waits['enrolments'][0]}/withdraw", {})
    clock(at(10, day=10))
    card = Card.objects.get(member__account_id=sara.account_id).barcode
    came = trainer.done(f"/runs/{run['id']}/attendance", {"meeting": 1, "card": card})
    assert (came["enrolment"], came["means"]["code"], came["again"]) == (enrolled, "card", False)
    unassessed = problem(trainer.post(f"/runs/{run['id']}/finish"), 409, "learning.unassessed")
    assert unassessed["reasons"][0]["remedy"] == "Enter the results, then finish the run."
    assert trainer.done(f"/enrolments/{enrolled}/result", {"score": 75})["passed"] is True
    done = trainer.done(f"/runs/{run['id']}/finish", call="finish")
    assert (done["completed"], done["qualifications"], len(done["certificates"])) == (1, 1, 1)
    assert trainer.post(f"/runs/{run['id']}/finish", call="finish").json() == done
    (own,) = sara_calls.read("/me/certificates")["certificates"]
    assert [one["number"] for one in trainer.read(f"/runs/{run['id']}/certificates")["certificates"]] == [own["number"]]
    checked = NOBODY.read(f"/certificates/{own['key']}")
    assert (checked["valid"], checked["holder"], checked["score"]) == (True, own["holder"], 75)
    assert "enrolment" not in checked
    assert [one["code"] for one in checked["awards"]] == ["laser"]
    badge = NOBODY.read(f"/certificates/{own['key']}/badge")
    assert (badge["revoked"], badge["token"].count(".")) == (False, 2)
    assert "OpenBadgeCredential" in badge["credential"]["type"]
    assert [one["qualification"]["code"] for one in sara_calls.read("/me/qualifications")["holdings"]] == ["laser"]
    trainer.done(f"/certificates/{own['id']}/revoke", {"reason": "It was not she who came."})
    assert NOBODY.read(f"/certificates/{own['key']}")["valid"] is False
    revoked = problem(
        trainer.post(f"/certificates/{own['id']}/revoke", {"reason": "?"}), 409, "learning.certificate_revoked"
    )
    assert revoked["detail"] == "The certificate has been taken back."


def test_a_refusal_has_every_reason_and_its_remedy_in_the_callers_language(school: School, trainer: Program) -> None:
    school.course("LATHE", requires=("induction",))
    run = planned(trainer, "LATHE")
    actor, calls = reader(school)
    told = calls.read(f"/runs/{run['id']}/quote")
    assert (told["possible"], told["state"], told["lacks"]) == (False, None, ["induction"])
    assert told["reasons"][0]["right"] == "enrol_unqualified"
    said = problem(
        calls.post("/me/enrolments", {"run": run["id"]}, **{"Accept-Language": "fa"}), 403, "policies.refused"
    )
    assert said["reasons"][0]["message"] != told["reasons"][0]["message"]
    assert not Enrolment.objects.exists()
    over = {"rights": ["enrol_unqualified"], "reason": "Learned it elsewhere."}
    body = {"run": run["id"], "account": actor.account_id}
    problem(trainer.post("/enrolments", body), 403, "policies.refused")
    assert trainer.done("/enrolments", {**body, "override": over})["state"]["code"] == "enrolled"
    twice = problem(calls.post("/me/enrolments", {"run": run["id"]}), 409, "learning.enrolled_already")
    assert twice["reasons"][0]["remedy"] == "See your courses."


def test_whoever_would_be_in_two_places_at_once_says_that_they_know(school: School, trainer: Program) -> None:
    one, other = planned(trainer), planned(trainer, "TALK")
    _, calls = reader(school)
    calls.done("/me/enrolments", {"run": one["id"]})
    (clash,) = calls.read(f"/runs/{other['id']}/quote")["clashes"]
    said = problem(calls.post("/me/enrolments", {"run": other["id"]}), 409, "learning.in_two_places")
    assert said["facts"]["known"] == [clash["key"]] == [f"run:{one['id']}"]
    done = calls.done("/me/enrolments", {"run": other["id"], "knowing": [clash["key"]]})
    assert done["state"]["code"] == "enrolled"


def test_a_company_enrols_its_people_all_or_none(school: School, trainer: Program) -> None:
    run = planned(trainer, capacity=2)
    company = program(employs=school.places.company.pk, now=NOW)
    people = [school.places.person().account_id for _ in range(2)]
    done = company.done("/enrolments", {"run": run["id"], "people": people, "organisation": school.places.company.pk})
    assert (done["state"]["code"], len(done["enrolments"])) == ("enrolled", 2)
    roster = trainer.read(f"/runs/{run['id']}/roster")["seated"]
    assert {(one["together"], one["organisation"]["code"]) for one in roster} == {(2, "P-CO")}
    problem(company.post("/enrolments", {"run": run["id"], "people": people}), 403, "kernel.not_allowed")
    assert company.post("/enrolments", {"run": run["id"], "people": people, "account": 1}).status_code == 422


def test_who_waits_is_offered_the_seat_and_answers(school: School, trainer: Program) -> None:
    run = planned(trainer)
    _, first = reader(school)
    _, second = reader(school)
    seat = first.done("/me/enrolments", {"run": run["id"]})["enrolments"][0]
    waits = second.done("/me/enrolments", {"run": run["id"]})["enrolments"][0]
    problem(second.post(f"/enrolments/{seat}/withdraw", {}), 404, "kernel.not_found")
    first.done(f"/enrolments/{seat}/withdraw", {"reason": "ill"})
    assert second.read(f"/enrolments/{waits}")["state"]["code"] == "offered"
    assert second.done(f"/enrolments/{waits}/accept")["enrolments"] == [waits]
    problem(second.post(f"/enrolments/{waits}/decline"), 409, "learning.enrolment_ended")


def test_a_key_that_is_not_for_its_makers_account_does_not_touch_what_the_maker_has(school: School) -> None:
    """Somebody who works at another house, learns and teaches here, gave a program their role there: nothing of that is its business."""
    actor = school.places.person()
    calls = program((Role.TRAINER, school.places.far.pk), account_id=actor.account_id, now=NOW)
    enrolled = school.enrolled(school.run(), actor)
    teaches = school.run("TALK", meetings=(school.meeting(20),), teachers=(actor.account_id,))
    other = school.enrolled(teaches)
    school.present(teaches, other, 1)
    for response in (
        calls.get(f"/enrolments/{enrolled}"),
        calls.post(f"/enrolments/{enrolled}/withdraw", {}),
        calls.get(f"/runs/{teaches.id}/roster"),
        calls.post(f"/enrolments/{other}/result", {"score": 1}),
        calls.post(f"/runs/{teaches.id}/attendance/undo", {"meeting": 1, "enrolment": other}),
    ):
        problem(response, 403, "people.token_not_for_account")
    assert Enrolment.objects.get(pk=enrolled).state == "enrolled"
    assert Attendance.objects.count() == 1


def test_the_figure_of_the_trained_staff_is_for_everybody_and_names_are_not(
    school: School, trainer: Program, clock: Clock
) -> None:
    qualification("fire")
    services.require_training(
        actor=SYSTEM, draft=RequirementDraft("fire", (Role.TRAINER.value,), due_on=NOW.date()), now=NOW
    )
    clock(NOW + timedelta(days=100))
    account = school.trainer.account_id or 0
    before = NOBODY.read("/staff-training", house="P-CENTRE")
    qualifications.award(
        actor=SYSTEM, account_id=account, code="fire", basis=Basis.COURSE, house_id=school.places.centre.pk,
        now=NOW + timedelta(days=99),
    )  # fmt: skip
    after = NOBODY.read("/staff-training", house="P-CENTRE")
    assert (after["staff"], after["trained"] - before["trained"]) == (before["staff"], 1)
    assert [one["qualification"]["code"] for one in NOBODY.read("/training-requirements")["requirements"]] == ["fire"]
    lead = program((Role.HOUSE_MANAGER, school.places.centre.pk), now=NOW + timedelta(days=99))
    (house,) = lead.read("/houses/P-CENTRE/staff-training")["houses"]
    standings = {one["account"]: one["standing"]["code"] for one in house["people"]}
    assert standings[account] == "trained"
