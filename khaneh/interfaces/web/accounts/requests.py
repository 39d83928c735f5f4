"""One's own requests: placing one, and cancelling, suspending, or having it brought elsewhere. Parse, call, translate."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own, queue
from khaneh.domains.circulation.types import REQUEST_LEVELS, REQUEST_STATES, RequestState
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.accounts.acting import Persons, of_members
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import parse_date, show_short_date
from khaneh.kernel.refusal import Refusal

_TONES = {RequestState.ON_SHELF: "good", RequestState.SUSPENDED: "warn", RequestState.IN_TRANSIT: "action"}


@of_members("requests", "request")
@require_safe
def requests(request: HttpRequest, persons: Persons) -> HttpResponse:
    """What one waits for, that which can be collected first."""
    found = own.own_requests(persons.chosen.member_id)
    places = queue.places_of_member(member_id=persons.chosen.member_id, now=timezone.now()) if found else {}
    who = reader.current()
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "state": REQUEST_STATES[row.state],
            "tone": _TONES.get(row.state, ""),
            "level": REQUEST_LEVELS[row.level],
            "house": lending.named_house(row.house_id),
            "until": lending.day_of(row.shelf_until, row.house_id) if row.shelf_until else "",
            "again": lending.day_of(row.suspended_until, row.house_id) if row.suspended_until else "",
            "place": lending.place(places[row.id]) if row.id in places else "",
            "expected": lending.expected(places[row.id].expectation, row.house_id) if row.id in places else "",
            "placed": lending.day_of(row.placed_at, row.house_id),
            "expires": lending.day_of(row.expires_at, row.house_id) if row.expires_at else "",
        }
        for row in found
    ]
    later = timezone.localdate() + timedelta(days=30)
    context = {
        "persons": persons,
        "ready": [one for one in rows if one["row"].state is RequestState.ON_SHELF],
        "waiting": [one for one in rows if one["row"].state is not RequestState.ON_SHELF],
        "houses": lending.pickup_houses(),
        "example": show_short_date(later, calendar=who.calendar, language=who.language),
        "section": "requests",
    }
    return render(request, "accounts/requests.html", context)


@of_members("requests", "request")
@require_POST
def change(request: HttpRequest, persons: Persons) -> HttpResponse:
    """Cancel, suspend until a day, wait again, or collect elsewhere."""
    number = lending.number_of(request.POST.get("request"))
    facts: dict[str, Any] = {
        "actor": actor_of(request),
        "request_id": number,
        "for_member_id": persons.chosen.member_id,
        "now": timezone.now(),
    }
    try:
        if number is not None:
            _change(request, facts)
    except Refusal as refusal:
        messages.error(request, lending.sentence(refusal))
    return redirect(reverse("account-requests") + persons.query)


def _change(request: HttpRequest, facts: dict[str, Any]) -> None:
    act = request.POST.get("act")
    if act == "cancel":
        services.cancel_request(**facts)
        messages.success(request, _("The request is cancelled."))
    elif act == "resume":
        services.resume_request(**facts)
        messages.success(request, _("You wait again, in your old place."))
    elif act == "suspend":
        until = _until(request.POST.get("until", ""))
        if until is None:
            messages.error(request, _("This is not a date."))
            return
        services.suspend_request(**facts, until=until)
        messages.success(request, _("Others go first until then; you keep your place."))
    elif act == "pickup":
        house_id = house_of(request.POST.get("house", ""))
        if house_id is None:
            messages.error(request, _("Please choose a library."))
            return
        services.change_pickup(**facts, pickup_house_id=house_id)
        messages.success(request, _("You collect it at the other library."))


def house_of(code: str) -> int | None:
    """The house of a code, if something can be collected there."""
    return network.house_ids_by_code([code]).get(code) if code in network.library_names() else None


def _until(text: str) -> datetime | None:
    """The beginning of a day, written in either calendar."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time(0), ZoneInfo(timezone.get_current_timezone_name()))
