"""Residencies from the offer to years after: desks, milestones, mentoring, and who may see what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.notices.models import Notice
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.residencies import errors, queries, services
from khaneh.domains.residencies.models import FollowUp, HealthCheck, Milestone, Residency, Session, Support, Tranche
from khaneh.domains.residencies.types import (
    HEALTH_AREAS,
    Fate,
    FollowUpDraft,
    MilestoneDraft,
    MilestoneState,
    OverReason,
    RequestState,
    ResidencyDraft,
    ResidencyState,
    SessionState,
)
from khaneh.domains.spaces.models import Booking
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.residencies.centre import DAY, HOUR, NOW, TEAM, TODAY, Centre, email

pytestmark = pytest.mark.django_db


def test_a_team_is_offered_a_place_once_and_moves_in(centre: Centre) -> None:
    boss, founder, company = centre.manager(), centre.person(), centre.company()
    draft = ResidencyDraft(TEAM, email(founder), TODAY, TODAY + 100 * DAY, company.code)

    def offered(key: str) -> int:
        return services.offer_residency(actor=boss, house_id=centre.house.pk, draft=draft, key=key, now=NOW)

    number = offered("a")
    assert offered("a") == number
    with pytest.raises(errors.AlreadyResident):
        offered("b")
    with pytest.raises(NotAllowed):
        services.offer_residency(actor=founder, house_id=centre.house.pk, draft=draft, key="c", now=NOW)
    services.move_in(actor=boss, residency_id=number, now=NOW)
    with pytest.raises(errors.StateRefused):
        services.move_in(actor=boss, residency_id=number, now=NOW)
    row = queries.residency(number, actor=founder, now=NOW).row
    assert (row.state, row.moved_in_on) == (ResidencyState.MOVED_IN, TODAY)


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"names": Label("", "", "")}, "names", "required"),
        ({"founder_email": "nobody@example.org"}, "founder_email", "unknown"),
        ({"founder_email": ""}, "founder_email", "required"),
        ({"ends_on": TODAY}, "ends_on", "out_of_range"),
        ({"people": 0}, "people", "out_of_range"),
        ({"organisation_code": "NONE"}, "organisation_code", "unknown"),
    ],
)
def test_what_is_wrong_is_told_by_field(centre: Centre, facts: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        centre.team(centre.manager(), **facts)
    assert refused.value.facts["fields"] == {field: reason}


def test_to_others_it_is_not_there(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    mentor = centre.mentor(boss, number)
    for who in (VISITOR, centre.person()):
        with pytest.raises(NotFound):
            queries.residency(number, actor=who, now=NOW)
        with pytest.raises(NotFound):
            services.move_in(actor=who, residency_id=number, now=NOW)
    services.check_health(actor=mentor, residency_id=number, scores=dict.fromkeys(HEALTH_AREAS, 4), note="", now=NOW)
    services.ask(actor=founder, residency_id=number, kind="legal", text="A trade mark", key="k", now=NOW)
    seen = {who: queries.residency(number, actor=who, now=NOW) for who in (boss, founder, mentor)}
    assert [len(seen[who].checks) for who in (boss, founder, mentor)] == [1, 0, 1]
    assert [len(seen[who].requests) for who in (boss, founder, mentor)] == [1, 1, 0]


def test_nobody_runs_their_own_team(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss, founder_email=email(boss), moved_in=False)
    with pytest.raises(errors.OwnTeam):
        services.move_in(actor=boss, residency_id=number, now=NOW)


def test_a_desk_is_had_for_months_and_counted_in_days(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    free = queries.places_for(centre.house.pk, first=TODAY, last=TODAY + 200 * DAY, actor=boss, now=NOW)
    assert {one.names.en: one.free for one in free} == {"desk": 4, "office": 1}

    def allotted(last: date, space_id: int = centre.office.pk) -> int:
        return services.allot(actor=boss, residency_id=number, space_id=space_id, first=TODAY, last=last, now=NOW)

    made = allotted(TODAY + 200 * DAY)
    assert allotted(TODAY + 200 * DAY) == made, "told twice it is once"
    booking = Booking.objects.get()
    assert (booking.state, booking.price_amount) == ("checked_in", None)
    other, _ = centre.team(boss)
    with pytest.raises(errors.PlaceTaken):
        services.allot(
            actor=boss, residency_id=other, space_id=centre.office.pk, first=TODAY + DAY, last=TODAY + 9 * DAY, now=NOW
        )
    assert centre.office.pk not in {
        one.space_id for one in queries.places_for(centre.house.pk, first=TODAY, last=TODAY + DAY, actor=boss, now=NOW)
    }
    with pytest.raises(Invalid):
        allotted(TODAY + 301 * DAY)
    services.give_back(actor=boss, allotment_id=made, now=NOW + 9 * DAY)
    services.give_back(actor=boss, allotment_id=made, now=NOW + 10 * DAY)
    booking.refresh_from_db()
    assert booking.state == "done"
    (line,) = queries.residency(number, actor=founder, now=NOW).support
    assert (line.kind.value, line.unit, line.amount) == ("premises", "days", 10)
    assert line.receipt == "R-INN/1404/0001"


def test_a_milestone_is_shown_judged_given_back_and_reached(centre: Centre, settings: Any, tmp_path: Any) -> None:
    settings.KHANEH_HOME = tmp_path
    boss = centre.manager()
    number, founder = centre.team(boss)
    milestone = centre.milestone(boss, number)
    assert centre.milestone(boss, number) == milestone
    with pytest.raises(errors.NoEvidence):
        services.submit_milestone(actor=founder, milestone_id=milestone, said=" ", now=NOW)
    for name, data, why in (
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ\x90", "not_what_it_says"),
        ("a.exe", b"MZ\x90", "not_what_it_says"),
        ("a.txt", b"\xff\x00", "not_what_it_says"),
    ):
        with pytest.raises(errors.FileRefused) as refused:
            services.add_evidence(actor=founder, milestone_id=milestone, name=name, data=data, now=NOW)
        assert refused.value.facts == {"why": why}
    kept = services.add_evidence(
        actor=founder, milestone_id=milestone, name="../../x/report.pdf", data=b"%PDF-1.7 pages", now=NOW
    )
    assert queries.evidence(kept, actor=boss) == ("report.pdf", "application/pdf", b"%PDF-1.7 pages")
    with pytest.raises(NotFound):
        queries.evidence(kept, actor=centre.person())
    services.submit_milestone(actor=founder, milestone_id=milestone, said="It reads", now=NOW)
    with pytest.raises(Invalid):
        services.decide_milestone(actor=boss, milestone_id=milestone, reached=False, answer="", now=NOW)
    services.decide_milestone(actor=boss, milestone_id=milestone, reached=False, answer="The list lacks", now=NOW)
    (row,) = queries.residency(number, actor=founder, now=NOW).milestones
    assert (row.state, row.answer) == (MilestoneState.PLANNED, "The list lacks")
    assert row.is_late(TODAY + 31 * DAY)
    centre.reached(boss, founder, milestone)
    with pytest.raises(errors.StateRefused):
        services.drop_milestone(actor=boss, milestone_id=milestone, answer="No", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.update(state="planned", decided_at=None)


def test_a_time_of_a_mentor_suits_both_and_is_one_teams(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    other, rival = centre.team(boss)
    mentor = centre.mentor(boss, number)
    with pytest.raises(NotAllowed):
        centre.slot(centre.person())
    slot = centre.slot(mentor)
    assert centre.slot(mentor) == slot
    with pytest.raises(errors.TimesMeet):
        centre.slot(mentor, NOW + DAY + HOUR / 2)
    with pytest.raises(errors.NotTheMentor):
        services.book_session(actor=rival, residency_id=other, slot_id=slot, topic="Prices", now=NOW)
    services.appoint_mentor(actor=boss, residency_id=other, account_id=mentor.account_id or 0, now=NOW)
    session = services.book_session(actor=founder, residency_id=number, slot_id=slot, topic="Prices", now=NOW)
    with pytest.raises(errors.SlotTaken):
        services.book_session(actor=rival, residency_id=other, slot_id=slot, topic="Prices", now=NOW)
    second = centre.mentor(boss, number)
    clash, free = centre.slot(second), centre.slot(second, NOW + 2 * DAY)
    assert [one.id for one in queries.slots_for(number, now=NOW)] == [free], "at the other the team is somewhere else"
    with pytest.raises(errors.TimesMeet):
        services.book_session(actor=founder, residency_id=number, slot_id=clash, topic="Law", now=NOW)
    with pytest.raises(errors.NotYet):
        services.hold_session(actor=mentor, session_id=session, came=True, summary="", now=NOW)
    after = NOW + DAY + HOUR
    for _ in range(2):
        services.hold_session(actor=mentor, session_id=session, came=True, summary="Raise them", now=after)
    line = Support.objects.get()
    assert (line.kind, line.unit, line.amount) == ("mentoring", "minutes", 60)
    assert Session.objects.get().state == SessionState.HELD


def test_a_cancelled_time_can_be_taken_again(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    mentor = centre.mentor(boss, number)
    slot = centre.slot(mentor)
    first = services.book_session(actor=founder, residency_id=number, slot_id=slot, topic="Prices", now=NOW)
    services.cancel_session(actor=mentor, session_id=first, now=NOW)
    again = services.book_session(actor=founder, residency_id=number, slot_id=slot, topic="Prices", now=NOW)
    assert again != first
    with pytest.raises(errors.SlotTaken):
        services.withdraw_slot(actor=mentor, slot_id=slot, now=NOW)


def test_a_bad_mark_is_told_to_the_house(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    mentor = centre.mentor(boss, number)
    scores = {**dict.fromkeys(HEALTH_AREAS, 4), "money": 1}
    with pytest.raises(Invalid):
        services.check_health(actor=mentor, residency_id=number, scores={"money": 6}, note="", now=NOW)
    services.check_health(actor=mentor, residency_id=number, scores=scores, note="Two months left", now=NOW)
    with pytest.raises(errors.StateRefused):
        services.check_health(actor=mentor, residency_id=number, scores=scores, note="", now=NOW)
    assert Notice.objects.filter(event="residencies.worry").count() == 1
    (check,) = queries.residency(number, actor=boss, now=NOW).checks
    assert check.worries == ("money",)
    with pytest.raises(IntegrityError), transaction.atomic():
        HealthCheck.objects.update(note="All is well")


def test_a_request_is_answered_once(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    for _ in range(2):
        made = services.ask(actor=founder, residency_id=number, kind="legal", text="A mark", key="one", now=NOW)
    services.answer_request(actor=boss, request_id=made, state=RequestState.TAKEN_UP, answer="", now=NOW)
    with pytest.raises(Invalid):
        services.answer_request(actor=boss, request_id=made, state=RequestState.DONE, answer="", now=NOW)
    services.answer_request(actor=boss, request_id=made, state=RequestState.DONE, answer="Filed", now=NOW)
    with pytest.raises(errors.StateRefused):
        services.withdraw_request(actor=founder, request_id=made, now=NOW)


def test_whoever_leaves_gives_back_what_they_have(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    services.allot(
        actor=boss, residency_id=number, space_id=centre.desks.pk, first=TODAY, last=TODAY + 60 * DAY, now=NOW
    )
    services.allot(
        actor=boss, residency_id=number, space_id=centre.office.pk, first=TODAY + 20 * DAY, last=TODAY + 60 * DAY,
        now=NOW,
    )  # fmt: skip
    mentor = centre.mentor(boss, number)
    services.book_session(
        actor=founder, residency_id=number, slot_id=centre.slot(mentor, NOW + 9 * DAY), topic="Prices", now=NOW
    )
    line = centre.line(boss)
    services.promise(actor=boss, residency_id=number, line_id=line, amount=400, key="t", now=NOW)
    services.leave(actor=founder, residency_id=number, reason=OverReason.GAVE_UP, now=NOW + 5 * DAY)
    one = Residency.objects.get(pk=number)
    assert (one.state, one.over_on, one.over_reason) == ("left", TODAY + 5 * DAY, "gave_up")
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["cancelled", "done"]
    assert Session.objects.get().state == "cancelled"
    assert Tranche.objects.get().state == "cancelled"
    assert queries.lines_of_house(centre.house.pk, actor=boss)[0].left == 1000
    assert Support.objects.get().amount == 6
    for act in (
        lambda: services.leave(actor=founder, residency_id=number, reason=OverReason.OTHER, now=NOW),
        lambda: services.graduate(actor=boss, residency_id=number, now=NOW),
        lambda: services.end_residency(actor=boss, residency_id=number, reason=OverReason.OTHER, now=NOW),
    ):
        with pytest.raises(errors.StateRefused):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Residency.objects.update(state="moved_in", over_on=None, over_reason="")


def test_what_became_of_them_is_kept_by_consent_alone(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    milestone = centre.milestone(boss, number)
    with pytest.raises(errors.MilestonesOpen):
        services.graduate(actor=boss, residency_id=number, now=NOW)
    centre.reached(boss, founder, milestone)
    services.graduate(actor=boss, residency_id=number, now=NOW)
    assert list(FollowUp.objects.values_list("year", "due_on")) == [
        (year, TODAY.replace(year=2026 + year)) for year in (1, 2, 3, 5)
    ]
    later = NOW + timedelta(days=366)
    draft = FollowUpDraft(Fate.TRADING, 7, "to_50", exports=True)
    answer = {"actor": founder, "residency_id": number, "year": 1, "draft": draft}
    assert services.ask_follow_ups(now=later) == 0
    with pytest.raises(errors.NoConsent):
        services.answer_follow_up(**answer, now=later)
    services.consent(actor=founder, residency_id=number, given=True, now=NOW)
    with pytest.raises(errors.NotYet):
        services.answer_follow_up(**answer, now=NOW)
    assert services.ask_follow_ups(now=later) == 1
    assert services.ask_follow_ups(now=later) == 0
    services.answer_follow_up(**answer, now=later)
    assert queries.residency(number, actor=boss, now=later).follow_ups[0].people == 7
    services.consent(actor=founder, residency_id=number, given=False, now=later)
    assert queries.residency(number, actor=boss, now=later).follow_ups[0].fate is None


def test_who_is_forgotten_is_taken_out_of_what_stays(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    mentor = centre.mentor(boss, number)
    services.check_health(actor=mentor, residency_id=number, scores=dict.fromkeys(HEALTH_AREAS, 3), note="x", now=NOW)
    slot = centre.slot(mentor)
    services.book_session(actor=founder, residency_id=number, slot_id=slot, topic="Prices", now=NOW)
    centre.slot(mentor, NOW + 3 * DAY)
    for who in (founder, mentor):
        services.erase_account(who.account_id or 0, NOW)
    detail = queries.residency(number, actor=boss, now=NOW)
    assert (detail.row.founder_id, detail.mentors[0].account_id, detail.checks[0].note) == (None, None, "")
    assert detail.sessions[0].state is SessionState.CANCELLED
    assert queries.slots_of(mentor, now=NOW) == [] or all(one.id == slot for one in queries.slots_of(mentor, now=NOW))


def test_a_list_costs_the_same_however_long(centre: Centre, django_assert_max_num_queries: Any) -> None:
    boss = centre.manager()
    for _ in range(3):
        number, _ = centre.team(boss)
        centre.milestone(boss, number)
    actor = actor_of(boss.account_id, now=NOW)
    with django_assert_max_num_queries(5):
        found = queries.residencies_of_house(centre.house.pk, actor=actor, now=NOW)
    assert [row.milestones for row in found] == [1, 1, 1]
    assert queries.residencies_of_house(centre.house.pk, actor=centre.person(), now=NOW) == []


def test_a_milestone_lies_within_the_stay(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    with pytest.raises(Invalid):
        services.plan_milestone(actor=boss, residency_id=number, draft=MilestoneDraft(TEAM, TODAY + 301 * DAY), now=NOW)
