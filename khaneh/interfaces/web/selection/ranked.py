"""The ranking at the desk: made, looked at, reckoned again, handed out as a table. Parse, call, translate."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.selection import queries, services
from khaneh.domains.selection.permissions import OFFICERS
from khaneh.domains.selection.types import DECISION_KINDS, BoardLine, Line, RankingRow, label_of
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selection import deciding, running, wording
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.refusal import Refusal

_COLUMNS = (
    "rank", "application", "title", "applicant", "region", "decile", "rural", "score", "mean_normalised", "mean_raw",
    "equity_points", "reviews", "reviews_set_aside", "spread", "disagreed", "too_few_reviews", "tied_with", "lottery",
    "proposed", "quota", "gave_way", "in_exchange_with", "rank_without_equity", "place_without_equity", "decision",
    "reason",
)  # fmt: skip
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staffed(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: HttpRequest, call_id: int) -> HttpResponse:
    """One ranking with why everybody stands where they stand; a POST makes one, reckons it again, or decides by it."""
    actor, now = actor_of(request), timezone.now()
    found = running.begun(call_id, actor)
    if request.method == "POST":
        what, run_id = request.POST.get("act", ""), wording.whole(request.POST.get("run", "")) or 0
        try:
            if what == "make":
                services.make_ranking(actor=actor, round_id=found.id, now=now)
                messages.success(request, _("The ranking is made of everything that is known now."))
            elif what == "again":
                again = queries.recompute(run_id, actor=actor)
                if again.same and again.seed_kept:
                    messages.success(
                        request, _("Reckoned again: the same, byte for byte, with the seed that was promised.")
                    )
                else:
                    messages.error(request, _("Reckoned again: it is not the same. Tell whoever runs the system."))
            elif what == "decide":
                reason = request.POST.get("reason", "")
                done = services.decide_by_ranking(actor=actor, run_id=run_id, reason=reason, now=now)
                messages.success(request, _("Decided: %(number)s. The letters are written.") % {"number": done})
        except Refusal as refusal:
            wording.told(request, refusal)
        return redirect("desk-selection-ranking", call_id=call_id)
    runs = queries.rankings(found.id, actor=actor)
    wanted = wording.whole(request.GET.get("run", "")) or (runs[0][0] if runs else 0)
    row = queries.ranking(wanted, actor=actor) if wanted in {pk for pk, _number in runs} else None
    lines = {line.application.id: line for line in queries.board(found.id, actor=actor)}
    context = {
        **running.frame(found, found.call, "ranking"),
        "runs": runs,
        "row": row,
        "is_last": bool(runs) and row is not None and row.id == runs[0][0],
        "lines": [_line(one, lines, row) for one in row.lines] if row else [],
        "quotas": _quotas(found, row),
        "made_at": wording.instant(row.made_at, wording.zone_of(found.call.house.id)) if row else "",
    }
    return render(request, "selection/ranking.html", context)


@staffed(OFFICERS)
@require_safe
def table(request: HttpRequest, call_id: int, run_id: int, form: str) -> HttpResponse:
    """A ranking as CSV or workbook with one line an application, or as the bytes (JSON) of which it was made."""
    actor = actor_of(request)
    found = running.begun(call_id, actor)
    row = queries.ranking(run_id, actor=actor)
    if row.round_id != found.id:
        raise Http404
    if form == "json":
        return _file(queries.case(run_id, actor=actor), "application/json", call_id, row, form)
    if form not in ("csv", "xlsx"):
        raise Http404
    lines = {line.application.id: line for line in queries.board(found.id, actor=actor)}
    rows = [_cells(one, lines) for one in row.lines]
    if form == "csv":
        return _file(_csv(rows), "text/csv; charset=utf-8", call_id, row, form)
    return _file(_workbook(rows), _SHEET, call_id, row, form)


def _line(one: Line, lines: dict[int, BoardLine], row: RankingRow | None) -> dict[str, Any]:
    number = queries.number_of(one.key)
    board = lines.get(number)
    other = lines.get(queries.number_of(one.other)) if one.other else None
    return {
        **deciding.ranked_facts(one),
        "number": number,
        "board": board,
        "other": other,
        "decision": DECISION_KINDS[board.decision.kind] if board and board.decision else None,
    }


def _quotas(found: Any, row: RankingRow | None) -> list[tuple[Any, int]]:
    short = dict(row.short) if row else {}
    return [(one, short.get(str(one.id), 0)) for one in found.call.quotas]


def _cells(one: Line, lines: dict[int, BoardLine]) -> list[Any]:
    language = reader.current().language
    board = lines.get(queries.number_of(one.key))
    row, decision = (board.application, board.decision) if board else (None, None)
    cells = [
        one.rank, one.key, row.title if row else "", board.applicant if board else "",
        row.regions[-1].names.pick(language) if row and row.regions else "", row.decile if row else "",
        int(bool(row and row.rural)), *(_decimal(value) for value in (one.score, one.merit, one.raw, one.equity)),
        one.reviews, one.aside, _decimal(one.spread), int(one.disagreed), int(one.too_few), one.tied, one.ticket,
        one.standing.value, one.quota, int(one.gave_way), one.other, one.rank_without, int(one.place_without),
        decision.kind.value if decision else "", decision.reason if decision else "",
    ]  # fmt: skip
    return [plain_cell(cell) if isinstance(cell, str) else cell for cell in cells]


def _decimal(value: int | None) -> float | str:
    return "" if value is None else float(label_of(value))


def _csv(rows: list[list[Any]]) -> bytes:
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(_COLUMNS)
    written.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()


def _workbook(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook  # here, because it takes longer than all else that a start imports

    book = Workbook(write_only=True)
    sheet = book.create_sheet("ranking")
    for row in (list(_COLUMNS), *rows):
        sheet.append(["" if cell is None else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _file(content: bytes, media_type: str, call_id: int, row: RankingRow, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    name = f"khaneh-ranking-{call_id}-{row.number}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
