"""A cohort's figures: everybody who finished, once, and what is known of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.placements.rules import cohorts
from khaneh.domains.placements.rules.cohorts import Finish, Known
from khaneh.domains.placements.types import PLACED, UNKNOWNS, CohortLine, Outcome, PlacementState

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


def line(*numbers: int | None, finished: int | None) -> CohortLine:
    return CohortLine(None, finished, numbers)


def test_a_rate_is_of_everybody_and_says_no_more_than_is_shown() -> None:
    #          12     3  begun left silent offered nothing
    full = line(10, 5, 5, 0, 5, 0, 15, finished=40)
    placed = cohorts.rate(full, PLACED, [Outcome.NOTHING_KNOWN])
    assert (placed.counted, placed.finished, placed.share, placed.high) == (25, 40, 0.625, 1.0)
    assert cohorts.rate(full, [Outcome.CONFIRMED_12], UNKNOWNS).high == 0.75
    # What is hidden within stays hidden; where all the others are shown the sum is no news.
    part = line(None, None, 5, 0, 5, 0, 15, finished=40)
    assert cohorts.rate(part, PLACED, []).counted == 25
    assert cohorts.rate(part, [Outcome.CONFIRMED_12], []).share is None
    assert cohorts.rate(line(None, 5, 5, 0, 5, 0, None, finished=None), PLACED, []).counted is None
    assert cohorts.rate(line(0, 0, 0, 0, 0, 0, 0, finished=0), PLACED, []).share is None
