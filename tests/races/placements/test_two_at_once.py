"""Two who accept, offer, leave and shrink at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial

import pytest

from khaneh.domains.placements import services
from khaneh.domains.placements.models import Placement, Vacancy
from tests.domains.placements.market import NOW, Market, draft, make_market
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
TAKE, MAKE = "UPDATE placements_placement", "INSERT INTO placements_placement"


@pytest.fixture
def market(transactional_db: None) -> Market:
    """An employer, skills, people."""
    return make_market()


@LOCKED
def test_two_accept_the_last_place(market: Market, locked: bool) -> None:
    employer = market.employer()
    vacancy = market.vacancy(employer)
    both = []
    for _ in range(2):
        who = market.seeker()
        number = market.offered(employer, vacancy, who)
        both.append(partial(services.accept, actor=who, placement_id=number, now=NOW))
    answers = kinds(meanwhile(*both, before=TAKE, locked=locked))
    # Without locks only the database stops the second; and what the first had read was no longer so.
    assert answers == (("NoneType", "PlacementStateRefused") if locked else ("IntegrityError", "NoneType"))
    assert Placement.objects.filter(state="accepted").count() == 1
    assert Vacancy.objects.get().state == "filled"


@LOCKED
def test_two_of_one_employer_offer_to_one(market: Market, locked: bool) -> None:
    employer, other, who = market.employer(), market.employer(), market.seeker()
    vacancy = market.vacancy(employer)
    both = [
        partial(services.offer, actor=actor, vacancy_id=vacancy.id, seeker_id=market.seeker_id(who), now=NOW)
        for actor in (employer, other)
    ]
    answers = kinds(meanwhile(*both, before=MAKE, locked=locked))
    assert answers == (("int", "OfferedAlready") if locked else ("IntegrityError", "int"))
    assert Placement.objects.count() == 1


@LOCKED
def test_an_offer_and_consent_withdrawn(market: Market, locked: bool) -> None:
    employer, who = market.employer(), market.seeker()
    vacancy = market.vacancy(employer)
    offering = partial(services.offer, actor=employer, vacancy_id=vacancy.id, seeker_id=market.seeker_id(who), now=NOW)
    hiding = partial(services.withdraw_consent, actor=who, now=NOW)
    meanwhile(offering, hiding, before=MAKE, locked=locked)
    # Without the seeker's lock an offer stands to somebody who wants to be seen no more.
    assert Placement.objects.get().state == ("declined" if locked else "offered")


@LOCKED
def test_accepting_and_fewer_places(market: Market, locked: bool) -> None:
    employer = market.employer()
    vacancy = market.vacancy(employer, count=2)
    market.at_work(employer, vacancy, market.seeker())
    who = market.seeker()
    number = market.offered(employer, vacancy, who)
    accepting = partial(services.accept, actor=who, placement_id=number, now=NOW)
    shrinking = partial(services.change_vacancy, actor=employer, vacancy_id=vacancy.id, draft=draft(count=1), now=NOW)
    answers = kinds(meanwhile(accepting, shrinking, before=TAKE, locked=locked))
    assert answers == (("NoneType", "FewerPlacesThanTaken") if locked else ("IntegrityError", "VacancyRow"))
    assert Placement.objects.filter(state__in=["accepted", "started"]).count() <= Vacancy.objects.get().count
