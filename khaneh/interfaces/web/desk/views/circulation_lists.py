"""The house's work of the day, and the slips that go into copies. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK
from khaneh.domains.circulation.queries import lists as queries
from khaneh.domains.circulation.queries.machines import hold_card
from khaneh.domains.circulation.types import TRANSFER_REASONS
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose, house_of, note
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal

WHICH = ("pull", "shelf", "coming", "sent", "overdue")


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest, which: str) -> HttpResponse:
    """One list; a post on the pull list says that a copy is not on the shelf, or that it was found."""
    house = house_of(request)
    if which not in WHICH:
        raise Http404
    if house is None:
        return choose(request)
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST" and which == "pull":
        target, barcode = request.POST.get("target", ""), request.POST.get("barcode", "")[:80]
        try:
            if request.POST.get("act") == "found" and barcode:
                back = services.check_in(actor=actor, house_id=house.id, barcode=barcode, now=now)
                note(request, *words.returned(back, house), barcode, slip=words.slip(back))
            elif target.isdecimal():
                services.not_on_shelf(actor=actor, target_id=int(target), now=now)
                note(request, "info", _("Not on the shelf: another house is asked."), barcode)
        except Refusal as refusal:
            note(request, "bad", words.refusal(refusal), barcode)
        return redirect("desk-circulation-list", which="pull")
    rows: list[Any]
    shown: list[tuple[Any, Any, Any]]
    names: dict[int, Any] = {}
    if which == "pull":
        rows = list(queries.pull_list(actor, house_id=house.id))
        names = dict(network.house_refs({row.pickup_house_id for row in rows}))
        shown = [(row, names[row.pickup_house_id], None) for row in rows]
    elif which in ("coming", "sent"):
        rows = list(queries.transfers(actor, house_id=house.id, coming=which == "coming"))
        names = dict(network.house_refs({row.from_house_id if which == "coming" else row.to_house_id for row in rows}))
        shown = [
            (row, names[row.from_house_id if which == "coming" else row.to_house_id], TRANSFER_REASONS[row.reason])
            for row in rows
        ]
    else:
        rows = list(
            queries.hold_shelf(actor, house_id=house.id)
            if which == "shelf"
            else queries.overdue(actor, house_id=house.id, now=now)
        )
        names = dict(people.lines({row.member_id for row in rows}))
        shown = [(row, names.get(row.member_id), which == "shelf" and row.until < now) for row in rows]
    context = {
        "section": "circulation", "house": house, "which": which, "rows": shown, "titles": titles(), "title": titles()[which],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Lending and returns"), reverse("desk-circulation")), (titles()[which], "")],
    }  # fmt: skip
    return render(request, "desk/circulation/list.html", context)


def titles() -> dict[str, str]:
    """What the lists are called."""
    return {
        "pull": _("To fetch from the shelves"),
        "shelf": _("On the hold shelf"),
        "coming": _("On their way here"),
        "sent": _("Sent from here"),
        "overdue": _("Past their day"),
    }


@staffed(DESK)
@require_safe
def slip(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """A slip to print: who waits for the copy (by the card's last signs), or where it travels."""
    house = house_of(request)
    if house is None:
        return choose(request)
    actor = actor_of(request)
    context: dict[str, Any] = {"house": house, "kind": kind}
    if kind == "hold":
        held = next((row for row in queries.hold_shelf(actor, house_id=house.id) if row.request_id == number), None)
        context |= {"row": held, "card": hold_card(number)[-4:]}
    elif kind == "transfer":
        sent = next(
            (row for row in queries.transfers(actor, house_id=house.id, coming=False) if row.id == number), None
        )
        context |= {"row": sent, "to": network.house_facts(sent.to_house_id).names if sent else None}
    if context.get("row") is None:
        raise Http404
    return render(request, "desk/circulation/slip.html", context)
