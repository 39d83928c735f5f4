"""From a course to a certificate: what is planned takes its room, who completes it is trusted with what it awards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.errors import NotYet, RoomTaken, RunStateRefused, Unassessed
from khaneh.domains.learning.rules import outcomes
from khaneh.domains.learning.types import EnrolmentState, RunState
from khaneh.domains.notices.models import Notice
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces import services as booking
from khaneh.domains.spaces.errors import SlotTaken
from khaneh.domains.spaces.models import Booking
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import NotFound
from tests.domains.learning.school import NOW, School, at

pytestmark = pytest.mark.django_db


def test_safety_opens_the_machine(school: School) -> None:
    """The course is taken, the qualification is held, and the machine that asks for it is booked; before it was refused."""
    sara = school.places.person()
    laser = school.places.space("LASER2", kind="laser_cutter", requires=("laser",))
    when = {"space_id": laser.pk, "starts": at(14, day=12), "ends": at(15, day=12)}
    with pytest.raises(PolicyRefused):
        booking.book(actor=sara, now=NOW, **when)
    missing = [row.id for row in spaces.lacking(laser.pk, account_id=sara.account_id or 0, at=when["ends"])]
    run = school.run()
    ((offered,),) = queries.next_runs_awarding(missing, now=NOW).values()
    assert (offered.id, offered.free) == (run.id, 2)
    number = school.enrolled(run, sara)
    services.start_runs(now=run.starts)
    for meeting in (1, 2):
        school.present(run, number, meeting)
    with pytest.raises(Unassessed):
        services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    assert services.assess(actor=school.trainer, enrolment_id=number, score=85, now=run.ends).passed
    done = services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    assert (done.completed, done.failed, done.no_shows, done.qualifications) == (1, 0, 0, 1)
    (certificate,) = queries.certificates_of(sara.account_id or 0)
    assert (certificate.holder, certificate.score, certificate.awards[0][0]) == (sara.name, 85, "laser")
    (held,) = qualifications.holdings_of(sara.account_id or 0, actor=sara)
    assert held.source == f"learning.certificate:{certificate.id}"
    assert queries.check(certificate.key) == certificate == queries.certificate(certificate.number, actor=sara)
    booking.book(actor=sara, now=run.ends, **when)
    assert [row.account_id for row in queries.finished()] == [sara.account_id]
    events = list(Notice.objects.values_list("event", flat=True))
    assert {"learning.enrolled", "learning.completed", "qualifications.awarded"} <= set(events)


def test_a_run_takes_its_room_and_gives_it_back(school: School) -> None:
    teacher = school.places.person()
    run = school.run(teachers=(teacher.account_id,))
    taken = Booking.objects.filter(space=school.places.room)
    assert set(taken.values_list("state", "account_id", "people")) == {("confirmed", teacher.account_id, 2)}
    assert [place.code for place in run.meetings[0].places] == ["ROOM"]
    with pytest.raises(SlotTaken):
        booking.book(
            actor=school.places.person(), space_id=school.places.room.pk, starts=at(11, day=10), ends=at(12, day=10),
            now=NOW,
        )  # fmt: skip
    with pytest.raises(RoomTaken) as refused:
        school.run("TALK", meetings=(school.meeting(9), school.meeting(11, 11)))
    facts = refused.value.facts
    assert (facts["meeting"], facts["space"], facts["refusal"]) == (2, "ROOM", "spaces.slot_taken")
    assert Booking.objects.count() == 2, "all of a plan or nothing"
    # Nobody checks in to a course, and its teacher does not give its room away in the list of their own bookings.
    booking.tidy(now=run.starts + timedelta(hours=1))
    assert spaces.bookings_of(teacher.account_id or 0, now=NOW) == []
    with pytest.raises(NotFound):
        booking.cancel(actor=teacher, booking_id=run.meetings[1].places[0].booking_id, now=NOW)
    assert taken.filter(state="confirmed").count() == 2
    # It is the house's own use: what its teacher may book for themself is not less by it.
    other = school.places.space("ROOM2")
    booking.book(actor=teacher, space_id=other.pk, starts=at(10, day=10), ends=at(11, day=10), now=NOW)
    services.cancel_run(actor=SYSTEM, run_id=run.id, reason="The trainer is ill", now=NOW)
    assert set(taken.values_list("state", flat=True)) == {"cancelled"}


def test_times_and_rooms_change_together_or_not_at_all(school: School) -> None:
    run = school.run()
    number = school.enrolled(run)
    school.run("TALK", meetings=(school.meeting(12),), teachers=(school.places.person().account_id,))
    with pytest.raises(RoomTaken):
        services.change_times(
            actor=SYSTEM, run_id=run.id, meetings=(school.meeting(10, 14), school.meeting(12, 11)), now=NOW
        )
    assert queries.run(run.id).starts == run.starts
    moved = services.change_times(actor=SYSTEM, run_id=run.id, meetings=(school.meeting(10, 11),), now=NOW)
    assert (moved.starts, len(moved.meetings)) == (at(11, day=10), 1)
    assert Booking.objects.filter(space=school.places.room, state="confirmed", starts__day=10).count() == 1
    assert Notice.objects.filter(event="learning.moved").count() == 1
    school.present(moved, number, 1)
    with pytest.raises(RunStateRefused):
        services.change_times(actor=SYSTEM, run_id=run.id, meetings=(school.meeting(20),), now=NOW)


def test_nobody_is_judged_before_the_last_meeting(school: School) -> None:
    run = school.run()
    with pytest.raises(NotYet):
        services.finish_run(actor=school.trainer, run_id=run.id, now=run.meetings[1].starts - timedelta(minutes=1))
    done = services.finish_run(actor=school.trainer, run_id=run.id, now=run.meetings[1].starts)
    assert (done.completed, queries.run(run.id).state) == (0, RunState.FINISHED)


def test_who_came_too_seldom_has_not_completed_it(school: School) -> None:
    run, sara, omid = school.run(), school.places.person(), school.places.person()
    numbers = [school.enrolled(run, one) for one in (sara, omid)]
    school.present(run, numbers[0], 1)
    services.assess(actor=school.trainer, enrolment_id=numbers[0], score=90, now=run.ends)
    done = services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    assert (done.completed, done.failed, done.no_shows) == (0, 1, 1)
    (row,) = queries.enrolments_of(sara.account_id or 0, now=run.ends, past=True)
    assert (row.state, row.meetings, row.certificate_key) == (EnrolmentState.FAILED, (1,), "")
    assert row.result is not None
    assert (row.result.score, row.result.passed) == (90, True)


@pytest.mark.parametrize(
    ("attended", "least_share", "pass_mark", "passed", "state"),
    [
        (0, 80, 60, None, EnrolmentState.NO_SHOW),
        (0, 0, None, None, EnrolmentState.NO_SHOW),
        (1, 80, 60, None, EnrolmentState.FAILED),
        (5, 80, 60, None, None),
        (4, 80, 60, False, EnrolmentState.FAILED),
        (3, 80, 60, True, EnrolmentState.FAILED),
        (4, 80, 60, True, EnrolmentState.COMPLETED),
        (4, 80, None, None, EnrolmentState.COMPLETED),
        (1, 0, None, None, EnrolmentState.COMPLETED),
        (0, 80, 60, True, EnrolmentState.COMPLETED),
    ],
)
def test_what_becomes_of_somebody(
    attended: int, least_share: int, pass_mark: int | None, passed: bool | None, state: EnrolmentState | None
) -> None:
    """Of five meetings. Whoever was assessed was there, whether or not it was written down."""
    found = outcomes.outcome(attended=attended, meetings=5, least_share=least_share, pass_mark=pass_mark, passed=passed)
    assert found is state
