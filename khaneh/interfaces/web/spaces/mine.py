"""One's own bookings: to come, under way, over; offers and waiting. One of them with its code and how to get in. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    END_REASONS,
    SPACE_KINDS,
    WAITING_STATES,
    BookingRow,
    BookingState,
    EndReason,
    SpaceRow,
    WaitingRow,
    WaitingState,
)
from khaneh.interfaces.web import clocks, lending, paging, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.interfaces.web.spaces.cards import day_name
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import NotFound, Refusal

PAGE = 20
_COMING = (BookingState.CONFIRMED, BookingState.CHECKED_IN)
_EARLY = timedelta(minutes=15)
_TONES = {
    BookingState.TENTATIVE: "accent",
    BookingState.REQUESTED: "warn",
    BookingState.CONFIRMED: "good",
    BookingState.CHECKED_IN: "action",
    BookingState.NO_SHOW: "bad",
    BookingState.REFUSED: "bad",
}
# While one may still say who comes along.
_NAMING = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.CHECKED_IN)


def line(row: BookingRow, now: datetime) -> dict[str, Any]:
    """A booking as a list shows it, with what its booker can do at this moment. No statement."""
    zone = wording.zone_of(row.space)
    clock = ZoneInfo(zone)
    starts = row.starts.astimezone(clock)
    from_ = row.starts - max(_EARLY, timedelta(minutes=row.space.setup_minutes))
    comes = row.state is BookingState.CONFIRMED and from_ <= now < row.ends
    return {
        "row": row,
        "space": row.space,
        "state": BOOKING_STATES[row.state],
        "tone": _TONES.get(row.state, ""),
        "day": day_name(starts.date(), now.astimezone(clock).date()),
        "from": wording.clock(row.starts, zone),
        "until": wording.clock(row.ends, zone),
        "when": wording.when(row.starts, row.ends, zone),
        "now": row.state is BookingState.CHECKED_IN or comes,
        "check_in": comes and row.space.self_service,
        "come_to_desk": comes and not row.space.self_service,
        "check_in_from": wording.instant(from_, zone),
        "change": row.state in (BookingState.REQUESTED, BookingState.CONFIRMED) and row.ends > now,
        "cancel": row.state in (BookingState.REQUESTED, BookingState.CONFIRMED)
        and (row.cancel_until is None or now <= row.cancel_until),
        "cancel_until": wording.instant(row.cancel_until, zone) if row.cancel_until is not None else "",
        "too_late": row.state is BookingState.CONFIRMED and row.cancel_until is not None and now > row.cancel_until,
        "answer_by": wording.instant(row.held_until, zone) if row.held_until is not None else "",
        "why": why(row),
        "leave": row.state is BookingState.CHECKED_IN,
        "changed": asked_revision(row),
    }


def asked_revision(row: BookingRow) -> str:
    """What a form keeps of the booking that it shows, so that an act is for what was seen."""
    return f"{row.revision}.{row.state.value}"


def why(row: BookingRow) -> str:
    """Why a booking ended, in the house's own words where it gave some."""
    if row.reason:
        return row.reason
    if row.end_reason in (None, EndReason.BOOKER):
        return ""
    return END_REASONS[row.end_reason].pick(reader.current().language)


@login_required
@never_cache
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    """What is under way and to come, what waits, and what is over. About thirty statements."""
    account_id = actor_of(request).account_id or 0
    now = timezone.now()
    past = request.GET.get("view") == "past"
    context: dict[str, Any] = {"section": "bookings", "past": past}
    if past:
        page = paging.page_number(request)
        found = queries.bookings_of(account_id, now=now, past=True, limit=page * PAGE + 1)
        shown = [line(row, now) for row in found[(page - 1) * PAGE : page * PAGE]]
        context |= {
            "lines": shown,
            "next_url": paging.address(request, page=str(page + 1)) if len(found) > page * PAGE else "",
            "previous_url": paging.address(request, page=str(page - 1) if page > 2 else None) if page > 1 else "",
        }
    else:
        open_ = [line(row, now) for row in queries.bookings_of(account_id, now=now, limit=500)]
        waiting = queries.waiting_of(account_id, now=now)
        by_id = {one["row"].id: one for one in open_}
        others = queries.waiting_along(account_id, now=now)
        entries = [*waiting, *(row for _who, row in others)]
        named = queries.spaces_by_ids(one.space_id for one in entries if one.space_id is not None) if entries else {}
        context |= {
            "offers": [waited(one, by_id, named) for one in waiting if one.state is WaitingState.OFFERED],
            "waiting": [waited(one, by_id, named) for one in waiting if one.state is WaitingState.WAITING],
            "waits_along": [{**waited(row, {}, named), "who": who} for who, row in others],
            "under_way": [one for one in open_ if one["now"]],
            "along": [line(row, now) for row in queries.bookings_naming(account_id)],
            "coming": [one for one in open_ if not one["now"] and one["row"].state is not BookingState.TENTATIVE],
        }
    return render(request, "spaces/bookings.html", context)


