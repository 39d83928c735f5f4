"""Floating collections of a house: what floats, how many it shall have, how others stand. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, LEADS
from khaneh.domains.circulation.queries import floating as queries
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_turn import house_of
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Refusal


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def floating(request: HttpRequest) -> HttpResponse:
    """What floats here; a post lets a collection float or not, and sets or drops a limit."""
    house = house_of(request)
    if house is None:
        return choose(request)
    actor = actor_of(request)
    if request.method == "POST":
        try:
            _act(request, house.id)
        except Refusal as refusal:
            said = _("At least one copy, and no fewer than the least.")
            messages.error(request, said if refusal.code == "kernel.invalid" else words.refusal(refusal))
        return redirect("desk-floating")
    limits = queries.limits(actor, house_id=house.id)
    around = {row.id: queries.others(actor, house_id=house.id, collection=row.collection) for row in limits}
    names = network.house_refs({stand.house_id for stands in around.values() for stand in stands})
    context: dict[str, Any] = {
        "section": "floating", "house": house, "leads": actor.holds(LEADS, house.place),
        "collections": queries.collections(actor, house_id=house.id),
        "limits": [
            (row, [(stand, names[stand.house_id].names) for stand in around[row.id] if stand.house_id != house.id])
            for row in limits
        ],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Floating collections"), "")],
    }  # fmt: skip
    return render(request, "desk/queues/floating.html", context)


def _act(request: HttpRequest, house_id: int) -> None:
    actor, collection = actor_of(request), request.POST.get("collection", "")[:200]
    match request.POST.get("act"):
        case "float" | "home" as act:
            changed = services.let_collection_float(
                actor=actor, house_id=house_id, collection=collection, on=act == "float"
            )
            told = {"number": show_number(changed, reader.current().language)}
            messages.success(request, _("Changed: %(number)s copies.") % told)
        case "limit":
            least, most = (words.latin_digits(request.POST.get(name, "")) for name in ("least", "most"))
            services.set_float_limit(
                actor=actor, house_id=house_id, collection=collection,
                least=int(least) if least.isdecimal() and len(least) < 9 else -1,
                most=int(most) if most.isdecimal() and len(most) < 9 else -1,
            )  # fmt: skip
        case "drop":
            services.drop_float_limit(actor=actor, house_id=house_id, collection=collection)
