"""The door: one field for a code or a card, the list with a button each; the same page taken along works without a line and sends later."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.events import queries, services
from khaneh.domains.events.permissions import DESK
from khaneh.domains.events.types import CheckedIn, OfflineEntry, RegistrationState, Roster
from khaneh.interfaces.web import assets, clocks
from khaneh.interfaces.web.desk import once
from khaneh.interfaces.web.desk.circulation_turn import number
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.events.desk import crumbs
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.kernel.refusal import Refusal

_EXPECTED = (RegistrationState.CONFIRMED, RegistrationState.ABSENT, RegistrationState.ATTENDED)
_MOST_BODY = 2_000_000


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, event_id: int) -> HttpResponse:
    """Checking in. A bounded number of statements."""
    actor = actor_of(request)
    row = queries.desk_event(event_id, actor=actor)
    clocks.follow(row.house.id)
    why: Any = ()
    scanned = ""
    if request.method == "POST":
        scanned = request.POST.get("scanned", "")[:200]
        try:
            messages.success(request, _done(request, event_id))
        except Refusal as refusal:
            why = wording.reasons(refusal, zone=row.zone)
        else:
            return redirect(reverse("desk-event-door", args=[event_id]))
    roster = queries.roster(event_id, actor=actor)
    expected = [one for one in roster.registrations if one.state in _EXPECTED]
    context = {
        "section": "events",
        "event": roster.event,
        "why": why,
        "scanned": scanned if why else "",
        "expected": sorted(expected, key=lambda one: (one.came == one.people, one.name.casefold())),
        "guests": roster.guests,
        "came": _came(roster),
        "due": sum(one.people for one in expected),
        "client": once.key(),
        "crumbs": crumbs(roster.event, (_("Door"), "")),
    }
    return render(request, "events/desk/door.html", context, status=409 if why else 200)


@staffed(DESK)
@require_safe
def carry(request: HttpRequest, event_id: int) -> HttpResponse:
    """The list to take along, as a page that its own service worker keeps until it is thrown away."""
    row = queries.desk_event(event_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    context = {
        "section": "events",
        "event": row,
        "data": _list(request, event_id),
        "addresses": {
            "send": reverse("desk-event-send", args=[event_id]),
            "list": reverse("desk-event-list", args=[event_id]),
            "worker": reverse("event-door-worker"),
            "door": reverse("desk-event-door", args=[event_id]),
        },
        "words": {
            "ready": _("The list is here: this page also works without a line."),
            "waits": _("What is written down here is sent as soon as there is a line."),
            "welcome": _("Welcome: %s"),
            "all": _("All of them are checked in already."),
            "nobody": _("Nobody of this code or name is on the list. Count a guest."),
            "several": _("Several have this name: press the button beside the right one."),
            "sent": _("Everything is sent."),
            "sign_in": _("There is a line, but you are not signed in. Sign in in another tab, then send."),
            "unsent": _("Something was not sent yet and would be lost. Throw it away?"),
        },
        "crumbs": crumbs(row, (_("Door"), reverse("desk-event-door", args=[event_id])), (_("Without a line"), "")),
    }
    return render(request, "events/desk/carry.html", context)


@staffed(DESK)
@require_safe
def listed(request: HttpRequest, event_id: int) -> HttpResponse:
    """The list as it is at this moment, for the page that was taken along."""
    return JsonResponse(_list(request, event_id))


@staffed(DESK)
@require_POST
def send(request: HttpRequest, event_id: int) -> HttpResponse:
    """Take what was checked in without a line: `{"token": …, "entries": [{"client_id", "at", "registration", "name", "people"}]}`.

    Answers for each what became of it, with the list as it is then; whatever the device sends, sent again it changes nothing.
    """
    try:
        token, entries = _read(request.body)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("This was not understood.")}, status=400)
    try:
        answers = services.take_offline(
            actor=actor_of(request), event_id=event_id, token=token, entries=entries, now=timezone.now()
        )
    except Refusal as refusal:
        if refusal.code == "kernel.not_found":
            raise
        return JsonResponse({"error": wording.sentence(refusal)}, status=409)
    said = [
        {
            "client_id": one.client_id,
            "outcome": one.outcome.value,
            "why": " ".join(why.said for why in wording.reasons_of(one.refusal, {})) if one.refusal else "",
        }
        for one in answers
    ]
    return JsonResponse({"answers": said, "list": _list(request, event_id)})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the taken-along page, its styles and its script; of the desk nothing else."""
    response = render(
        request, "events/desk/worker.js", {"version": assets.version()}, content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _done(request: HttpRequest, event_id: int) -> str:
    facts: dict[str, Any] = {
        "actor": actor_of(request), "event_id": event_id, "now": timezone.now(),
    }  # fmt: skip
    given = request.POST
    act = given.get("act", "")
    if act == "undo":
        services.undo_check_in(
            check_in_id=number(given.get("check_in")), registration_id=number(given.get("registration")), **facts
        )
        return _("Taken back.")
    client = given.get("client", "")[:40]
    people = asking.whole(given.get("people")) if given.get("people") else None
    if act == "guest":
        done = services.check_in_guest(
            name=given.get("name", "")[:400], people_count=people or 1, client_id=client, **facts
        )
        return _("Welcome: %(name)s") % {"name": done.name or wording.people(done.people)}
    # A button of the list is a message of its own for as many as are there: pressed twice, it counts once.
    registration_id = number(given.get("registration"))
    done = services.check_in(
        scanned=given.get("scanned", "")[:200] if registration_id is None else "",
        registration_id=registration_id, people_count=people,
        client_id=f"{client}-{registration_id or ''}" if client else "", **facts,
    )  # fmt: skip
    return _welcome(done)


def _welcome(done: CheckedIn) -> str:
    if done.people == 1:
        return _("Welcome: %(name)s") % {"name": done.name}
    return _("Welcome: %(name)s, %(came)s of %(people)s") % {
        "name": done.name, "came": wording.number(done.came), "people": wording.number(done.people),
    }  # fmt: skip


def _came(roster: Roster) -> int:
    return sum(one.came for one in roster.registrations) + sum(count for _number, _name, count in roster.guests)


def _list(request: HttpRequest, event_id: int) -> dict[str, Any]:
    """Who is expected, as the page that was taken along needs it."""
    found = services.offline_list(actor=actor_of(request), event_id=event_id, now=timezone.now())
    return {
        "token": found.token,
        "made_at": found.made_at.isoformat(),
        "event": event_id,
        "guests": found.guests,
        "registrations": [
            {
                "id": one.id, "code": one.code, "name": one.name,
                "organisation": wording.picked(one.organisation.names) if one.organisation else "",
                "people": one.people, "came": one.came, "names": list(one.names),
                # What is still to be taken of a guest, who has no ledger.
                "pays": wording.money(one) if one.account_id is None and one.organisation is None else "",
            }
            for one in found.registrations
        ],
    }  # fmt: skip


def _read(body: bytes) -> tuple[str, list[OfflineEntry]]:
    """What a device sent. Raises ValueError, KeyError or TypeError for what is none of it."""
    if len(body) > _MOST_BODY:
        raise ValueError("too long")
    given = json.loads(body)
    entries = []
    for one in given["entries"]:
        at = datetime.fromisoformat(str(one["at"]).replace("Z", "+00:00"))
        if at.tzinfo is None:
            raise ValueError("a time without a zone")
        client = str(one["client_id"])
        if not 1 <= len(client) <= 64:
            raise ValueError("no name of a message")
        people = one.get("people")
        registration = one.get("registration")
        entries.append(
            OfflineEntry(
                client, at.astimezone(UTC), int(registration) if registration is not None else None,
                str(one.get("code") or "")[:200], str(one.get("name") or "")[:400],
                int(people) if people is not None else None,
            )
        )  # fmt: skip
    return str(given["token"]), entries
