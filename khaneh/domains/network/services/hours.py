"""A house's opening hours: the usual week and the weeks of seasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import HoursOverlap
from khaneh.domains.network.models import House, OpeningHours
from khaneh.domains.network.rules import hours as rules
from khaneh.domains.network.services.integrity import refusing
from khaneh.domains.network.types import WeeklyHours
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

Season = tuple[date | None, date | None]
USUAL: Season = (None, None)


def set_opening_hours(*, actor: Actor, house_code: str, week: Sequence[WeeklyHours]) -> bool:
    """Replace a house's whole week, seasons included; false when it was so already. Raises NotFound, NotAllowed, HoursOverlap."""
    with db.transaction():
        house_id = _locked(actor, house_code)
        return _write(actor, house_id, house_code, _known(house_id), week)


def set_season(
    *,
    actor: Actor,
    house_code: str,
    season: Season,
    week: Sequence[WeeklyHours],
    instead_of: Season | None = None,
    further: bool = False,
) -> bool:
    """Replace the week of one season (the usual one is `USUAL`) and leave the others; false when it was so already.

    An empty week takes the season away: then the usual week holds on its days. `instead_of` is the season whose
    dates change to these; with `further` there must be none of these dates yet. Raises NotFound, NotAllowed, HoursOverlap, Invalid (`last`: out_of_range; `first`: duplicate_season, when there is
    another of the same dates; `season`: not_whole, when a span names other dates).
    """
    first, last = season
    if first is not None and last is not None and last < first:
        raise Invalid(fields={"last": "out_of_range"})
    if any((hours.first, hours.last) != season for hours in week):
        raise Invalid(fields={"season": "not_whole"})
    with db.transaction():
        house_id = _locked(actor, house_code)
        known = _known(house_id)
        seasons = {(hours.first, hours.last) for hours in known}
        if season in seasons and (further or (instead_of is not None and season != instead_of)):
            raise Invalid(fields={"first": "duplicate_season"})
        gone = {season, instead_of}
        kept = [hours for hours in known if (hours.first, hours.last) not in gone]
        return _write(actor, house_id, house_code, known, [*kept, *week])


def _locked(actor: Actor, house_code: str) -> int:
    houses = House.objects.select_for_update(of=("self",)).filter(queries.visible_houses(actor), code=house_code)
    found = houses.first()
    if found is None:
        raise NotFound(what="house")
    permissions.require_manage_house(actor, queries.place_of_house(found.pk))
    return found.pk


def _known(house_id: int) -> list[WeeklyHours]:
    return [WeeklyHours(row.weekday, row.span, row.first, row.last) for row in queries.weekly_rows(house_id)]


def _write(
    actor: Actor, house_id: int, house_code: str, known: Sequence[WeeklyHours], week: Sequence[WeeklyHours]
) -> bool:
    wanted = sorted(set(week), key=_order)
    weekday = rules.overlapping_weekday(wanted)
    if weekday is not None:
        raise HoursOverlap(weekday=weekday)
    if sorted(known, key=_order) == wanted:
        return False
    OpeningHours.objects.filter(house_id=house_id).delete()
    with refusing(code=house_code):
        OpeningHours.objects.bulk_create(
            OpeningHours(
                house_id=house_id,
                weekday=hours.weekday,
                opens=hours.span.opens,
                closes=hours.span.closes,
                first=hours.first,
                last=hours.last,
            )
            for hours in wanted
        )
    journal.record("network.house.hours_changed", actor=actor, house_id=house_id, spans=len(wanted))
    return True


def _order(hours: WeeklyHours) -> tuple[Any, ...]:
    return hours.weekday, hours.span, str(hours.first or ""), str(hours.last or "")
