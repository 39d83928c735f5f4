"""The network as tables: downloads, and taking in a changed one: tried line by line first, then applied."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries, services
from khaneh.domains.network.errors import TableUnreadable
from khaneh.domains.network.types import (
    TABLES_OF_HOURS,
    ImportMode,
    ImportReport,
    LineResult,
    Outcome,
    Problem,
    TableName,
)
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.types import OpeningChanged
from khaneh.interfaces.web.desk import kept_files, opening
from khaneh.interfaces.web.desk.gate import MANAGERS, staffed
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.requests import actor_of

LIMIT = 20 * 1024 * 1024  # bytes of a table: the network's largest is a hundredth of it
_SHOWN = 200  # lines of a report on the page; all are in the download
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


def names() -> dict[TableName, str]:
    """The tables by their names for people."""
    return {
        TableName.REGIONS: _("Regions"),
        TableName.BOUNDARIES: _("Boundaries"),
        TableName.DEPRIVATION_INDEXES: _("Deprivation indexes"),
        TableName.DEPRIVATION: _("Deprivation by region"),
        TableName.ORGANISATIONS: _("Organisations"),
        TableName.HOUSES: _("Houses"),
        TableName.OPENING_HOURS: _("Opening hours"),
        TableName.HOLIDAYS: _("Holidays"),
    }


def _hints() -> dict[TableName, str]:
    return {
        TableName.REGIONS: _("Provinces, districts and communes with names, population and place."),
        TableName.BOUNDARIES: _("Outlines of regions, as GeoJSON."),
        TableName.DEPRIVATION_INDEXES: _("Versions of a named index, each with its date."),
        TableName.DEPRIVATION: _("The decile of each region in one version of an index."),
        TableName.ORGANISATIONS: _("Legal actors with kind, registration number, sectors and capabilities."),
        TableName.HOUSES: _("Libraries, innovation centres and the other houses."),
        TableName.OPENING_HOURS: _("The usual week of each house, and its seasons."),
        TableName.HOLIDAYS: _("Days off and days with other hours, of a country, a region or a house."),
    }


def _table(name: str) -> TableName:
    try:
        return TableName(name)
    except ValueError as error:
        raise Http404 from error


@staffed(MANAGERS)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """All tables, in the order in which they depend on each other."""
    hints = _hints()
    context = {
        "section": "network",
        "rows": [(table, name, hints[table], table is TableName.BOUNDARIES) for table, name in names().items()],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Tables of the network"), "")],
    }
    return render(request, "desk/tables.html", context)


@staffed(MANAGERS)
@require_safe
def export(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """A table as a file."""
    wanted = _table(table)
    if form not in _TYPES or (form == "geojson") != (wanted is TableName.BOUNDARIES):
        raise Http404
    content = queries.export_table(wanted, form="xlsx" if form == "xlsx" else "csv", actor=actor_of(request))
    response = HttpResponse(content, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{wanted.value}.{form}"'
    return response


@staffed(MANAGERS)
@csrf_exempt  # only until the handler stands that keeps the limit: `_take_in` checks the token before anything is done
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, table: str) -> HttpResponse:
    """Try a file, look at the report, apply it. What is applied is the very file that was tried."""
    limited = LimitedUpload(LIMIT)
    request.upload_handlers.insert(0, limited)
    return _take_in(request, _table(table), limited)


@csrf_protect
def _take_in(request: HttpRequest, wanted: TableName, limited: LimitedUpload) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "network",
        "table": wanted,
        "name": names()[wanted],
        "hint": _hints()[wanted],
        "limit": LIMIT,
        "is_map": wanted is TableName.BOUNDARIES,
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Tables of the network"), reverse("desk-network")),
            (names()[wanted], ""),
        ],
    }
    given = kept_files.given(request, limited, limit=LIMIT)
    context |= {"file": given.name, "problem": given.problem}
    if given.data is not None and "kept" in request.POST:
        mode = ImportMode.GOOD_LINES if request.POST.get("mode") == "good_lines" else ImportMode.ALL_OR_NOTHING
        _run(request, wanted, given.data, mode, context)
    elif given.data is not None:
        _try(request, wanted, given, context)
    return render(request, "desk/table.html", context, status=422 if context.get("problem") else 200)


def _try(request: HttpRequest, wanted: TableName, given: kept_files.Given, context: dict[str, Any]) -> None:
    data = given.data or b""
    if _run(request, wanted, data, ImportMode.TRY, context):
        context["kept"] = kept_files.keep(data, name=given.name, owner=actor_of(request).account_id or 0)
        if wanted in TABLES_OF_HOURS:
            whole = partial(_import, request, wanted, data, ImportMode.GOOD_LINES)
            context |= opening.shown(spaces.weigh_opening(change=whole, now=timezone.now()))


def _run(request: HttpRequest, wanted: TableName, data: bytes, mode: ImportMode, context: dict[str, Any]) -> bool:
    change = partial(_import, request, wanted, data, mode)
    try:
        if wanted in TABLES_OF_HOURS and mode is not ImportMode.TRY:
            done = spaces.change_opening(actor=actor_of(request), change=change, now=timezone.now())
        else:
            done = OpeningChanged(change())
    except TableUnreadable as refusal:
        context["problem"] = services.explain(Problem("", str(refusal.facts.get("reason", "")), dict(refusal.facts)))
        return False
    context |= _report(done.result) | {"ended": opening.told("", done).strip()}
    return True


def _import(request: HttpRequest, wanted: TableName, data: bytes, mode: ImportMode) -> ImportReport:
    return services.import_table(actor=actor_of(request), table=wanted, data=data, mode=mode, now=timezone.now())


def _report(report: ImportReport) -> dict[str, Any]:
    """The report for the page: refused lines first of all, then those that change something."""
    order = {Outcome.REFUSED: 0, Outcome.CREATED: 1, Outcome.CHANGED: 2, Outcome.SAME: 3}
    lines = sorted(report.lines, key=lambda one: (order[one.outcome], one.line))
    return {
        "report": report,
        "tried": report.mode is ImportMode.TRY,
        "created": report.counts.get(Outcome.CREATED, 0),
        "changed": report.counts.get(Outcome.CHANGED, 0),
        "same": report.counts.get(Outcome.SAME, 0),
        "refused": report.counts.get(Outcome.REFUSED, 0),
        "lines": [_line(one) for one in lines[:_SHOWN]],
        "more": max(0, len(lines) - _SHOWN),
    }


def _line(one: LineResult) -> dict[str, Any]:
    return {
        "number": one.line,
        "code": one.code,
        "outcome": one.outcome.value,
        "problems": [(problem.column, services.explain(problem)) for problem in one.problems],
    }
