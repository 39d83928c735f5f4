"""The desk's first page: what waits for this person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.circulation.queries import papers, runs
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web.desk.circulation_turn import house_of
from khaneh.interfaces.web.desk.gate import (
    CATALOGUERS,
    DESK,
    IMPORTERS,
    MANAGERS,
    MEMBERSHIP,
    ROUNDS,
    SPACE_LEADS,
    STAFF,
    staffed,
)
from khaneh.interfaces.web.desk.views.imports import rows_of
from khaneh.interfaces.web.requests import actor_of

_LATEST = 6
_YESTERDAY = timedelta(days=1)


@staffed(STAFF)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The day's lending, imports under way, the quarantine, pairs to judge; each only for whom it waits."""
    actor = actor_of(request)
    context: dict[str, Any] = {"section": "start", "manages": actor.holds_somewhere(MANAGERS)}
    if actor.holds_somewhere(DESK):
        house = house_of(request)
        context |= {"lends": True, "house": house, "served": len(people.served_houses(actor) or ())}
        if house is not None:
            context["day"] = papers.day(actor, house_id=house.id, now=timezone.now())
    elif actor.holds_somewhere(ROUNDS):
        # Who drives the rounds and does nothing else at a desk.
        context |= {"drives": True, "mine": runs.rounds_to_drive(actor, since=timezone.now().date() - _YESTERDAY)}
    if actor.holds_somewhere(MEMBERSHIP):
        context["applications"] = len(people.waiting_applications(actor=actor))
    if actor.holds_somewhere(SPACE_LEADS):
        led = spaces.served_houses(actor, roles=SPACE_LEADS)
        context["requests"] = sum(spaces.waiting_requests(led, now=timezone.now()).values())
    if actor.holds_somewhere(IMPORTERS):
        rows = rows_of(catalogue.import_batches(actor=actor, limit=_LATEST))
        waiting = catalogue.quarantine_counts(actor=actor)
        context |= {
            "imports": True,
            "active": [row for row in rows if row["phase"] in {"queued", "running", "interrupted"}],
            "fresh": [row for row in rows if row["phase"] == "new"],
            "latest": [row for row in rows if row["phase"] in {"done", "failed"}],
            "waiting": sum(waiting.values()),
            "reasons": sorted(waiting.items(), key=lambda pair: (-pair[1], pair[0]))[:5],
        }
        context["live"] = any(row["phase"] in {"queued", "running"} for row in rows)
    if actor.holds_somewhere(CATALOGUERS):
        context |= {"judges": True, "pairs": catalogue.review_count(actor=actor)}
    return render(request, "desk/start.html", context)
