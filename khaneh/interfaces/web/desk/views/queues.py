"""The queue of a record: who waits, why in this order, where the copies are, what may be expected. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.catalogue.queries.titles import titles
from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, rights_of
from khaneh.domains.circulation.queries import queue as queries
from khaneh.domains.circulation.queries.queue import Expectation
from khaneh.domains.circulation.types import COPY_STANDINGS, REQUEST_LEVELS, REQUEST_STATES, Outlook, RequestLevel
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_turn import house_of, number
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.templatetags.khaneh import short_day
from khaneh.kernel.refusal import Refusal


@staffed(DESK)
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """For what most readers of the house wait."""
    house = house_of(request)
    if house is None:
        return choose(request)
    context = {
        "section": "queues", "house": house, "rows": queries.longest(actor_of(request), house_id=house.id),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Queues"), "")],
    }  # fmt: skip
    return render(request, "desk/queues/queues.html", context)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest, record_id: int) -> HttpResponse:
    """Who waits for a record; a post moves one of them, by right and with a reason."""
    house = house_of(request)
    if house is None:
        return choose(request)
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST":
        moved = number(request.POST.get("request"))
        try:
            to = services.Move(request.POST.get("to", ""))
            if moved is not None:
                services.move_request(
                    actor=actor, request_id=moved, to=to, reason=request.POST.get("reason", ""), now=now
                )
                messages.success(request, _("The queue is changed."))
        except ValueError:
            raise Http404 from None
        except Refusal as refusal:
            messages.error(request, _refused(refusal))
        return redirect("desk-queue", record_id=record_id)
    known = titles([record_id])
    if record_id not in known:
        raise Http404
    lines, copies = queries.staff_queue(actor, house_id=house.id, record_id=record_id, now=now)
    members = people.lines({line.member_id for line in lines})
    places = network.house_refs(
        {line.pickup_house_id for line in lines} | {copy.house_id for copy in copies if copy.house_id is not None}
    )
    context: dict[str, Any] = {
        "section": "queues", "house": house, "record_id": record_id,
        "title": known[record_id] or _("The record has no title"),
        "lines": [
            {
                "line": line, "member": members.get(line.member_id), "place": places[line.pickup_house_id].names,
                "level": REQUEST_LEVELS[RequestLevel(line.level)], "state": REQUEST_STATES[line.state],
                "expected": expected(line.expectation),
                "may": "reorder_queue" in rights_of(actor, network.house_facts(line.pickup_house_id).place),
            }
            for line in lines
        ],
        "copies": [
            (copy, COPY_STANDINGS[copy.standing], places[copy.house_id].names if copy.house_id in places else None)
            for copy in copies
        ],
        "crumbs": [
            (_("Desk"), reverse("desk")), (_("Queues"), reverse("desk-queues")), (_("Queue"), ""),
        ],
    }  # fmt: skip
    return render(request, "desk/queues/queue.html", context)


def expected(what: Expectation) -> str:
    """What a reader may be told: a range of days, or that nobody can say."""
    if what.outlook is Outlook.DATED and what.earliest is not None and what.latest is not None:
        first, last = short_day(what.earliest), short_day(what.latest)
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    if what.outlook is Outlook.OPEN and what.earliest is not None:
        return _("not before %(day)s; how much later cannot be foreseen") % {"day": short_day(what.earliest)}
    return {
        "no_copy": _("cannot be foreseen: no copy is known that could come back"),
        "suspended": _("waits for nothing until it is resumed"),
    }.get(what.reason, _("cannot be foreseen: longer than a year"))


def _refused(refusal: Refusal) -> str:
    if refusal.code == "kernel.invalid":
        return _("Say why: the reason is kept.")
    if refusal.code == "circulation.request_ended":
        return _("This request waits no more.")
    return words.refusal(refusal)
