"""Nobody is in two places at once: teachers are refused, learners are told and decide."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.errors import InTwoPlaces, TeacherBusy
from khaneh.domains.learning.models import RunTeacher, Teaching
from khaneh.domains.learning.types import ClashKind, RunRow
from khaneh.domains.spaces import services as booking
from khaneh.kernel.actor import SYSTEM
from tests.domains.learning.school import NOW, School, at

pytestmark = pytest.mark.django_db


def elsewhere(school: School, *, day: int = 10, hour: int = 11, **facts: object) -> RunRow:
    """A talk without a room, by somebody else, that meets the run's first meeting half-way."""
    return school.run("TALK", meetings=(school.meeting(day, hour, spaces=()),), **{"teachers": (), **facts})


def test_a_teacher_of_two_runs_at_one_hour_is_refused(school: School) -> None:
    first = school.run()
    teacher = school.trainer.account_id or 0
    with pytest.raises(TeacherBusy) as refused:
        elsewhere(school, teachers=(teacher,))
    facts = refused.value.facts
    assert (facts["account_id"], facts["run_id"], facts["starts"]) == (teacher, first.id, at(10, day=10).isoformat())
    second = elsewhere(school)
    with pytest.raises(TeacherBusy):
        services.change_run(actor=SYSTEM, run_id=second.id, teachers=(teacher,), now=NOW)
    apart = elsewhere(school, hour=12, teachers=(teacher,))  # it begins when the other ends
    with pytest.raises(TeacherBusy):
        services.change_times(actor=SYSTEM, run_id=apart.id, meetings=(school.meeting(11, 9, spaces=()),), now=NOW)
    assert [one.starts for one in queries.run(apart.id, actor=SYSTEM).meetings] == [at(12, day=10)]
    services.change_times(actor=SYSTEM, run_id=apart.id, meetings=(school.meeting(10, 13, spaces=()),), now=NOW)


def test_who_teaches_a_cancelled_run_is_free(school: School) -> None:
    first = school.run(meetings=(school.meeting(10, spaces=()),))
    services.cancel_run(actor=SYSTEM, run_id=first.id, reason="x", now=NOW)
    assert not Teaching.objects.exists()
    elsewhere(school, teachers=(school.trainer.account_id,))
    assert Teaching.objects.count() == 1


def test_the_database_keeps_it(school: School) -> None:
    school.run()
    second = elsewhere(school)
    with pytest.raises(IntegrityError, match="learning_teaching_one_place"), transaction.atomic():
        RunTeacher.objects.create(run_id=second.id, account_id=school.trainer.account_id)


def test_a_learner_is_told_and_decides(school: School) -> None:
    sara = school.places.person()
    first, second = school.run(), elsewhere(school)
    school.enrolled(first, sara)
    (clash,) = services.quote(actor=sara, run_id=second.id, now=NOW).clashes
    assert (clash.key, clash.names, clash.starts) == (f"run:{first.id}", first.course.names, at(10, day=10))
    with pytest.raises(InTwoPlaces) as refused:
        school.enrolled(second, sara)
    assert refused.value.facts["known"] == [clash.key]
    assert not queries.run(second.id, actor=SYSTEM).taken, "nothing was kept"
    school.enrolled(second, sara, knowing=[clash.key])
    assert queries.run(second.id, actor=SYSTEM).taken == 1


def test_a_booking_and_what_one_teaches_count_as_well(school: School) -> None:
    sara = school.places.person()
    desk = school.places.space("DESK", kind="desk")
    booked = booking.book(actor=sara, space_id=desk.pk, starts=at(12, day=10), ends=at(13, day=10), now=NOW)
    taught = elsewhere(school, teachers=(sara.account_id,))
    run = elsewhere(school)
    found = services.quote(actor=sara, run_id=run.id, now=NOW).clashes
    assert [one.key for one in found] == [f"teaching:{taught.id}", f"booking:{booked.booking_id}"]
    with pytest.raises(InTwoPlaces):
        school.enrolled(run, sara, knowing=[found[0].key])
    school.enrolled(run, sara, knowing=[one.key for one in found])


def test_others_learn_that_there_is_something_and_not_what(school: School) -> None:
    sara, waits = school.places.person(), school.places.person()
    first, second = school.run(capacity=1), elsewhere(school)
    school.enrolled(first, sara)
    school.enrolled(first, waits)
    boss = school.places.employee()
    people = (sara.account_id, waits.account_id)
    organisation_id = school.places.company.pk
    asked = services.quote(actor=boss, run_id=second.id, now=NOW, people=people, organisation_id=organisation_id)
    (clash,) = asked.clashes  # who waits is nowhere yet
    assert (clash.kind, clash.account_id, any(clash.names)) == (ClashKind.RUN, sara.account_id, False)
