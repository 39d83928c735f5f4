"""A vacancy through the API: entered, found, offered to somebody who consented, begun, confirmed after three months; and the figure moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.placements import queries
from khaneh.domains.placements.models import Placement
from khaneh.kernel.actor import SYSTEM
from tests.domains.placements.graduates import give_course
from tests.domains.placements.market import NOW, TODAY, Market, make_market
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.test_spaces import problem

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# By then three months are over that began in March.
LATER = NOW + 95 * DAY
VACANCY: dict[str, Any] = {
    "kind": "job", "names": {"fa": "اپراتور", "en": "Operator"}, "region": "W-QM", "count": 5,
    "closes_on": (TODAY + 30 * DAY).isoformat(), "pay_from": 100_000_000, "pay_currency": "IRR",
    "skills": [{"skill": "cnc-operation", "level": 2, "essential": True}],
}  # fmt: skip
PROFILE: dict[str, Any] = {
    "region": "W-QM", "kinds": ["job"], "about": "Two years at a lathe", "skills": [{"skill": "cnc-operation", "level": 2}],
}  # fmt: skip
PERIOD = {"first": "2026-02-01", "last": "2026-12-31"}


@pytest.fixture
def market(clock: Clock) -> Market:
    clock(NOW)
    return make_market()


@pytest.fixture
def employer(market: Market) -> Program:
    return program(employs=market.company.pk, now=NOW)


def published(employer: Program, **facts: Any) -> int:
    made = employer.done("/organisations/W-CO/vacancies", {**VACANCY, **facts}, call="one")
    assert employer.post("/organisations/W-CO/vacancies", {**VACANCY, **facts}, call="one").json() == made
    assert NOBODY.get(f"/vacancies/{made['id']}").status_code == 404, "a draft is nobody else's to see"
    return int(employer.done(f"/vacancies/{made['id']}/publish")["id"])


def test_a_vacancy_is_taken_to_its_confirmation_and_the_figure_moves(
    market: Market, employer: Program, clock: Clock
) -> None:
    people = [market.person() if number == 0 else market.seeker() for number in range(5)]
    give_course(market.house, "CNC", people, at=NOW - DAY)
    sara = program(own=True, account_id=people[0].account_id, now=NOW)
    council = program((Role.TRAINER, market.house.pk), now=NOW)
    vacancy = published(employer)
    assert [one["id"] for one in NOBODY.read("/vacancies", skill="cnc-operation")["vacancies"]] == [vacancy]
    assert sara.get("/me/seeking").status_code == 404
    sara.done("/me/seeking", PROFILE, method="put")
    assert len(employer.read(f"/vacancies/{vacancy}/candidates")["candidates"]) == 4, (
        "nobody sees who has not consented"
    )
    assert sara.done("/me/seeking/show")["consented_at"] is not None
    found = employer.read(f"/vacancies/{vacancy}/candidates")["candidates"]
    assert [(one["name"], one["match"]["fits"]) for one in found] == [("", True)] * 5
    (opening,) = sara.read("/me/openings")["openings"]
    assert (opening["vacancy"]["id"], opening["interested"]) == (vacancy, False)
    sara.done(f"/me/vacancies/{vacancy}/interest", {"note": "Gladly"})
    first = employer.read(f"/vacancies/{vacancy}/candidates")["candidates"][0]
    assert (first["note"], first["name"] != "") == ("Gladly", True)
    offer = employer.done(f"/vacancies/{vacancy}/offers", {"seeker": first["seeker"], "note": "Come"}, call="offer")[
        "id"
    ]
    again = employer.post(f"/vacancies/{vacancy}/offers", {"seeker": first["seeker"], "note": "Come"}, call="offer")
    assert (again["Idempotent-Replayed"], again.json()["id"]) == ("true", offer)
    twice = problem(
        employer.post(f"/vacancies/{vacancy}/offers", {"seeker": first["seeker"]}), 409, "placements.offered_already"
    )
    assert twice["reasons"][0]["remedy"] == "Wait for their answer."
    assert employer.read(f"/placements/{offer}")["email"] == ""
    sara.done(f"/me/placements/{offer}/accept")
    assert employer.read(f"/placements/{offer}")["email"] != ""
    employer.done(f"/placements/{offer}/start", {"started_on": TODAY.isoformat()})
    early = problem(employer.post(f"/placements/{offer}/confirm", {"months": 3}), 409, "placements.not_due_yet")
    assert early["facts"]["due_on"] == "2026-06-02"
    by, row = market.employer(), queries.vacancy(vacancy, actor=SYSTEM)
    others = [market.at_work(by, row, who) for who in people[1:]]
    assert NOBODY.read(f"/vacancies/{vacancy}")["state"]["code"] == "filled"
    before = council.read("/cohorts", **PERIOD)
    assert (before["confirmed_3"]["counted"], before["placed"]["share"]) == (0, 1.0)
    clock(LATER)
    employer, council = (
        program(employs=market.company.pk, now=LATER),
        program((Role.TRAINER, market.house.pk), now=LATER),
    )
    employer.done(f"/placements/{offer}/confirm", {"months": 3})
    hidden = council.read("/cohorts", **PERIOD)
    assert (hidden["hidden"], hidden["confirmed_3"]["counted"]) == (True, None), "one of five would be known by name"
    for number in others:
        employer.done(f"/placements/{number}/confirm", {"months": 3})
    after = council.read("/cohorts", **PERIOD, by="house", house="W-LAB")
    assert (after["hidden"], after["confirmed_3"]) == (
        False,
        {"counted": 5, "finished": 5, "unknown": 0, "share": 1.0, "high": 1.0},
    )
    assert {one["of"]["code"] for one in after["lines"]} == {"W-LAB"}
    listed = employer.read("/organisations/W-CO/placements")["placements"]
    assert {one["state"]["code"] for one in listed} == {"confirmed_3"}


def test_consent_is_withdrawn_and_nothing_is_offered_any_more(market: Market, employer: Program) -> None:
    vacancy, seeker = published(employer), market.seeker()
    sara = program(own=True, account_id=seeker.account_id, now=NOW)
    offer = employer.done(f"/vacancies/{vacancy}/offers", {"seeker": market.seeker_id(seeker)})["id"]
    assert sara.done("/me/seeking/hide")["consented_at"] is None
    assert sara.read(f"/placements/{offer}")["end_reason"]["code"] == "consent"
    body = {"seeker": market.seeker_id(seeker)}
    refused = employer.post(f"/vacancies/{vacancy}/offers", body, **{"Accept-Language": "vi"})
    said = problem(refused, 409, "placements.no_consent")
    assert said["reasons"][0]["remedy"] not in ("", "It can be shown again at any time, by its holder alone.")
    problem(sara.post(f"/me/placements/{offer}/accept"), 409, "placements.state_refused")
    assert employer.read(f"/vacancies/{vacancy}/candidates")["candidates"] == []


def test_nobody_confirms_for_an_employer(market: Market, employer: Program) -> None:
    """An authority answers for the organisations of its region; what an employer says of who works there it does not say for it."""
    by = market.employer()
    number = market.at_work(by, market.vacancy(by), market.seeker())
    above = program((Role.ADMINISTRATOR, market.house.pk), now=NOW)
    body = {"ended_on": TODAY.isoformat(), "reason": "resigned"}
    problem(above.post(f"/placements/{number}/end", body), 404, "kernel.not_found")
    problem(employer.post(f"/placements/{number}/end", {**body, "ended_on": "2026-02-01"}), 422, "kernel.invalid")
    employer.done(f"/placements/{number}/end", body)
    assert Placement.objects.get(pk=number).state == "ended"


def test_a_key_that_is_not_for_its_makers_account_sees_no_offer_to_the_maker(market: Market, employer: Program) -> None:
    seeker = market.seeker()
    offer = employer.done(f"/vacancies/{published(employer)}/offers", {"seeker": market.seeker_id(seeker)})["id"]
    calls = program((Role.TRAINER, market.house.pk), account_id=seeker.account_id, now=NOW)
    for response in (calls.get(f"/placements/{offer}"), calls.post(f"/me/placements/{offer}/accept")):
        problem(response, 403, "people.token_not_for_account")
    assert Placement.objects.get(pk=offer).state == "offered"