def waited(row: WaitingRow, bookings: Mapping[int, dict[str, Any]], spaces: Mapping[int, SpaceRow]) -> dict[str, Any]:
    """An entry of a waiting list, with what is kept for it. No statement."""
    zone = _zone(row)
    named = spaces.get(row.space_id) if row.space_id is not None else None
    kept = [bookings[number] for number in row.bookings if number in bookings]
    return {
        "row": row,
        "state": WAITING_STATES[row.state],
        "what": SPACE_KINDS[row.kind],
        "space_name": named.names.pick(reader.current().language) if named is not None else "",
        "house": lending.named_house(row.house.id),
        "window": wording.when(row.first, row.last, zone),
        "length": wording.length(row.minutes),
        "answer_by": wording.instant(row.answer_by, zone) if row.answer_by is not None else "",
        "kept": kept,
    }


def _zone(row: WaitingRow) -> str:
    return network.house_facts(row.house.id).calendar.zone


@login_required
@never_cache
@require_safe
def booking(request: HttpRequest, booking_id: int) -> HttpResponse:
    """One booking of one's own: when, where, its code, how to get in, and what can be done with it."""
    row = own(request, booking_id)
    clocks.follow(row.space.house.id)
    now = timezone.now()
    series = queries.bookings_of_series(row.series_id, actor=actor_of(request)) if row.series_id is not None else []
    context = {
        "section": "bookings",
        "one": line(row, now),
        "series": [line(one, now) for one in series],
        "instead": _instead(row, now),
        "persons": queries.persons_of([booking_id], with_left=True).get(booking_id, ()),
        "names": row.space.capacity > 1 and row.ends > now and row.state in _NAMING,
    }
    return render(request, "spaces/booking.html", context)


def own(request: HttpRequest, booking_id: int) -> BookingRow:
    """A booking of the reader's own; those of others are at the desk. Seven statements. Raises NotFound."""
    row = queries.booking(booking_id, actor=actor_of(request))
    if row.account_id is None or row.account_id != actor_of(request).account_id:
        raise NotFound(what="booking")
    return row


def _instead(row: BookingRow, now: datetime) -> list[Any]:
    """What else is free at the time of a booking that the house ended."""
    ended = (EndReason.CLOSED, EndReason.TAKEN, EndReason.STAFF, EndReason.UNANSWERED)
    if row.end_reason not in ended or row.starts <= now:
        return []
    return queries.alternatives(row.space, row.starts, row.ends, now=now)


