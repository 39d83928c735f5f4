"""Taking stock: opening an inventory, scanning into it, what it found, its report. Parse, call, translate."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.catalogue.types import COPY_STATES, CopyState
from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, LEADS
from khaneh.domains.circulation.queries import inventories as queries
from khaneh.domains.circulation.queries.inventories import FindingRow, InventoryRow
from khaneh.domains.circulation.services.inventories import LONGEST_BARCODE, MOST_AT_ONCE, acts_for
from khaneh.domains.circulation.types import SCAN_FINDINGS, SCAN_OUTCOMES, ScanFinding, ScanOutcome
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk import inventory_words
from khaneh.interfaces.web.desk.circulation_turn import house_of, number
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

LARGEST_FILE = 4 * 1024 * 1024
_LATEST = 12
_SHOWN = ("latest", "missing", "misplaced", "unexpected", "unknown", "order")


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def inventories(request: HttpRequest) -> HttpResponse:
    """The inventories of the house; a post begins one."""
    house = house_of(request)
    if house is None:
        return choose(request)
    actor, problems = actor_of(request), {}
    if request.method == "POST":
        try:
            made = services.open_inventory(
                actor=actor, house_id=house.id, now=timezone.now(), location=request.POST.get("location", ""),
                call_from=request.POST.get("call_from", ""), call_to=request.POST.get("call_to", ""),
            )  # fmt: skip
            return redirect("desk-inventory", inventory_id=made)
        except Invalid as refusal:
            problems = refusal.facts["fields"]
    context = {
        "section": "inventories", "house": house, "rows": queries.inventories(actor, house_id=house.id),
        "locations": queries.locations(actor, house_id=house.id), "problems": problems, "sent": request.POST,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Inventories"), "")],
    }  # fmt: skip
    return render(request, "desk/inventories/inventories.html", context, status=422 if problems else 200)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def inventory(request: HttpRequest, inventory_id: int) -> HttpResponse:
    """One inventory: the field to scan into, and what was found; a post scans, or does something about a finding."""
    actor, row = actor_of(request), _row(request, inventory_id)
    if request.method == "POST":
        try:
            _act(request, row)
        except Refusal as refusal:
            messages.error(request, _refused(refusal))
        show = request.POST.get("show", "")
        return redirect(reverse("desk-inventory", args=[row.id]) + (f"?show={show}" if show in _SHOWN else ""))
    show = request.GET.get("show", "missing" if row.closed_at and row.missing else "latest")
    show = show if show in _SHOWN else "latest"
    house = network.house_facts(row.house_id)
    clocks.follow(house.id)
    leads = actor.holds(LEADS, house.place)
    still = queries.not_seen(actor, row=row) if row.closed_at is None else 0
    context: dict[str, Any] = {
        "section": "inventories", "house": house, "row": row, "show": show, "leads": leads, "still": still,
        "seen": row.expected - still if row.closed_at is None else row.found,
        "missing": still + row.missing if row.closed_at is None else row.missing,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Inventories"), reverse("desk-inventories")), (_("Inventory"), "")],
    }  # fmt: skip
    if show == "order":
        context["order"] = queries.out_of_order(actor, row=row)
    elif show == "latest":
        context["lines"] = _lines(queries.latest(actor, row=row, limit=_LATEST), leads=leads)
    else:
        found = queries.findings(actor, row=row, finding=ScanFinding(show))
        context["lines"] = _lines(found, leads=leads)
    return render(request, "desk/inventories/inventory.html", context)


@staffed(DESK)
@require_safe
def report(request: HttpRequest, inventory_id: int) -> HttpResponse:
    """All that is not in its place, as a table for a spreadsheet."""
    row = _row(request, inventory_id)
    found = queries.report(actor_of(request), row=row)
    response = StreamingHttpResponse(_csv(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="inventory-{row.id}.csv"'
    return response  # type: ignore[return-value]


def _act(request: HttpRequest, row: InventoryRow) -> None:
    actor, now, act = actor_of(request), timezone.now(), request.POST.get("act", "scan")
    language = reader.current().language
    if act == "scan":
        codes = [line.strip()[:LONGEST_BARCODE] for line in request.POST.get("scan", "").splitlines()]
        for start in range(0, len(codes), MOST_AT_ONCE):
            services.scan_shelf(actor=actor, inventory_id=row.id, barcodes=codes[start : start + MOST_AT_ONCE], now=now)
    elif act == "file":
        file = request.FILES.get("file")
        if file is None or (file.size or 0) > LARGEST_FILE:
            messages.error(request, _("Choose a file of at most 4 MB."))
            return
        new, again = services.scan_file(actor=actor, inventory_id=row.id, content=file.read(), now=now)
        told = {"new": show_number(new, language), "again": show_number(again, language)}
        messages.success(request, _("%(new)s barcodes were read, %(again)s had been read before.") % told)
    elif act == "missing":
        copy = number(request.POST.get("copy"))
        marked = services.mark_missing(
            actor=actor, inventory_id=row.id, now=now, copy_ids=None if copy is None else [copy]
        )
        messages.success(request, _("Marked missing: %(number)s.") % {"number": show_number(marked, language)})
    elif act == "close":
        missing = services.close_inventory(actor=actor, inventory_id=row.id, now=now)
        messages.success(
            request,
            _("The inventory is closed; %(number)s were not found.") % {"number": show_number(missing, language)},
        )
    elif act in SCAN_OUTCOMES and (scan := number(request.POST.get("scan_id"))) is not None:
        back = services.settle_finding(actor=actor, scan_id=scan, outcome=ScanOutcome(act), now=now)
        if back is not None:
            messages.success(request, words.returned(back, network.house_facts(row.house_id))[1])


def _lines(found: list[FindingRow], *, leads: bool) -> list[dict[str, Any]]:
    places = network.house_refs({row.house_id for row in found if row.house_id is not None})
    lines = []
    for row in found:
        acts = [
            (outcome.value, inventory_words.button(row, outcome))
            for outcome in acts_for(row)
            if outcome is not ScanOutcome.MARKED_MISSING and row.id is not None
        ]
        place = places.get(row.house_id) if row.house_id is not None else None
        lines.append(
            {
                "row": row, "what": inventory_words.what(row), "advice": inventory_words.advice(row),
                "tone": inventory_words.tone(row), "acts": acts, "house": place.names if place is not None else None,
                "markable": leads and row.finding is ScanFinding.MISSING and row.settled_at is None and row.copy_id,
                "outcome": SCAN_OUTCOMES[row.outcome] if row.outcome is not None else None,
            }
        )  # fmt: skip
    return lines


def _csv(found: Iterator[FindingRow]) -> Iterator[str]:
    language = reader.current().language
    lines: list[str] = []

    class Echo:
        def write(self, line: str) -> None:
            lines.append(line)

    table = csv.writer(Echo())
    # A spreadsheet takes it for UTF-8 by this sign.
    lines.append("\ufeff")
    heads = _("Finding"), _("Why"), _("Barcode"), _("Title"), _("Shelf"), _("Call number"), _("State"), _("Done")
    table.writerow(heads)
    for row in found:
        table.writerow(
            [
                _cell(text)
                for text in (
                    SCAN_FINDINGS[row.finding].pick(language), inventory_words.what(row).pick(language), row.barcode, row.title,
                    row.location, row.call_number, COPY_STATES[CopyState(row.state)].pick(language) if row.state else "",
                    SCAN_OUTCOMES[row.outcome].pick(language) if row.outcome else "",
                )
            ]
        )  # fmt: skip
        if len(lines) > 500:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _cell(text: str) -> str:
    """A spreadsheet would take these for formulas."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _row(request: HttpRequest, inventory_id: int) -> InventoryRow:
    try:
        return queries.inventory(actor_of(request), inventory_id)
    except NotFound as refusal:
        raise Http404 from refusal


def _refused(refusal: Refusal) -> str:
    if refusal.code == "circulation.inventory_closed":
        return _("This inventory is closed: open another one to scan.")
    if refusal.code == "kernel.invalid":
        return _("This cannot be done any more: look at the finding again.")
    return words.refusal(refusal)
