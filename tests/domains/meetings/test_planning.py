"""Plans: nothing impossible in any of them, nothing left out that could simply be added, the same again; and how far from the best."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.rules.figures import SMALLEST_SHOWN, outcomes
from khaneh.domains.meetings.rules.planning import Problem, Seat, Wanted, digest, plan
from khaneh.domains.meetings.types import Outcome
from tests.domains.meetings.forum import NOW, Forum


@st.composite
def problems(draw: st.DrawFn, people: int = 6, rounds: int = 4) -> Problem:
    """Some who can at some rounds, and pairs of them who want to meet; some meetings are fixed already."""
    who = range(1, draw(st.integers(2, people)) + 1)
    at = tuple(range(10, 10 + draw(st.integers(1, rounds))))
    tables = tuple(range(100, 100 + draw(st.integers(1, 3))))
    pairs = draw(st.lists(st.sampled_from([(a, b) for a in who for b in who if a < b]), unique=True, max_size=8))
    wanted = tuple(Wanted(1000 + number, a, b) for number, (a, b) in enumerate(pairs))
    can = {one: draw(st.frozensets(st.sampled_from(at))) for one in who}
    fixed: dict[int, Seat] = {}
    for one in wanted[: draw(st.integers(0, 2))]:
        seat = Seat(draw(st.sampled_from(at)), draw(st.sampled_from(tables)))
        busy = {
            (other, fixed[kept.id].round) for kept in wanted if kept.id in fixed for other in (kept.one, kept.other)
        }
        if seat not in fixed.values() and not {(one.one, seat.round), (one.other, seat.round)} & busy:
            fixed[one.id] = seat
    return Problem(at, tables, wanted, can, fixed, draw(st.sampled_from([1, 2, 1000])))


def faults(problem: Problem, found: dict[int, Seat]) -> list[str]:
    """What is impossible in a plan."""
    by_id = {one.id: one for one in problem.wanted}
    wrong = []
    sits = Counter((who, seat.round) for number, seat in found.items() for who in by_id[number][1:])
    wrong += [f"{who} twice" for (who, _), times in sits.items() if times > 1]
    wrong += [f"table {seat} twice" for seat, times in Counter(found.values()).items() if times > 1]
    count = Counter(who for number in found for who in by_id[number][1:])
    kept = Counter(who for number in problem.fixed for who in by_id[number][1:])
    wrong += [f"{who} has too many" for who in count if count[who] > max(problem.most, kept[who])]
    for number, seat in found.items():
        if number in problem.fixed:
            if seat != problem.fixed[number]:
                wrong.append(f"{number} was moved")
        elif any(seat.round not in problem.can[who] for who in by_id[number][1:]):
            wrong.append(f"{number} outside availability")
    if not set(problem.fixed) <= set(found):
        wrong.append("a fixed one is gone")
    # Whatever is left out could not simply be added.
    for one in problem.wanted:
        if one.id in found or max(count[one.one], count[one.other]) >= problem.most:
            continue
        for at in problem.can[one.one] & problem.can[one.other]:
            load = sum(seat.round == at for seat in found.values())
            if not sits[one.one, at] and not sits[one.other, at] and load < len(problem.tables):
                wrong.append(f"{one.id} fits into {at}")
    return wrong


@settings(max_examples=150, deadline=None)
@given(problems())
def test_no_plan_is_impossible_and_none_leaves_out_what_fits(problem: Problem) -> None:
    found = plan(problem)
    assert faults(problem, found) == []
    again = Problem.read(json.loads(problem.canonical()))
    assert plan(again) == found
    assert digest(again, found) == digest(problem, found)


def test_the_faults_would_be_seen() -> None:
    """The control: a plan in which everything is wrong."""
    problem = Problem(
        (1, 2), (9,), (Wanted(1, 1, 2), Wanted(2, 1, 3)), {1: frozenset({1, 2}), 2: frozenset(), 3: frozenset({2})}
    )
    assert len(faults(problem, {1: Seat(1, 9), 2: Seat(1, 9)})) == 4
    assert faults(problem, {}) == ["2 fits into 2"]


@settings(max_examples=60, deadline=None)
@given(problems(people=5, rounds=3))
def test_on_small_cases_the_best_plan_has_at_most_one_more(problem: Problem) -> None:
    if problem.fixed or problem.most < 1000 or len(problem.wanted) > 6:
        return
    assert len(plan(problem)) >= _best(problem) - 1


def _best(problem: Problem) -> int:
    """How many can take place at most, by trying all."""
    best = 0
    for rounds in product((None, *problem.rounds), repeat=len(problem.wanted)):
        placed = [(one, at) for one, at in zip(problem.wanted, rounds, strict=True) if at is not None]
        if len(placed) <= best or any(at not in problem.can[who] for one, at in placed for who in one[1:]):
            continue
        sits = Counter((who, at) for one, at in placed for who in one[1:])
        load = Counter(at for _, at in placed)
        if max(sits.values(), default=0) < 2 and max(load.values(), default=0) <= len(problem.tables):
            best = len(placed)
    return best


def test_others_are_moved_aside() -> None:
    """Two can only at the first round, where the plan had put somebody who can at both."""
    both = frozenset({1, 2})
    problem = Problem((1, 2), (9,), (Wanted(1, 1, 2), Wanted(2, 3, 4)), {1: both, 2: both, 3: frozenset({1}), 4: both})
    assert plan(problem) == {1: Seat(2, 9), 2: Seat(1, 9)}


def test_nobody_is_left_without_while_others_have_several() -> None:
    """One table, two rounds: the popular one gets one meeting, and the other goes to two who have none."""
    both = frozenset({1, 2})
    problem = Problem(
        (1, 2), (9,), (Wanted(1, 1, 2), Wanted(2, 1, 3), Wanted(3, 4, 5)), dict.fromkeys(range(1, 6), both)
    )
    assert set(plan(problem)) == {1, 3}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(Outcome), max_size=25))
def test_no_number_of_a_few_can_be_reckoned(said: list[Outcome]) -> None:
    parts, total = outcomes(said)
    hidden = [one for one, number in parts.items() if number is None]
    assert all(number is None or number == 0 or number >= SMALLEST_SHOWN for number in parts.values())
    if total is not None and hidden:
        assert len(hidden) > 1
        assert sum(said.count(one) for one in hidden) >= SMALLEST_SHOWN


def test_a_day_is_planned_kept_by_hand_and_made_again(forum: Forum) -> None:
    sides = [forum.side() for _ in range(5)]
    by_hand = forum.agreed(sides[0], sides[1], 6)
    for one, other in ((0, 2), (0, 3), (1, 2), (3, 4), (2, 4)):
        forum.agreed(sides[one], sides[other])
    made = services.plan(actor=forum.boss, matchmaking_id=forum.session, afresh=False, now=NOW)
    assert (made.placed, made.wanted) == (6, 6)
    seats = forum.seats()
    assert seats[by_hand] == (6, 1)
    assert queries.plan_again(made.id, actor=forum.boss) == (made, True)
    # Pressed again nothing moves; afresh only what plans have placed may.
    services.plan(actor=forum.boss, matchmaking_id=forum.session, afresh=False, now=NOW)
    assert forum.seats() == seats
    services.say_when(
        actor=sides[4].actor, matchmaking_id=forum.session, now=NOW,
        available=[forum.round(number) for number in range(1, 7)],
    )  # fmt: skip
    services.plan(actor=forum.boss, matchmaking_id=forum.session, afresh=True, now=NOW)
    assert forum.seats()[by_hand] == (6, 1)
