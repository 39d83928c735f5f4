"""Moving one's own booking: another time, length or number of people, under the rules as they are. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.spaces import services
from khaneh.domains.spaces.types import BookingRow, BookingState, Channel
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.interfaces.web.spaces.mine import asked_revision, line, own
from khaneh.interfaces.web.spaces.space import glance
from khaneh.kernel.refusal import Invalid, Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, booking_id: int) -> HttpResponse:
    """The booking as it is, the week to choose from, and what it would become; a POST changes it, or nothing at all."""
    row = own(request, booking_id)
    clocks.follow(row.space.house.id)
    now = timezone.now()
    if row.state not in (BookingState.REQUESTED, BookingState.CONFIRMED):
        messages.error(request, wording.reasons_of("spaces.booking_ended", {"state": row.state})[0].said)
        return redirect("account-booking", booking_id)
    wanted = _wanted(request, row)
    why: list[Why] = []
    problems: dict[str, str] = {}
    if request.method == "POST":
        if request.POST.get("seen") != asked_revision(row):
            why = [
                Why(_("The booking has changed since this page was opened."), _("Look at it as it is, and try again."))
            ]
        elif wanted.starts is None:
            why = [Why(_("This time was not understood."), _("Choose one of the times offered."))]
        else:
            try:
                done = services.change_booking(
                    actor=actor_of(request), booking_id=booking_id, now=now, starts=wanted.starts, ends=wanted.ends,
                    people_count=wanted.people, title=wanted.title, channel=Channel.WEB,
                )  # fmt: skip
            except Refusal as refusal:
                why = wording.reasons(refusal, zone=wording.zone_of(row.space))
                problems = wording.fields_of(refusal) if isinstance(refusal, Invalid) else {}
            else:
                asks = done.state is BookingState.REQUESTED
                messages.success(request, _("Changed, and asked for anew: the house must approve it.") if asks else _("Changed."))  # fmt: skip
                return redirect("account-booking", booking_id)
    moved = wanted.starts is not None and (wanted.starts, wanted.ends) != (row.starts, row.ends)
    context: dict[str, Any] = {
        "section": "bookings",
        "one": line(row, now),
        "space": row.space,
        "wanted": wanted,
        "starts_key": asking.written(wanted.starts) if wanted.starts is not None else "",
        "moved": moved,
        "why": why,
        "problems": problems,
        "lengths": asking.lengths(row.space, wanted.minutes),
        "glance": glance(request, row.space, wanted, book_url=reverse("account-booking-change", args=[booking_id])),
        "approval": row.space.approval,
    }
    return render(request, "spaces/change.html", context, status=409 if why else 200)


def _wanted(request: HttpRequest, row: BookingRow) -> asking.Wanted:
    """What the form or the address asks for; where it says nothing, what is booked."""
    data = request.POST if request.method == "POST" else request.GET
    minutes = int((row.ends - row.starts).total_seconds() // 60)
    given = asking.wanted(data, minutes=minutes)
    return asking.Wanted(
        starts=given.starts if "starts" in data else row.starts,
        minutes=given.minutes,
        people=given.people if "people" in data else row.people,
        title=given.title if "title" in data else row.title,
    )
