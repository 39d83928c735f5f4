"""Who may make which call about vacancies, those who look for one, and placements: each with a key of everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.network.models import Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.people.types import TokenAccess
from khaneh.domains.placements import services
from tests.domains.placements.market import NOW, TODAY, Market, make_market
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.who_may import wrong_answers

pytestmark = pytest.mark.django_db

WHO = ("nobody", "reader", "authority", "other employer", "employer", "employer who reads")
OWN = "401 200 403 403 403 403"
EMPLOYER = "401 403 403 403 {} {}"
UNSEEN = "401 404 404 404 {} 403"  # to others the draft, or the placement, is not there
VACANCY: dict[str, Any] = {
    "kind": "job", "names": {"en": "Turner"}, "remote": True, "closes_on": (TODAY + timedelta(days=20)).isoformat()
}  # fmt: skip
PROFILE: dict[str, Any] = {"region": "W-QM", "kinds": ["job"], "skills": [{"skill": "cnc-operation", "level": 2}]}
PERIOD = {"first": "2026-01-01", "last": "2026-12-31"}

CALLS: dict[str, tuple[Any, str]] = {
    "GET /organisations/{company}/vacancies": (None, EMPLOYER.format(200, 200)),
    "GET /organisations/{company}/placements": (None, EMPLOYER.format(200, 200)),
    "GET /vacancies/{vacancy}/candidates": (None, EMPLOYER.format(200, 200)),
    "GET /placements/{offered}": (None, "401 200 404 404 200 200"),
    "GET /cohorts": (PERIOD, "401 403 200 200 200 200"),  # of the houses that each may see, which may be none
    "GET /me/seeking": (None, OWN),
    "GET /me/openings": (None, OWN),
    "GET /me/placements": (None, OWN),
    "POST /organisations/{company}/vacancies": (VACANCY, EMPLOYER.format(201, 403)),
    "PUT /vacancies/{vacancy}": ({**VACANCY, "count": 3}, UNSEEN.format(200)),
    "POST /vacancies/{draft}/publish": (None, UNSEEN.format(200)),
    "POST /vacancies/{vacancy}/close": (None, UNSEEN.format(200)),
    "POST /vacancies/{vacancy}/offers": ({"seeker": "seeker"}, UNSEEN.format(201)),
    "POST /placements/{offered}/withdraw": (None, UNSEEN.format(200)),
    "POST /placements/{accepted}/start": ({"started_on": TODAY.isoformat()}, UNSEEN.format(200)),
    "POST /placements/{at_work}/confirm": ({"months": 3}, UNSEEN.format(409)),
    "POST /placements/{at_work}/end": ({"ended_on": TODAY.isoformat(), "reason": "resigned"}, UNSEEN.format(200)),
    "PUT /me/seeking": (PROFILE, OWN),
    "POST /me/seeking/show": (None, OWN),
    "POST /me/seeking/hide": (None, OWN),
    "POST /me/seeking/forget": (None, OWN),
    "POST /me/vacancies/{other}/interest": ({"note": "Gladly"}, OWN),
    "POST /me/vacancies/{vacancy}/interest/take-back": (None, OWN),
    "POST /me/placements/{offered}/accept": (None, OWN),
    "POST /me/placements/{offered}/decline": (None, OWN),
}


@pytest.fixture
def market() -> Market:
    return make_market()


@pytest.fixture
def things(market: Market) -> dict[str, Any]:
    """One of each, of the company; `offered` was offered to the reader."""
    by = market.employer()
    reader, seeker, accepted, at_work = (market.seeker() for _ in range(4))
    vacancy = market.vacancy(by, count=3)
    found: dict[str, Any] = {
        "company": "W-CO", "vacancy": vacancy.id, "draft": market.vacancy(by, publish=False).id,
        "other": market.vacancy(by).id, "reader": reader.account_id,
        "seeker": market.seeker_id(seeker), "offered": market.offered(by, vacancy, reader),
        "accepted": market.offered(by, vacancy, accepted), "at_work": market.at_work(by, vacancy, at_work),
    }  # fmt: skip
    services.accept(actor=accepted, placement_id=found["accepted"], now=NOW)
    services.show_interest(actor=reader, vacancy_id=vacancy.id, now=NOW)
    return found


@pytest.fixture
def callers(market: Market, things: dict[str, Any]) -> dict[str, Program]:
    other = Organisation.objects.create(
        code="W-OTHER", kind="company_industry", country="IR", region=market.house.region, names={"en": "Other"}
    )
    made = (
        NOBODY,
        program(own=True, account_id=things["reader"], now=NOW),
        program((Role.ADMINISTRATOR, market.house.pk), now=NOW),
        program(employs=other.pk, now=NOW),
        program(employs=market.company.pk, now=NOW),
        program(employs=market.company.pk, access=TokenAccess.READ, now=NOW),
    )
    return dict(zip(WHO, made, strict=True))


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any], clock: Clock
) -> None:
    clock(NOW)
    wrong = wrong_answers(CALLS, callers, things)
    assert not wrong, "\n".join(wrong)
