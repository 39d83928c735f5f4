"""A place beside others: need by deprivation, who is served already, and what is asked for within reach."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from khaneh.domains.events import queries as events
from khaneh.domains.exchange import queries as exchange
from khaneh.domains.exchange.types import PostingFilter, PostingKind
from khaneh.domains.founding.types import Demand, Near, Weighed
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseFilter, HouseState
from khaneh.domains.spaces import queries as spaces
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

REACH_KM = 30
YEAR = timedelta(days=365)


class Spot(NamedTuple):
    """Where something is or shall be; `house_id` is left out of what is counted around it."""

    house_id: int
    region_code: str
    latitude: float | None
    longitude: float | None


def spot_of(house_id: int, *, now: datetime) -> Spot:
    """Where a house is; without coordinates where its region is. At most eleven statements. Raises NotFound."""
    row = network.house_by_id(house_id, actor=SYSTEM, now=now)
    region = network.region(row.regions[-1].code)
    at = (row.latitude, row.longitude) if row.latitude is not None else (region.latitude, region.longitude)
    return Spot(house_id, region.code, *at)


def weighed(spot: Spot, kind: str, *, now: datetime) -> Weighed:
    """What is known of a place for a house of this kind. About 50 statements, whatever the size of the network."""
    region = network.region(spot.region_code)
    own = [region, *(network.region(ref.code) for ref in reversed(region.ancestors))]
    peopled = next((one for one in own if one.population is not None), region)
    said = next(iter(network.decile_history(spot.region_code)), None)
    province = own[-1]
    here = HouseFilter(kinds=frozenset({kind}), states=frozenset({HouseState.OPEN}), region_code=province.code)
    same = network.houses(here, actor=SYSTEM, now=now, limit=1)
    within = _within(spot)
    since = now - YEAR
    booked = spaces.unmet(within, since=since)
    came = events.unmet(within, since=since)
    return Weighed(
        on=now.date(),
        index=f"{said.index.code} {said.index.version}" if said else "",
        decile=said.decile if said else None,
        illustrative=said.index.illustrative if said else False,
        rural=next((one.rural for one in own if one.rural is not None), None),
        region=peopled.names if peopled.population is not None else Label("", "", ""),
        population=peopled.population,
        same=same.total,
        nearest=_nearest(spot, kind, now),
        reach_km=REACH_KM,
        demand=Demand(len(within), *booked, *came, needs=_needs(province.code)),
    )


def _needs(region_code: str) -> int:
    """Technology needs that everybody sees in a region at present. At most eight statements."""
    wanted = PostingFilter(kind=PostingKind.NEED, region_code=region_code)
    return exchange.postings(wanted, actor=VISITOR, limit=1).total


def _within(spot: Spot) -> list[int]:
    """Houses within reach that everybody knows, this one left out; those of the region where nothing is known of where it is."""
    public = {number for numbers in network.public_house_ids() for number in numbers} - {spot.house_id}
    if spot.latitude is None or spot.longitude is None:
        try:
            return sorted(public.intersection(network.house_ids_in_region(network.region(spot.region_code).id)))
        except NotFound:
            return []
    far = network.kilometres_from(spot.latitude, spot.longitude)
    return sorted(number for number in public if far.get(number, REACH_KM + 1) <= REACH_KM)


def _nearest(spot: Spot, kind: str, now: datetime) -> Near | None:
    if spot.latitude is None or spot.longitude is None:
        return None
    wanted = HouseFilter(
        kinds=frozenset({kind}), states=frozenset({HouseState.OPEN}), near=(spot.latitude, spot.longitude)
    )
    found = network.houses(wanted, actor=SYSTEM, now=now, limit=2)
    other = next((row for row in found.rows if row.id != spot.house_id and row.distance_km is not None), None)
    return Near(other.code, other.names, round(other.distance_km or 0.0, 1)) if other else None
