"""Requests to be answered, one booking with everything the desk does with it, and those to which nobody came. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import BOOKING_STATES, Approval, BookingRow, BookingState, Channel, Override
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk import space_house, space_words
from khaneh.interfaces.web.desk.forms.space_times import MoveForm
from khaneh.interfaces.web.desk.gate import AWARDERS, SPACES, staffed
from khaneh.interfaces.web.desk.views.spaces_week import check_in, crumbs, frame, said_of
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import NotFound, Refusal

PAGE = 50
_OPEN = (BookingState.REQUESTED, BookingState.CONFIRMED)


@staffed(SPACES)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for an answer at a house, the oldest first, with how many others ask for the same time."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    actor, now = actor_of(request), timezone.now()
    rows = queries.requests_of(house.id, actor=actor, now=now)
    waiting = queries.waiting_requests(queries.served_houses(actor), now=now)
    language = reader.current().language
    elsewhere = [(network.house_facts(number), count) for number, count in waiting.items() if number != house.id]
    context = {
        **frame(request, house, "requests"),
        "rows": [
            (row, wording.when(row.starts, row.ends, house.calendar.zone), sum(_meets(row, other) for other in rows))
            for row in rows
        ],
        "elsewhere": sorted(elsewhere, key=lambda one: (one[0].names.pick(language), one[0].code)),
        "leads": permissions.may_lead(actor, house_id=house.id),
        "crumbs": crumbs(_("Requests")),
    }
    return render(request, "desk/spaces/requests.html", context)


@staffed(SPACES)
@require_safe
def missed(request: HttpRequest) -> HttpResponse:
    """To which bookings nobody came, and whose."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    number = paging.page_number(request)
    rows, total = queries.missed(
        house.id, actor=actor_of(request), now=timezone.now(), offset=(number - 1) * PAGE, limit=PAGE
    )
    context = {
        **frame(request, house, "missed"),
        "rows": [(one, wording.when(one.booking.starts, one.booking.ends, house.calendar.zone)) for one in rows],
        "total": total,
        "pager": paging.pager(request, total=total, size=PAGE),
        "crumbs": crumbs(_("Nobody came")),
    }
    return render(request, "desk/spaces/missed.html", context)


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, booking_id: int) -> HttpResponse:
    """A booking; a post approves, refuses, checks in (the booking, or one of its group), ends, cancels or moves it. Each act is of a state, so that a second one is told so."""
    row = _row(request, booking_id)
    house = space_house.at(request, row.space.house.id)
    if request.method != "POST":
        return _page(request, row, house)
    act, actor, now = request.POST.get("act", ""), actor_of(request), timezone.now()
    if act == "check_in":
        check_in(request, booking_id, house)
        return _back(request, booking_id)
    if act == "move":
        return _move(request, row, house)
    reason = request.POST.get("reason", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "approve": (
            lambda: services.approve(
                actor=actor, booking_id=booking_id, now=now, refusing=_numbers(request.POST.getlist("refusing"))
            ),
            _("Approved: %s"),
        ),
        "refuse": (lambda: services.refuse(actor=actor, booking_id=booking_id, reason=reason, now=now), _("Refused: %s")),
        "finish": (lambda: services.finish(actor=actor, booking_id=booking_id, now=now), _("Free again: %s")),
        "person": (
            lambda: services.check_in_person(
                actor=actor, booking_id=booking_id, person_id=(_numbers([request.POST.get("person", "")]) or [0])[0], now=now
            ),
            _("One of the group is here: %s"),
        ),
        "cancel": (
            lambda: services.cancel(actor=actor, booking_id=booking_id, reason=reason, now=now), _("Cancelled: %s")
        ),
    }  # fmt: skip
    if act not in acts:
        raise Http404
    do, done = acts[act]
    try:
        do()
    except Refusal as refusal:
        said = space_words.refusal(refusal, zone=house.calendar.zone)
        return _page(request, _row(request, booking_id), house, problem=(act, said), status=422)
    messages.success(request, done % said_of(row, house))
    return _back(request, booking_id, otherwise=reverse("desk-spaces-requests") if act in ("approve", "refuse") else "")


def _move(request: HttpRequest, row: BookingRow, house: HouseFacts) -> HttpResponse:
    form = _move_form(request, row, house, bound=True)
    asked = form.asked(house.calendar.zone) if form.is_valid() else None
    if asked is None:
        return _page(request, row, house, form=form, status=422)
    rights = frozenset(request.POST.getlist("right"))
    try:
        services.change_booking(
            actor=actor_of(request), booking_id=row.id, now=timezone.now(), channel=Channel.DESK, starts=asked.starts,
            ends=asked.ends, space_id=asked.space_id, people_count=asked.people, title=asked.title,
            override=Override(rights, request.POST.get("why", "")) if rights else Override(),
        )  # fmt: skip
    except PolicyRefused as refusal:
        mine = permissions.rights_of(actor_of(request), house_id=house.id)
        return _page(request, row, house, form=form, against=space_words.reasons(refusal, mine), status=422)
    except Refusal as refusal:
        form.add_error(None, space_words.refusal(refusal, zone=house.calendar.zone))
        return _page(request, row, house, form=form, status=422)
    messages.success(request, _("Changed: %s") % said_of(_row(request, row.id), house))
    return redirect("desk-spaces-booking", booking_id=row.id)


