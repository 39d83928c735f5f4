"""A cohort's figures: everybody who finished, once, and what is known of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.network.types import Role
from khaneh.domains.placements import queries, services
from khaneh.domains.placements.rules import cohorts
from khaneh.domains.placements.rules.cohorts import Finish, Known
from khaneh.domains.placements.types import (
    PLACED,
    UNKNOWNS,
    Cohort,
    CohortFilter,
    CohortLine,
    Grouping,
    Outcome,
    PlacementState,
)
from khaneh.kernel.actor import VISITOR
from tests.domains.placements.graduates import give_course
from tests.domains.placements.market import NOW, Market

DAY = date(2026, 3, 2)
S = PlacementState


def known(
    state: PlacementState, *, started: date | None = DAY, offered: date = DAY, reached: Any = (), silent: bool = False
) -> Known:
    return Known(state, offered, started, frozenset(reached), silent)


@pytest.mark.parametrize(
    ("placements", "wanted"),
    [
        ([], Outcome.NOTHING_KNOWN),
        ([known(S.DECLINED, started=None)], Outcome.NOTHING_KNOWN),
        ([known(S.OFFERED, started=None)], Outcome.OFFERED),
        ([known(S.ACCEPTED, started=None)], Outcome.OFFERED),
        ([known(S.STARTED)], Outcome.STARTED),
        ([known(S.STARTED, silent=True)], Outcome.NO_ANSWER),
        ([known(S.UNKNOWN)], Outcome.NO_ANSWER),
        ([known(S.UNKNOWN, reached=[3])], Outcome.CONFIRMED_3),
        ([known(S.CONFIRMED_3, reached=[3], silent=True)], Outcome.CONFIRMED_3),
        ([known(S.ENDED)], Outcome.LEFT),
        ([known(S.ENDED, reached=[3])], Outcome.CONFIRMED_3),
        ([known(S.CONFIRMED_12, reached=[3, 12])], Outcome.CONFIRMED_12),
        ([known(S.ENDED), known(S.OFFERED, started=None), known(S.STARTED)], Outcome.STARTED),
        ([known(S.CONFIRMED_12, reached=[3, 12], started=DAY - timedelta(days=1))], Outcome.NOTHING_KNOWN),
    ],
)
def test_the_furthest_that_is_known_since_they_finished(placements: list[Known], wanted: Outcome) -> None:
    assert cohorts.outcome(DAY, placements) is wanted


FINISHES = st.lists(
    st.builds(
        Finish,
        st.one_of(st.none(), st.integers(1, 6)),
        st.integers(1, 3),
        st.dates(date(2026, 1, 1), date(2026, 1, 9)),
    ),
    max_size=20,
)


@given(FINISHES)
def test_each_trainee_is_counted_once_and_nobody_is_left_out(finishes: list[Finish]) -> None:
    table = cohorts.table(finishes, {})
    people = len({one.account_id for one in finishes if one.account_id is not None})
    people += sum(one.account_id is None for one in finishes)
    assert sum(sum(row) for row in table.values()) == people
    assert set(table) <= {one.key for one in finishes}


def test_whoever_finished_twice_stands_where_they_finished_last() -> None:
    finishes = [Finish(1, 10, DAY), Finish(1, 20, DAY + timedelta(days=9)), Finish(2, 10, DAY)]
    table = cohorts.table(finishes, {1: [known(S.STARTED)]})
    assert {key: sum(row) for key, row in table.items()} == {10: 1, 20: 1}
    assert table[20][list(Outcome).index(Outcome.NOTHING_KNOWN)] == 1, "the work began before the last course"


def line(finished: int | None, nothing: int | None, **numbers: int | None) -> CohortLine:
    """A line of which the columns that are not named are zero."""
    shown = {Outcome(name): number for name, number in {**numbers, "nothing_known": nothing}.items()}
    return CohortLine(None, finished, tuple(shown.get(one, 0) for one in Outcome))


def test_a_rate_is_of_everybody_and_says_no_more_than_is_shown() -> None:
    full = line(40, 15, confirmed_12=10, confirmed_3=5, started=5, no_answer=5)
    placed = cohorts.rate(full, PLACED, [Outcome.NOTHING_KNOWN])
    assert (placed.counted, placed.finished, placed.share, placed.high) == (25, 40, 0.625, 1.0)
    assert cohorts.rate(full, [Outcome.CONFIRMED_12], UNKNOWNS).high == 0.75
    # What is hidden within stays hidden; where all the others are shown the sum is no news.
    part = line(40, 15, confirmed_12=None, confirmed_3=None, started=5, no_answer=5)
    assert cohorts.rate(part, PLACED, []).counted == 25
    assert cohorts.rate(part, [Outcome.CONFIRMED_12], []).share is None
    assert cohorts.rate(line(None, None, confirmed_3=5), PLACED, []).counted == 5
    assert cohorts.rate(line(None, None, confirmed_12=None), PLACED, []).counted is None
    assert cohorts.rate(line(0, 0), PLACED, []).share is None


@pytest.mark.django_db
def test_the_figures_move_as_employers_confirm_and_show_no_small_number(market: Market) -> None:
    trainer, employer = market.staff(), market.employer()
    trainees = [market.seeker() for _ in range(12)]
    give_course(market.house, "cnc", trainees, at=NOW)
    give_course(market.house, "cad", trainees[:5], at=NOW + timedelta(days=1))
    year = CohortFilter(date(2026, 1, 1), date(2026, 12, 31))

    def figures(**later: Any) -> Cohort:
        return queries.cohort(year, actor=trainer, now=NOW + timedelta(**later))

    first = figures()
    assert [(line.of.code if line.of else "", line.finished) for line in first.lines] == [("cnc", 7), ("cad", 5)]
    assert first.total.finished == 12, "who finished both is counted once"
    assert (first.placed.counted, first.placed.share) == (0, 0.0)

    vacancy = market.vacancy(employer, count=12)
    later = NOW + timedelta(days=2)
    numbers = []
    for who in trainees[5:]:
        number = market.offered(employer, vacancy, who, now=later)
        services.accept(actor=who, placement_id=number, now=later)
        services.start(actor=employer, placement_id=number, started_on=later.date(), now=later)
        numbers.append(number)
    begun = figures(days=3)
    assert (begun.placed.counted, begun.placed.finished, begun.hidden) == (7, 12, False)
    assert begun.confirmed_3.counted == 0

    quarter = later + timedelta(days=93)
    services.confirm(actor=employer, placement_id=numbers[0], months=3, now=quarter)
    one = figures(days=100)
    assert one.hidden
    assert one.confirmed_3.counted is None, "one is not shown"
    assert one.lines[0].number(Outcome.STARTED) is None, "nor the six that would tell it"
    assert one.placed.counted == 7, "the sum was no secret"
    for number in numbers[1:]:
        services.confirm(actor=employer, placement_id=number, months=3, now=quarter)
    moved = figures(days=100)
    assert (moved.confirmed_3.counted, moved.confirmed_3.share, moved.confirmed_3.high) == (7, 7 / 12, 1.0)
    assert [house.code for house in moved.houses] == ["W-LAB"]


@pytest.mark.django_db
def test_figures_are_for_the_staff_of_the_house_and_silence_is_shown(market: Market) -> None:
    employer = market.employer()
    trainees = [market.seeker() for _ in range(5)]
    give_course(market.house, "cnc", trainees, at=NOW)
    vacancy = market.vacancy(employer, count=5)
    for who in trainees:
        number = market.offered(employer, vacancy, who, now=NOW)
        services.accept(actor=who, placement_id=number, now=NOW)
        services.start(actor=employer, placement_id=number, started_on=NOW.date(), now=NOW)
    year = CohortFilter(date(2026, 1, 1), date(2026, 12, 31), Grouping.HOUSE)
    for nobody in (VISITOR, market.person(), employer, market.staff(Role.CIRCULATION)):
        assert queries.cohort(year, actor=nobody, now=NOW).total.finished == 0
    for reader in (market.staff(Role.COUNCIL_MEMBER), market.staff(Role.HOUSE_MANAGER)):
        assert queries.cohort(year, actor=reader, now=NOW).total.number(Outcome.STARTED) == 5
    late = queries.cohort(year, actor=market.staff(), now=NOW + timedelta(days=92 + 61))
    assert late.total.number(Outcome.NO_ANSWER) == 5
    assert (late.confirmed_3.counted, late.confirmed_3.high) == (0, 1.0)
    elsewhere = CohortFilter(date(2026, 1, 1), date(2026, 12, 31), house_id=0)
    assert queries.cohort(elsewhere, actor=market.staff(), now=NOW).lines == ()
    before = CohortFilter(date(2025, 1, 1), date(2025, 12, 31))
    assert queries.cohort(before, actor=market.staff(), now=NOW).total.finished == 0
    with CaptureQueriesContext(connection) as seen:
        queries.cohort(year, actor=reader, now=NOW)
    assert len(seen) <= 11
