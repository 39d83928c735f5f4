"""A space's page: what it is, what one needs for it, its week at a glance, and the times that can be booked. Parse, call, translate."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import CLOSURE_KINDS, FACILITIES, SpaceRow, SpaceState
from khaneh.interfaces.web import clocks, paging, reader
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, cards, remedies, strips, wording
from khaneh.interfaces.web.spaces.cards import Start
from khaneh.kernel.calendars import WEEKDAYS

DAYS = 7
# Further than this nobody turns the pages of weeks.
_FARTHEST = timedelta(days=400)
_LOOKED = 62


class Glance(NamedTuple):
    """A week of a space with the times of one of its days."""

    picture: strips.Picture | None
    days: tuple[tuple[strips.Strip, str, bool], ...]
    chosen: str
    starts: tuple[tuple[str, tuple[Start, ...]], ...]
    next_free: Start | None
    earlier_url: str
    later_url: str


@require_safe
def space(request: HttpRequest, space_id: int) -> HttpResponse:
    """The page. A bounded number of statements, whatever its house holds."""
    row = queries.space_by_id(space_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    wanted = asking.wanted(request.GET, minutes=asking.default_length(row))
    language = reader.current().language
    needs = cards.needs_of(actor_of(request).account_id, [row])[row.id]
    context: dict[str, Any] = {
        "space": row,
        "wanted": wanted,
        "glance": glance(request, row, wanted),
        "lengths": asking.lengths(row, wanted.minutes),
        "badges": cards.badges(row),
        "needs": needs,
        "held": [need for need in needs if need.held],
        "ways": remedies.ways(
            row, [need.row for need in needs if not need.held], account_id=actor_of(request).account_id
        ),
        "facilities": [FACILITIES[code].pick(language) for code in row.facilities if code in FACILITIES],
        "hours": _hours(row),
        "closures": _closures(row),
        "parts": cards.cards(request, queries.parts_of(row.id)),
        "crumbs": [*crumbs(row), (row.names.pick(language), "")],
        "json_ld": _json_ld(row),
        "photos": queries.photos_of([row.id]).get(row.id, ()),
        "problems": _problems(row, wanted),
        "query": wanted.query(),
    }
    return render(request, "spaces/space.html", context)


def crumbs(row: SpaceRow) -> list[tuple[str, str]]:
    """The way to a space: its house, and what it is in. At most five statements."""
    language = reader.current().language
    above = queries.spaces_by_ids(row.path[:-1]) if len(row.path) > 1 else {}
    return [
        (_("Home"), reverse("home")),
        (_("Rooms and machines"), reverse("spaces")),
        (row.house.names.pick(language), reverse("house", args=[row.house.code])),
        *(
            (above[number].names.pick(language), reverse("space", args=[number]))
            for number in row.path[:-1]
            if number in above
        ),
    ]


def glance(request: HttpRequest, row: SpaceRow, wanted: asking.Wanted, *, book_url: str = "") -> Glance:
    """A week from the day that the address names (`from`), with the starts of one day of it (`day`). About twenty statements.

    `book_url` is where a start leads, its parameters left out; the page where a booking is looked at without it.
    """
    now = timezone.now()
    zone = wording.zone_of(row)
    clock = ZoneInfo(zone)
    today = now.astimezone(clock).date()
    first = asking.a_day(request.GET.get("from")) or today
    first = min(max(first, today), today + _FARTHEST)
    slots = queries.free_times(row, now=now, first=first, days=DAYS, minutes=row.slot_minutes)
    picture = None
    if row.state is not SpaceState.RETIRED:
        found = queries.week_of(row, first=first, actor=actor_of(request), days=DAYS)
        picture = strips.picture(found, slots, first=first, days=DAYS, zone=zone, now=now)
    length = wanted.minutes if wanted.minutes > 0 else row.slot_minutes
    free = slots
    if length != row.slot_minutes:
        free = queries.free_times(row, now=now, first=first, days=DAYS, minutes=length)
    by_day = {
        day: list(times)
        for day, times in groupby(queries.starts_of(row, free, zone=zone), lambda at: at.astimezone(clock).date())
    }
    asked = asking.a_day(request.GET.get("day"))
    last = first + timedelta(days=DAYS - 1)
    chosen = asked if asked is not None and first <= asked <= last else next(iter(by_day), first)

    def start(at: datetime) -> Start:
        url = f"{book_url}?{wanted.query(starts=at, minutes=length)}" if book_url else asking.book_url(row, wanted, starts=at, minutes=length)  # fmt: skip
        return Start(wording.clock(at, zone), url)

    return Glance(
        picture=picture,
        days=tuple(
            (strip, paging.address(request, day=strip.day.isoformat()) + "#times", strip.day == chosen)
            for strip in (picture.strips if picture is not None else ())
        ),
        chosen=cards.day_name(chosen, today),
        starts=_by_part_of_day([(at.astimezone(clock).hour, start(at)) for at in by_day.get(chosen, [])]),
        next_free=_next_free(request, row, last, length, now) if not by_day else None,
        earlier_url=_turned(request, max(today, first - timedelta(days=DAYS))) if first > today else "",
        later_url=_turned(request, last + timedelta(days=1)) if last < today + _FARTHEST else "",
    )


def _turned(request: HttpRequest, first: date) -> str:
    return paging.address(request, **{"from": first.isoformat(), "day": None}) + "#week"


def _by_part_of_day(starts: list[tuple[int, Start]]) -> tuple[tuple[str, tuple[Start, ...]], ...]:
    """Morning, afternoon, evening: a long list of times is read in three."""
    named = [(_("Morning"), 0, 12), (_("Afternoon"), 12, 17), (_("Evening"), 17, 24)]
    parts = ((name, tuple(one for hour, one in starts if first <= hour < last)) for name, first, last in named)
    return tuple((name, found) for name, found in parts if found)


def _next_free(request: HttpRequest, row: SpaceRow, last: date, length: int, now: datetime) -> Start | None:
    """The first free time after the week that is shown: where it is seen. Five statements."""
    found = queries.free_times(row, now=now, first=last + timedelta(days=1), days=_LOOKED, minutes=length)
    if not found:
        return None
    zone = wording.zone_of(row)
    at = found[0].first
    return Start(wording.instant(at, zone), _turned(request, at.astimezone(ZoneInfo(zone)).date()))


def _hours(row: SpaceRow) -> list[tuple[str, list[tuple[int, int]]]]:
    """A space's own hours by weekday; none where it is open with its house."""
    language = reader.current().language
    order = sorted({one.weekday for one in row.hours})
    return [
        (
            WEEKDAYS[weekday].pick(language),
            [(one.opens, one.closes) for one in sorted(row.hours) if one.weekday == weekday],
        )
        for weekday in order
    ]


