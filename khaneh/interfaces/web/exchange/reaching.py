"""Who is never proposed, and what would change it: a page for brokers, house managers and administrators, and its table."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.exchange import queries
from khaneh.domains.exchange.permissions import REACH_READERS
from khaneh.domains.exchange.types import Unproposed
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spreadsheets import csv_line

_PAGE, _TABLE = 50, 1_000
_COLUMNS = ("code", "name_fa", "name_vi", "name_en", "reason", "best_score", "words")


@staffed(REACH_READERS)
@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """How many organisations have ever been proposed, and those that never were with the reason and the remedy of each. Six statements."""
    wanted = _wanted(request)
    at = paging.page_number(request)
    found = queries.reach_page(actor=actor_of(request), reason=wanted, offset=(at - 1) * _PAGE, limit=_PAGE)
    language = reader.current().language
    never = sum(found.reasons.values())
    every = found.proposed + never
    context = {
        "section": "reach",
        "every": every,
        "proposed": found.proposed,
        "share": round(100 * found.proposed / every) if every else 0,
        "reasons": [
            (one.value, name, remedy, found.reasons[one])
            for one, (name, remedy) in _words().items()
            if found.reasons[one]
        ],
        "wanted": wanted.value if wanted else "",
        "rows": [
            {
                "name": row.organisation.names.pick(language),
                "url": reverse("organisation", args=[row.organisation.code]),
                "why": _words()[row.reason][0] if row.reason else "",
                # What a logistic function gives, in hundredths as beside the proposals.
                "best": None if row.best is None else round(100 * row.best),
            }
            for row in found.rows
        ],
        "pager": paging.pager(request, total=found.total, size=_PAGE),
        "table": reverse("desk-reach-table") + (f"?reason={wanted.value}" if wanted else ""),
    }
    return render(request, "exchange/desk_reach.html", context)


@staffed(REACH_READERS)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Those that were never proposed, for a spreadsheet; what it would run is written as text. Three statements for each thousand."""
    actor, wanted = actor_of(request), _wanted(request)

    def lines() -> Iterator[str]:
        yield "\ufeff" + csv_line(_COLUMNS)
        offset = 0
        while page := queries.reach_page(actor=actor, reason=wanted, offset=offset, limit=_TABLE).rows:
            offset += _TABLE
            for row in page:
                names = row.organisation.names
                best = "" if row.best is None else f"{row.best:.4f}"
                reason = row.reason.value if row.reason else ""
                yield csv_line([row.organisation.code, names.fa, names.vi, names.en, reason, best, str(row.words)])

    response = HttpResponse("".join(lines()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="khaneh-never-proposed.csv"'
    return response


def _wanted(request: HttpRequest) -> Unproposed | None:
    asked = request.GET.get("reason", "")
    return Unproposed(asked) if asked in list(Unproposed) else None


def _words() -> dict[Unproposed, tuple[str, str]]:
    """What each reason is called, and what would change it."""
    return {
        Unproposed.WITHDRAWN: (
            _("Has withdrawn"),
            _("Its profile is not for everybody any more. Who speaks for it can publish it again."),
        ),
        Unproposed.UNREAD: (
            _("Not read yet"),
            _(
                "What it says has not been compared by meaning. The worker does that every five minutes: see whether it runs."
            ),
        ),
        Unproposed.TERSE: (
            _("Says too little"),
            _("Ask it for two or three sentences: what it makes, out of what, for whom."),
        ),
        Unproposed.NO_SECTOR: (
            _("Names no sector"),
            _("Ask it to choose its sectors: needs name theirs."),
        ),
        Unproposed.OUTRANKED: (
            _("Others were nearer"),
            _(
                "No open need lies near to what it says. Ask whether its profile names all that it can do, or invite it to a need yourself."
            ),
        ),
    }
