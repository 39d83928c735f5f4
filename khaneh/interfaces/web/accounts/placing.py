"""Asking for a book: any edition, this one or this very copy, for oneself or somebody one acts for. Parse, call, translate."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.catalogue.queries.titles import Thing, things
from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import queue
from khaneh.domains.circulation.queries.asking import Prospect, prospect
from khaneh.domains.circulation.types import REQUEST_LEVELS, RequestLevel
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.accounts.acting import Persons, of_members
from khaneh.interfaces.web.accounts.requests import house_of
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal


class _Asked(NamedTuple):
    """What the address names: a record, work or copy."""

    level: RequestLevel
    id: int


@of_members("requests", "request")
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, persons: Persons) -> HttpResponse:
    """What would come of asking, and the button; a POST asks. What is refused is told with every reason, and nothing is lost of the form."""
    asked = _asked(request)
    thing = _thing(asked)
    if thing is None:
        raise Http404
    choices = _choices(asked, thing)
    wanted = request.POST.get("level", asked.level.value)
    chosen = next((one for one in choices if one.level.value == wanted), choices[0])
    house_id = house_of(request.POST.get("house", "")) if request.method == "POST" else None
    why: list[Why] = []
    if request.method == "POST":
        if house_id is None:
            why = [Why(_("Please choose a library."), "")]
        else:
            try:
                services.place_request(
                    actor=actor_of(request), member_id=persons.chosen.member_id, for_member_id=persons.chosen.member_id,
                    level=chosen.level, target_id=chosen.target_id, pickup_house_id=house_id, now=timezone.now(),
                    note=request.POST.get("note", "").strip()[: services.LONGEST_NOTE],
                )  # fmt: skip
            except Refusal as refusal:
                why = lending.reasons(refusal)
            else:
                said = _("Requested. We tell you when it can be collected.")
                messages.success(request, said)
                return redirect(reverse("account-requests") + persons.query)
    context: dict[str, Any] = {
        "persons": persons,
        "thing": thing,
        "asked": asked,
        "choices": [(one, REQUEST_LEVELS[one.level]) for one in choices],
        "chosen": chosen,
        "houses": lending.pickup_houses(),
        "house": _house_code(request, house_id, persons),
        "note": request.POST.get("note", ""),
        "why": why,
        "expected": _expected(request, thing, house_id, persons),
        "section": "requests",
        "back": _back(asked, thing),
    }
    return render(request, "accounts/place.html", context, status=409 if why else 200)


def _asked(request: HttpRequest) -> _Asked:
    for level in (RequestLevel.COPY, RequestLevel.RECORD, RequestLevel.WORK):
        number = lending.number_of(request.GET.get(level.value))
        if number is not None:
            return _Asked(level, number)
    raise Http404


def _thing(asked: _Asked) -> Thing | None:
    return things(**{f"{asked.level.value}_ids": [asked.id]}).get((asked.level.value, asked.id))


def _choices(asked: _Asked, thing: Thing) -> list[Prospect]:
    """What may be asked for from here: what the address names first, then what is wider."""
    wider = {
        RequestLevel.COPY: [(RequestLevel.COPY, asked.id), (RequestLevel.RECORD, thing.record_id)],
        RequestLevel.RECORD: [(RequestLevel.RECORD, thing.record_id)],
        RequestLevel.WORK: [],
    }[asked.level]
    if thing.work_id is not None:
        wider = [*wider, (RequestLevel.WORK, thing.work_id)]
    found = [prospect(level=level, target_id=number) for level, number in wider]
    known = [one for one in found if one is not None]
    if not known:
        raise Http404
    # "Any edition" is a choice only where there are others.
    record = next((one for one in known if one.level is RequestLevel.RECORD), None)
    return [one for one in known if one.level is not RequestLevel.WORK or record is None or one.copies > record.copies]


def _house_code(request: HttpRequest, house_id: int | None, persons: Persons) -> str:
    """Where it is collected unless another is chosen: what was chosen, else the house one starts from, else the home library."""
    if house_id is not None:
        return network.house_facts(house_id).code
    mine = reader.current().house
    return mine if mine in network.library_names() else network.house_facts(persons.chosen.home_house_id).code


def _expected(request: HttpRequest, thing: Thing, house_id: int | None, persons: Persons) -> str:
    """When this edition could be there for somebody who asks at this moment."""
    code = _house_code(request, house_id, persons)
    pickup = network.house_ids_by_code([code]).get(code, persons.chosen.home_house_id)
    found = queue.queue_of_record(record_id=thing.record_id, now=timezone.now(), pickup_house_id=pickup)
    return lending.expected(found.expectation, pickup)


def _back(asked: _Asked, thing: Thing) -> str:
    if asked.level is RequestLevel.WORK:
        return reverse("work", args=[asked.id])
    return reverse("record", args=[thing.record_id])
