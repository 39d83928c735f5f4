"""What residencies take from the domains around them: times of courses and events, days that run out, an organisation that withdraws."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from khaneh.domains.events import services as events
from khaneh.domains.events.types import EventDraft
from khaneh.domains.learning import services as learning
from khaneh.domains.learning.types import CourseDraft, CourseKind, MeetingDraft, RunDraft
from khaneh.domains.network.models import Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.profiles import services as profiles
from khaneh.domains.residencies import queries, services
from khaneh.domains.residencies.errors import TimesMeet
from khaneh.domains.residencies.models import Residency, Session, Support, Tranche
from khaneh.domains.residencies.types import ResidencyDraft
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import Override
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid
from tests.domains.residencies.centre import DAY, HOUR, NOW, TEAM, TODAY, Centre, email

pytestmark = pytest.mark.django_db


def _taught(centre: Centre, teacher: Actor, starts: datetime) -> int:
    """A course that somebody teaches for two hours, open for enrolment."""
    code = f"R-{starts:%d}"
    draft = CourseDraft(code, CourseKind.WORKSHOP, Label(code, code, code), house_code=centre.house.code, hours=2)
    learning.add_course(actor=SYSTEM, draft=draft, now=NOW)
    learning.publish_course(actor=SYSTEM, code=code, now=NOW)
    run = RunDraft(
        code, centre.house.code, 5, (MeetingDraft(starts, starts + 2 * HOUR),), teachers=(teacher.account_id or 0,)
    )
    made = learning.plan_run(actor=SYSTEM, draft=run, now=NOW)
    learning.open_run(actor=SYSTEM, run_id=made.id, now=NOW)
    return made.id


def test_no_time_is_shown_at_which_either_is_in_a_course_or_at_an_event(centre: Centre) -> None:
    learning.ensure_policies()
    events.ensure_policies()
    boss = centre.manager()
    number, founder = centre.team(boss)
    mentor = centre.mentor(boss, number)
    trainer = centre.manager(Role.TRAINER)
    slots = [centre.slot(mentor, NOW + days * DAY) for days in (10, 11, 12, 13, 14)]
    run = _taught(centre, trainer, NOW + 10 * DAY)
    _taught(centre, mentor, NOW + 11 * DAY)
    draft = EventDraft(
        house_id=centre.house.pk,
        kind="talk",
        names=TEAM,
        starts=NOW + 12 * DAY,
        ends=NOW + 12 * DAY + 2 * HOUR,
        capacity=9,
    )
    talk = events.propose_event(actor=SYSTEM, draft=draft, now=NOW).id
    events.open_event(actor=SYSTEM, event_id=talk, now=NOW)
    begin, end = NOW + 13 * DAY, NOW + 13 * DAY + HOUR
    # A booking that the mentor made for themselves.
    booked = spaces.book(
        actor=boss, space_id=centre.office.pk, starts=begin, ends=end, now=NOW, account_id=mentor.account_id,
        override=Override(frozenset({"book_outside_hours"}), "test"),
    )  # fmt: skip
    assert [one.id for one in queries.slots_for(number, now=NOW)] == [*slots[:1], slots[2], slots[4]]
    learning.enrol(actor=founder, run_id=run, now=NOW)
    events.register(actor=mentor, event_id=talk, people_count=1, now=NOW)
    assert [one.id for one in queries.slots_for(number, now=NOW)] == [slots[4]]
    for slot, who in zip(slots, ("team", "mentor", "mentor", "mentor"), strict=False):
        with pytest.raises(TimesMeet) as refused:
            services.book_session(actor=founder, residency_id=number, slot_id=slot, topic="Prices", now=NOW)
        assert refused.value.facts["who"] == who
    spaces.cancel(actor=boss, booking_id=booked.booking_id, now=NOW)
    assert [one.id for one in queries.slots_for(number, now=NOW)] == slots[3:]


def test_what_nobody_gives_back_is_counted_when_it_has_run_out(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    never, _ = centre.team(boss, moved_in=False)
    for team, first, days in ((number, 0, 9), (number, 10, 19), (never, 0, 9), (number, 0, 60)):
        services.allot(
            actor=boss, residency_id=team, space_id=centre.desks.pk, first=TODAY + first * DAY,
            last=TODAY + days * DAY, now=NOW,
        )  # fmt: skip
    # Half past nine in the evening in Tehran: the last day is not over there.
    assert services.close_run_out(now=NOW + 9 * DAY + timedelta(hours=9)) == 0
    after = NOW + 9 * DAY + timedelta(hours=12)
    assert services.close_run_out(now=after) == 2, "where spaces have not yet written that it is over, too"
    assert services.close_run_out(now=after) == 0
    line = Support.objects.get()
    assert (line.residency_id, line.amount, line.given_on) == (number, 10, TODAY + 9 * DAY)
    spaces.tidy(now=NOW + 20 * DAY)
    assert services.close_run_out(now=NOW + 20 * DAY) == 1, "one that began later, which nobody checks in"
    assert list(Support.objects.order_by("pk").values_list("amount", flat=True)) == [10, 10]
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["checked_in", "done", "done", "done"]
    places = queries.residency(number, actor=founder, now=NOW).allotments
    assert [one.given_back_on for one in places] == [TODAY + 9 * DAY, None, TODAY + 19 * DAY]


def _speaker(centre: Centre, company: Organisation) -> Actor:
    """Somebody who speaks for a company that shows a profile."""
    who = centre.person()
    RoleAssignment.objects.create(
        account_id=who.account_id or 0, role=Role.ADMINISTRATOR.value, organisation=company, valid_from=NOW - DAY
    )
    actor = actor_of(who.account_id, now=NOW)
    profiles.open_profile(actor=actor, organisation_id=company.pk, now=NOW)
    return actor


def test_a_company_that_withdraws_takes_no_offer_and_its_team_stays(centre: Centre) -> None:
    boss, company = centre.manager(), centre.company()
    speaker = _speaker(centre, company)
    running, founder = centre.team(boss, organisation_code=company.code)
    services.allot(
        actor=boss, residency_id=running, space_id=centre.desks.pk, first=TODAY, last=TODAY + 60 * DAY, now=NOW
    )
    mentor = centre.mentor(boss, running)
    services.book_session(actor=founder, residency_id=running, slot_id=centre.slot(mentor), topic="Prices", now=NOW)
    services.promise(actor=boss, residency_id=running, line_id=centre.line(boss), amount=400, key="t", now=NOW)
    other = centre.company()
    second = _speaker(centre, other)
    offered, _ = centre.team(boss, organisation_code=other.code, moved_in=False)
    services.allot(
        actor=boss, residency_id=offered, space_id=centre.office.pk, first=TODAY, last=TODAY + 60 * DAY, now=NOW
    )
    untouched, _ = centre.team(boss, moved_in=False)

    profiles.withdraw(actor=speaker, organisation_id=company.pk, now=NOW)
    profiles.withdraw(actor=second, organisation_id=other.pk, now=NOW)
    states = dict(Residency.objects.values_list("pk", "state"))
    assert states == {running: "moved_in", offered: "ended", untouched: "offered"}
    assert Residency.objects.get(pk=offered).over_reason == "declined"
    assert dict(Booking.objects.values_list("space__code", "state")) == {
        "R-DESKS": "checked_in",
        "R-OFFICE": "cancelled",
    }
    assert (Session.objects.get().state, Tranche.objects.get().state) == ("booked", "promised")
    assert queries.residency(running, actor=boss, now=NOW).organisation_withdrawn
    assert not queries.residency(untouched, actor=boss, now=NOW).organisation_withdrawn
    # Who answers for either team, and the house of both.
    assert Notice.objects.filter(event="residencies.organisation_gone").count() == 4
    with pytest.raises(Invalid) as refused:
        services.offer_residency(
            actor=boss, house_id=centre.house.pk, key="again", now=NOW,
            draft=ResidencyDraft(TEAM, email(centre.person()), TODAY, TODAY + DAY, other.code),
        )  # fmt: skip
    assert refused.value.facts["fields"] == {"organisation_code": "unknown"}
