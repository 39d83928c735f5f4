"""How well somebody fits, held as properties; and who sees which match."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.network.types import Role
from khaneh.domains.placements import queries, services
from khaneh.domains.placements.rules import matching
from khaneh.domains.placements.types import (
    About,
    Level,
    Mastered,
    Match,
    Offered,
    Point,
    SeekerDraft,
    VacancyKind,
    Wanted,
)
from khaneh.domains.qualifications import services as qualifications
from khaneh.kernel.actor import SYSTEM, VISITOR
from tests.domains.placements.market import DAY, NOW, Market

_CODES = st.sampled_from(["a", "b", "c", "d"])
_POINTS = st.one_of(st.none(), st.builds(Point, st.floats(-80, 80), st.floats(-170, 170)))
WANTED = st.builds(
    Wanted,
    kind=st.sampled_from(["job", "internship"]),
    skills=st.dictionaries(_CODES, st.tuples(st.integers(1, 3), st.booleans()), max_size=4).map(
        lambda found: tuple((code, *rest) for code, rest in found.items())
    ),
    qualifications=st.dictionaries(_CODES, st.booleans(), max_size=3).map(lambda found: tuple(found.items())),
    regions=st.sampled_from([(), (1,), (1, 2), (3,)]),
    point=_POINTS,
    remote=st.booleans(),
)
OFFERED = st.builds(
    Offered,
    kinds=st.frozensets(st.sampled_from(["job", "internship"])),
    skills=st.dictionaries(_CODES, st.integers(1, 3), max_size=4),
    qualifications=st.frozensets(_CODES, max_size=3),
    regions=st.sampled_from([(), (1,), (1, 2), (3,)]),
    point=_POINTS,
    km=st.integers(0, 300),
    remote=st.booleans(),
)


@given(WANTED, OFFERED)
def test_the_score_says_what_the_evidence_says(wanted: Wanted, offered: Offered) -> None:
    found = matching.match(wanted, offered)
    assert 0 <= found.score <= 100
    assert (found.score == 100) == all(one.met for one in found.evidence)
    assert found.fits == all(one.met for one in found.evidence if one.essential)
    assert {one.code for one in found.evidence if one.about is About.SKILL} == {code for code, _, _ in wanted.skills}
    assert set(found.lacks) == {one for one in found.evidence if not one.met}
    assert Match.from_dict(found.to_dict()) == found


@given(WANTED, OFFERED, _CODES, st.integers(1, 3))
def test_whoever_learns_more_fits_no_worse(wanted: Wanted, offered: Offered, code: str, level: int) -> None:
    before = matching.match(wanted, offered)
    skilled = replace(offered, skills={**offered.skills, code: max(level, offered.skills.get(code, 0))})
    qualified = replace(offered, qualifications=offered.qualifications | {code})
    for more in (skilled, qualified, replace(offered, km=offered.km + 50), replace(offered, remote=True)):
        after = matching.match(wanted, more)
        assert after.score >= before.score
        assert after.fits or not before.fits


def test_distance_is_that_of_the_earth() -> None:
    tehran, hanoi = Point(35.6892, 51.389), Point(21.0278, 105.8342)
    assert abs(matching.kilometres(tehran, hanoi) - 5478) < 40
    assert matching.kilometres(tehran, tehran) == 0


def test_who_fits_best_stands_first_and_has_no_name(market: Market) -> None:
    employer = market.employer()
    vacancy = market.vacancy(employer)
    best, good = market.seeker(qualified=True), market.seeker()
    basic = market.seeker(skills=(Mastered("cnc-operation", Level.BASIC),))
    market.seeker(consent=False, qualified=True)
    market.seeker(kinds=(VacancyKind.INTERNSHIP,))
    far = market.seeker(region_code="W-YZ")
    found = queries.candidates(vacancy.id, actor=employer, now=NOW)
    ids = [one.seeker_id for one in found]
    assert ids[:2] == [market.seeker_id(best), market.seeker_id(good)]
    assert set(ids[2:]) == {market.seeker_id(basic), market.seeker_id(far)}
    assert [one.match.fits for one in found] == [True, True, False, False]
    assert {(one.name, one.note) for one in found} == {("", "")}, "nobody has said who they are"
    lacking = {one.seeker_id: [(bit.about, bit.code) for bit in one.match.lacks] for one in found}
    assert lacking[market.seeker_id(good)] == [(About.SKILL, "cad-drawing"), (About.QUALIFICATION, "w-cnc")]
    assert (About.PLACE, "km") in lacking[market.seeker_id(far)]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LIBRARIAN])
def test_only_who_speaks_for_the_employer_sees_candidates(market: Market, role: Role) -> None:
    vacancy = market.vacancy()
    market.seeker()
    for other in (VISITOR, market.person(), market.staff(Role.ADMINISTRATOR), market.employer(role=role)):
        assert queries.candidates(vacancy.id, actor=other, now=NOW) == []
    assert len(queries.candidates(vacancy.id, actor=market.employer(role=Role.PROGRAMME_MANAGER), now=NOW)) == 1


def test_consent_withdrawn_takes_the_profile_and_all_that_is_open_out_of_sight(market: Market) -> None:
    employer, sara = market.employer(), market.seeker()
    vacancy, taken = market.vacancy(employer), market.vacancy(employer)
    services.show_interest(actor=sara, vacancy_id=vacancy.id, now=NOW, note="I live next door")
    (seen,) = queries.candidates(vacancy.id, actor=employer, now=NOW)
    assert (seen.name, seen.note) == (sara.name, "I live next door")
    open_, kept = market.offered(employer, vacancy, sara), market.offered(employer, taken, sara)
    services.accept(actor=sara, placement_id=kept, now=NOW)
    services.withdraw_consent(actor=sara, now=NOW + DAY)
    assert queries.candidates(vacancy.id, actor=employer, now=NOW) == []
    assert queries.placement(open_, actor=employer).end_reason == "consent"
    assert queries.placement(kept, actor=employer).state == "accepted", "what was agreed goes on"
    assert queries.interests_of(sara.account_id or 0) == {}
    services.withdraw_consent(actor=sara, now=NOW + DAY)
    services.give_consent(actor=sara, now=NOW + DAY)
    assert [one.name for one in queries.candidates(vacancy.id, actor=employer, now=NOW)] == [""], (
        "interest is told anew"
    )


def test_openings_are_the_seekers_own(market: Market) -> None:
    sara = market.seeker(qualified=True)
    fitting, other = market.vacancy(), market.vacancy(region_code="W-YZ")
    market.vacancy(publish=False)
    market.vacancy(kind=VacancyKind.INTERNSHIP)
    found = queries.openings(sara.account_id or 0, actor=sara, now=NOW)
    assert [(one.vacancy.id, one.match.fits) for one in found] == [(fitting.id, True), (other.id, False)]
    assert queries.openings(sara.account_id or 0, actor=market.person(), now=NOW) == []
    assert queries.match_of(fitting, sara.account_id or 0, actor=market.employer(), now=NOW) is None
    assert queries.seeker_of(sara.account_id or 0, actor=market.employer()) is None


def test_a_qualification_that_has_run_out_counts_for_nothing(market: Market) -> None:
    employer, sara = market.employer(), market.seeker(qualified=True)
    vacancy = market.vacancy(employer)
    before = queries.match_of(vacancy, sara.account_id or 0, actor=sara, now=NOW)
    held = qualifications_held(sara.account_id or 0)
    qualifications.revoke(actor=SYSTEM, holding_id=held, reason="never came", house_id=market.house.pk, now=NOW + DAY)
    after = queries.match_of(vacancy, sara.account_id or 0, actor=sara, now=NOW + DAY)
    assert before is not None
    assert after is not None
    assert before.score > after.score


def test_lists_cost_the_same_for_one_and_for_many(market: Market) -> None:
    employer = market.employer()
    vacancy = market.vacancy(employer)

    def cost() -> tuple[int, int]:
        counts = []
        sara = market.seeker(qualified=True)
        services.show_interest(actor=sara, vacancy_id=vacancy.id, now=NOW)
        for ask in (
            lambda: queries.candidates(vacancy.id, actor=employer, now=NOW),
            lambda: queries.openings(sara.account_id or 0, actor=sara, now=NOW),
        ):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert ask()
            counts.append(len(seen))
        return counts[0], counts[1]

    once = cost()
    for _ in range(5):
        market.seeker(qualified=True)
        market.vacancy(employer)
    assert cost() == once
    assert once[0] <= 16
    assert once[1] <= 13


def test_a_profile_says_where_and_what(market: Market) -> None:
    from khaneh.kernel.refusal import Invalid

    who = market.person()
    for facts, field in (
        ({"kinds": ()}, "kinds"),
        ({"region_code": ""}, "region_code"),
        ({"region_code": "nowhere"}, "region_code"),
        ({"km": -1}, "km"),
        ({"skills": (Mastered("juggling"),)}, "skills"),
        ({"skills": (Mastered("pottery"), Mastered("pottery"))}, "skills"),
    ):
        draft = {"region_code": "W-QM", "kinds": (VacancyKind.JOB,), **facts}
        with pytest.raises(Invalid) as refused:
            services.save_profile(actor=who, draft=SeekerDraft(**draft), now=NOW)  # type: ignore[arg-type]
        assert list(refused.value.facts["fields"]) == [field]
    services.save_profile(actor=who, draft=SeekerDraft(kinds=(VacancyKind.JOB,), remote=True), now=NOW)


def qualifications_held(account_id: int) -> int:
    from khaneh.domains.qualifications.queries import holdings_of

    return holdings_of(account_id, actor=SYSTEM)[0].id
