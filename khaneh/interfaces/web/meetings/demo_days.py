"""Demo days: the running order for everybody, contact for those who want to know more and for the teams, the order at the desk."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.events import queries as events
from khaneh.domains.meetings import permissions, queries, services
from khaneh.domains.meetings.types import INTEREST_STATES, PITCH_ORDERS, DemoDayRow, GuestKind, InterestRow, PitchDraft
from khaneh.domains.network import queries as network
from khaneh.domains.residencies import queries as residencies
from khaneh.interfaces.web import clocks, lending, reader
from khaneh.interfaces.web.desk.gate import ORGANISERS, staffed
from khaneh.interfaces.web.meetings import acting, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound


@require_http_methods(["GET", "HEAD", "POST"])
def demo_day(request: HttpRequest, event_id: int) -> HttpResponse:
    """Who pitches when; who wants to know more asks, and the team answers. A post does one thing; sent twice it is done once."""
    actor, now = actor_of(request), timezone.now()
    event = events.event(event_id, actor=actor)
    found = queries.demo_day(event_id, actor=actor)
    if found is None or not found.pitches:
        raise NotFound(what="demo_day")
    clocks.follow(event.house.id)
    if request.method == "POST":
        if actor.account_id is None:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        acting.do(request, _acts(request, actor, now))
        return redirect("demo-day", event_id=event_id)
    asking = [one for one in queries.standings(actor, now=now) if one.kind is not GuestKind.TEAM]
    context = {
        "event": event,
        "when": f"{wording.day(event.starts, event.zone)}, {wording.clock(event.starts, event.zone)}",
        "order": PITCH_ORDERS[found.order],
        "day": found,
        "pitches": _pitches(found, event.zone),
        "as_whom": [(one.organisation_id or "", one.names) for one in asking],
        "asked": [_interest(one) for one in queries.interests_for(event_id, actor=actor)],
        "crumbs": [
            (_("Home"), reverse("home")), (_("Events"), reverse("events")),
            (event.names.pick(reader.current().language), reverse("event", args=[event_id])), (_("Pitches"), ""),
        ],
    }  # fmt: skip
    return render(request, "meetings/demo_day.html", context)


@staffed(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, event_id: int) -> HttpResponse:
    """The running order of an event of the house: teams added, taken out, ordered by hand or by lot."""
    actor, now = actor_of(request), timezone.now()
    event = events.event(event_id, actor=actor)
    if not permissions.may_run(actor, house_id=event.house.id):
        raise NotAllowed(act="meetings.run")
    clocks.follow(event.house.id)
    found = queries.demo_day(event_id, actor=actor)
    if request.method == "POST":
        acting.do(request, _desk_acts(request, actor, event_id, found, now))
        return redirect("desk-demo-day", event_id=event_id)
    teams = residencies.residencies_of_house(event.house.id, actor=actor, now=now)
    context = {
        "section": "matchmakings",
        "event": event,
        "when": f"{wording.day(event.starts, event.zone)}, {wording.clock(event.starts, event.zone)}",
        "day": found,
        "order": PITCH_ORDERS[found.order] if found else None,
        "pitches": _pitches(found, event.zone) if found else [],
        "teams": [one for one in teams if one.over_on is None],
        "seed": secrets.token_hex(4),
    }
    return render(request, "meetings/desk_demo_day.html", context)


def _pitches(found: DemoDayRow, zone: str) -> list[dict[str, Any]]:
    return [
        {"row": one, "at": wording.clock(one.starts, zone), "interest": _interest(one.interest) if one.interest else None,
         "first": number == 0, "last": number == len(found.pitches) - 1}
        for number, one in enumerate(found.pitches)
    ]  # fmt: skip


def _interest(one: InterestRow) -> dict[str, Any]:
    return {"row": one, "state": INTEREST_STATES[one.state], "tone": wording.TONES.get(one.state, "")}


def _acts(request: HttpRequest, actor: Actor, now: datetime) -> acting.Acts:
    interest = acting.number(request, "interest")
    return {
        "interest": (
            lambda: services.ask_contact(
                actor=actor, pitch_id=acting.number(request, "pitch"), message=acting.text(request, "message"),
                organisation_id=lending.number_of(request.POST.get("organisation")), now=now,
            ),
            _("Asked. You see their address when they say yes."),
        ),
        "yes": (
            lambda: services.answer_contact(actor=actor, interest_id=interest, accepts=True, now=now),
            _("Both of you see each other's name and address now."),
        ),
        "no": (
            lambda: services.answer_contact(actor=actor, interest_id=interest, accepts=False, now=now),
            _("Declined. They do not see your address."),
        ),
        "take-back": (
            lambda: services.take_back_interest(actor=actor, interest_id=interest, now=now), _("Taken back.")
        ),
    }  # fmt: skip


def _desk_acts(
    request: HttpRequest, actor: Actor, event_id: int, found: DemoDayRow | None, now: datetime
) -> acting.Acts:
    pitch = acting.number(request, "pitch")
    stand = [one.id for one in found.pitches] if found else []
    return {
        "add": (lambda: _add(request, actor, event_id, now), _("Added at the end.")),
        "remove": (lambda: services.remove_pitch(actor=actor, pitch_id=pitch, now=now), _("Taken out.")),
        "up": (
            lambda: services.order_pitches(actor=actor, event_id=event_id, pitch_ids=_earlier(stand, pitch), now=now),
            _("Moved."),
        ),
        "draw": (
            lambda: services.draw_order(actor=actor, event_id=event_id, seed=acting.text(request, "seed"), now=now),
            _("Drawn. Whoever draws with this seed gets the same order."),
        ),
    }


def _add(request: HttpRequest, actor: Actor, event_id: int, now: datetime) -> int:
    code = acting.text(request, "code").strip()
    organisation_id = network.organisation_id(code) if code else None
    if code and organisation_id is None:
        raise Invalid(fields={"code": "unknown"})
    draft = PitchDraft(
        title=acting.text(request, "title"), minutes=acting.number(request, "minutes"),
        summary=acting.text(request, "summary"), speaker=acting.text(request, "speaker"),
        residency_id=None if organisation_id else acting.number(request, "team") or None, organisation_id=organisation_id,
    )  # fmt: skip
    return services.add_pitch(actor=actor, event_id=event_id, draft=draft, now=now)


def _earlier(stand: list[int], pitch: int) -> list[int]:
    """The order with one pitch a place earlier."""
    if pitch not in stand or stand[0] == pitch:
        return stand
    at = stand.index(pitch)
    return [*stand[: at - 1], pitch, stand[at - 1], *stand[at + 1 :]]
