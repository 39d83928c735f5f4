"""An event's page: what, when, where, whose, how one comes to it; and the reader's own registration. Parse, call, translate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.events import queries
from khaneh.domains.events.types import Admission, EventRow, EventState
from khaneh.domains.meetings import queries as meetings
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import sector_name
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording as spaces

_STATUS = {
    EventState.CANCELLED: "https://schema.org/EventCancelled",
}


@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """The page. A bounded number of statements."""
    actor = actor_of(request)
    row = queries.event(event_id, actor=actor)
    clocks.follow(row.house.id)
    now = timezone.now()
    language = reader.current().language
    own = queries.own(event_id, account_id=actor.account_id) if actor.account_id is not None else []
    context: dict[str, Any] = {
        "event": row,
        "own": own,
        "registers": row.registers(now),
        "why_not": _why_not(row, now),
        "is_free": row.admission is Admission.FREE,
        "is_over": row.ends <= now,
        "closes": spaces.instant(row.closes_at, row.zone) if row.closes_at is not None and row.closes_at > now else "",
        "release": spaces.instant(row.release_at, row.zone)
        if row.release_at is not None and row.released_at is None and row.shares
        else "",
        "sectors": [(code, sector_name(code).pick(language)) for code in row.sectors],
        "house": network.house_facts(row.house.id),
        "pitched": meetings.is_demo_day(event_id),
        "matchmakings": meetings.matchmakings_of_event(event_id),
        "json_ld": _json_ld(row),
        "crumbs": crumbs(row),
        # Who has registered sees how to come in; nobody else does.
        "online": row.online_url if any(one.state in ("confirmed", "attended") for one in own) or row.admission is Admission.FREE else "",
    }  # fmt: skip
    return render(request, "events/event.html", context)


def crumbs(row: EventRow, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to an event."""
    name = row.names.pick(reader.current().language)
    own = reverse("event", args=[row.id]) if more else ""
    return [(_("Home"), reverse("home")), (_("Events"), reverse("events")), (name, own), *more]


def _why_not(row: EventRow, now: datetime) -> str:
    """Why nobody registers at this moment, in words; empty where they do, or need not."""
    if row.state not in (EventState.OPEN, EventState.FULL) or row.ends <= now or row.admission is Admission.FREE:
        return ""
    if row.opens_at is not None and now < row.opens_at:
        return _("Registration begins on %(when)s.") % {"when": spaces.instant(row.opens_at, row.zone)}
    until = row.closes_at or row.starts
    if now >= until:
        return _("Registration ended on %(when)s.") % {"when": spaces.instant(until, row.zone)}
    return ""


def _json_ld(row: EventRow) -> dict[str, Any]:
    language = reader.current().language
    address = settings.SITE_URL + reverse("event", args=[row.id])
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": row.names.pick(language),
        "startDate": row.starts.isoformat(),
        "endDate": row.ends.isoformat(),
        "eventStatus": _STATUS.get(row.state, "https://schema.org/EventScheduled"),
        "location": {"@type": "Place", "name": wording.where(row)},
        "organizer": [{"@type": "Organization", "name": one.names.pick(language)} for one in row.organisers or (row.house,)],
    }  # fmt: skip
    if row.descriptions.pick(language):
        found["description"] = row.descriptions.pick(language)
    if row.capacity is not None:
        found["maximumAttendeeCapacity"] = row.capacity
    return found
