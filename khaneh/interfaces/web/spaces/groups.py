"""Who comes along: a group written a name a line, changed afterwards, and as it looks for somebody who is named. Parse, call, translate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import BookingRow, BookingState, PersonDraft, PersonRow, WaitingPersonRow, WaitingState
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.interfaces.web.spaces.mine import line, own, waited
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import Invalid, Refusal

# So much of a textarea is read; more is no group.
LONGEST = 20_000
# The last word of a line is a card where it holds four figures or more: no name does.
_CARD = re.compile(r"^(?P<name>.*?)[\s,;،؛:|–-]*(?P<card>[A-Za-z]{0,6}[0-9][A-Za-z0-9-]*)$")
_CHANGING = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.CHECKED_IN)


def drafts(text: str) -> list[PersonDraft]:
    """Who is written, a line each: a name, and behind it the card of a member, in whatever digits. Empty lines are none."""
    found = []
    for written in text[:LONGEST].splitlines():
        if words := " ".join(written.split()):
            match = _CARD.match(latin_digits(words))
            if match is not None and sum(letter.isdigit() for letter in match["card"]) >= 4:
                # The name as it was written, its own figures too.
                found.append(PersonDraft(words[: len(match["name"])].strip(), match["card"]))
            else:
                found.append(PersonDraft(words))
    return found


def written(persons: Iterable[PersonRow | WaitingPersonRow]) -> str:
    """Those who are named, a line each. Cards are not kept: a name goes on standing for the member whom it stood for."""
    return "\n".join(one.name for one in persons)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Who comes along with one's own booking, to be written anew."""
    row = own(request, booking_id)
    clocks.follow(row.space.house.id)
    now = timezone.now()
    if row.state not in _CHANGING or row.ends <= now:
        messages.error(request, wording.reasons_of("spaces.booking_ended", {"state": row.state})[0].said)
        return redirect("account-booking", booking_id)
    persons = queries.persons_of([booking_id]).get(booking_id, ())
    text = written(persons)
    why: list[Why] = []
    problem = ""
    if request.method == "POST":
        text = request.POST.get("names", "")[:LONGEST]
        if request.POST.get("seen") != _seen(persons):
            why = [
                Why(_("The group has changed since this page was opened."), _("Look at it as it is, and try again."))
            ]
            text = written(persons)
        else:
            try:
                services.name_persons(actor=actor_of(request), booking_id=booking_id, persons=drafts(text), now=now)
            except Refusal as refusal:
                problem = wording.fields_of(refusal).get("persons", "") if isinstance(refusal, Invalid) else ""
                why = [] if problem else wording.reasons(refusal, zone=wording.zone_of(row.space))
            else:
                messages.success(request, _("Kept. Who is new in it is told."))
                return redirect("account-booking", booking_id)
    context: dict[str, Any] = {
        "section": "bookings", "one": line(row, now), "space": row.space, "names": text, "why": why,
        "problems": {"names": problem}, "seen": _seen(persons),
    }  # fmt: skip
    return render(request, "spaces/group.html", context, status=409 if why or problem else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_group(request: HttpRequest, waiting_id: int) -> HttpResponse:
    """Who is to come along with what one waits for, to be written anew without losing the place."""
    now = timezone.now()
    row = queries.waiting_by_id(waiting_id, account_id=actor_of(request).account_id or 0, now=now)
    clocks.follow(row.house.id)
    if row.state is not WaitingState.WAITING:
        messages.info(request, _("It is offered to you: take it, and change who comes along then."))
        return redirect("account-bookings")
    text, problem = written(row.persons), ""
    why: list[Why] = []
    if request.method == "POST":
        text = request.POST.get("names", "")[:LONGEST]
        if request.POST.get("seen") != _seen(row.persons):
            why = [
                Why(_("The group has changed since this page was opened."), _("Look at it as it is, and try again."))
            ]
            text = written(row.persons)
        else:
            try:
                services.name_waiting(actor=actor_of(request), waiting_id=waiting_id, persons=drafts(text), now=now)
            except Refusal as refusal:
                said = wording.fields_of(refusal) if isinstance(refusal, Invalid) else {}
                problem = said.get("persons") or said.get("people_count", "")
                why = [] if problem else wording.reasons(refusal)
            else:
                messages.success(request, _("Kept. You have kept your place, too."))
                return redirect("account-bookings")
    named = queries.spaces_by_ids([row.space_id]) if row.space_id is not None else {}
    context: dict[str, Any] = {
        "section": "bookings", "one": waited(row, {}, named), "names": text, "why": why, "problems": {"names": problem},
        "seen": _seen(row.persons),
    }  # fmt: skip
    return render(request, "spaces/waiting_group.html", context, status=409 if why or problem else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def along(request: HttpRequest, booking_id: int) -> HttpResponse:
    """A booking of somebody else in which the reader is named: when and where, and not coming."""
    row, person = queries.booking_naming(booking_id, actor_of(request).account_id or 0)
    clocks.follow(row.space.house.id)
    now = timezone.now()
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        try:
            services.withdraw(actor=actor_of(request), booking_id=booking_id, now=now)
        except Refusal as refusal:
            messages.error(request, wording.sentence(refusal, zone=wording.zone_of(row.space)))
            return redirect("account-booking-along", booking_id)
        messages.success(request, _("You do not come along. Who booked is told."))
        return redirect("account-bookings")
    context = {"section": "bookings", "one": with_person(row, person, now), "withdraws": _is_open(row, now)}
    return render(request, "spaces/along.html", context)


def with_person(row: BookingRow, person: PersonRow | None, now: datetime) -> dict[str, Any]:
    """A booking as who comes along sees it: nothing of it is theirs to change."""
    return {
        **line(row, now),
        "person": person,
        "change_open": _is_open(row, now),
        "change": False,
        "cancel": False,
        "too_late": False,
        "leave": False,
    }


def _is_open(row: BookingRow, now: datetime) -> bool:
    return row.state in (BookingState.TENTATIVE, *_CHANGING) and row.ends > now


def _seen(persons: Iterable[PersonRow | WaitingPersonRow]) -> str:
    """What a form keeps of the group that it shows."""
    return ".".join(str(one.id) for one in persons)
