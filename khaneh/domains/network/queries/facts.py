"""What acts ask of a house again and again: its place, region, calendar and whereabouts, kept in the process for some seconds.

A change made by this process is seen at once, one made by another within `LIFE` seconds; nothing that must be right to the second may
be read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from khaneh.domains.network.models import House
from khaneh.domains.network.queries.opening import opening_calendars
from khaneh.domains.network.queries.places import places_of_houses
from khaneh.infrastructure import journal
from khaneh.kernel.actor import Place
from khaneh.kernel.calendars import OpeningCalendar
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

LIFE = 20.0
_CURRENCIES = {"IR": "IRR", "VN": "VND"}


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """A house as an act sees it. `path` and `regions` hold ids from the top down to the house and its region; `currency` is its country's."""

    id: int
    code: str
    names: Label
    path: tuple[int, ...]
    regions: tuple[int, ...]
    country: str
    currency: str
    place: Place
    calendar: OpeningCalendar
    latitude: float | None
    longitude: float | None


_kept: dict[int, tuple[float, HouseFacts]] = {}


def house_facts(house_id: int) -> HouseFacts:
    """One house. No statement where it was asked for lately, else seven. Raises NotFound."""
    kept = _kept.get(house_id)
    if kept is not None and monotonic() - kept[0] < LIFE:
        return kept[1]
    row = (
        House.objects.filter(pk=house_id)
        .values_list("code", "names", "path", "region__path", "region__country", "latitude", "longitude")
        .first()
    )
    if row is None:
        raise NotFound(what="house")
    code, names, path, regions, country, latitude, longitude = row
    facts = HouseFacts(
        id=house_id,
        code=code,
        names=Label.from_dict(names),
        path=tuple(path),
        regions=tuple(regions),
        country=country,
        currency=_CURRENCIES.get(country, "USD"),
        place=places_of_houses([house_id])[house_id],
        calendar=opening_calendars([house_id])[house_id],
        latitude=latitude,
        longitude=longitude,
    )
    _kept[house_id] = (monotonic(), facts)
    return facts


def _forget(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    _kept.clear()


journal.follow("network.", _forget)