def _closures(row: SpaceRow) -> list[str]:
    """When it is closed for a while, in words; a note of the house is for those who work there. One statement."""
    zone = wording.zone_of(row)
    language = reader.current().language
    found = []
    for one in queries.closures_of(row.id, now=timezone.now())[:6]:
        kind = CLOSURE_KINDS[one.kind].pick(language)
        if one.ends is None:
            found.append(_("%(kind)s, from %(from)s on") % {"kind": kind, "from": wording.instant(one.starts, zone)})
        else:
            found.append(_("%(kind)s: %(when)s") % {"kind": kind, "when": wording.when(one.starts, one.ends, zone)})
    return found


def _problems(row: SpaceRow, wanted: asking.Wanted) -> list[str]:
    """What is wrong with the length or the number of people that the address asks for, told before a time is chosen."""
    facts = {"min_minutes": row.min_minutes, "max_minutes": row.max_minutes, "slot_minutes": row.slot_minutes}
    wrong = (
        "not_after_start" if wanted.minutes < 1
        else "too_short" if wanted.minutes < row.min_minutes
        else "too_long" if wanted.minutes > row.max_minutes
        else "not_whole_slots" if wanted.minutes % row.slot_minutes
        else ""
    )  # fmt: skip
    found = wording.reasons_of("spaces.wrong_time", {"why": wrong, **facts}) if wrong else []
    if not 1 <= wanted.people <= row.capacity:
        found += wording.reasons_of("spaces.too_many_people", {"people": wanted.people, "capacity": row.capacity})
    return [f"{one.said} {one.remedy}" for one in found]


def _json_ld(row: SpaceRow) -> dict[str, Any]:
    language = reader.current().language
    house = network.house_facts(row.house.id)
    address = settings.SITE_URL + reverse("space", args=[row.id])
    return {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": address,
        "url": address,
        "name": row.names.pick(language),
        "alternateName": sorted({name for name in row.names if name}),
        "maximumAttendeeCapacity": row.capacity,
        "containedInPlace": {
            "@type": "Place",
            "name": house.names.pick(language),
            "url": settings.SITE_URL + reverse("house", args=[row.house.code]),
        },
    }
