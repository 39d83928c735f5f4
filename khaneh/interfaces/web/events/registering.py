"""Registering: what it would meet, and the button. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.events import queries, services
from khaneh.domains.events.types import Channel, Registered, RegistrationState
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.events.page import crumbs
from khaneh.interfaces.web.reasons import Why, other_price, price_key
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, Refusal

_LONGEST_NAMES = 20_000


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, event_id: int) -> HttpResponse:
    """What registering would meet; a POST registers. Sent again it leads to the registration that there is."""
    actor, now = actor_of(request), timezone.now()
    row = queries.event(event_id, actor=actor)
    clocks.follow(row.house.id)
    data = request.POST if request.method == "POST" else request.GET
    organisations = asking.organisations(request)
    chosen = asking.chosen(organisations, data.get("for", "")[:80])
    people = asking.whole(data.get("people"), otherwise=1) or 0
    rides = data.get("own") == "1"
    facts: dict[str, Any] = {
        "actor": actor, "event_id": event_id, "now": now, "channel": Channel.WEB, "people_count": people,
        "organisation_id": chosen.id if chosen is not None else None, "own_transport": rides,
    }  # fmt: skip
    quote = services.quote(**facts)
    if quote.refusal == "events.already_registered":
        messages.info(request, _("You have registered for this; here it is."))
        return redirect("account-event", quote.facts["registration_id"])
    why = wording.before(quote.refusal, quote.facts, quote.answer, zone=quote.event.zone)
    problems: dict[str, str] = {}
    if request.method == "POST":
        if data.get("for") and chosen is None:
            why = [
                Why(
                    _("You have no role at this organisation."),
                    _("Register for yourself, or ask it to give you a role."),
                )
            ]
        elif quote.possible and data.get("price", "") != price_key(quote.price):
            why = [other_price(_("Look at it, and register if you agree."))]
        else:
            try:
                done = services.register(
                    names=names_of(data.get("names", "")), note=data.get("note", "")[:5000], agreed=quote.each, **facts
                )  # fmt: skip
            except Invalid as refusal:
                problems = wording.fields_of(refusal)
            except Refusal as refusal:
                if refusal.code == "events.already_registered":
                    return redirect("account-event", refusal.facts["registration_id"])
                why = wording.reasons(refusal, zone=row.zone)
            else:
                messages.success(request, told(done))
                return redirect("account-event", done.registration_id)
    context: dict[str, Any] = {
        "event": quote.event,
        "quote": quote,
        "possible": quote.possible,
        "why": why,
        "problems": problems,
        "people": people,
        "names": data.get("names", "")[:_LONGEST_NAMES],
        "note": data.get("note", "")[:5000],
        "own": rides,
        "organisations": organisations,
        "organisation": chosen,
        "total": wording.total(quote.price),
        "event_each": wording.each(quote.each),
        "payment": wording.payment(quote, organisation=chosen, now=now),
        "price_key": price_key(quote.price),
        "will_wait": quote.state is RegistrationState.WAITING,
        "will_ask": quote.state is RegistrationState.REQUESTED,
        "crumbs": crumbs(row, (pgettext("event", "Register"), "")),
    }
    return render(request, "events/register.html", context, status=409 if request.method == "POST" else 200)


def names_of(text: str) -> list[str]:
    """Names, one a line."""
    return [line for line in text[:_LONGEST_NAMES].splitlines() if line.strip()]


def agreed(key: str) -> Money | None:
    """The price for each person as a form kept it (`reasons.price_key`); None for what is none."""
    amount, _space, unit = key.partition(" ")
    return Money(int(amount), unit) if amount.isascii() and amount.isdecimal() and len(amount) < 13 else None


def told(done: Registered) -> str:
    """What registering gave, in words."""
    if done.state is RegistrationState.REQUESTED:
        return _("Asked for. We tell you as soon as the house has answered.")
    if done.state is RegistrationState.WAITING:
        return _("You are on the waiting list. We tell you as soon as there is a place.")
    if done.price is not None and done.price.amount:
        return _("You have a place, and %(sum)s is charged. We look forward to seeing you.") % {
            "sum": wording.total(done.price)
        }
    return _("You have a place. We look forward to seeing you.")
