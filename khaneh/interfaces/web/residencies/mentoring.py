"""The mentor's pages: times that they have, sessions, the teams that they mentor and how they find them. Parse, call, translate."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.residencies import queries, services
from khaneh.domains.residencies.types import HEALTH_AREAS
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.residencies import acting, showing, typed, wording
from khaneh.kernel.refusal import NotFound

LENGTHS = (30, 45, 60, 90, 120)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mentoring(request: HttpRequest) -> HttpResponse:
    """One's teams, times and sessions. Times are on the clocks of the first team's house."""
    actor, now = actor_of(request), timezone.now()
    teams = queries.residencies_mentored(actor, now=now)
    zone = showing.zone_of(teams[0].house.id) if teams else "UTC"
    if request.method == "POST":
        acting.do(
            request,
            {
                "offer": (
                    lambda: services.offer_slot(
                        actor=actor, place=typed.text(request, "place"), now=now,
                        **dict(zip(("starts", "ends"), typed.times(request, zone), strict=True)),
                    ),
                    _("Your teams can take this time."),
                ),
                "withdraw": (
                    lambda: services.withdraw_slot(actor=actor, slot_id=typed.number(request, "slot"), now=now),
                    _("Taken back."),
                ),
                "cancel": (
                    lambda: services.cancel_session(actor=actor, session_id=typed.number(request, "session"), now=now),
                    _("Cancelled. The team is told."),
                ),
                "held": (
                    lambda: services.hold_session(
                        actor=actor, session_id=typed.number(request, "session"), came=True,
                        summary=typed.text(request, "summary"), now=now,
                    ),
                    _("Noted, and written into the team's ledger."),
                ),
                "missed": (
                    lambda: services.hold_session(
                        actor=actor, session_id=typed.number(request, "session"), came=False, summary="", now=now
                    ),
                    _("Noted."),
                ),
            },
        )  # fmt: skip
        return redirect("account-mentoring")
    sessions = queries.sessions_of(actor)
    tomorrow = (clocks.today(teams[0].house.id) if teams else now.date()) + timedelta(days=1)
    context = {
        "section": "mentoring",
        "teams": [showing.line(row) for row in teams],
        "slots": [showing.slot(one, zone) for one in queries.slots_of(actor, now=now) if one.session_id is None],
        "to_note": [showing.session(one, zone) for one in sessions if one.state == "booked" and one.starts <= now],
        "coming": [showing.session(one, zone) for one in sessions if one.state == "booked" and one.starts > now],
        "past": [showing.session(one, zone) for one in sessions if one.state != "booked"],
        "lengths": [(minutes, wording.amount(minutes, "minutes"), minutes == 60) for minutes in LENGTHS],
        "day": wording.short(tomorrow),
    }
    return render(request, "residencies/mentoring.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mentored(request: HttpRequest, residency_id: int) -> HttpResponse:
    """A team as its mentor sees it, and how they find it today."""
    actor, now = actor_of(request), timezone.now()
    if residency_id not in {row.id for row in queries.residencies_mentored(actor, now=now)}:
        raise NotFound(what="residency")
    found = queries.residency(residency_id, actor=actor, now=now)
    clocks.follow(found.row.house.id)
    if request.method == "POST":
        scores = {area: typed.number(request, area) for area in HEALTH_AREAS if request.POST.get(area)}
        acting.do(
            request,
            {
                "check": (
                    lambda: services.check_health(
                        actor=actor, residency_id=residency_id, scores=scores, note=typed.text(request, "note"), now=now
                    ),
                    _("Noted. The house sees it."),
                )
            },
        )
        return redirect("account-mentored", residency_id=residency_id)
    context = {
        "section": "mentoring",
        **showing.detail(found, clocks.today(found.row.house.id)),
        "areas": list(HEALTH_AREAS.items()),
        "marks": range(1, 6),
    }
    return render(request, "residencies/mentored.html", context)
