"""Two who want the last seat, the last time, one teacher, one run's end. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial

import pytest

from khaneh.domains.learning import services
from khaneh.domains.learning.models import Certificate, Enrolment, Teaching
from khaneh.domains.learning.types import RunDraft, RunRow
from khaneh.domains.qualifications.models import Holding
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.learning.school import NOW, School, make_school
from tests.races.circulation.desks import Act, kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
NEW, OLD = "INSERT INTO learning_enrolment", "UPDATE learning_enrolment"


@pytest.fixture
def school(transactional_db: None) -> School:
    """Houses, rooms and courses, under the rules that ship."""
    return make_school()


def enrolling(actor: Actor, run: RunRow) -> Act:
    return partial(services.enrol, actor=actor, run_id=run.id, now=NOW)


def states() -> list[str]:
    return sorted(Enrolment.objects.values_list("state", flat=True))


@LOCKED
def test_two_and_the_last_seat(school: School, locked: bool) -> None:
    run = school.run(capacity=1)
    both = enrolling(school.places.person(), run), enrolling(school.places.person(), run)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    # Without locks both believe in the seat, and only the database stops the one.
    assert answers == (("Enrolled", "Enrolled") if locked else ("IntegrityError", "Enrolled"))
    assert states() == (["enrolled", "waiting"] if locked else ["enrolled"])


@LOCKED
def test_one_person_twice_in_one_run(school: School, locked: bool) -> None:
    run, sara = school.run(), school.places.person()
    both = enrolling(sara, run), enrolling(sara, run)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == (("Enrolled", "EnrolledAlready") if locked else ("IntegrityError", "Enrolled"))
    assert states() == ["enrolled"]


@LOCKED
def test_one_person_and_their_third_time_in_a_course(school: School, locked: bool) -> None:
    sara = school.places.person()
    runs = [school.run("TALK", meetings=(school.meeting(day, spaces=()),)) for day in range(10, 14)]
    for run in runs[:2]:
        school.enrolled(run, sara)
    both = enrolling(sara, runs[2]), enrolling(sara, runs[3])
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == ("Enrolled", "PolicyRefused" if locked else "Enrolled")
    assert len(states()) == (3 if locked else 4)


@LOCKED
def test_a_seat_that_became_free_and_somebody_new(school: School, locked: bool) -> None:
    run = school.run(capacity=1)
    sara = school.places.person()
    first = school.enrolled(run, sara)
    second = school.enrolled(run)
    leaving = partial(services.withdraw, actor=sara, enrolment_id=first, now=NOW)
    meanwhile(leaving, enrolling(school.places.person(), run), before=OLD, locked=locked)
    assert Enrolment.objects.get(pk=second).state == "offered", "who has waited is served"
    assert states() == ["offered", "waiting", "withdrawn"]


@LOCKED
def test_two_who_accept_one_offer(school: School, locked: bool) -> None:
    run = school.run(capacity=1)
    first = school.enrolled(run)
    sara = school.places.person()
    second = Enrolment.objects.get(pk=school.enrolled(run, sara))
    services.withdraw(actor=SYSTEM, enrolment_id=first, now=NOW)
    accepting = partial(services.accept_offer, actor=sara, party_id=second.party_id, now=NOW)
    answers = kinds(meanwhile(accepting, accepting, before=OLD, locked=locked))
    assert answers == ("tuple", "EnrolmentEnded" if locked else "tuple")
    assert states() == ["enrolled", "withdrawn"]


@LOCKED
def test_a_run_is_finished_once(school: School, locked: bool) -> None:
    run = school.run("TALK", meetings=(school.meeting(12),))
    number = school.enrolled(run)
    school.present(run, number, 1)
    finishing = partial(services.finish_run, actor=school.trainer, run_id=run.id, now=run.ends)
    answers = kinds(meanwhile(finishing, finishing, before="UPDATE learning_run", locked=locked))
    # Without locks the run has ended already when the first comes to say so.
    assert answers == (("Finished", "RunStateRefused") if locked else ("IntegrityError", "Finished"))
    assert (Certificate.objects.count(), Holding.objects.count()) == (1, 0)


@LOCKED
def test_shrinking_against_enrolling(school: School, locked: bool) -> None:
    run = school.run()
    school.enrolled(run)
    shrinking = partial(services.change_run, actor=school.trainer, run_id=run.id, capacity=1, now=NOW)
    answers = kinds(
        meanwhile(shrinking, enrolling(school.places.person(), run), before="UPDATE learning_run", locked=locked)
    )
    assert answers == (("RunRow", "Enrolled") if locked else ("IntegrityError", "Enrolled"))
    assert states() == (["enrolled", "waiting"] if locked else ["enrolled", "enrolled"])


@LOCKED
def test_two_houses_and_one_teacher(school: School, locked: bool) -> None:
    def planning(hour: int) -> Act:
        draft = RunDraft(
            "TALK", "P-CENTRE", 5, (school.meeting(10, hour, spaces=()),), teachers=(school.trainer.account_id or 0,)
        )
        return partial(services.plan_run, actor=SYSTEM, draft=draft, now=NOW)

    answers = kinds(meanwhile(planning(10), planning(11), before="INSERT INTO learning_runteacher", locked=locked))
    # Without locks both see the teacher free, and only the database stops the one.
    assert answers == (("RunRow", "TeacherBusy") if locked else ("IntegrityError", "RunRow"))
    assert Teaching.objects.count() == 1
