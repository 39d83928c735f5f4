"""Small numbers cannot be reckoned from what is shown: tried by whoever has all the time in the world."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.domains.placements.rules import hiding
from khaneh.domains.placements.types import Outcome

Table = list[list[int]]


def summed(cells: Table) -> Table:
    """With a last column and a last line of sums."""
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def moves(cells: Table, gone: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The cells, sums among them, that can have another value in a table of whole numbers that agrees with what is shown.

    Two such tables differ by circles of hidden cells, each of which can be gone round by one: so one more or one less is all to be tried.
    """
    lines, columns = len(cells), len(cells[0])
    inner = [(i, j) for i in range(lines) for j in range(columns) if (i, j) in gone]
    found: set[tuple[int, int]] = set()
    for steps in itertools.product((0, 1, -1), repeat=len(inner)):
        step = dict(zip(inner, steps, strict=True))
        if any(cells[i][j] + by < 0 for (i, j), by in step.items()):
            continue
        change = summed([[step.get((i, j), 0) for j in range(columns)] for i in range(lines)])
        changed = {(i, j) for i, row in enumerate(change) for j, by in enumerate(row) if by}
        if changed <= gone:
            found |= changed
    return found


@settings(max_examples=80)
@given(
    st.sampled_from([(1, 2), (1, 4), (2, 2), (2, 3), (3, 2)]).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 8), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
    )
)
def test_no_hidden_number_follows_from_what_is_shown(cells: Table) -> None:
    rows = summed(cells)
    gone = hiding.hidden(rows, smallest=5)
    assert all((i, j) in gone for i, row in enumerate(rows) for j, number in enumerate(row) if 0 < number < 5)
    assert gone <= moves(cells, gone), f"{rows}, hidden {sorted(gone)}"


def told(rows: Table, gone: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The hidden cells that follow from the sums: those that are fixed by the equations of lines and columns, whatever the table's size.

    Gauss's elimination, modulo a prime so that nothing is rounded; the coefficients are 1 and -1.
    """
    prime, cells = (1 << 61) - 1, sorted(gone)
    place = {cell: k for k, cell in enumerate(cells)}
    last_line, last_column = len(rows) - 1, len(rows[0]) - 1
    lines = [[((i, j), -1 if j == last_column else 1) for j in range(last_column + 1)] for i in range(last_line + 1)]
    lines += [[((i, j), -1 if i == last_line else 1) for i in range(last_line + 1)] for j in range(last_column + 1)]
    pivots: dict[int, dict[int, int]] = {}
    for line in lines:
        row = {place[cell]: by % prime for cell, by in line if cell in gone}
        for k, other in pivots.items():
            _clear(row, k, other, prime)
        if row:
            first = min(row)
            back = pow(row[first], -1, prime)
            row = {k: by * back % prime for k, by in row.items()}
            for other in pivots.values():
                _clear(other, first, row, prime)
            pivots[first] = row
    return {cells[k] for k, row in pivots.items() if len(row) == 1}


def _clear(row: dict[int, int], k: int, by: dict[int, int], prime: int) -> None:
    times = row.get(k, 0)
    for column, number in by.items() if times else ():
        row[column] = (row.get(column, 0) - times * number) % prime
        if not row[column]:
            del row[column]


# As the figures are: a column for each outcome, most of them empty, a few people here and there.
COHORTS = st.integers(1, 9).flatmap(
    lambda lines: st.lists(
        st.lists(st.sampled_from([0, 0, 0, 0, 1, 2, 4, 5, 9, 30]), min_size=len(Outcome), max_size=len(Outcome)),
        min_size=lines,
        max_size=lines,
    )
)


@settings(max_examples=60)
@given(COHORTS)
def test_nothing_follows_from_a_table_with_a_column_for_each_outcome(cells: Table) -> None:
    rows = summed(cells)
    gone = hiding.hidden(rows, smallest=5)
    assert all((i, j) in gone for i, row in enumerate(rows) for j, number in enumerate(row) if 0 < number < 5)
    assert told(rows, gone) == set()
    for i, row in enumerate(rows):
        out = [row[j] for j in range(len(Outcome)) if (i, j) in gone]
        assert (i, len(Outcome)) in gone or not out or sum(out) >= 5, "together they are not few either"


def test_the_elimination_sees_what_trying_sees() -> None:
    cells = [[2, 9], [8, 12]]
    for gone in ({(0, 0)}, {(0, 0), (0, 1)}, {(0, 0), (0, 1), (0, 2)}):
        assert told(summed(cells), gone) == gone
    assert told(summed(cells), {(0, 0), (0, 1), (1, 0), (1, 1)}) == set()
    assert told(summed(cells), {(0, 0), (0, 2), (1, 0), (1, 2)}) == set()


def test_this_test_would_see_a_complement() -> None:
    cells = [[2, 9], [8, 12]]
    assert moves(cells, {(0, 0)}) == set()
    assert moves(cells, {(0, 0), (0, 1)}) == set(), "the columns tell"
    assert moves(cells, {(0, 0), (0, 1), (1, 0), (1, 1)}) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_bridge_between_two_circles_is_seen() -> None:
    # Two squares of hidden cells joined by one more: the sums fix that one although every line has two others.
    gone = {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 2)}
    assert hiding._bridges(gone) == [(1, 2)]
    assert hiding._bridges(gone - {(1, 2)}) == []


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([[9, 8], [7, 6]], 9),  # nothing is small
        ([[0, 8], [7, 0]], 9),  # nobody is nobody's secret
        ([[2, 9, 11], [8, 12, 10], [9, 10, 30]], 12),  # one small number takes three others with it, and no sum
    ],
)
def test_no_more_is_hidden_than_need_be(cells: Table, shown: int) -> None:
    rows = summed(cells)
    gone = hiding.hidden(rows, smallest=5)
    assert len(rows) * len(rows[0]) - len(gone) == shown


def test_an_empty_table_hides_nothing() -> None:
    assert hiding.hidden([[0, 0, 0]], smallest=5) == set()
