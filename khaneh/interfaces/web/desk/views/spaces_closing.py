"""Closing a space for a time, opening it again, taking it out of service: first what that ends and what else is free, then the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import SPACE_STATES, SpaceRow, SpaceState, Touched
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import once, space_house, space_words
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.space_times import ClosureForm
from khaneh.interfaces.web.desk.forms.spaces import StateForm
from khaneh.interfaces.web.desk.gate import SPACE_LEADS, SPACE_MANAGERS, staffed
from khaneh.interfaces.web.desk.views.spaces_settings import next_states, row_of
from khaneh.interfaces.web.desk.views.spaces_week import crumbs
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_SHOWN = 100


@staffed(SPACE_LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, space_id: int) -> HttpResponse:
    """Close a space, or some of a counted one."""
    row = row_of(request, space_id)
    house = space_house.at(request, row.house.id)
    if not permissions.may_lead(actor_of(request), house_id=house.id):
        raise Http404
    now, zone = timezone.now(), house.calendar.zone
    initial = {"first": figures(house.calendar.today(now)), "first_time": "", "kind": "maintenance"}
    form = ClosureForm(request.POST if request.method == "POST" else None, space=row, initial=initial)
    if not form.is_bound:
        return _page(request, row, house, form, _("Close it for a time"))
    if (before := once.again(request)) is not None:
        return before
    wanted = form.closure(zone) if form.is_valid() else None
    if wanted is None:
        return _page(request, row, house, form, _("Close it for a time"), status=422)
    told = {**wanted}
    note = told.pop("note")
    actor = actor_of(request)
    try:
        if request.POST.get("act") == "do":
            done = services.close_space(actor=actor, space_id=space_id, now=now, note=note, **told)
            messages.success(request, _("It is closed.") + " " + _told(len(done.booking_ids)))
            return once.led_to(request, reverse("desk-space", args=[space_id]) + "#closures")
        touched = services.weigh_closure(actor=actor, space_id=space_id, now=now, **told)
    except Invalid as refusal:
        form.refuse(refusal.facts["fields"])
        return _page(request, row, house, form, _("Close it for a time"), status=422)
    except Refusal as refusal:
        form.add_error(None, space_words.refusal(refusal, zone=zone))
        return _page(request, row, house, form, _("Close it for a time"), status=422)
    what = (
        wording.when(told["starts"], told["ends"], zone)
        if told["ends"] is not None
        else _("from %(when)s on") % {"when": wording.instant(told["starts"], zone)}
    )
    return _page(request, row, house, form, _("Close it for a time"), touched=touched, what=what, button=_("Close it"))


@staffed(SPACE_LEADS)
@require_POST
def lift(request: HttpRequest, closure_id: int) -> HttpResponse:
    """Open a space again."""
    try:
        space_id = queries.space_of_closure(closure_id)
        services.lift_closure(actor=actor_of(request), closure_id=closure_id, now=timezone.now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        if refusal.code == "kernel.not_allowed":
            raise
        messages.error(request, space_words.refusal(refusal))
    else:
        messages.success(request, _("It is open again: who waits for it is offered it."))
    return redirect(reverse("desk-space", args=[space_id]) + "#closures")


@staffed(SPACE_MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, space_id: int) -> HttpResponse:
    """Take a space out of service, or back into it."""
    row = row_of(request, space_id)
    house = space_house.at(request, row.house.id)
    actor, now = actor_of(request), timezone.now()
    if not permissions.may_manage(actor, house_id=house.id):
        raise Http404
    form = StateForm(request.POST if request.method == "POST" else None, states=next_states(row))
    title = _("Another state")
    if not form.is_bound:
        return _page(request, row, house, form, title)
    if (before := once.again(request)) is not None:
        return before
    if not form.is_valid():
        return _page(request, row, house, form, title, status=422)
    wanted = SpaceState(form.cleaned_data["state"])
    label = SPACE_STATES[wanted].pick(reader.current().language)
    try:
        # Coming back into service ends nothing, so there is nothing to look at before.
        if request.POST.get("act") == "do" or wanted is SpaceState.ACTIVE:
            done = services.change_space_state(
                actor=actor, code=row.code, state=wanted, reason=form.cleaned_data["reason"], now=now
            )
            told = " " + _told(len(done.booking_ids)) if wanted is not SpaceState.ACTIVE else ""
            messages.success(request, _("The state is changed: %s.") % label + told)
            return once.led_to(request, reverse("desk-space", args=[space_id]))
        touched = services.weigh_state(actor=actor, code=row.code, state=wanted, now=now)
    except Refusal as refusal:
        form.add_error(None, space_words.refusal(refusal, zone=house.calendar.zone))
        return _page(request, row, house, form, title, status=422)
    return _page(request, row, house, form, title, touched=touched, what=label, button=_("Change the state"))


def _page(
    request: HttpRequest,
    row: SpaceRow,
    house: HouseFacts,
    form: forms.Form,
    title: str,
    *,
    touched: Sequence[Touched] | None = None,
    what: str = "",
    button: str = "",
    status: int = 200,
) -> HttpResponse:
    language = reader.current().language
    found = touched or ()
    context: dict[str, Any] = {
        "section": "spaces",
        "row": row,
        "house": house,
        "form": form,
        "title": title,
        "weighed": touched is not None,
        "what": what,
        "button": button,
        "touched": [
            (one, wording.when(one.booking.starts, one.booking.ends, house.calendar.zone)) for one in found[:_SHOWN]
        ],
        "count": _ends(len(found)),
        "more": _("and %(number)s further ones.") % {"number": show_number(len(found) - _SHOWN, language)}
        if len(found) > _SHOWN
        else "",
        "once": once.key(),
        "crumbs": crumbs(
            (_("The spaces"), reverse("desk-spaces-list")),
            (row.names.pick(language), reverse("desk-space", args=[row.id])),
            title,
        ),
    }
    return render(request, "desk/spaces/ending.html", context, status=status)


def _counted(words: Callable[[int], str], number: int) -> str:
    return words(number) % {"number": show_number(number, reader.current().language)}


def _ends(number: int) -> str:
    return _counted(lambda n: ngettext("It ends %(number)s booking:", "It ends %(number)s bookings:", n), number)


def _told(number: int) -> str:
    if not number:
        return _("Nobody had booked it.")
    return _counted(
        lambda n: ngettext(
            "%(number)s booking ended; who booked is told.", "%(number)s bookings ended; those who booked are told.", n
        ),
        number,
    )
