"""Two who promise, pay, book and allot at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial

import pytest

from khaneh.domains.network import services as network
from khaneh.domains.network.models import Organisation
from khaneh.domains.residencies import services
from khaneh.domains.residencies.models import Allotment, Line, Milestone, Residency, Session, Slot, Support, Tranche
from khaneh.domains.residencies.types import SupportKind
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM
from tests.domains.residencies.centre import DAY, NOW, TODAY, Centre, email, make_centre
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def centre(transactional_db: None) -> Centre:
    """A house with places, and a sponsor."""
    return make_centre()


@LOCKED
def test_two_pass_one_budget_line(centre: Centre, locked: bool) -> None:
    boss, other = centre.manager(), centre.manager()
    line = centre.line(boss, 1000)
    one, _ = centre.team(boss)
    two, _ = centre.team(boss)
    promising = partial(services.promise, actor=boss, residency_id=one, line_id=line, amount=700, key="one", now=NOW)
    giving = partial(
        services.give, actor=other, residency_id=two, kind=SupportKind.GRANT, line_id=line, amount=700, key="two",
        now=NOW,
    )  # fmt: skip
    answers = kinds(meanwhile(promising, giving, before="INSERT INTO residencies_tranche", locked=locked))
    # Without locks only the database stops the second: an error instead of a sentence.
    assert answers == (("int", "BudgetShort") if locked else ("IntegrityError", "int"))
    found = Line.objects.get()
    assert found.promised + found.given == 700


@LOCKED
def test_two_pay_one_tranche(centre: Centre, locked: bool) -> None:
    boss, other = centre.manager(), centre.manager()
    team, founder = centre.team(boss)
    milestone = centre.milestone(boss, team)
    part = services.promise(
        actor=boss, residency_id=team, line_id=centre.line(boss), amount=700, milestone_id=milestone, key="one", now=NOW
    )
    centre.reached(boss, founder, milestone)
    both = [partial(services.pay, actor=actor, tranche_id=part, now=NOW) for actor in (boss, other)]
    answers = kinds(meanwhile(*both, before="INSERT INTO residencies_support", locked=locked))
    assert answers == (("int", "int") if locked else ("IntegrityError", "int"))
    assert Support.objects.count() == 1
    assert Tranche.objects.get().state == "paid"
    assert (Line.objects.get().promised, Line.objects.get().given) == (0, 700)


@LOCKED
def test_two_teams_take_one_time_of_a_mentor(centre: Centre, locked: bool) -> None:
    boss = centre.manager()
    one, founder = centre.team(boss)
    two, rival = centre.team(boss)
    mentor = centre.mentor(boss, one)
    services.appoint_mentor(actor=boss, residency_id=two, account_id=mentor.account_id or 0, now=NOW)
    slot = centre.slot(mentor)
    both = [
        partial(services.book_session, actor=actor, residency_id=team, slot_id=slot, topic="Prices", now=NOW)
        for actor, team in ((founder, one), (rival, two))
    ]
    answers = kinds(meanwhile(*both, before="INSERT INTO residencies_session", locked=locked))
    assert answers == (("int", "SlotTaken") if locked else ("IntegrityError", "int"))
    assert Session.objects.filter(slot_id=slot).count() == 1


@LOCKED
def test_whoever_answers_for_two_teams_takes_two_times_at_once(centre: Centre, locked: bool) -> None:
    boss = centre.manager()
    one, founder = centre.team(boss)
    two, _ = centre.team(boss, founder_email=email(founder))
    slots = [
        (team, centre.slot(centre.mentor(boss, team), NOW + DAY + delay))
        for team, delay in ((one, 0 * DAY), (two, DAY / 48))
    ]
    both = [
        partial(services.book_session, actor=founder, residency_id=team, slot_id=slot, topic="Prices", now=NOW)
        for team, slot in slots
    ]
    answers = kinds(meanwhile(*both, before="INSERT INTO residencies_session", locked=locked))
    # Each team is in one place: nothing but the lock sees that it is one person.
    assert answers == ("int", "TimesMeet" if locked else "int")
    assert Session.objects.count() == (1 if locked else 2)


@LOCKED
def test_a_company_withdraws_while_it_is_offered_a_place(centre: Centre, locked: bool) -> None:
    boss, company = centre.manager(), centre.company()
    offering = partial(centre.team, boss, moved_in=False, organisation_code=company.code)
    withdrawing = partial(withdraw, company)
    answers = kinds(meanwhile(offering, withdrawing, before="INSERT INTO residencies_residency", locked=locked))
    assert answers == ("tuple", "NoneType")
    # Without the lock the withdrawal sees no offer yet, and one stands to a company that is not there.
    assert Residency.objects.get().state == ("ended" if locked else "offered")


def test_a_place_is_offered_while_a_company_withdraws(centre: Centre) -> None:
    boss, company = centre.manager(), centre.company()
    offering = partial(centre.team, boss, moved_in=False, organisation_code=company.code)
    answers = kinds(meanwhile(partial(withdraw, company), offering, before="FROM residencies_residency"))
    assert answers == ("NoneType", "Invalid")
    assert not Residency.objects.exists()


def withdraw(company: Organisation) -> None:
    """As the domain of profiles does it: the register, then who takes part."""
    with db.transaction():
        network.withdraw_organisation(actor=SYSTEM, organisation_id=company.pk, withdrawn=True, now=NOW)
        services.withdraw_organisation(organisation_id=company.pk, actor=SYSTEM, now=NOW)


@LOCKED
def test_a_mentor_offers_one_hour_twice(centre: Centre, locked: bool) -> None:
    boss = centre.manager()
    team, _ = centre.team(boss)
    mentor = centre.mentor(boss, team)
    both = [partial(centre.slot, mentor, NOW + DAY + delay) for delay in (0 * DAY, DAY / 48)]
    answers = kinds(meanwhile(*both, before="INSERT INTO residencies_slot", locked=locked))
    assert answers == (("int", "TimesMeet") if locked else ("IntegrityError", "int"))
    assert Slot.objects.count() == 1


@LOCKED
def test_two_judge_one_milestone(centre: Centre, locked: bool) -> None:
    boss, other = centre.manager(), centre.manager()
    team, founder = centre.team(boss)
    milestone = centre.milestone(boss, team)
    services.submit_milestone(actor=founder, milestone_id=milestone, said="It reads", now=NOW)
    yes = partial(services.decide_milestone, actor=boss, milestone_id=milestone, reached=True, answer="", now=NOW)
    no = partial(services.decide_milestone, actor=other, milestone_id=milestone, reached=False, answer="No", now=NOW)
    answers = kinds(meanwhile(yes, no, before="UPDATE residencies_milestone", locked=locked))
    assert answers == (("NoneType", "StateRefused") if locked else ("IntegrityError", "NoneType"))
    assert Milestone.objects.get().state == ("reached" if locked else "planned")


@LOCKED
def test_two_allot_the_last_office(centre: Centre, locked: bool) -> None:
    boss, other = centre.manager(), centre.manager()
    both = [
        partial(
            services.allot, actor=actor, residency_id=centre.team(boss)[0], space_id=centre.office.pk, first=TODAY,
            last=TODAY + 60 * DAY, now=NOW,
        )
        for actor in (boss, other)
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="INSERT INTO spaces_booking", locked=locked))
    assert answers[1] == ("PlaceTaken" if locked else "int")
    assert Allotment.objects.count() == 1
