"""Enrolling: what it would meet, and the button. Parse, call, translate."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.events import queries as events
from khaneh.domains.events.types import RegistrationState
from khaneh.domains.learning import queries, services
from khaneh.domains.learning.types import Channel, Enrolled, EnrolmentState, Quote, RunRow
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.reasons import Why, other_price, price_key
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.interfaces.web.spaces import wording as spaces
from khaneh.kernel.refusal import Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, run_id: int) -> HttpResponse:
    """What enrolling would meet; a POST enrols. Sent again it leads to the enrolment that there is."""
    actor, now = actor_of(request), timezone.now()
    run = queries.run(run_id, actor=actor)
    clocks.follow(run.house.id)
    if run.mine is not None and run.mine[1] not in _ENDED:
        messages.info(request, _("You are in this run already; here it is."))
        return redirect("account-enrolment", run.mine[0])
    data = request.POST if request.method == "POST" else request.GET
    organisations = asking.organisations(request)
    chosen = asking.chosen(organisations, data.get("for", "")[:80])
    facts: dict[str, Any] = {
        "actor": actor, "run_id": run_id, "now": now, "channel": Channel.WEB,
        "organisation_id": chosen.id if chosen is not None else None,
    }  # fmt: skip
    quote = services.quote(**facts)
    why = wording.before(quote.refusal, quote.facts, quote.answer, zone=quote.run.zone)
    meanwhile = _meanwhile(quote, actor.account_id or 0, now)
    if request.method == "POST":
        knows = frozenset(data.get("known", "")[:2000].split())
        if data.get("for") and chosen is None:
            remedy = _("Enrol for yourself, or ask it to give you a role.")
            why = [Why(_("You have no role at this organisation."), remedy)]
        elif quote.possible and data.get("price", "") != price_key(quote.price):
            why = [other_price(_("Look at it, and enrol if you agree."))]
        elif quote.possible and not knows >= {one.key for one in meanwhile}:
            why = [Why(_("You would be in two places at once."), _("Look at it, and enrol if you know."))]
        else:
            try:
                done = services.enrol(**facts, knowing=knows)
            except Refusal as refusal:
                why = wording.reasons(refusal, zone=run.zone)
            else:
                messages.success(request, told(done))
                return redirect("account-enrolment", done.enrolment_ids[0])
    context: dict[str, Any] = {
        "run": quote.run,
        "quote": quote,
        "possible": quote.possible,
        "why": why,
        "lacks": _lacked(quote, now, actor.account_id) if quote.lacks else [],
        "organisations": organisations,
        "organisation": chosen,
        "total": spaces.amount(quote.price) if quote.price is not None and quote.price.amount else _("Free of charge"),
        "price_key": price_key(quote.price),
        "meanwhile": meanwhile,
        "known": " ".join(sorted({one.key for one in meanwhile})),
        "will_wait": quote.state is EnrolmentState.WAITING,
        "will_ask": quote.state is EnrolmentState.REQUESTED,
        "crumbs": crumbs(run, (_("Enrol"), "")),
    }
    return render(request, "learning/enrol.html", context, status=409 if request.method == "POST" else 200)


_ENDED = frozenset({EnrolmentState.WITHDRAWN, EnrolmentState.REFUSED, EnrolmentState.CANCELLED})


def crumbs(run: RunRow, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a run's course, and on."""
    return [
        (_("Home"), reverse("home")),
        (_("Courses"), reverse("courses")),
        (run.course.names.pick(reader.current().language), reverse("course", args=[run.course.code])),
        *more,
    ]


class Meanwhile(NamedTuple):
    """Something that the reader has at that time: what says that they know of it, and the words."""

    key: str
    said: str


def _meanwhile(quote: Quote, account_id: int, now: datetime) -> list[Meanwhile]:
    """Where else the reader is at the times of the run: courses, bookings, and events, of which courses know nothing."""
    if not quote.possible:
        return []
    zone = quote.run.zone
    found = [(one.starts, Meanwhile(one.key, wording.clash(one, zone))) for one in quote.clashes]
    for own in events.registrations_of(account_id, now=now):
        event = own.event
        there = any(event.starts < one.ends and one.starts < event.ends for one in quote.run.meetings)
        if there and own.registration.state is RegistrationState.CONFIRMED:
            said = f"{spaces.when(event.starts, event.ends, zone)}: {event.names.pick(reader.current().language)}"
            found.append((event.starts, Meanwhile(f"event:{event.id}", said)))
    return [one for _starts, one in sorted(found)]


def told(done: Enrolled) -> str:
    """What enrolling gave, in words."""
    if done.state is EnrolmentState.REQUESTED:
        return _("Asked for. We tell you as soon as the house has answered.")
    if done.state is EnrolmentState.WAITING:
        return _("You are on the waiting list. We tell you as soon as there is a seat.")
    return _("You have a seat. We look forward to seeing you.")


def _lacked(quote: Quote, now: Any, account_id: int | None) -> list[dict[str, Any]]:
    """Prerequisites that are missing, each with the next runs that award it."""
    named = [
        (number, code) for number, code in quote.run.course.requires if code in quote.lacks
    ]  # what the policies count as lacking may name others, which no course of this kind awards
    rows = qualifications.rows_by_id(number for number, _code in named)
    runs = queries.next_runs_awarding(rows, now=now, account_id=account_id, limit=2)
    return [{"row": rows[number], "runs": runs.get(number, [])} for number, _code in named if number in rows]
