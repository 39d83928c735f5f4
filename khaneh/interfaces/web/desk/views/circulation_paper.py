"""What the desk prints: slips for copies, receipts for readers, each in the language of whoever will read it. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.circulation.permissions import DESK
from khaneh.domains.circulation.queries import papers
from khaneh.domains.circulation.types import PAYMENT_METHODS, TRANSFER_REASONS, FeeKind
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_turn import house_of
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.members import bars
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound

PAPERS = ("roll", "a6", "a4")
_PAPER = "desk_paper"


@staffed(DESK)
@require_safe
def slip(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The slip of one copy: who waits for it (by the card's last signs), or where it travels."""
    return _slips(request, kind, number)


@staffed(DESK)
@require_safe
def slips(request: HttpRequest, kind: str) -> HttpResponse:
    """The slips of everything that stands on the hold shelf, or that was sent and is not there yet."""
    return _slips(request, kind, None)


def _slips(request: HttpRequest, kind: str, number: int | None) -> HttpResponse:
    house = house_of(request)
    if house is None:
        return choose(request)
    actor, made = actor_of(request), list[SafeString]()
    zone = ZoneInfo(house.calendar.zone)
    if kind == "hold":
        for held in papers.hold_slips(actor, house_id=house.id, request_id=number):
            facts = {"row": held, "until": held.until.astimezone(zone)}
            made.append(_paper(held.language, "slip_hold", house, held.barcode, facts))
    elif kind == "transfer":
        rows = papers.transfer_slips(actor, house_id=house.id, transfer_id=number)
        places = network.house_refs({row.to_house_id for row in rows})
        for row in rows:
            facts = {"row": row, "to": places[row.to_house_id], "why": TRANSFER_REASONS[row.reason]}
            made.append(
                _paper("", "slip_transfer", house, row.barcode, {**facts, "sent": row.sent_at.astimezone(zone)})
            )
    if not made and (number is not None or kind not in ("hold", "transfer")):
        raise Http404
    return _sheet(request, house, made, _("Slips") if number is None else _("Slip"))


@staffed(DESK)
@require_safe
def receipt(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """What a reader paid (`payment`, by the entry of the ledger), or takes home today (`loans`, by the member)."""
    house = house_of(request)
    if house is None:
        return choose(request)
    try:
        made = {"payment": _payment, "loans": _loans}[kind](request, house, number)
    except (KeyError, NotFound) as fault:
        raise Http404 from fault
    return _sheet(request, house, [made], _("Receipt"))


def _payment(request: HttpRequest, house: HouseFacts, number: int) -> SafeString:
    paid = papers.payment_receipt(actor_of(request), house_id=house.id, entry_id=number)
    facts: Callable[[], dict[str, Any]] = lambda: {  # noqa: E731 - made in the language of the paper
        "row": paid,
        "at": paid.at.astimezone(ZoneInfo(house.calendar.zone)),
        "sum": words.money(paid.amount),
        "owed": words.money(paid.owed) if paid.owed.amount else "",
        "method": PAYMENT_METHODS[paid.method] if paid.method else None,
        "is_forgiven": paid.kind is FeeKind.WAIVER,
    }
    return _paper(paid.language, "receipt_payment", house, "", facts)


def _loans(request: HttpRequest, house: HouseFacts, number: int) -> SafeString:
    now = timezone.now()
    zone = ZoneInfo(house.calendar.zone)
    since = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = papers.loans_receipt(actor_of(request), house_id=house.id, member_id=number, since=since)
    loans = [line._replace(due_at=line.due_at.astimezone(zone)) for line in taken.loans]
    return _paper(
        taken.language, "receipt_loans", house, "", {"row": taken, "loans": loans, "at": now.astimezone(zone)}
    )


def _paper(
    language: str,
    name: str,
    house: HouseFacts,
    barcode: str | None,
    facts: dict[str, Any] | Callable[[], dict[str, Any]],
) -> SafeString:
    """One slip as HTML, in the language of who will read it; in the desk's where that is not known."""
    who = reader.current()
    with ExitStack() as stack:
        if language in reader.LANGUAGES and language != who.language:
            who = replace(who, language=language)
            stack.enter_context(translation.override(language))
            stack.enter_context(reader.reading(who))
        shown = facts() if callable(facts) else facts
        context = {**shown, "house": house, "reader": who, "bars": bars(barcode or ""), "barcode": barcode or ""}
        return render_to_string(f"desk/circulation/{name}.html", context)


def _sheet(request: HttpRequest, house: HouseFacts, made: list[SafeString], title: str) -> HttpResponse:
    """The papers on the sort of paper that this browser's desk has: a roll of 80 mm, A6, or A4 with four to a sheet."""
    paper = request.GET.get("paper", "")
    if paper in PAPERS:
        request.session[_PAPER] = paper
    kept = request.session.get(_PAPER, PAPERS[0])
    context = {
        "section": "circulation", "house": house, "papers": made, "title": title, "paper": kept,
        "sorts": [("roll", _("Roll of 80 mm")), ("a6", _("A6")), ("a4", _("A4, four to a sheet"))],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Lending and returns"), reverse("desk-circulation")), (title, "")],
    }  # fmt: skip
    return render(request, "desk/circulation/papers.html", context)
