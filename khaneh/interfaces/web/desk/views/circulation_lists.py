"""The house's work of the day. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK
from khaneh.domains.circulation.queries import lists as queries
from khaneh.domains.circulation.queries.damages import repairs
from khaneh.domains.circulation.types import TRANSFER_REASONS
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_log import entries, note
from khaneh.interfaces.web.desk.circulation_turn import house_of, turn_of
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal

WHICH = ("pull", "shelf", "coming", "sent", "overdue", "repair")


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
        target, barcode = request.POST.get("target", ""), words.latin_digits(request.POST.get("barcode", ""))[:80]
        try:
            if request.POST.get("act") == "found" and barcode:
                back = services.check_in(actor=actor, house_id=house.id, barcode=barcode, now=now)
                note(request, *words.returned(back, house), barcode, slip=words.slip(back))
            elif target.isdecimal():
                services.not_on_shelf(actor=actor, target_id=int(target), now=now)
                note(request, "info", _("Not on the shelf: another house is asked."), barcode)
        except Refusal as refusal:
            note(request, "bad", words.refusal(refusal), barcode)
        return redirect(f"{reverse('desk-circulation-list', kwargs={'which': which})}?turn={turn_of(request)}")
    rows: list[Any]
    shown: list[tuple[Any, Any, Any]]
    names: dict[int, Any] = {}
    if which == "pull":
        rows = list(queries.pull_list(actor, house_id=house.id))
        names = dict(network.house_refs({row.pickup_house_id for row in rows}))
        shown = [(row, names[row.pickup_house_id], None) for row in rows]
    elif which == "repair":
        shown = [(row, None, None) for row in repairs(actor, house_id=house.id)]
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
    last = next(iter(entries(request)), None)
    served = people.served_houses(actor)
    context = {
        "turn": turn_of(request), "said": last if last and last["turn"] == turn_of(request) else None,
        "several": served is None or len(served) > 1,
        "section": "circulation", "house": house, "which": which, "today": now, "rows": shown, "titles": titles(), "title": titles()[which],
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
        "repair": _("At repair"),
    }
