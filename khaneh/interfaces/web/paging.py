"""Pages of a list: their addresses and which of them a reader is offered."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest

from khaneh.kernel.calendars import latin_digits


class Step(NamedTuple):
    """One offered page, or a gap between two of them."""

    number: int = 0
    url: str = ""
    current: bool = False
    gap: bool = False


class Pager(NamedTuple):
    """Where the reader is. `previous` and `next` are empty at the ends."""

    page: int
    pages: int
    steps: tuple[Step, ...]
    previous: str
    next: str


def page_number(request: HttpRequest) -> int:
    """The page asked for; the first one when that is not understood."""
    asked = latin_digits(request.GET.get("page", "1"))
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page's address with other parameters; None takes one out. The page number starts again unless it is given."""
    query = {name: values for name, values in request.GET.lists() if name not in {"page", "lang"}}
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = [value]
    return f"{request.path}?{urlencode(query, doseq=True)}" if query else request.path


def pager(request: HttpRequest, *, total: int, size: int, most: int = 10_000) -> Pager:
    """The pager of a list of `total` lines, `size` a page, of which the first `most` can be reached."""
    pages = max(1, -(-min(total, most) // size))
    page = min(page_number(request), pages)
    offered = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    steps: list[Step] = []
    for before, number in zip([0, *offered], offered, strict=False):
        if number - before == 2:
            steps.append(
                Step(number - 1, _page_address(request, number - 1))
            )  # one page takes no more room than the dots
        elif number - before > 2:
            steps.append(Step(gap=True))
        steps.append(Step(number, _page_address(request, number), current=number == page))
    return Pager(
        page=page,
        pages=pages,
        steps=tuple(steps),
        previous=_page_address(request, page - 1) if page > 1 else "",
        next=_page_address(request, page + 1) if page < pages else "",
    )


def _page_address(request: HttpRequest, number: int) -> str:
    return address(request, page=str(number) if number > 1 else None)
