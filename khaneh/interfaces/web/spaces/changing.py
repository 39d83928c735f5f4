"""Moving one's own booking: another time, length or number of people, under the rules as they are. Parse, call, translate."""

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

from khaneh.domains.spaces import services
from khaneh.domains.spaces.types import BookingRow, BookingState, Channel
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.interfaces.web.spaces.mine import asked_revision, line, own
from khaneh.interfaces.web.spaces.space import glance
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, booking_id: int) -> HttpResponse:
    """The booking as it is, the week to choose from, what it would become and cost; a POST changes it at the price that was shown, or nothing at
    all.
    """
    row = own(request, booking_id)
    clocks.follow(row.space.house.id)
    now = timezone.now()
    if row.state not in (BookingState.REQUESTED, BookingState.CONFIRMED):
        messages.error(request, wording.reasons_of("spaces.booking_ended", {"state": row.state})[0].said)
        return redirect("account-booking", booking_id)
    wanted = _wanted(request, row)
    would, why = _weighed(request, row, wanted, now)
    problems: dict[str, str] = {}
    if request.method == "POST" and not why:
        if request.POST.get("seen") != asked_revision(row):
            why = [
                Why(_("The booking has changed since this page was opened."), _("Look at it as it is, and try again."))
            ]
        elif would is not None and request.POST.get("price", "") != would.key:
            why = [
                Why(
                    _("The price is another than the one that was shown."), _("Look at it, and change it if you agree.")
                )
            ]
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
        "would": would,
        "why": why,
        "problems": problems,
        "lengths": asking.lengths(row.space, wanted.minutes),
        "glance": glance(request, row.space, wanted, book_url=reverse("account-booking-change", args=[booking_id])),
        "approval": row.space.approval,
    }
    return render(request, "spaces/change.html", context, status=409 if why and request.method == "POST" else 200)


class Would(NamedTuple):
    """What a change would cost, in words: the price that it gives, what is paid in addition or given back; `key` is what a form keeps of it."""

    price: str
    lines: tuple[tuple[str, str], ...]
    asks: bool
    key: str


def _weighed(
    request: HttpRequest, row: BookingRow, wanted: asking.Wanted, now: datetime
) -> tuple[Would | None, list[Why]]:
    """What the change that is asked for would cost, or why it cannot be; neither where nothing is changed. About forty statements."""
    if wanted.starts is None:
        return None, [Why(_("This time was not understood."), _("Choose one of the times offered."))]
    if (wanted.starts, wanted.ends, wanted.people) == (row.starts, row.ends, row.people):
        return None, []
    try:
        found = services.weigh_change(
            actor=actor_of(request), booking_id=row.id, now=now, starts=wanted.starts, ends=wanted.ends,
            people_count=wanted.people, channel=Channel.WEB,
        )  # fmt: skip
    except Refusal as refusal:
        return None, wording.reasons(refusal, zone=wording.zone_of(row.space))
    lines = [
        (_("To pay in addition"), wording.amount(one))
        if one.amount > 0
        else (_("Given back"), wording.amount(Money(-one.amount, one.currency)))
        for one in found.difference
    ]
    key = " ".join(f"{one.amount} {one.currency}" for one in found.difference)
    asks = found.state is BookingState.REQUESTED
    return Would(wording.price(found.price), tuple(lines), asks, f"{key} {'asks' if asks else ''}".strip()), []


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