def _page(
    request: HttpRequest,
    row: BookingRow,
    house: HouseFacts,
    *,
    problem: tuple[str, str] = ("", ""),
    form: MoveForm | None = None,
    against: list[space_words.Reason] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, now, zone = actor_of(request), timezone.now(), house.calendar.zone
    leads = permissions.may_lead(actor, house_id=house.id)
    weighed = _weighed(request, row) if leads and row.state is BookingState.REQUESTED and row.ends > now else None
    name = row.space.names.pick(reader.current().language)
    context: dict[str, Any] = {
        **frame(request, house, "requests" if row.state is BookingState.REQUESTED else "day"),
        "row": row,
        "state": BOOKING_STATES[row.state],
        "tone": space_words.TONES[row.state],
        "when": wording.when(row.starts, row.ends, zone),
        "day": row.starts.astimezone(timezone.get_current_timezone()).date(),
        "price": wording.price(row.price),
        "persons": queries.persons_of([row.id], with_left=True).get(row.id, ()),
        "why_ended": space_words.ended(row.end_reason, row.reason),
        "leads": leads,
        "is_over": row.ends <= now,
        "awards": actor.holds_somewhere(AWARDERS),
        "weighed": weighed,
        "others": [(one, wording.when(one.starts, one.ends, zone)) for one in weighed.refuses] if weighed else [],
        "losers": _counted(len(weighed.refuses)) if weighed and weighed.refuses else "",
        "can": _possible(row, leads=leads, over=row.ends <= now),
        "problem_of": problem[0],
        "problem": problem[1],
        "sent": request.POST,
        "form": form or (_move_form(request, row, house) if row.state in _OPEN else None),
        "moving": form is not None,
        "against": against or [],
        "may_pass": bool(against) and all(one.mine for one in against or ()),
        "crumbs": crumbs(name),
    }
    return render(request, "desk/spaces/booking.html", context, status=status)


def _possible(row: BookingRow, *, leads: bool, over: bool) -> frozenset[str]:
    """The acts that the state of a booking, and the roles of who looks at it, leave."""
    found = set()
    if row.state is BookingState.REQUESTED and leads and not over:
        found |= {"approve", "refuse"}
    if row.state is BookingState.CONFIRMED and not over:
        found |= {"check_in", "person"}
    if row.state is BookingState.CHECKED_IN:
        found |= {"finish", "person"}
    if row.state in (BookingState.TENTATIVE, *_OPEN):
        found.add("cancel")
    return frozenset(found)


def _weighed(request: HttpRequest, row: BookingRow) -> Approval | None:
    try:
        return services.weigh_approval(actor=actor_of(request), booking_id=row.id, now=timezone.now())
    except Refusal:  # answered, or moved on, at this moment
        return None


def _counted(number: int) -> str:
    return ngettext(
        "Approving it refuses %(number)s other request, for which no room would be left:",
        "Approving it refuses %(number)s other requests, for which no room would be left:",
        number,
    ) % {"number": show_number(number, reader.current().language)}


def _move_form(request: HttpRequest, row: BookingRow, house: HouseFacts, *, bound: bool = False) -> MoveForm:
    spaces = queries.spaces_of_house(house.id)
    return MoveForm(request.POST if bound else None, row=row, spaces=spaces, zone=house.calendar.zone)


def _meets(left: BookingRow, right: BookingRow) -> bool:
    """Whether two requests ask for the same time of one space, or of one and what it is in."""
    return (
        left.id != right.id
        and left.starts < right.ends
        and right.starts < left.ends
        and (left.space.id in right.space.path or right.space.id in left.space.path)
    )


def _row(request: HttpRequest, booking_id: int) -> BookingRow:
    try:
        return queries.booking(booking_id, actor=actor_of(request))
    except NotFound as refusal:
        raise Http404 from refusal


def _back(request: HttpRequest, booking_id: int, *, otherwise: str = "") -> HttpResponse:
    """Where the form was: a day of the desk, else the page of the booking."""
    to = request.POST.get("back", "")
    if to.startswith(reverse("desk-spaces")) and url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        return redirect(to)
    return redirect(otherwise or reverse("desk-spaces-booking", args=[booking_id]))


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts[:500] if text.isascii() and text.isdecimal() and len(text) < 19]
