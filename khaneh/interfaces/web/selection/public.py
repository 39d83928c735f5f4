"""How ties of a call are drawn, for everybody: what was promised before anybody judged, and how to see that it was kept. Parse, call, translate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.selection import queries
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selection import wording


@require_safe
def lottery(request: HttpRequest, call_id: int) -> HttpResponse:
    """The digest of the seed, the seed once a ranking was made, and what a stranger types to check both. About ten statements."""
    call = programmes.seen_call(call_id, actor=actor_of(request))
    found, zone = queries.lottery(call_id), wording.zone_of(call.house.id)
    title = _("How ties are drawn")
    context = {
        "call": call,
        "found": found,
        "fixed_at": wording.instant(found.fixed_at, zone) if found else "",
        "runs": [(one, wording.instant(one.made_at, zone)) for one in found.runs] if found else [],
        "crumbs": [
            (pgettext("for founders", "Calls"), reverse("calls")),
            (call.names.pick(reader.current().language), reverse("call", args=[call_id])),
            (title, ""),
        ],
        "title": title,
    }
    return render(request, "selection/lottery.html", context)
