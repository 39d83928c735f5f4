"""Where there is room: free time of a kind of space across the network, of one space, and what else is free at the time of a booking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries.clocks import open_house_zones
from khaneh.domains.spaces.models import Space
from khaneh.domains.spaces.queries.holding import busy
from khaneh.domains.spaces.queries.opening import house_times, open_times_of
from khaneh.domains.spaces.queries.rows import rows
from khaneh.domains.spaces.rules import slots
from khaneh.domains.spaces.types import KIND_GROUPS, FreeSpace, FreeStarts, SpaceGroup, SpaceRow, SpaceState

MOST_DAYS = 62
# More spaces than these nobody compares; the nearest, or those of the first houses by number.
MOST_SPACES = 500


def free_spaces(
    *,
    now: datetime,
    kind: str = "",
    group: SpaceGroup | None = None,
    region_id: int | None = None,
    house_ids: Collection[int] | None = None,
    near: tuple[float, float] | None = None,
    within_km: float | None = None,
    first: date | None = None,
    days: int = 14,
    minutes: int = 60,
    people: int = 1,
    facilities: Iterable[str] = (),
    limit: int = 50,
) -> list[FreeSpace]:
    """Spaces of a kind or group where so many minutes are free on so many days from `first` (each house's own today without one).

    `near` is a point (latitude, longitude); with it the nearest houses come first, else what is free first. Whether somebody may book is the
    policies' to say (`services.quote`). About fifteen statements, whatever the number of spaces; at most 62 days are looked at.
    """
    zones = open_house_zones()
    houses = set(zones)
    if house_ids is not None:
        houses &= set(house_ids)
    if region_id is not None:
        houses &= set(network.house_ids_in_region(region_id))
    distances = network.kilometres_from(*near) if near is not None else {}
    if within_km is not None and near is not None:
        houses = {number for number in houses if distances.get(number, within_km + 1) <= within_km}
    kinds = [kind] if kind else [one for one, of in KIND_GROUPS.items() if group is None or of is group]
    found = Space.objects.filter(
        house_id__in=houses,
        kind__in=kinds,
        state=SpaceState.ACTIVE.value,
        capacity__gte=people,
        min_minutes__lte=minutes,
        max_minutes__gte=minutes,
    )
    if wanted := sorted(set(facilities)):
        found = found.filter(facilities__contains=wanted)
    listed = sorted(rows(found.order_by("house_id", "code")), key=lambda row: distances.get(row.house.id, 0.0))
    listed = [row for row in listed if row.in_service and minutes % row.slot_minutes == 0][:MOST_SPACES]
    free = _free(listed, first=first, days=min(days, MOST_DAYS), minutes=minutes, now=now)
    answer = [
        FreeSpace(row, free[row.id], round(distances[row.house.id], 1) if row.house.id in distances else None)
        for row in listed
        if free[row.id]
    ]
    if near is None:
        answer.sort(key=lambda one: (one.free[0].first, one.space.code))
    return answer[:limit]


def free_times(
    space: SpaceRow, *, now: datetime, first: date | None = None, days: int = 14, minutes: int = 60
) -> tuple[FreeStarts, ...]:
    """When a booking of so many minutes may start in one space. Five statements."""
    if not space.in_service or minutes % space.slot_minutes or space.house.id not in open_house_zones():
        return ()
    return _free([space], first=first, days=min(days, MOST_DAYS), minutes=minutes, now=now)[space.id]


def starts_of(space: SpaceRow, free: Iterable[FreeStarts], *, zone: str) -> list[datetime]:
    """Every start of such ranges, on the space's slots. No statement."""
    return [start for one in free for start in slots.expand(one, space.slot_minutes, zone)]


def alternatives(space: SpaceRow, starts: datetime, ends: datetime, *, now: datetime, limit: int = 3) -> list[SpaceRow]:
    """Other spaces of the kind that are free at just this time, the nearest house first. About fifteen statements."""
    house = network.house_facts(space.house.id)
    minutes = int((ends - starts).total_seconds() // 60)
    day = starts.astimezone(ZoneInfo(house.calendar.zone)).date()
    near = (house.latitude, house.longitude) if house.latitude is not None and house.longitude is not None else None
    region = house.regions[0] if house.regions else None
    found = free_spaces(
        now=now, kind=space.kind, region_id=region, near=near, first=day, days=1, minutes=minutes, limit=MOST_SPACES
    )
    return [
        one.space
        for one in found
        if one.space.id != space.id and any(free.first <= starts <= free.last for free in one.free)
    ][:limit]


def _free(
    spaces: Sequence[SpaceRow], *, first: date | None, days: int, minutes: int, now: datetime
) -> dict[int, tuple[FreeStarts, ...]]:
    # The earliest of all houses' days and the day after the latest: houses of one network lie in few zones.
    earliest = first or (now.astimezone(UTC) - timedelta(hours=12)).date()
    begins = datetime.combine(earliest, time(), UTC) - timedelta(hours=15)
    ends = begins + timedelta(days=days + 3)
    held = busy(spaces, begins, ends)
    looked = days + (2 if first is None else 0)
    houses = house_times({space.house.id for space in spaces}, earliest, looked)
    open_ = open_times_of(spaces, houses, earliest, looked)
    found = {}
    for space in spaces:
        zone = ZoneInfo(houses[space.house.id].zone)
        from_ = datetime.combine(first or now.astimezone(zone).date(), time(), zone)
        until = datetime.combine((first or now.astimezone(zone).date()) + timedelta(days=days), time(), zone)
        not_before = max(from_, now - timedelta(minutes=space.slot_minutes) + timedelta(microseconds=1))
        ranges = slots.free_starts(
            open_[space.id],
            held[space.id],
            quantity=space.quantity,
            length=timedelta(minutes=minutes),
            setup=timedelta(minutes=space.setup_minutes),
            cleanup=timedelta(minutes=space.cleanup_minutes),
            slot=space.slot_minutes,
            zone=zone.key,
            not_before=not_before,
        )
        found[space.id] = tuple(
            one
            if one.last < until
            else FreeStarts(one.first, slots.on_grid(until, space.slot_minutes, zone, down=True))
            for one in ranges
            if one.first < until
        )
    return found


def free_units(spaces: Sequence[SpaceRow], *, starts: datetime, ends: datetime) -> dict[int, int]:
    """How many units of each of these spaces are free for all of a time, open or not: what could be allotted. One statement."""
    taken = busy(spaces, starts, ends)
    return {
        space.id: sum(not taken.get(space.id, {}).get(unit) for unit in range(1, space.quantity + 1))
        for space in spaces
    }
