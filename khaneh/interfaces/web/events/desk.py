"""Events at the desk of a house: what is proposed and to come, proposing, changing. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.events import permissions, queries, services
from khaneh.domains.events.permissions import DESK
from khaneh.domains.events.types import EventRow
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk import once, space_house
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.events.forms import EventForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid, Refusal


@staffed(DESK)
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What a house has before it, or what is over. About forty statements."""
    house = None if "choose" in request.GET else space_house.house_of(request)
    if house is None:
        return _choose(request)
    actor, now = actor_of(request), timezone.now()
    past = request.GET.get("view") == "past"
    found = queries.events_of_houses([house.id], actor=actor, now=now, past=past)
    context: dict[str, Any] = {
        "section": "events",
        "house": house,
        "several": space_house.several(request),
        "past": past,
        "proposed": [row for row in found if row.state == "proposed"],
        "coming": [row for row in found if past or row.state != "proposed"],
        "requests": [] if past else queries.requests_of([house.id], actor=actor, now=now),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Events"), "")],
    }
    return render(request, "events/desk/list.html", context)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose an event."""
    house = space_house.house_of(request)
    if house is None:
        return _choose(request)
    form = EventForm(request.POST if request.method == "POST" else None, house=house, row=None)
    if form.is_bound and (before := once.again(request)) is not None:
        return before
    draft = form.draft() if form.is_bound and form.is_valid() else None
    if draft is not None:
        try:
            row = services.propose_event(actor=actor_of(request), draft=draft, now=timezone.now())
        except Invalid as refusal:
            form.refuse(wording.fields_of(refusal))
        else:
            messages.success(request, _("Proposed. Nobody else sees it before it is opened."))
            return once.led_to(request, reverse("desk-event", args=[row.id]))
    return _form_page(request, form, title=_("Propose an event"), house=house, row=None)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, event_id: int) -> HttpResponse:
    """Change an event; whoever comes is told where its time or place is another."""
    actor = actor_of(request)
    row = queries.desk_event(event_id, actor=actor)
    permissions.require_lead(actor, house_id=row.house.id)
    clocks.follow(row.house.id)
    house = network.house_facts(row.house.id)
    form = EventForm(request.POST if request.method == "POST" else None, house=house, row=row)
    if form.is_bound and (before := once.again(request)) is not None:
        return before
    draft = form.draft() if form.is_bound and form.is_valid() else None
    if draft is not None:
        try:
            services.change_event(actor=actor, event_id=event_id, draft=draft, now=timezone.now())
        except Invalid as refusal:
            form.refuse(wording.fields_of(refusal))
        except Refusal as refusal:
            if refusal.code == "kernel.not_allowed":
                raise
            form.add_error(None, wording.sentence(refusal, zone=row.zone))
        else:
            messages.success(request, _("Changed."))
            return once.led_to(request, reverse("desk-event", args=[event_id]))
    return _form_page(request, form, title=_("Change the event"), house=house, row=row)


def crumbs(row: EventRow, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to an event at the desk."""
    name = row.names.pick(reader.current().language)
    own = reverse("desk-event", args=[row.id]) if more else ""
    return [(_("Desk"), reverse("desk")), (_("Events"), reverse("desk-events")), (name, own), *more]


def _form_page(request: HttpRequest, form: EventForm, *, title: str, house: Any, row: EventRow | None) -> HttpResponse:
    way = crumbs(row, (title, "")) if row is not None else [
        (_("Desk"), reverse("desk")), (_("Events"), reverse("desk-events")), (title, ""),
    ]  # fmt: skip
    context = {
        "section": "events", "form": form, "title": title, "house": house, "row": row, "once": once.key(), "crumbs": way,
        "is_new": row is None, "has_registered": row is not None and bool(row.taken),
    }  # fmt: skip
    return render(request, "events/desk/form.html", context, status=422 if form.is_bound else 200)


def _choose(request: HttpRequest) -> HttpResponse:
    language = reader.current().language
    houses = [network.house_facts(number) for number in space_house.served(request)]
    context = {
        "section": "events",
        "houses": sorted(houses, key=lambda house: (house.names.pick(language), house.code)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Events"), "")],
    }
    return render(request, "events/desk/choose.html", context)
