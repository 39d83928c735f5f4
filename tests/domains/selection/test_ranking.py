"""The ranking as a pure function: harsh and mild reviewers, equity, quotas, lottery, the same bytes each time."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.domains.selection.rules import cases
from khaneh.domains.selection.rules.normalising import divided, normalise, total
from khaneh.domains.selection.rules.quotas import fill
from khaneh.domains.selection.rules.ranking import rank, ticket
from khaneh.domains.selection.types.ranking import (
    IN_TURN,
    POINT,
    Candidate,
    Case,
    EquityWeight,
    FactorKind,
    Group,
    Line,
    Marked,
    Method,
    Quota,
    Standing,
    Weighted,
    label_of,
)
from khaneh.interfaces.cli.main import commands

CRITERIA = (Weighted("idea", 2, 10), Weighted("team", 1, 5))
POOR = Group(FactorKind.DECILE, "3")
RURAL = Group(FactorKind.RURAL)
SOUTH = Group(FactorKind.REGION, "S")

_candidates = st.lists(
    st.tuples(st.sampled_from(["N", "S"]), st.one_of(st.none(), st.integers(1, 10)), st.booleans()),
    min_size=1,
    max_size=14,
)


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    candidates = tuple(
        Candidate(f"A{n:02}", (region, f"{region}1"), decile, rural)
        for n, (region, decile, rural) in enumerate(draw(_candidates))
    )
    marks = draw(
        st.lists(
            st.tuples(
                st.sampled_from(candidates),
                st.sampled_from("pqrs"),
                st.integers(0, 10),
                st.integers(0, 5),
                st.booleans(),
            ),
            max_size=30,
        )
    )
    reviews = tuple(
        Marked(f"R{n:02}", who, one.key, (idea, team), "conflict" if aside else "")
        for n, (one, who, idea, team, aside) in enumerate(marks)
    )
    method = Method(
        places=draw(st.integers(0, 8)), waiting=draw(st.integers(0, 3)), lowest=draw(st.sampled_from([0, 40 * POINT])),
        tie_step=draw(st.sampled_from([1, 100, 5 * POINT])),
    )  # fmt: skip
    quotas = tuple(
        Quota(f"q{n}", group, places)
        for n, (group, places) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from([POOR, RURAL, SOUTH]), st.integers(1, 4)), max_size=3))
        )
    )
    equity = (EquityWeight(POOR, 4 * POINT), EquityWeight(RURAL, 2 * POINT))[: draw(st.integers(0, 2))]
    return Case(draw(st.sampled_from(["s1", "s2"])), method, CRITERIA, equity, quotas, candidates, reviews)


def _by_key(case: Case) -> dict[str, Line]:
    return {line.key: line for line in rank(case).lines}


@settings(max_examples=120, deadline=None)
@given(case=_cases(), seed=st.integers())
def test_the_order_in_which_things_come_changes_nothing(case: Case, seed: int) -> None:
    mixed = random.Random(seed)
    candidates, reviews = list(case.candidates), list(case.reviews)
    mixed.shuffle(candidates)
    mixed.shuffle(reviews)
    other = Case(case.seed, case.method, case.criteria, case.equity, case.quotas, tuple(candidates), tuple(reviews))
    assert cases.case_bytes(other) == cases.case_bytes(case)
    assert cases.ranking_bytes(rank(other)) == cases.ranking_bytes(rank(case))
    assert rank(cases.case_from(cases.case_bytes(case))) == rank(case)


@settings(max_examples=150, deadline=None)
@given(case=_cases())
def test_places_go_to_as_many_as_there_are_and_in_order(case: Case) -> None:
    ranking = rank(case)
    lines = {line.key: line for line in ranking.lines}
    able = [line for line in ranking.lines if line.merit is not None and line.merit >= case.method.lowest]
    placed = [line for line in ranking.lines if line.standing is Standing.PLACE]
    assert sorted(lines) == sorted(one.key for one in case.candidates)
    assert [line.rank for line in ranking.lines] == list(range(1, len(ranking.lines) + 1))
    assert len(placed) == min(case.method.places, len(able))
    assert all(line in able for line in placed)
    # Who is before somebody with a place and has none gave it up for a quota; who came in behind came by one.
    last = max((line.rank for line in placed if not line.quota), default=0)
    for line in able:
        if line.rank < last and line.standing is not Standing.PLACE:
            assert line.gave_way
            assert line.other
    assert sum(line.standing is Standing.WAITING for line in ranking.lines) == min(
        case.method.waiting, len(able) - len(placed)
    )


@settings(max_examples=80, deadline=None)
@given(
    people=st.lists(st.frozensets(st.integers(0, 3)), max_size=9),
    places=st.integers(0, 6),
    owed=st.lists(st.integers(1, 4), min_size=4, max_size=4),
)
def test_of_all_ways_to_fill_quotas_the_best_is_taken(
    people: list[frozenset[int]], places: int, owed: list[int]
) -> None:
    order = [f"A{n}" for n in range(len(people))]
    everybody = {
        key: Candidate(key, tuple(f"G{n}" for n in sorted(one))) for key, one in zip(order, people, strict=True)
    }
    asked = [Quota(f"q{n}", Group(FactorKind.REGION, f"G{n}"), number) for n, number in enumerate(owed)]
    found = fill(order, order, places, asked, everybody)

    def given_to(some: tuple[str, ...]) -> list[int]:
        return [min(owed[n], sum(n in people[order.index(key)] for key in some)) for n in range(4)]

    ways = list(itertools.combinations(order, min(places, len(order))))
    most = max(map(given_to, ways))
    best = min(some for some in ways if given_to(some) == most)
    assert tuple(sorted(found.kept)) == best
    assert dict(found.short) == {f"q{n}": owed[n] - most[n] for n in range(4) if most[n] < owed[n]}
    assert {swap.key for swap in found.swaps if not swap.gave_way} == set(best) - set(order[:places])
    assert {swap.key for swap in found.swaps if swap.gave_way} == set(order[:places]) - set(best)


def test_who_counts_for_two_groups_is_not_asked_for_twice() -> None:
    candidates = (*(Candidate(f"N{n}") for n in range(2)), Candidate("poor", (), 1), Candidate("both", ("S",), 1))
    reviews = tuple(Marked(one.key, "p", one.key, (9 - n, 4)) for n, one in enumerate(candidates))
    asked = (Quota("poor", POOR, 1), Quota("south", SOUTH, 1))
    case = Case("s", Method(places=2), CRITERIA, (), asked, candidates, reviews)

    def placed(case: Case) -> set[str]:
        return {key for key, line in _by_key(case).items() if line.standing is Standing.PLACE}

    assert placed(case) == {"N0", "both"}
    # A ranking that was kept by the first format comes out as it did.
    kept = cases.case_bytes(replace(case, version=IN_TURN))
    assert b"case/1" in kept
    assert placed(cases.case_from(kept)) == {"poor", "both"}


def test_many_groups_that_cross_each_other_take_no_time() -> None:
    drawn = random.Random(3)
    crowd = {
        f"A{n:04}": Candidate(f"A{n:04}", tuple(f"G{g}" for g in range(20) if drawn.random() < 0.2))
        for n in range(3000)
    }
    asked = [Quota(f"q{n}", Group(FactorKind.REGION, f"G{n}"), 24) for n in range(20)]
    found = fill(list(crowd), crowd, 500, asked, crowd)
    assert len(found.kept) == 500
    assert found.short == ()


@settings(max_examples=80, deadline=None)
@given(case=_cases())
def test_without_weights_and_quotas_it_is_what_is_said(case: Case) -> None:
    plain = Case(case.seed, case.method, case.criteria, (), (), case.candidates, case.reviews)
    without = {line.key: line for line in rank(plain).lines}
    for line in rank(case).lines:
        assert line.rank_without == without[line.key].rank
        assert line.place_without == (without[line.key].standing is Standing.PLACE)


def test_a_harsh_and_a_mild_reviewer_come_to_the_same() -> None:
    marks = [(idea, team) for idea, team in [(2, 1), (4, 2), (6, 3), (4, 1), (3, 2)] * 8]
    reviews = [Marked(f"h{n}", "harsh", f"A{n}", one) for n, one in enumerate(marks)]
    reviews += [Marked(f"m{n}", "mild", f"B{n}", (idea + 4, team + 2)) for n, (idea, team) in enumerate(marks)]
    points = {one.key: one for one in normalise(reviews, CRITERIA, shrink=5)}
    raw = max(abs(points[f"h{n}"].raw - points[f"m{n}"].raw) for n in range(len(marks)))
    left = max(abs(points[f"h{n}"].points - points[f"m{n}"].points) for n in range(len(marks)))
    assert raw == 40 * POINT
    assert left < raw / 7  # 40 reviews count 40 : 5 as themselves


def test_who_has_written_few_is_moved_little() -> None:
    many = [Marked(f"m{n}", "many", f"A{n}", (5 + n % 3, 3)) for n in range(30)]
    points = {one.key: one for one in normalise([*many, Marked("one", "once", "A0", (1, 1))], CRITERIA, shrink=5)}
    mean = divided(sum(one.raw for one in points.values()), len(points))
    assert points["one"].points - points["one"].raw == pytest.approx((mean - points["one"].raw) / 6, abs=400)


def test_who_gives_everybody_the_same_blows_nothing_up() -> None:
    flat = [Marked(f"f{n}", "flat", f"A{n}", (7, 3)) for n in range(20)]
    wide = [Marked(f"w{n}", "wide", f"A{n}", (n % 11, n % 6)) for n in range(20)]
    points = normalise([*flat, *wide], CRITERIA, shrink=5)
    assert len({one.points for one in points if one.reviewer == "flat"}) == 1
    assert normalise(flat, CRITERIA, shrink=5)[0].points == total((7, 3), CRITERIA)  # nothing to compare with


def test_equity_lifts_to_the_cap_and_not_over_the_lowest_score() -> None:
    candidates = (Candidate("rich", (), 9), Candidate("poor", (), 1, rural=True), Candidate("weak", (), 1))
    reviews = (Marked("1", "p", "rich", (8, 4)), Marked("2", "p", "poor", (7, 4)), Marked("3", "p", "weak", (3, 2)))
    equity = (EquityWeight(POOR, 8 * POINT), EquityWeight(RURAL, 8 * POINT))
    case = Case("s", Method(places=1, lowest=50 * POINT), CRITERIA, equity, (), candidates, reviews)
    lines = _by_key(case)
    assert (lines["poor"].rank, lines["poor"].equity, lines["poor"].groups) == (1, 10 * POINT, (0, 1))
    assert (lines["poor"].rank_without, lines["poor"].place_without) == (2, False)
    assert (lines["rich"].standing, lines["rich"].place_without) == (Standing.NONE, True)
    without_places = Case("s", Method(places=3, lowest=50 * POINT), CRITERIA, equity, (), candidates, reviews)
    assert _by_key(without_places)["weak"].standing is Standing.NONE


def test_a_quota_says_who_came_in_for_whom() -> None:
    candidates = (*(Candidate(f"N{n}", ("N",)) for n in range(3)), Candidate("S0", ("S", "S1")))
    reviews = tuple(Marked(one.key, "p", one.key, (9 - n, 4)) for n, one in enumerate(candidates))
    case = Case("s", Method(places=2), CRITERIA, (), (Quota("south", SOUTH, 2),), candidates, reviews)
    lines = _by_key(case)
    assert (lines["S0"].quota, lines["S0"].gave_way, lines["S0"].other) == ("south", False, "N1")
    assert (lines["N1"].quota, lines["N1"].gave_way, lines["N1"].other) == ("south", True, "S0")
    assert rank(case).short == (("south", 1),)


def test_the_lottery_is_the_digest_that_is_said() -> None:
    candidates = tuple(Candidate(f"A{n}") for n in range(6))
    reviews = tuple(Marked(one.key, "p", one.key, (5, 3)) for one in candidates)
    orders = set()
    for seed in ("one", "two", "three"):
        lines = rank(Case(seed, Method(places=2), CRITERIA, (), (), candidates, reviews)).lines
        assert [line.key for line in lines] == sorted(
            (one.key for one in candidates), key=lambda key: ticket(seed, key)
        )
        assert {line.tied for line in lines} == {5}
        orders.add(tuple(line.key for line in lines))
    assert len(orders) == 3
    assert ticket("one", "A0") == "30a20da53461a438414bbffb7619234dc05e31d0ac1b39ff3bde65712a3ed29b"


def test_reviews_that_disagree_and_those_set_aside_are_told() -> None:
    candidates = (Candidate("A"), Candidate("B"))
    reviews = (
        Marked("1", "p", "A", (10, 5)), Marked("2", "q", "A", (0, 0)), Marked("3", "r", "A", (10, 5), "conflict"),
        Marked("4", "p", "B", (5, 3)), Marked("5", "q", "B", (5, 3)),
    )  # fmt: skip
    lines = _by_key(Case("s", Method(places=1), CRITERIA, (), (), candidates, reviews))
    assert (lines["A"].disagreed, lines["A"].reviews, lines["A"].aside, lines["A"].too_few) == (True, 2, 1, True)
    assert not lines["B"].disagreed


@pytest.mark.parametrize(("numerator", "answer"), [(5, 2), (7, 4), (-5, -2), (6, 3), (-7, -4)])
def test_halves_go_to_the_even(numerator: int, answer: int) -> None:
    assert divided(numerator, 2) == answer


@pytest.mark.parametrize(
    ("points", "text"), [(85_500, "85.5"), (0, "0"), (-1_250, "-1.25"), (100_000, "100"), (7, "0.007")]
)
def test_points_are_written_as_decimals(points: int, text: str) -> None:
    assert label_of(points) == text


@pytest.mark.parametrize("data", [b"{}", b"[]", b"no", b'{"format":"other"}', b'{"format":"khaneh.selection.case/1"}'])
def test_what_is_no_case_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        cases.case_from(data)


def test_the_command_reckons_the_same(tmp_path: Path) -> None:
    candidates = (Candidate("A1"), Candidate("A2"))
    reviews = (Marked("1", "p", "A1", (5, 3)), Marked("2", "p", "A2", (7, 3)))
    data = cases.case_bytes(Case("s", Method(places=1), CRITERIA, (), (), candidates, reviews))
    (tmp_path / "case.json").write_bytes(data)
    (tmp_path / "other.json").write_bytes(b"{}")
    said = CliRunner().invoke(commands, ["selection", "rank", str(tmp_path / "case.json")])
    assert said.output.splitlines()[0].split("\t")[:2] == ["1", "A2"]
    assert cases.digest(cases.ranking_bytes(rank(cases.case_from(data)))) in said.output
    assert cases.commitment("s") in said.output
    assert CliRunner().invoke(commands, ["selection", "rank", str(tmp_path / "other.json")]).exit_code == 2
