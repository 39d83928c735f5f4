"""What addresses and forms ask for: instants, days, lengths, people, for whom. Whatever is typed becomes a value within bounds or None."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.spaces.types import SpaceRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.calendars import latin_digits, parse_date, show_date

# Beyond these a number is a slip of the pen; the domain's own bounds are far below and are told with their reasons.
_MOST = 20 * 366 * 24 * 60
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_INSTANT = "%Y-%m-%dT%H:%MZ"
_HOURS = (15, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 1440, 2880, 4320, 7200, 10080, 20160, 43200)


def whole(text: str | None, *, otherwise: int | None = None) -> int | None:
    """A whole number in whatever digits, also below zero; far ones are cut to what no rule permits."""
    plain = latin_digits(text or "").strip().replace("\u2212", "-")
    sign, figures = (-1, plain[1:]) if plain.startswith("-") else (1, plain)
    if not (figures.isascii() and figures.isdecimal()):
        return otherwise
    return sign * min(int(figures[:9]), _MOST) if len(figures) < 10 else sign * _MOST


def instant(text: str | None) -> datetime | None:
    """An instant as our own links write it: `2026-11-24T05:30Z`."""
    try:
        found = datetime.strptime(text or "", _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


def written(value: datetime) -> str:
    """An instant for an address."""
    return value.astimezone(UTC).strftime(_INSTANT)


def a_day(text: str | None) -> date | None:
    """A day as links (`2026-11-24`) or people write it, in either calendar."""
    try:
        found = parse_date(text or "")
    except ValueError:
        return None
    return found if _FIRST.date() <= found <= _LAST.date() else None


def day_words(value: date, *, weekday: bool = True) -> str:
    """A day in the reader's calendar."""
    who = reader.current()
    return show_date(value, calendar=who.calendar, language=who.language, weekday=weekday)


def lengths(space: SpaceRow | None, chosen: int | None) -> list[tuple[int, str]]:
    """The lengths to choose from: round ones that a space gives, with its shortest and longest; with the one that is asked for."""
    if space is None:
        found = {one for one in _HOURS if 30 <= one <= 480}
    else:
        slot, least, most = space.slot_minutes, space.min_minutes, space.max_minutes
        found = {one for one in _HOURS if least <= one <= most and one % slot == 0}
        found |= {-(-least // slot) * slot, most // slot * slot}
    if chosen is not None and chosen > 0:
        found.add(chosen)
    return [(one, wording.length(one)) for one in sorted(found)]


def default_length(space: SpaceRow) -> int:
    """An hour, or what comes closest to it in a space."""
    offered = [minutes for minutes, _ in lengths(space, None)]
    return min(offered, key=lambda one: (abs(one - 60), one))


def organisations(request: HttpRequest) -> list[Ref]:
    """The organisations in whose name the reader may book: those at which they hold a role. One statement where there are any."""
    held = {grant.organisation_id for grant in actor_of(request).grants if grant.organisation_id is not None}
    if not held:
        return []
    language = reader.current().language
    return sorted(network.organisation_refs(held).values(), key=lambda ref: (ref.names.pick(language), ref.code))


def chosen(offered: Sequence[Ref], code: str) -> Ref | None:
    """The organisation that a form names, if the reader may book for it."""
    return next((one for one in offered if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A booking that somebody is about to make: of whatever the address says, right or not. `starts` is None where it says no time. `sharing` is the
    number of the sharing between houses by which it is booked, 0 for none, and empty where that is left to us.
    """

    starts: datetime | None
    minutes: int
    people: int
    organisation: str = ""
    title: str = ""
    names: str = ""
    sharing: str = ""

    @property
    def ends(self) -> datetime:
        """When it would end. Raises ValueError without a start."""
        if self.starts is None:
            raise ValueError("what has no start has no end")
        return self.starts + timedelta(minutes=self.minutes)

    def query(self, **changes: Any) -> str:
        """The parameters of an address that asks for it."""
        one = replace(self, **changes) if changes else self
        found: dict[str, str | int] = {"minutes": one.minutes}
        if one.starts is not None:
            found["starts"] = written(one.starts)
        if one.people != 1:
            found["people"] = one.people
        if one.organisation:
            found["for"] = one.organisation
        if one.sharing:
            found["sharing"] = one.sharing
        return urlencode(found)


def wanted(data: QueryDict, *, minutes: int) -> Wanted:
    """What an address or a form asks for. `minutes` is the length where it says none."""
    return Wanted(
        starts=instant(data.get("starts")),
        minutes=whole(data.get("minutes"), otherwise=minutes) or 0,
        people=whole(data.get("people"), otherwise=1) or 0,
        organisation=data.get("for", "")[:80],
        title=data.get("title", "")[:1000],
        names=data.get("names", "")[:20_000],
        sharing=data.get("sharing", "")[:20],
    )


def book_url(space: SpaceRow, one: Wanted, **changes: Any) -> str:
    """The address where a booking is looked at before it is made."""
    return f"{reverse('space-book', args=[space.id])}?{one.query(**changes)}"
