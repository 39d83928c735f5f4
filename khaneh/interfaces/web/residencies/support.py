"""The support ledger at the desk: budget lines, what was given, the sums of it, a table to take along, and receipts. Parse, call, translate."""

from __future__ import annotations

import csv
import secrets
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network.types import Ref
from khaneh.domains.residencies import queries, services
from khaneh.domains.residencies.permissions import MANAGERS
from khaneh.domains.residencies.types import IN_MONEY, SUPPORT_KINDS, UNITS, LineDraft, SupportKind
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.residencies import acting, showing, typed, wording
from khaneh.interfaces.web.residencies.desk import house_of
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid

_CURRENCIES = ("IRR", "VND", "USD", "EUR")


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: HttpRequest) -> HttpResponse:
    """Budget lines with what is left of them, and what was given. A post enters a line or changes its limit; sent twice it is one."""
    actor = actor_of(request)
    house, houses = house_of(request, actor)
    if house is None:
        raise Http404
    if request.method == "POST":
        acting.do(
            request,
            {
                "line": (lambda: _add(request, actor, house), _("The budget line is entered.")),
                "limit": (lambda: _change(request, actor, house), _("The limit is changed.")),
            },
        )
        return redirect(f"{reverse('desk-support')}?house={house.code}")
    today = clocks.today(house.id)
    context = {
        "section": "residencies",
        "house": house,
        "houses": houses,
        "lines": [showing.budget(one) for one in queries.lines_of_house(house.id, actor=actor)],
        "rows": [showing.given(one) for one in queries.ledger_of_house(house.id, actor=actor)],
        "sums": [
            (SUPPORT_KINDS[one.kind], wording.amount(one.amount, one.unit), one.teams)
            for one in queries.sums_of_house(house.id, actor=actor)
        ],
        "kinds": [(kind.value, label) for kind, label in SUPPORT_KINDS.items()],
        "currencies": _CURRENCIES,
        "first": wording.short(today),
        "last": wording.short(today + timedelta(days=365)),
        "key": secrets.token_hex(8),
    }
    return render(request, "residencies/support.html", context)


@staffed(MANAGERS)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet; amounts as whole numbers of the unit's smallest part."""
    actor, language = actor_of(request), reader.current().language
    house, _houses = house_of(request, actor)
    if house is None:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="support-{house.code}.csv"'
    lines = csv.writer(response)
    heads = (
        "receipt",
        "given_on",
        "team",
        "organisation",
        "giver",
        "agreement",
        "kind",
        "amount",
        "unit",
        "note",
        "reverses",
    )
    lines.writerow(heads)
    for one in queries.ledger_of_house(house.id, actor=actor, limit=50_000):
        cells = (
            one.receipt, one.given_on.isoformat(), one.team.pick(language) if one.team else "",
            one.organisation.code if one.organisation else "", one.giver.code if one.giver else one.house.code,
            one.agreement, one.kind.value,
        )  # fmt: skip
        texts = [plain_cell(text) for text in cells]
        lines.writerow([*texts, one.amount, plain_cell(one.unit), plain_cell(one.note), plain_cell(one.reverses)])
    return response


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, support_id: int) -> HttpResponse:
    """One line of the ledger to be printed, for the team and the house."""
    found = queries.support(support_id, actor=actor_of(request))
    if found is None:
        raise Http404
    return render(request, "residencies/receipt.html", {"section": "residencies", **showing.given(found)})


def _add(request: HttpRequest, actor: Actor, house: Ref) -> int:
    asked = request.POST.get("kind", "")
    if asked not in SUPPORT_KINDS:
        raise Invalid(fields={"kind": "required"})
    kind = SupportKind(asked)
    unit = request.POST.get("unit", "")[:3] if kind in IN_MONEY else UNITS[kind]
    draft = LineDraft(
        house_code=house.code,
        giver_code=typed.text(request, "giver").strip(),
        agreement=typed.text(request, "agreement"),
        names=typed.label(request, "names"),
        kind=kind,
        amount=_amount(request, unit),
        first=typed.day(request, "first"),
        last=typed.day(request, "last"),
        unit=unit,
    )
    return services.add_line(actor=actor, draft=draft, key=request.POST.get("key", "")[:64], now=timezone.now())


def _change(request: HttpRequest, actor: Actor, house: Ref) -> None:
    number = typed.number(request, "line")
    found = next((one for one in queries.lines_of_house(house.id, actor=actor) if one.id == number), None)
    if found is None:
        raise Invalid(fields={"line": "unknown"})
    services.change_line(actor=actor, line_id=number, amount=_amount(request, found.unit))


def _amount(request: HttpRequest, unit: str) -> int:
    return typed.amount(request, "amount", unit)
