"""Spaces as lists show them: what it is, where it is, when it is free, what it costs, what one needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from khaneh.domains.credits import queries as ledger
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.qualifications.types import QualificationRow
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import FreeSpace, FreeStarts, PhotoRow, SpaceRow, SpaceState
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.labels import Label

_DAYS, _STARTS = 2, 4
# Of ranges of free starts so many are written out to find the first ones.
_RANGES = 12


class Need(NamedTuple):
    """A qualification that a space asks for, and whether the reader holds it; `held` is None for a visitor."""

    row: QualificationRow
    held: bool | None


class Start(NamedTuple):
    """A time at which a booking may begin, and where it is booked."""

    clock: str
    url: str


class Day(NamedTuple):
    """The first starts of a day, and how many more it has."""

    words: str
    iso: str
    starts: tuple[Start, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Card:
    """A space in a list. `days` are the first free times where the list is about these."""

    space: SpaceRow
    where: str
    kilometres: float | None
    needs: tuple[Need, ...]
    badges: tuple[tuple[str, str], ...]
    rate: str
    photo: PhotoRow | None
    days: tuple[Day, ...]
    other_days: int
    url_query: str


def cards(
    request: HttpRequest,
    spaces: Iterable[SpaceRow],
    *,
    found: Sequence[FreeSpace] = (),
    wanted: asking.Wanted | None = None,
    personal: bool = True,
) -> list[Card]:
    """The cards of spaces; without what the reader holds where the page is not `personal`: one that browsers keep for a bad line. At most six statements, whatever their number."""
    listed = list(spaces)
    needs = needs_of(actor_of(request).account_id if personal else None, listed)
    free = {one.space.id: one for one in found}
    places = _places(listed)
    names = ledger.names(space.price.currency for space in listed if space.price is not None)
    photos = queries.photos_of([space.id for space in listed]) if listed else {}
    answer = []
    for space in listed:
        one = free.get(space.id)
        days, other = _days(space, one.free, wanted) if one is not None and wanted is not None else ((), 0)
        answer.append(
            Card(
                space=space,
                where=places[space.house.id],
                kilometres=one.kilometres if one is not None else None,
                needs=needs[space.id],
                badges=tuple(badges(space)),
                rate=wording.rate(space, names),
                photo=next(iter(photos.get(space.id, ())), None),
                days=days,
                other_days=other,
                url_query=wanted.query() if wanted is not None else "",
            )
        )
    return answer


def needs_of(account_id: int | None, spaces: Sequence[SpaceRow]) -> dict[int, tuple[Need, ...]]:
    """What each space asks for. At most two statements."""
    wanted = {number for space in spaces for number, _code in space.requires}
    rows = qualifications.rows_by_id(wanted) if wanted else {}
    held = qualifications.held_ids(account_id, at=timezone.now()) if wanted and account_id is not None else {}
    return {
        space.id: tuple(
            Need(rows[number], None if account_id is None else number in held)
            for number, _code in space.requires
            if number in rows
        )
        for space in spaces
    }


def badges(space: SpaceRow) -> list[tuple[str, str]]:
    """What somebody should know before choosing: a tone and a word each."""
    found = []
    if space.state is not SpaceState.ACTIVE:
        found.append(("bad", wording.state(space)))
    elif not space.in_service:
        found.append(("bad", _("Not in service")))
    if space.approval:
        found.append(("warn", _("Needs approval")))
    if space.self_service:
        found.append(("good", _("Self-service")))
    return found


def day_name(value: date, today: date) -> str:
    """`today`, `tomorrow`, else the day in words."""
    ahead = (value - today).days
    return _("Today") if ahead == 0 else _("Tomorrow") if ahead == 1 else asking.day_words(value)


def _places(spaces: Sequence[SpaceRow]) -> dict[int, str]:
    """Where each house is, in words: the smallest region first. One statement."""
    houses = {space.house.id: network.house_facts(space.house.id) for space in spaces}
    refs = network.region_refs({number for house in houses.values() for number in house.regions})
    language = reader.current().language

    def words(regions: Sequence[int]) -> str:
        names: list[Label] = [refs[number].names for number in reversed(regions) if number in refs]
        return _(", ").join(name.pick(language) for name in names[-2:])

    return {number: words(house.regions) for number, house in houses.items()}


def _days(space: SpaceRow, free: Sequence[FreeStarts], wanted: asking.Wanted) -> tuple[tuple[Day, ...], int]:
    zone = wording.zone_of(space)
    clocks = ZoneInfo(zone)
    today = timezone.now().astimezone(clocks).date()

    def day_of(value: datetime) -> date:
        return value.astimezone(clocks).date()

    starts = queries.starts_of(space, free[:_RANGES], zone=zone)
    days = []
    for day, group in islice(groupby(starts, day_of), _DAYS):
        times = list(group)
        shown = tuple(
            Start(wording.clock(at, zone), asking.book_url(space, wanted, starts=at)) for at in _spread(times, clocks)
        )
        days.append(Day(day_name(day, today), day.isoformat(), shown, len(times) - len(shown)))
    other = len({day_of(one.first) for one in free}) - len(days)
    return tuple(days), max(0, other)


def _spread(times: list[datetime], clocks: ZoneInfo) -> list[datetime]:
    """A few times of a day that give an idea of it: the first, then full hours until the last."""
    if len(times) <= _STARTS:
        return times
    hours = [at for at in times[1:] if at.astimezone(clocks).minute == 0]
    rest = hours if len(hours) >= _STARTS - 1 else times[1:]
    step = (len(rest) - 1) / (_STARTS - 2)
    return [times[0], *(rest[round(number * step)] for number in range(_STARTS - 1))]
