"""What holds a space: the rows that triggers keep, as booking asks them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from khaneh.domains.spaces.rules.slots import Stretch
from khaneh.domains.spaces.types import Holder, SpaceRow
from khaneh.infrastructure import db

# How near a neighbour must be to count when a unit is chosen.
_NEAR = timedelta(days=1)

# A closure has no booking: it is never the one that is left out. No booking has the number 0.
_AROUND = """
SELECT unit, holder, lower(during) AS begins, upper(during) AS ceases,
       during && tstzrange(%(from)s::timestamptz, %(until)s::timestamptz) AS meets, true AS own
FROM spaces_occupancy
WHERE space_id = %(space)s AND during && tstzrange(%(near_from)s::timestamptz, %(near_until)s::timestamptz)
  AND booking_id IS DISTINCT FROM %(except)s::bigint
UNION ALL
SELECT 1, holder, lower(during), upper(during), true, false FROM spaces_occupancy
WHERE space_id = ANY (%(above)s::bigint[]) AND holder <> 2
  AND during && tstzrange(%(from)s::timestamptz, %(until)s::timestamptz)
  AND booking_id IS DISTINCT FROM %(except)s::bigint
"""
_ROOM = f"""
SELECT array_agg(unit), array_agg(holder), array_agg(begins), array_agg(ceases), array_agg(meets), array_agg(own)
FROM ({_AROUND}) AS around
"""  # noqa: S608
_HELD = """
SELECT space_id, unit, holder, lower(during), upper(during) FROM spaces_occupancy
WHERE space_id = ANY (%(spaces)s::bigint[]) AND during && tstzrange(%(from)s::timestamptz, %(until)s::timestamptz)
ORDER BY space_id, lower(during)
"""
_IN_THE_WAY = """
SELECT DISTINCT booking_id FROM spaces_occupancy
WHERE space_id = %(space)s AND booking_id IS NOT NULL AND during && tstzrange(%(from)s::timestamptz, %(until)s::timestamptz)
  AND (cardinality(%(units)s::smallint[]) = 0 OR unit = ANY (%(units)s::smallint[]))
ORDER BY booking_id
"""


class Room(NamedTuple):
    """What is free of a space for a time: its free units; what is in the way (a holder's name) where there is none; near neighbours."""

    free: tuple[int, ...]
    by: str
    around: dict[int, tuple[datetime | None, datetime | None]]


def room(space: SpaceRow, starts: datetime, ends: datetime, *, except_id: int | None = None) -> Room:
    """The units that are free from `starts` to `ends` (with setting up and cleaning), leaving out one booking. One statement."""
    found: Room = db.read(room=room_of(space, starts, ends, except_id=except_id))["room"]
    return found


def room_of(space: SpaceRow, starts: datetime, ends: datetime, *, except_id: int | None = None) -> db.Read:
    """The same as a part of `db.read`."""
    # The same types whatever is asked, so that PostgreSQL prepares one statement: nothing as 0, no empty list.
    # Neighbours tell units apart; of one there is nothing to choose.
    near = _NEAR if space.quantity > 1 else timedelta()
    values = {
        "space": space.id, "above": [0, *space.path[:-1]], "from": starts, "until": ends, "near_from": starts - near,
        "near_until": ends + near, "except": except_id or 0,
    }  # fmt: skip
    return db.Read(_ROOM, values, 6, lambda row: _room(space, starts, zip(*row, strict=True) if row else ()))


def _room(space: SpaceRow, starts: datetime, rows: Iterable[tuple[Any, ...]]) -> Room:
    taken: dict[int, int] = {}
    around: dict[int, tuple[datetime | None, datetime | None]] = {}
    for unit, holder, begins, ceases, meets, own in rows:
        if not own:
            return Room((), Holder(holder).name.lower(), {})
        if meets:
            taken[unit] = holder
            continue
        before, after = around.get(unit, (None, None))
        if ceases is not None and ceases <= starts:
            before = max(before, ceases) if before else ceases
        else:
            after = min(after, begins) if after else begins
        around[unit] = (before, after)
    free = tuple(unit for unit in range(1, space.quantity + 1) if unit not in taken)
    return Room(free, "" if free else Holder(max(taken.values())).name.lower(), around)


def held_between(
    space_ids: Iterable[int], first: datetime, last: datetime
) -> list[tuple[int, int, int, datetime, datetime | None]]:
    """What holds these spaces between two instants: space, unit, holder, from, until (None: open-ended). One statement."""
    return db.fetch_all(_HELD, {"spaces": sorted(set(space_ids)), "from": first, "until": last})


def busy(spaces: Sequence[SpaceRow], first: datetime, last: datetime) -> dict[int, dict[int, list[Stretch]]]:
    """For each space and unit what cannot be booked between two instants, by start; with what holds or closes all that it is in. One statement."""
    wanted = {number for space in spaces for number in space.path}
    own: dict[int, dict[int, list[Stretch]]] = defaultdict(lambda: defaultdict(list))
    whole: dict[int, list[Stretch]] = defaultdict(list)
    for space_id, unit, holder, begins, ceases in held_between(wanted, first, last):
        stretch = (begins, ceases or last)
        own[space_id][unit].append(stretch)
        if holder != Holder.PART:
            whole[space_id].append(stretch)
    found: dict[int, dict[int, list[Stretch]]] = {}
    for space in spaces:
        above = [stretch for number in space.path[:-1] for stretch in whole[number]]
        units = own[space.id]
        found[space.id] = {
            unit: sorted([*units.get(unit, ()), *above]) if above else list(units.get(unit, ()))
            for unit in range(1, space.quantity + 1)
        }
    return found


def bookings_in_the_way(space_id: int, starts: datetime, ends: datetime | None, units: Iterable[int]) -> list[int]:
    """Bookings that hold a space, or a part of it, within a time; of some units, or of all where none is named. One statement."""
    rows = db.fetch_all(_IN_THE_WAY, {"space": space_id, "from": starts, "until": ends, "units": list(units)})
    return [number for (number,) in rows]
