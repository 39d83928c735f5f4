"""Hiding small numbers of a table with sums so that none of them can be reckoned from what is shown. Pure.

A number from 1 to 4 is hidden, a sum too; then others with it, until in every line and column at least two numbers are hidden, which are
together at least five, and no hidden number follows from the sums. The numbers of a table and its sums are the edges of a graph between
lines and columns: the sums fix exactly those hidden numbers that are bridges of it, so no bridge may be left (Gusfield, "A graph theoretic
approach to statistical data security", SIAM J. Comput. 17, 1988).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Cell = tuple[int, int]


def hidden(rows: Sequence[Sequence[int]], *, smallest: int) -> set[Cell]:
    """Which cells are not shown of a table whose last line and last column are its sums; every line of equal length."""
    gone = {
        (i, j) for i, row in enumerate(rows) for j, number in enumerate(row) if 0 < number < smallest
    }  # what is small itself
    lines, columns = len(rows), len(rows[0]) if rows else 0
    while (more := _needed(rows, gone, lines, columns, smallest)) is not None:
        gone.add(more)
    return gone


def _needed(rows: Sequence[Sequence[int]], gone: set[Cell], lines: int, columns: int, smallest: int) -> Cell | None:
    """One more cell to hide, or None: everything is safe, or all of it is hidden."""
    for cells in _all_lines(lines, columns):
        out = [cell for cell in cells if cell in gone]
        if out and (len(out) < 2 or _told(rows, cells, out) < smallest):
            more = _cheapest(rows, [cell for cell in cells if cell not in gone], gone - set(cells))
            if more is not None:
                return more
    for bridge in _bridges(gone):
        i, j = bridge
        near = [(i, c) for c in range(columns)] + [(r, j) for r in range(lines)]
        more = _cheapest(rows, [cell for cell in near if cell not in gone], gone)
        if more is not None:
            return more
    return None


def _all_lines(lines: int, columns: int) -> Iterator[list[Cell]]:
    for i in range(lines):
        yield [(i, j) for j in range(columns)]
    for j in range(columns):
        yield [(i, j) for i in range(lines)]


def _told(rows: Sequence[Sequence[int]], cells: list[Cell], out: list[Cell]) -> int:
    """What the sum tells of the hidden together. Where the sum itself is hidden it tells nothing."""
    total = cells[-1]
    return sum(rows[i][j] for i, j in out) if total not in out else 1 << 62


def _cheapest(rows: Sequence[Sequence[int]], cells: list[Cell], others: set[Cell]) -> Cell | None:
    """The smallest number that says something, best where it closes a circle with others that are hidden.

    Sums late, since they are what people look for; zeros last, since a hidden zero protects nobody.
    """
    last_line, last_column = len(rows) - 1, len(rows[0]) - 1

    def cost(cell: Cell) -> tuple[bool, bool, bool, int, Cell]:
        i, j = cell
        alone = not any(other[0] == i or other[1] == j for other in others)
        return rows[i][j] == 0, i == last_line or j == last_column, alone, rows[i][j], cell

    return min(cells, key=cost, default=None)


def _bridges(gone: set[Cell]) -> list[Cell]:
    """The hidden cells that follow from the sums: edges between a line and a column that are on no circle."""
    return [cell for cell in sorted(gone) if not _reaches(gone - {cell}, cell)]


def _reaches(edges: set[Cell], cell: Cell) -> bool:
    """Whether the cell's line and column are joined by other hidden cells."""
    lines, columns = {cell[0]}, set[int]()
    while True:
        columns_more = {j for i, j in edges if i in lines} - columns
        columns |= columns_more
        lines_more = {i for i, j in edges if j in columns} - lines
        lines |= lines_more
        if cell[1] in columns:
            return True
        if not columns_more and not lines_more:
            return False
