"""Who is let in, who waits, and that a party gets all its seats or none, the oldest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.credits import queries as ledger
from khaneh.domains.credits.types import Holder
from khaneh.domains.learning import notices, queries, services
from khaneh.domains.learning.errors import (
    CapacityInUse,
    EnrolledAlready,
    EnrolmentEnded,
    NotEnrolling,
    NotOnTheList,
    TooLateToWithdraw,
    TooManyPeople,
)
from khaneh.domains.learning.models import Attendance, Enrolment
from khaneh.domains.learning.rules import queue
from khaneh.domains.learning.types import Means, Override
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Card, MemberBlock
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.learning.school import ENROLLED, NOW, OFFERED, WAITING, School

pytestmark = pytest.mark.django_db


def codes(refused: Any) -> list[str]:
    return [reason["code"] for reason in refused.value.facts["reasons"]]


def state(number: int) -> str:
    return Enrolment.objects.get(pk=number).state


def test_the_last_seat_and_the_first_who_waits(school: School) -> None:
    run = school.run()
    first, second, third, fourth = (school.places.person() for _ in range(4))
    numbers = [school.enrolled(run, one) for one in (first, second, third, fourth)]
    assert [state(number) for number in numbers] == [ENROLLED, ENROLLED, WAITING, WAITING]
    assert [row.place for row in queries.enrolments_of(fourth.account_id or 0, now=NOW)] == [2]
    with pytest.raises(EnrolledAlready):
        school.enrolled(run, first)
    services.withdraw(actor=first, enrolment_id=numbers[0], now=NOW)
    assert [state(number) for number in numbers[1:]] == [ENROLLED, OFFERED, WAITING]
    (offered,) = queries.enrolments_of(third.account_id or 0, now=NOW)
    assert offered.answer_by == NOW + queue.KEPT
    # Whoever comes now does not pass by who has waited, although a seat is not answered for.
    assert services.quote(actor=first, run_id=run.id, now=NOW).state is WAITING
    with pytest.raises(NotFound):
        services.accept_offer(actor=fourth, party_id=offered.party_id, now=NOW)
    services.tidy_offers(now=NOW + queue.KEPT)
    assert [state(number) for number in numbers[2:]] == [WAITING, OFFERED]
    services.accept_offer(actor=fourth, party_id=Enrolment.objects.get(pk=numbers[3]).party_id, now=NOW + queue.KEPT)
    assert state(numbers[3]) == ENROLLED
    with pytest.raises(EnrolmentEnded):
        services.accept_offer(actor=third, party_id=offered.party_id, now=NOW + queue.KEPT)
    assert Notice.objects.filter(event="learning.offered").count() == 2


def test_a_party_of_two_has_both_seats_or_none(school: School) -> None:
    run = school.run()
    boss, staff = school.places.employee(), [school.places.person().account_id or 0 for _ in range(2)]
    one, other = school.enrolled(run), school.enrolled(run)
    company = school.places.company.pk
    done = services.enrol(actor=boss, run_id=run.id, organisation_id=company, people=staff, now=NOW)
    alone = school.enrolled(run)
    assert (done.state, len(done.enrolment_ids), state(alone)) == (WAITING, 2, WAITING)
    services.withdraw(actor=SYSTEM, enrolment_id=one, now=NOW)
    assert [state(number) for number in (*done.enrolment_ids, alone)] == [WAITING] * 3, "one seat is kept for two"
    late = run.starts - queue.PATIENCE
    services.tidy_offers(now=late)
    assert [state(number) for number in (*done.enrolment_ids, alone)] == [WAITING, WAITING, OFFERED], "kept too long"
    services.withdraw(actor=SYSTEM, enrolment_id=alone, now=late)
    services.withdraw(actor=SYSTEM, enrolment_id=other, now=late)
    assert [state(number) for number in done.enrolment_ids] == [OFFERED, OFFERED]
    services.accept_offer(actor=boss, party_id=done.party_id, now=late)
    rows = queries.party(done.party_id, actor=boss)
    assert [(row.state, row.together, row.organisation.code if row.organisation else "") for row in rows] == [
        (ENROLLED, 2, "P-CO")
    ] * 2
    with pytest.raises(NotAllowed):
        services.enrol(actor=school.places.person(), run_id=run.id, people=staff, now=NOW)
    with pytest.raises(TooManyPeople):
        services.enrol(
            actor=boss, run_id=run.id, organisation_id=company, people=[*staff, boss.account_id or 0], now=NOW
        )


def test_who_may_not(school: School) -> None:
    run = school.run(school.course("DEEP", requires=("induction",)))
    sara = school.places.person()
    with pytest.raises(PolicyRefused) as refused:
        school.enrolled(run, sara)
    assert codes(refused) == ["learning.prerequisite_missing"]
    quote = services.quote(actor=sara, run_id=run.id, now=NOW)
    assert (quote.possible, quote.lacks) == (False, ("induction",))
    # Held, but not any more when the run begins.
    qualifications.award(
        actor=SYSTEM, account_id=sara.account_id or 0, code="induction", basis=Basis.RECOGNITION,
        house_id=school.places.centre.pk, now=NOW, expires_at=run.starts - timedelta(hours=1),
    )  # fmt: skip
    with pytest.raises(PolicyRefused):
        school.enrolled(run, sara)
    override = Override(frozenset({"enrol_unqualified"}), "Taught it for years")
    with pytest.raises(NotAllowed):
        school.enrolled(run, sara, override=override)
    assert state(school.enrolled(run, school.trainer, account_id=sara.account_id, override=override)) == ENROLLED
    blocked = school.places.person()
    MemberBlock.objects.create(member_id=blocked_member(blocked), reason="other", placed_at=NOW)
    with pytest.raises(PolicyRefused) as refused:
        school.enrolled(school.run("TALK", meetings=(school.meeting(20),)), blocked)
    assert codes(refused) == ["learning.learner_blocked"]


def blocked_member(actor: Any) -> int:
    from khaneh.domains.people.models import Member

    return Member.objects.get(account_id=actor.account_id).pk


def test_staff_training_is_for_staff_and_what_is_over_for_nobody(school: School) -> None:
    run = school.run(school.course("CARE", kind="staff_training"), meetings=(school.meeting(12),))
    with pytest.raises(PolicyRefused) as refused:
        school.enrolled(run)
    assert codes(refused) == ["learning.staff_only"]
    assert state(school.enrolled(run, school.places.staff(Role.LIBRARIAN))) == ENROLLED
    planned = school.run("TALK", opened=False, meetings=(school.meeting(13),))
    with pytest.raises(NotFound):
        school.enrolled(planned)
    with pytest.raises(PolicyRefused) as refused:
        services.enrol(actor=school.places.person(), run_id=run.id, now=run.starts)
    assert "learning.too_late" in codes(refused)
    services.start_runs(now=run.starts)
    services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    with pytest.raises(NotEnrolling):
        services.enrol(actor=school.places.staff(), run_id=run.id, now=run.ends)


def test_requests_are_answered_and_who_waits_at_the_start_is_told(school: School) -> None:
    run = school.run(school.course("CHOSEN", approval=True), capacity=1, meetings=(school.meeting(12),))
    one, two, three = (school.enrolled(run) for _ in range(3))
    assert state(one) == "requested"
    with pytest.raises(NotFound):
        services.approve(actor=school.places.person(), enrolment_id=one, now=NOW)
    assert services.approve(actor=school.trainer, enrolment_id=one, now=NOW) is ENROLLED
    assert services.approve(actor=school.trainer, enrolment_id=two, now=NOW) is WAITING
    services.refuse(actor=school.trainer, enrolment_id=three, reason="Only for beginners", now=NOW)
    services.start_runs(now=run.starts)
    assert [(row.state, row.end_reason) for row in Enrolment.objects.order_by("pk")] == [
        ("enrolled", ""), ("refused", "started"), ("refused", "staff"),
    ]  # fmt: skip
    assert queries.roster(run.id, actor=school.trainer).run.state == "running"


def test_leaving_in_time_and_what_it_cost(school: School) -> None:
    run = school.run(school.course("PRICED", price=Money(500_000, "IRR")), capacity=1, meetings=(school.meeting(12),))
    sara, omid = school.places.person(), school.places.person()
    first, second = school.enrolled(run, sara), school.enrolled(run, omid)

    def owes(actor: Any) -> int:
        return -ledger.balance(Holder(actor.account_id), "IRR")

    assert (owes(sara), owes(omid)) == (500_000, 0), "who waits pays nothing"
    services.withdraw(actor=sara, enrolment_id=first, now=NOW)
    assert owes(sara) == 0
    services.accept_offer(actor=omid, party_id=Enrolment.objects.get(pk=second).party_id, now=NOW)
    assert owes(omid) == 500_000
    late = run.starts - timedelta(hours=23)
    with pytest.raises(TooLateToWithdraw):
        services.withdraw(actor=omid, enrolment_id=second, now=late)
    services.cancel_run(actor=school.trainer, run_id=run.id, reason="Ill", now=late)
    assert (owes(omid), state(second)) == (0, "cancelled")
    assert Notice.objects.filter(event="learning.ended").count() == 1


def test_seats_are_never_more_than_there_are(school: School) -> None:
    run = school.run()
    for _ in range(2):
        school.enrolled(run)
    waiting = Enrolment.objects.get(pk=school.enrolled(run))
    with pytest.raises(IntegrityError, match="has no seat 3"), transaction.atomic():
        Enrolment.objects.filter(pk=waiting.pk).update(state="offered", seat=3)
    with pytest.raises(IntegrityError, match="learning_enrolment_one_seat"), transaction.atomic():
        Enrolment.objects.filter(pk=waiting.pk).update(state="offered", seat=1)
    with pytest.raises(IntegrityError, match="does not go from waiting to completed"), transaction.atomic():
        Enrolment.objects.filter(pk=waiting.pk).update(state="completed", seat=2)
    with pytest.raises(CapacityInUse):
        services.change_run(actor=school.trainer, run_id=run.id, capacity=1, now=NOW)
    services.change_run(actor=school.trainer, run_id=run.id, capacity=3, now=NOW)
    assert state(waiting.pk) == OFFERED
    services.withdraw(actor=SYSTEM, enrolment_id=Enrolment.objects.get(seat=1).pk, now=NOW)
    assert services.change_run(actor=school.trainer, run_id=run.id, capacity=2, now=NOW).free == 0


def test_who_came_is_scanned_once(school: School) -> None:
    run = school.run()
    sara, other = school.places.person(), school.places.person()
    number = school.enrolled(run, sara)
    card = Card.objects.get(member__account_id=sara.account_id).barcode
    act = {"actor": school.trainer, "run_id": run.id, "now": run.starts}
    seen = services.record_attendance(meeting=1, card=card, **act)
    assert (seen.enrolment_id, seen.name, seen.means, seen.again) == (number, sara.name, Means.CARD, False)
    code = Enrolment.objects.get(pk=number).code
    assert services.record_attendance(meeting=1, code=f" {code.lower()} ", **act).again
    with pytest.raises(NotOnTheList):
        services.record_attendance(meeting=1, account_id=other.account_id, **act)
    with pytest.raises(NotOnTheList):
        services.record_attendance(meeting=1, card="nobody", **act)
    with pytest.raises(NotFound):
        services.record_attendance(meeting=1, code=code, **{**act, "actor": other})
    services.undo_attendance(meeting=1, enrolment_id=number, **act)
    assert not Attendance.objects.exists()


def test_who_is_enrolled_is_reminded_once(school: School) -> None:
    run = school.run()
    for _ in range(2):
        school.enrolled(run)
    school.enrolled(run)
    early = run.starts - timedelta(hours=27)
    for now, told in ((early, 0), (early + timedelta(hours=2), 2), (early + timedelta(hours=3), 2)):
        notices.remind(now=now, until=now + timedelta(hours=26))
        assert Notice.objects.filter(event="learning.reminder").count() == told
    assert (services.start_runs(now=run.starts), services.start_runs(now=run.starts)) == (1, 0)


def test_somebody_who_is_offered_three_times_in_vain_is_asked_no_more(school: School) -> None:
    run = school.run(capacity=1, meetings=(school.meeting(28),))
    first, second = school.enrolled(run), school.enrolled(run)
    services.withdraw(actor=SYSTEM, enrolment_id=first, now=NOW)
    for turn in (1, 2, 3):
        assert state(second) == OFFERED
        services.tidy_offers(now=NOW + turn * queue.KEPT)
    row = Enrolment.objects.get(pk=second)
    assert (row.state, row.end_reason, row.seat) == ("withdrawn", "offer_lapsed", None)


PARTIES = st.lists(st.integers(1, 6), max_size=12)


@given(sizes=PARTIES, free=st.integers(0, 20), patient=st.booleans())
def test_the_queue_is_fair(sizes: list[int], free: int, patient: bool) -> None:
    waiting = [queue.Waiting(number, size) for number, size in enumerate(sizes)]
    done = queue.chosen(waiting, free, patient=patient)
    assert done == sorted(done)
    left = free - sum(sizes[number] for number in done)
    assert left >= 0
    if patient:
        assert done == list(range(len(done))), "nobody passes by who is older"
        assert len(done) == len(sizes) or sizes[len(done)] > left
    else:
        taken = 0
        for number, size in enumerate(sizes):
            assert (number in done) == (size <= free - taken), "who fits is served, in order"
            taken += size if number in done else 0
