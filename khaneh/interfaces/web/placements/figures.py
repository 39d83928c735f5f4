"""The figures at the desk: what became of everybody who finished, as picture, table and file. Parse, call, translate."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.placements import permissions, queries
from khaneh.domains.placements.permissions import READERS, RECORDERS
from khaneh.domains.placements.types import (
    GROUPINGS,
    OUTCOME_GROUPS,
    OUTCOMES,
    SMALLEST_SHOWN,
    Cohort,
    CohortFilter,
    CohortLine,
    Grouping,
    Outcome,
    Rate,
)
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.calendars import Calendar, JalaliDate, latin_digits
from khaneh.kernel.labels import Label

_YEARS = 5
_WIDTH = 1000.0


class Year(NamedTuple):
    """A year of the reader's calendar, from its first day to its last."""

    number: int
    first: date
    last: date


class Bar(NamedTuple):
    """A stretch of a line of the picture."""

    outcome: str
    x: float
    width: float
    said: str


@staffed(READERS)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The picture with its table. At most twelve statements."""
    wanted, year = wanted_of(request)
    found = queries.cohort(wanted, actor=actor_of(request), now=timezone.now())
    language = reader.current().language
    columns = _columns(found)
    context = {
        "section": "placements",
        "found": found,
        "lines": [
            (line.of.names.pick(language) if line.of else "—", line, _bars(line), _cells(line, columns))
            for line in found.lines
        ],
        "sums": _cells(found.total, columns),
        "total": _bars(found.total),
        "outcomes": [(one.value, OUTCOMES[one]) for one in columns],
        "groups": [(label, sum(one in columns for one in outcomes)) for label, outcomes in OUTCOME_GROUPS],
        "left_out": len(columns) < len(Outcome),
        "rates": [
            _share(_("Found work, as employers say"), found.placed),
            _share(_("At work after 3 months"), found.confirmed_3),
            _share(_("At work after 12 months"), found.confirmed_12),
            _share(_("At work, as they say themselves"), found.said_working),
        ],
        "may_record": actor_of(request).holds_somewhere(RECORDERS),
        "may_define": permissions.may_define(actor_of(request)),
        "years": [(one.number, one == year) for one in years()],
        "groupings": [(one.value, GROUPINGS[one], one is wanted.grouping) for one in Grouping],
        "houses": sorted(
            ((ref.code, ref.names.pick(language), ref.id == wanted.house_id) for ref in found.houses),
            key=lambda one: one[1],
        ),
        "year": year,
        "smallest": SMALLEST_SHOWN,
        "file": paging.address(request).replace(request.path, reverse("desk-placements-table"), 1),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Placements"), "")],
    }
    return render(request, "placements/figures.html", context)


@staffed(READERS)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same numbers as a table for a spreadsheet; what is hidden is empty."""
    wanted, year = wanted_of(request)
    found = queries.cohort(wanted, actor=actor_of(request), now=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="khaneh-placements-{year.number}.csv"'
    response.write("\ufeff")
    written = csv.writer(response)
    written.writerow(["code", "name", "finished", *(one.value for one in Outcome)])
    language = reader.current().language
    for line in (*found.lines, found.total):
        name = plain_cell(line.of.names.pick(language)) if line.of else ""
        code = plain_cell(line.of.code) if line.of else "total"
        numbers = ["" if number is None else number for number in (line.finished, *line.outcomes)]
        written.writerow([code, name, *numbers])
    return response


def wanted_of(request: HttpRequest) -> tuple[CohortFilter, Year]:
    """The year, the house and the grouping of an address."""
    years_ = years()
    asked = latin_digits(request.GET.get("year", ""))
    year = next((one for one in years_ if str(one.number) == asked), years_[0])
    by = request.GET.get("by", "")
    house = request.GET.get("house", "")[:80]
    house_id = network.house_ids_by_code([house]).get(house) if house else None
    grouping = Grouping(by) if by in list(Grouping) else Grouping.COURSE
    return CohortFilter(year.first, year.last, grouping, house_id), year


def years() -> list[Year]:
    """The last years in the reader's calendar, this one first."""
    today = timezone.now().date()
    jalali = reader.current().calendar is Calendar.JALALI
    this = JalaliDate.from_gregorian(today).year if jalali else today.year

    def first(number: int) -> date:
        return JalaliDate(number, 1, 1).to_gregorian() if jalali else date(number, 1, 1)

    return [
        Year(number, first(number), first(number + 1) - timedelta(days=1)) for number in range(this, this - _YEARS, -1)
    ]


def _columns(found: Cohort) -> list[Outcome]:
    """Those of the table: without what nobody is in, save one by each word. That somebody is in it would be shown, or hidden, not left out."""
    kept = {outcomes[0] for _label, outcomes in OUTCOME_GROUPS} | {Outcome.CONFIRMED_3, Outcome.NOTHING_KNOWN}
    lines = (*found.lines, found.total)
    return [one for one in Outcome if one in kept or any(line.number(one) != 0 for line in lines)]


def _cells(line: CohortLine, columns: Sequence[Outcome]) -> list[tuple[Label, int | None]]:
    """The numbers of a line, each with what it counts: on a telephone they stand below one another."""
    return [(OUTCOMES[one], line.number(one)) for one in columns]


def _bars(line: CohortLine) -> list[Bar]:
    """The line as stretches of one thousand; what is hidden is one stretch of its own, as wide as what is left."""
    language = reader.current().language
    shown = [(one, line.number(one)) for one in Outcome]
    known = sum(number or 0 for _one, number in shown)
    whole = line.finished if line.finished is not None else known
    bars, x = list[Bar](), 0.0
    for one, number in shown:
        if number and whole:
            width = _WIDTH * number / whole
            bars.append(Bar(one.value, round(x, 1), round(width, 1), OUTCOMES[one].pick(language)))
            x += width
    if whole > known:
        bars.append(Bar("hidden", round(x, 1), round(_WIDTH - x, 1), _("hidden")))
    return bars


def _share(said: str, rate: Rate) -> dict[str, Any]:
    return {"said": said, "percent": _percent(rate.share), "high": _percent(rate.high), "rate": rate}


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
