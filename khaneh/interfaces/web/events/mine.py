"""One's own events: to come and over; one of them with its code, and what can be done with it. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.events import permissions, queries, services
from khaneh.domains.events.types import (
    END_REASONS,
    OPEN_REGISTRATIONS,
    EndReason,
    EventState,
    OwnRegistration,
    RegistrationState,
)
from khaneh.interfaces.web import clocks, members, paging
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.events.registering import agreed, names_of, told
from khaneh.interfaces.web.reasons import price_key
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.interfaces.web.spaces import wording as spaces
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound, Refusal

PAGE = 20


def line(own: OwnRegistration, now: datetime, account_id: int | None) -> dict[str, Any]:
    """A registration as a list shows it, with what can be done at this moment. No statement."""
    row, event = own
    open_ = row.state in OPEN_REGISTRATIONS and event.ends > now and event.state is not EventState.CANCELLED
    late = row.cancel_until is not None and now > row.cancel_until
    there = row.state in (RegistrationState.ATTENDED, RegistrationState.CONFIRMED)
    return {
        "row": row,
        "event": event,
        "now": event.starts <= now < event.ends and there,
        "open": open_,
        "cancel": open_ and not late and not row.came,
        "too_late": open_ and late,
        "cancel_until": spaces.instant(row.cancel_until, event.zone) if row.cancel_until is not None else "",
        # A colleague has registered.
        "by": row.name if row.account_id != account_id else "",
        "rate": row.account_id == account_id
        and there
        and event.starts <= now
        and event.state is not EventState.CANCELLED,
        "why": _why(own),
        "seen": f"{row.state.value}.{row.people}",
        "costs": wording.costs(row),
        "given_back": wording.given_back(row, now),
    }


@login_required
@never_cache
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What is to come and under way, or what is over. About thirty statements."""
    actor, now = actor_of(request), timezone.now()
    past = request.GET.get("view") == "past"
    page = paging.page_number(request) if past else 1
    limit = page * PAGE + 1 if past else 500
    found = queries.registrations_of(
        actor.account_id or 0, organisation_ids=permissions.spoken_for(actor), now=now, past=past, limit=limit
    )
    shown = found[(page - 1) * PAGE : page * PAGE] if past else found
    context = {
        "section": "events",
        "past": past,
        "lines": [line(one, now, actor.account_id) for one in shown],
        "next_url": paging.address(request, page=str(page + 1)) if past and len(found) > page * PAGE else "",
        "previous_url": paging.address(request, page=str(page - 1) if page > 2 else None) if page > 1 else "",
    }
    return render(request, "events/mine.html", context)


@login_required
@never_cache
@require_safe
def registration(request: HttpRequest, registration_id: int) -> HttpResponse:
    """One registration of one's own."""
    own = _own(request, registration_id)
    return _page(request, own)


@login_required
@require_POST
def act(request: HttpRequest, registration_id: int) -> HttpResponse:
    """Cancel, change, say how it was. A form that shows another state of the registration than it has does nothing."""
    own = _own(request, registration_id)
    done = _ACTS.get(request.POST.get("act", ""))
    if done is None:
        return redirect("account-event", registration_id)
    if request.POST.get("seen") != line(own, timezone.now(), None)["seen"]:
        messages.warning(
            request, _("The registration has changed since this page was opened. Here it is as it stands.")
        )
        return redirect("account-event", registration_id)
    try:
        messages.success(request, done(request, own))
    except Refusal as refusal:
        problems = wording.fields_of(refusal) if refusal.code == "kernel.invalid" else {}
        why = [] if problems else wording.reasons(refusal, zone=own.event.zone)
        asked = Money(*refusal.facts["price"]) if refusal.code == "events.price_not_agreed" else None
        return _page(request, own, why=why, problems=problems, asked=asked, status=409)
    return redirect("account-event", registration_id)


def _page(
    request: HttpRequest, own: OwnRegistration, *, why: Any = (), problems: Mapping[str, str] | None = None,
    asked: Money | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    clocks.follow(own.event.house.id)
    row = own.registration
    holds = row.state in (RegistrationState.CONFIRMED, RegistrationState.ATTENDED)
    context: dict[str, Any] = {
        "section": "events",
        "one": line(own, timezone.now(), actor_of(request).account_id),
        "event": own.event,
        "why": why,
        "problems": problems or {},
        "bars": members.bars(row.code) if holds else "",
        "names": "\n".join(row.names),
        "marks": [(str(mark), wording.number(mark), mark == row.rating) for mark in range(1, 6)],
        "total": wording.total(row.price._replace(amount=row.price.amount * row.people) if row.price else None),
        "each": wording.total(asked or row.price) if (asked or row.price) is not None else "",
        "price_key": price_key(asked or row.price),
        "people": request.POST.get("people", "")[:6] if asked is not None else wording.number(row.people),
        "online": own.event.online_url if holds else "",
    }
    return render(request, "events/registration.html", context, status=status)


def _own(request: HttpRequest, registration_id: int) -> OwnRegistration:
    """A registration of the reader's own, or of an organisation for which they speak; those of others are at the desk. Raises NotFound."""
    actor = actor_of(request)
    own = queries.registration(registration_id, actor=actor)
    body = own.registration.organisation
    mine = own.registration.account_id is not None and own.registration.account_id == actor.account_id
    if not mine and (body is None or body.id not in permissions.spoken_for(actor)):
        raise NotFound(what="registration")
    return own


def _cancel(request: HttpRequest, own: OwnRegistration) -> str:
    services.cancel_registration(
        actor=actor_of(request), registration_id=own.registration.id, now=timezone.now(),
        reason=request.POST.get("reason", "")[:2000],
    )  # fmt: skip
    return _("Cancelled. Whoever waits has the place now.")


def _change(request: HttpRequest, own: OwnRegistration) -> str:
    done = services.change_registration(
        actor=actor_of(request), registration_id=own.registration.id, now=timezone.now(),
        people_count=asking.whole(request.POST.get("people"), otherwise=own.registration.people),
        names=names_of(request.POST.get("names", "")),
        own_transport=request.POST.get("own") == "1",
        note=request.POST.get("note", "")[:5000], agreed=agreed(request.POST.get("price", "")),
    )  # fmt: skip
    return _("Changed.") if done.state is own.registration.state else told(done)


def _rate(request: HttpRequest, own: OwnRegistration) -> str:
    services.give_feedback(
        actor=actor_of(request), registration_id=own.registration.id, now=timezone.now(),
        rating=asking.whole(request.POST.get("rating"), otherwise=0) or 0, words=request.POST.get("words", "")[:8000],
    )  # fmt: skip
    return _("Thank you for your opinion.")


_ACTS: Mapping[str, Callable[[HttpRequest, OwnRegistration], str]] = {
    "cancel": _cancel,
    "change": _change,
    "rate": _rate,
}


def _why(own: OwnRegistration) -> str:
    """Why it ended, in the house's own words where it gave some."""
    row = own.registration
    if row.reason:
        return row.reason
    if row.end_reason in (None, EndReason.REGISTRANT):
        return ""
    return wording.picked(END_REASONS[row.end_reason])
