"""The spaces of a board line by line as HTML, each day a link that says what it shows. Written in code and not in a template: a week has 400.

Every text is escaped here: what comes from a record never reaches the page as markup. In Persian time runs from right to left.
"""

from __future__ import annotations

from functools import cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khaneh.domains.spaces.types import SpaceRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.space_strips import HEIGHT, Board, Cell, Part
from khaneh.interfaces.web.templatetags.khaneh import name, number


def lines(board: Board) -> SafeString:
    """List items, a space each, in the reader's language."""
    before, after = reverse("desk-space", args=[0]).rsplit("0", 1)
    days = [escape(f"{head.address}&space=") for head in board.heads]
    drawing = _Drawing(board.width, mirrored=reader.current().direction == "rtl")
    made = []
    for row in board.rows:
        space, called = row.space, escape(name(row.space.names))
        cells = "".join(
            f'<li><a class="wk-cell" href="{day}{space.id}" title="{(said := drawing.said(cell.words))}">{drawing.strip(cell)}'
            f'<span class="visually-hidden">{called}, {said}</span></a></li>'
            for day, cell in zip(days, row.cells, strict=True)
        )
        made.append(
            f'<li class="wk-row"><span class="wk-name" data-depth="{row.depth}"><a href="{before}{space.id}{after}"><bdi>{called}</bdi></a>'
            f'{_how_many(space)}{_out_of_service(space)}</span><ol class="wk-days">{cells}</ol></li>'
        )
    return SafeString("".join(made))


class _Drawing:
    """Strips on one scale; what many of them show is written once."""

    def __init__(self, width: int, *, mirrored: bool) -> None:
        self._width, self._mirrored = width, mirrored
        self._rectangle = cache(self._written)
        self.said = cache(escape)
        self._frame = f'<svg class="wk-strip" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'

    def strip(self, cell: Cell) -> str:
        return f"{self._frame}{''.join(map(self._rectangle, cell.parts))}{self._hand(cell.at)}</svg>"

    def _written(self, part: Part) -> str:
        x = self._width - part.x - part.width if self._mirrored else part.x
        return f'<rect class="wk-{part.look}" x="{x}" y="{part.y}" width="{part.width}" height="{part.height}"/>'

    def _hand(self, at: int | None) -> str:
        if at is None:
            return ""
        return (
            f'<rect class="wk-now" x="{self._width - at if self._mirrored else at}" y="0" width="6" height="{HEIGHT}"/>'
        )


def _how_many(space: SpaceRow) -> str:
    return f' <span class="quiet">×{escape(number(space.quantity))}</span>' if space.quantity > 1 else ""


def _out_of_service(space: SpaceRow) -> str:
    return "" if space.in_service else f' <span class="badge badge--warn">{escape(_("out of service"))}</span>'
