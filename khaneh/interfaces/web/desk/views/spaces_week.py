"""A house's week at a glance, and one of its days with everybody who comes: who is here is checked in from it. Parse, call, translate."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    CLOSURE_KINDS,
    SPACE_GROUPS,
    BookingRow,
    BookingState,
    ClosureKind,
    SpaceGroup,
    SpaceRow,
    Week,
    WeekEntry,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import space_house, space_strips, space_words
from khaneh.interfaces.web.desk.gate import SPACES, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.interfaces.web.spaces.wording import when
from khaneh.kernel.calendars import Calendar, latin_digits
from khaneh.kernel.labels import Label
from khaneh.kernel.orthography import search_key
from khaneh.kernel.refusal import NotAllowed, Refusal

_CODE = 6
_LONGEST = 80
# Who comes so long before the start, or was to come so long ago, is offered to be checked in.
_EARLY = timedelta(minutes=15)
_IN_HAND = (BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.REQUESTED, BookingState.TENTATIVE)


class Line(NamedTuple):
    """What holds a space for a time, as the list of a day tells it. `act` is what the desk does next, empty for nothing."""

    entry: WeekEntry
    space: SpaceRow
    state: Label
    tone: str
    times: str
    act: str


@staffed(SPACES)
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """The week: every space with seven days of strips; a touch leads to the day."""
    house = space_house.house_of(request)
    if house is None or "choose" in request.GET:
        return space_house.choose(request)
    actor, now = actor_of(request), timezone.now()
    today = house.calendar.today(now)
    first = _first_of(asking.a_day(request.GET.get("from")) or today, house)
    found = queries.week(house.id, first=first, actor=actor, now=now, with_names=False)
    groups = [group for group in SpaceGroup if any(one.space.group is group for one in found.spaces)]
    chosen = request.GET.get("group", "")
    within = _within(found, chosen) if chosen in groups else None
    context = {
        **frame(request, house, "week"),
        "board": space_strips.board(found, now=now, spaces=within),
        "total": len(found.spaces),
        "first": first,
        "last": first + timedelta(days=6),
        "previous": first - timedelta(days=7),
        "next": first + timedelta(days=7),
        "this": _first_of(today, house),
        "groups": [(group.value, SPACE_GROUPS[group]) for group in groups] if len(groups) > 1 else [],
        "chosen": chosen if within is not None else "",
        "waiting": queries.waiting_requests([house.id], now=now).get(house.id, 0),
        "crumbs": crumbs(_("Week")),
    }
    return render(request, "desk/spaces/week.html", context)


@staffed(SPACES)
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """A day: who comes, in order of time, and the spaces as strips; one space and what it is in and holds, if it is named."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    return _day_page(request, house)


@staffed(SPACES)
@require_POST
def arrive(request: HttpRequest) -> HttpResponse:
    """Somebody has come: by the code of a booking or by card they are checked in, by name they are shown."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    text = request.POST.get("who", "").strip()[:_LONGEST]
    found, sure = _found(request, house, text) if text else ([], False)
    waiting = [one for one in found if one.state is BookingState.CONFIRMED]
    if sure and len(waiting) == 1:
        check_in(request, waiting[0].id, house)
    elif found:
        # Whom a name answers stands nowhere but in this answer.
        return _day_page(request, house, asked=text, found=found)
    else:
        messages.warning(request, _("Nobody who answers this comes here today: no code, no card, no name."))
    return redirect("desk-spaces-day")


def check_in(request: HttpRequest, booking_id: int, house: HouseFacts) -> bool:
    """Check somebody in and say so; whether it was done."""
    actor, now = actor_of(request), timezone.now()
    try:
        services.check_in(actor=actor, booking_id=booking_id, now=now)
    except Refusal as refusal:
        messages.error(request, space_words.refusal(refusal, zone=house.calendar.zone))
        return False
    row = queries.booking(booking_id, actor=actor)
    messages.success(request, _("%(who)s is here: %(what)s.") % {"who": row.booker or "–", "what": said_of(row, house)})
    return True


def said_of(row: BookingRow, house: HouseFacts) -> str:
    """A booking in a few words: the space and the time."""
    return f"{row.space.names.pick(reader.current().language)}, {when(row.starts, row.ends, house.calendar.zone)}"


def frame(request: HttpRequest, house: HouseFacts, tab: str) -> dict[str, Any]:
    """What every page of spaces has."""
    return {
        "section": "spaces",
        "tab": tab,
        "house": house,
        "zone": house.calendar.zone,
        "several": space_house.several(request),
    }


def crumbs(*last: str | tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of spaces."""
    steps = [step if isinstance(step, tuple) else (step, "") for step in last]
    return [(_("Desk"), reverse("desk")), (_("Spaces"), reverse("desk-spaces")), *steps]