@login_required
@require_POST
def act(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Cancel, or say that one has left. A form that shows another state of the booking than it has does nothing."""
    row = own(request, booking_id)
    zone = wording.zone_of(row.space)
    done = _ACTS.get(request.POST.get("act", ""))
    if done is not None:
        try:
            if request.POST.get("seen") != asked_revision(row):
                messages.warning(
                    request, _("The booking has changed since this page was opened. Here it is as it stands.")
                )
            else:
                done(request, row)
        except Refusal as refusal:
            messages.error(request, wording.sentence(refusal, zone=zone))
    return redirect("account-booking", booking_id)


def _cancel(request: HttpRequest, row: BookingRow) -> None:
    services.cancel(
        actor=actor_of(request), booking_id=row.id, now=timezone.now(), reason=request.POST.get("reason", "")[:2000]
    )
    messages.success(request, _("Cancelled. Whoever waits for it may have it now."))


def _leave(request: HttpRequest, row: BookingRow) -> None:
    services.finish(actor=actor_of(request), booking_id=row.id, now=timezone.now())
    messages.success(request, _("Thank you. The rest of the time is free for others."))


_ACTS: Mapping[str, Callable[[HttpRequest, BookingRow], None]] = {"cancel": _cancel, "leave": _leave}


@login_required
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Accept what is kept, decline it, wait no more, or leave the group of somebody who waits."""
    number = lending.number_of(request.POST.get("waiting"))
    facts: dict[str, Any] = {"actor": actor_of(request), "waiting_id": number, "now": timezone.now()}
    try:
        if number is not None and request.POST.get("act") == "accept":
            booked = services.accept_offer(**facts)
            asked = any(one.state is BookingState.REQUESTED for one in booked)
            messages.success(
                request,
                _("Asked for. We tell you as soon as the house has answered.") if asked else _("Booked. We look forward to seeing you."),
            )  # fmt: skip
        elif number is not None and request.POST.get("act") == "leave":
            services.leave_waiting_list(**facts)
            messages.success(request, _("You wait for it no longer."))
        elif number is not None and request.POST.get("act") == "withdraw":
            services.leave_group(**facts)
            messages.success(request, _("You do not come along. Whoever waits is told."))
    except Refusal as refusal:
        messages.error(request, wording.sentence(refusal))
    return redirect("account-bookings")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, space_id: int) -> HttpResponse:
    """The page behind the sign at a door or a machine: one's own booking of just this, and checking in by its code."""
    row = queries.space_by_id(space_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    now = timezone.now()
    mine = queries.bookings_of(actor_of(request).account_id or 0, now=now)
    here = [one for one in mine if one.space.id == row.id and one.ends > now]
    waits = [one for one in here if one.state is BookingState.CONFIRMED]
    inside = next((one for one in here if one.state is BookingState.CHECKED_IN), None)
    coming = min(waits, key=lambda one: one.starts, default=None)
    why_not: list[Why] = []
    if request.method == "POST" and coming is not None and inside is None:
        try:
            services.check_in(
                actor=actor_of(request), booking_id=coming.id, now=now, code=_digits(request.POST.get("code", ""))
            )
        except Refusal as refusal:
            why_not = wording.reasons(refusal, zone=wording.zone_of(row))
        else:
            messages.success(request, _("You are checked in. Welcome."))
            return redirect("account-booking", coming.id)
    if coming is None and inside is None:
        return _along(request, row, now)
    context = {
        "space": row,
        "coming": line(coming, now) if coming is not None else None,
        "inside": line(inside, now) if inside is not None else None,
        "asks_code": coming is not None and bool(coming.code),
        "why": why_not,
        "book_url": reverse("space", args=[row.id]),
    }
    return render(request, "spaces/check_in.html", context, status=409 if why_not else 200)


def _along(request: HttpRequest, space: SpaceRow, now: datetime) -> HttpResponse:
    """The same page for somebody who comes along with another's booking, if with any."""
    account_id = actor_of(request).account_id or 0
    named = [one for one in queries.bookings_naming(account_id) if one.space.id == space.id and one.ends > now]
    found = min((one for one in named if one.state in _COMING), key=lambda one: one.starts, default=None)
    why_not: list[Why] = []
    came = False
    if found is not None:
        person = queries.booking_naming(found.id, account_id)[1]
        came = person.came_at is not None
        if request.method == "POST" and not came:
            try:
                services.check_in_person(
                    actor=actor_of(request), booking_id=found.id, person_id=person.id, now=now,
                    code=_digits(request.POST.get("code", "")),
                )  # fmt: skip
            except Refusal as refusal:
                why_not = wording.reasons(refusal, zone=wording.zone_of(space))
            else:
                messages.success(request, _("You are checked in. Welcome."))
                return redirect("account-booking-along", found.id)
    shown = {**line(found, now), "check_in": _is_time(found, now)} if found is not None else None
    context = {
        "space": space, "coming": None if came else shown, "inside": shown if came else None, "is_along": True,
        "asks_code": found is not None and bool(found.code), "why": why_not, "book_url": reverse("space", args=[space.id]),
    }  # fmt: skip
    return render(request, "spaces/check_in.html", context, status=409 if why_not else 200)


def _is_time(row: BookingRow, now: datetime) -> bool:
    """Whether one may check oneself in at this moment, also behind the first of a group."""
    from_ = row.starts - max(_EARLY, timedelta(minutes=row.space.setup_minutes))
    return row.space.self_service and from_ <= now < row.ends


def _digits(text: str) -> str:
    return "".join(latin_digits(text).split())[:20]
