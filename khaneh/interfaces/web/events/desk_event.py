"""One event at the desk: its state, rooms, requests, who comes, what came of it; and everything that is done there. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.events import permissions, queries, services
from khaneh.domains.events.permissions import DESK
from khaneh.domains.events.types import OUTCOMES, Channel, EventRow, EventState, RegistrationRow, RegistrationState
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces.types import BOOKING_STATES
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.desk import once, persons
from khaneh.interfaces.web.desk.circulation_turn import number
from khaneh.interfaces.web.desk.forms.space_times import instant, space_choices
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.events.desk import crumbs
from khaneh.interfaces.web.events.forms import house_of
from khaneh.interfaces.web.events.registering import agreed, names_of, told
from khaneh.interfaces.web.reasons import price_key
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.interfaces.web.spaces import wording as space_words
from khaneh.kernel.calendars import parse_time
from khaneh.kernel.refusal import Refusal

_CHANGEABLE = (EventState.PROPOSED, EventState.OPEN, EventState.FULL)
_GROUPS: tuple[tuple[str, tuple[RegistrationState, ...]], ...] = (
    ("coming", (RegistrationState.ATTENDED, RegistrationState.CONFIRMED, RegistrationState.ABSENT)),
    ("waiting", (RegistrationState.WAITING,)),
    ("requested", (RegistrationState.REQUESTED,)),
    ("gone", (RegistrationState.CANCELLED, RegistrationState.REFUSED)),
)


@staffed(DESK)
@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """The page. A bounded number of statements, whatever the number of those who come."""
    return _page(request, event_id)


@staffed(DESK)
@require_POST
def act(request: HttpRequest, event_id: int) -> HttpResponse:
    """Whatever is done to an event; what is refused is told on its page with the rule and the remedy."""
    row = queries.desk_event(event_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    if (before := once.again(request)) is not None:
        return before
    done = _ACTS.get(request.POST.get("act", ""))
    if done is None:
        return redirect("desk-event", event_id)
    try:
        said, anchor = done(request, row)
    except Refusal as refusal:
        if refusal.code == "kernel.not_allowed" and str(refusal.facts.get("act", "")).startswith("events."):
            raise
        return _page(request, event_id, refused=wording.reasons(refusal, zone=row.zone), status=409)
    except _Problem as problem:
        return _page(request, event_id, refused=[(str(problem), "")], status=422)
    messages.success(request, said)
    return once.led_to(request, reverse("desk-event", args=[event_id]) + anchor)


class _Problem(Exception):
    """What was typed was not understood; the text is for the page."""


def _page(request: HttpRequest, event_id: int, *, refused: Any = (), status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    roster = queries.roster(event_id, actor=actor)
    row = roster.event
    clocks.follow(row.house.id)
    leads = permissions.may_lead(actor, house_id=row.house.id)
    changeable = row.state in _CHANGEABLE
    groups: dict[str, list[RegistrationRow]] = {
        name: [one for one in roster.registrations if one.state in states] for name, states in _GROUPS
    }
    begun = row.starts <= now
    context: dict[str, Any] = {
        "section": "events",
        "event": row,
        "leads": leads,
        "refused": [(one[0], one[1]) for one in refused],
        "can_open": leads and row.state is EventState.PROPOSED and row.ends > now,
        "can_change": leads and changeable,
        "can_close": leads and row.state in (EventState.OPEN, EventState.FULL) and begun,
        "can_register": row.state in (EventState.OPEN, EventState.FULL) and row.capacity is not None and row.ends > now,
        "has_door": row.state in (EventState.OPEN, EventState.FULL, EventState.HELD),
        "begun": begun and row.state not in (EventState.PROPOSED, EventState.CANCELLED),
        **groups,
        "came": sum(one.came for one in roster.registrations) + sum(count for _number, _name, count in roster.guests),
        "uses": [
            (one, space_words.when(one.starts, one.ends, row.zone), wording.picked(BOOKING_STATES[one.state]))
            for one in row.spaces
        ],
        "spaces": space_choices([one for one in spaces.spaces_of_house(row.house.id) if one.in_service])
        if leads and changeable
        else [],
        "takings": wording.takings(roster.registrations),
        "each": wording.each(row.price),
        "houses": [(share.house.code, wording.picked(share.house.names)) for share in row.shares],
        "figures": queries.figures(event_id, actor=actor) if begun else None,
        "outcomes": [(kind, wording.picked(label)) for kind, label in OUTCOMES.items()],
        "price_key": price_key(row.price),
        "once": once.key(),
        "who": request.POST.get("who", "") if status != 200 else "",
        "persons": _persons(request) if status != 200 else [],
        "crumbs": crumbs(row),
    }
    if context["figures"] is not None:
        counts = context["figures"].counts
        context["outcomes"] = [(kind, label, counts.get(kind, "")) for kind, label in context["outcomes"]]
    return render(request, "events/desk/event.html", context, status=status)


def _persons(request: HttpRequest) -> list[persons.Person]:
    """Where several answer to what was typed, to choose from."""
    typed = request.POST.get("who", "").strip()
    found = persons.found(actor_of(request), typed) if typed and request.POST.get("act") == "register" else []
    return found if len(found) > 1 else []


def _open(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    services.open_event(actor=actor_of(request), event_id=row.id, now=timezone.now())
    return _("It is open: everybody sees it."), ""


def _cancel(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    ended = services.cancel_event(
        actor=actor_of(request), event_id=row.id, reason=request.POST.get("reason", "")[:2000], now=timezone.now()
    )
    return _("Cancelled. %(number)s registrations ended, and each is told why.") % {"number": wording.number(ended)}, ""


def _close(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    services.close_event(actor=actor_of(request), event_id=row.id, now=timezone.now())
    return _("It is closed. Those who came are asked how it was."), "#outcome"


def _use_space(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    space_id = number(request.POST.get("space"))
    if space_id is None:
        raise _Problem(_("Choose a space."))
    day = row.starts.astimezone(ZoneInfo(row.zone)).date()
    services.use_space(
        actor=actor_of(request), event_id=row.id, space_id=space_id, now=timezone.now(),
        starts=_time(request, "from", day, row), ends=_time(request, "until", row.ends.astimezone(ZoneInfo(row.zone)).date(), row),
        outside_hours=request.POST.get("outside") == "1",
    )  # fmt: skip
    return _("Booked for the event."), "#rooms"


def _leave_space(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    services.leave_space(
        actor=actor_of(request),
        event_id=row.id,
        booking_id=number(request.POST.get("booking")) or 0,
        now=timezone.now(),
    )
    return _("The space is free again."), "#rooms"


def _approve(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    done = services.approve_registration(
        actor=actor_of(request), registration_id=number(request.POST.get("registration")) or 0, now=timezone.now()
    )
    if done.state is RegistrationState.WAITING:
        return _("Approved, and on the waiting list: there is no place at present."), "#requests"
    return _("Approved: they have their place."), "#requests"


def _refuse(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    services.refuse_registration(
        actor=actor_of(request), registration_id=number(request.POST.get("registration")) or 0,
        reason=request.POST.get("reason", "")[:2000], now=timezone.now(),
    )  # fmt: skip
    return _("Refused; they are told why."), "#requests"


def _drop(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    services.cancel_registration(
        actor=actor_of(request), registration_id=number(request.POST.get("registration")) or 0, now=timezone.now(),
        reason=request.POST.get("reason", "")[:2000],
    )  # fmt: skip
    return _("Cancelled; they are told."), "#coming"


def _register(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    given = request.POST
    typed, guest = given.get("who", "").strip(), given.get("guest", "").strip()
    account_id = None
    if typed:
        found = persons.found(actor_of(request), typed)
        person = persons.picked(found, number(given.get("account")))
        if wrong := persons.problem(found, person):
            raise _Problem(wrong)
        if person is None:
            raise _Problem(_("Several answer to this: choose one below."))
        account_id = person.account_id
    elif not guest:
        raise _Problem(_("Say who comes: somebody with an account, or a guest by name."))
    house = given.get("house", "")
    done = services.register(
        actor=actor_of(request), event_id=row.id, now=timezone.now(), account_id=account_id,
        guest="" if account_id is not None else guest, house_id=house_of(house) if house else None,
        people_count=asking.whole(given.get("people"), otherwise=1) or 0, names=names_of(given.get("names", "")),
        own_transport=given.get("own") == "1", note=given.get("note", "")[:5000], channel=Channel.DESK, agreed=agreed(given.get("price", "")),
    )  # fmt: skip
    return told(done), "#coming"


def _outcome(request: HttpRequest, row: EventRow) -> tuple[str, str]:
    counts = {}
    for kind in OUTCOMES:
        typed = request.POST.get(f"count_{kind}", "").strip()
        if typed:
            counts[kind] = asking.whole(typed, otherwise=-1) or 0
    typed = request.POST.get("attendance", "").strip()
    attendance = asking.whole(typed, otherwise=-1) if typed else None
    services.record_outcome(
        actor=actor_of(request), event_id=row.id, text=request.POST.get("text", "")[:40_000], counts=counts,
        attendance=attendance, now=timezone.now(),
    )  # fmt: skip
    return _("Kept."), "#outcome"


_ACTS: Mapping[str, Callable[[HttpRequest, EventRow], tuple[str, str]]] = {
    "open": _open,
    "cancel": _cancel,
    "close": _close,
    "use": _use_space,
    "leave": _leave_space,
    "approve": _approve,
    "refuse": _refuse,
    "drop": _drop,
    "register": _register,
    "outcome": _outcome,
}


def _time(request: HttpRequest, name: str, day: date, row: EventRow) -> Any:
    typed = request.POST.get(name, "").strip()
    if not typed:
        return None
    try:
        return instant(day, parse_time(typed), row.zone)
    except ValueError as error:
        raise _Problem(_("This is not a time of day.")) from error