def _day_page(
    request: HttpRequest, house: HouseFacts, *, asked: str = "", found: list[BookingRow] | None = None
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    today = house.calendar.today(now)
    chosen = asking.a_day(request.GET.get("day")) or today
    week_ = queries.week(house.id, first=chosen, actor=actor, now=now, days=1)
    space_id = asking.whole(request.GET.get("space"))
    only = next((one.space for one in week_.spaces if one.space.id == space_id), None)
    within = _tree_of(only, week_) if only is not None else None
    lines = _lines(week_, now, within)
    over = [one for one in lines if not one.entry.closure and one.entry.state not in _IN_HAND]
    shown = {row.id for row in found or ()}
    by_number = {one.entry.booking_id: one for one in _lines(week_, now, None)}
    context = {
        **frame(request, house, "day"),
        "day": chosen,
        "is_today": chosen == today,
        "previous": chosen - timedelta(days=1),
        "next": chosen + timedelta(days=1),
        "only": only,
        "board": space_strips.board(week_, now=now, spaces=within),
        "lines": [one for one in lines if one not in over],
        "over": over,
        "asked": asked,
        "found": [by_number[number] for number in shown if number in by_number],
        "elsewhere": [row for row in found or () if row.id not in by_number],
        "here": f"{reverse('desk-spaces-day')}?day={chosen}" + (f"&space={only.id}" if only else ""),
        "crumbs": crumbs(asking.day_words(chosen)),
    }
    return render(request, "desk/spaces/day.html", context)


def _first_of(day: date, house: HouseFacts) -> date:
    """The first day of the week of a day: Saturday where years are Jalali, Monday elsewhere."""
    begins = 6 if house.reckoning is Calendar.JALALI else 1
    return day - timedelta(days=(day.isoweekday() - begins) % 7)


def _within(found: Week, group: str) -> set[int]:
    return {one.space.id for one in found.spaces if one.space.group == group}


def _tree_of(space: SpaceRow, found: Week) -> set[int]:
    """The space with what it is in and what is in it."""
    return {one.space.id for one in found.spaces if space.id in one.space.path or one.space.id in space.path}


def _lines(found: Week, now: datetime, within: set[int] | None) -> list[Line]:
    clocks = ZoneInfo(found.zone)
    lines = [
        _line(entry, one.space, found, clocks, now)
        for one in found.spaces
        if within is None or one.space.id in within
        for entry in one.entries
    ]
    return sorted(lines, key=lambda line: (line.entry.starts, line.space.code, line.entry.unit or 0))


def _line(entry: WeekEntry, space: SpaceRow, found: Week, clocks: ZoneInfo, now: datetime) -> Line:
    state = entry.state or BookingState.CONFIRMED
    label = CLOSURE_KINDS[ClosureKind(entry.closure)] if entry.closure else BOOKING_STATES[state]
    return Line(
        entry,
        space,
        label,
        "" if entry.closure else space_words.TONES[state],
        space_strips.span(entry, found.first, clocks),
        "" if entry.closure else _next(entry, space, now),
    )


def _next(entry: WeekEntry, space: SpaceRow, now: datetime) -> str:
    """What the desk does with a booking at this moment."""
    if entry.state is BookingState.CHECKED_IN:
        return "finish"
    if entry.state is BookingState.REQUESTED and (entry.ends is None or entry.ends > now):
        return "answer"
    early = max(_EARLY, timedelta(minutes=space.setup_minutes))
    if entry.state is BookingState.CONFIRMED and entry.ends is not None and entry.starts - early <= now < entry.ends:
        return "check_in"
    return ""


def _found(request: HttpRequest, house: HouseFacts, text: str) -> tuple[list[BookingRow], bool]:
    """Who answers a code, a card or a name among those who come here now; whether it says beyond doubt who."""
    actor, now = actor_of(request), timezone.now()
    plain = latin_digits(text).replace(" ", "")
    if plain.isdecimal() and len(plain) == _CODE:
        rows = queries.bookings_at_desk(house.id, actor=actor, now=now, code=plain)
        if rows:
            return rows, True
    try:
        members = people.find_members(actor=actor, text=text)
    except NotAllowed:  # who keeps spaces and no membership finds people by the day's names alone
        members = []
    contacts = people.contacts([line.id for line in members])
    accounts = {one.account_id for one in contacts.values() if one.account_id is not None}
    by_card = len(members) == 1 and members[0].found_by == "card"
    rows = queries.bookings_at_desk(house.id, actor=actor, now=now, account_ids=accounts)
    if rows:
        return _soonest(rows, now) if by_card else rows, by_card
    # Whoever has an account and no membership is known by what they booked.
    words = search_key(text).split()
    today = queries.week(house.id, first=house.calendar.today(now), actor=actor, now=now, days=1)
    numbers = [
        entry.booking_id
        for one in today.spaces
        for entry in one.entries
        if entry.booking_id is not None
        and entry.state in (BookingState.CONFIRMED, BookingState.CHECKED_IN)
        and words
        and all(word in search_key(entry.booker) for word in words)
    ]
    return [queries.booking(number, actor=actor) for number in numbers[:20]], False


def _soonest(rows: list[BookingRow], now: datetime) -> list[BookingRow]:
    """Those that may be checked in at this moment, if there are any: who holds a card up has come for these."""
    open_ = [
        row
        for row in rows
        if row.state is BookingState.CONFIRMED
        and row.starts - max(_EARLY, timedelta(minutes=row.space.setup_minutes)) <= now < row.ends
    ]
    return open_ or rows
