"""A house's week: what holds each of its spaces on so many days. A page of it has sixty spaces and a thousand entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.network.types import PUBLIC_STATES, Ref
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.queries.opening import HouseTimes, open_times_of
from khaneh.domains.spaces.queries.spaces import spaces_of_house
from khaneh.domains.spaces.rules import slots
from khaneh.domains.spaces.types import COUNTED, BookingState, ClosureKind, SpaceRow, Week, WeekEntry, WeekSpace
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

MOST_DAYS = 31
_SHOWN = ", ".join(f"'{state.value}'" for state in COUNTED)
# Instants as seconds since 1970: a hundredth of the work of reading them as text. What is longer than two days has an index of its own.
_OF_HOUSE = f"""
SELECT b.space_id, b.id, b.account_id, b.state, NULL, date_part('epoch', b.starts), date_part('epoch', b.ends),
  date_part('epoch', lower(b.blocks)), date_part('epoch', upper(b.blocks)), b.unit, b.title, b.people
FROM spaces_booking b
WHERE b.house_id = %(house)s::bigint AND b.starts < %(ends)s::timestamptz AND b.ends > %(begins)s::timestamptz
  AND (b.starts > %(begins)s::timestamptz - interval '2 days' OR b.ends - b.starts > interval '2 days') AND b.state IN ({_SHOWN})
UNION ALL
SELECT c.space_id, c.id, NULL, NULL, c.kind, date_part('epoch', c.starts), date_part('epoch', c.ends),
  date_part('epoch', c.starts), date_part('epoch', c.ends), u.unit, c.note, 0
FROM spaces_spaceclosure c LEFT JOIN LATERAL unnest(c.units) AS u (unit) ON true
WHERE c.space_id = ANY (%(spaces)s::bigint[]) AND c.lifted_at IS NULL AND c.starts < %(ends)s::timestamptz
  AND (c.ends IS NULL OR c.ends > %(begins)s::timestamptz)
ORDER BY 5 NULLS FIRST, 6, 2, 10
"""  # noqa: S608
_OF_SPACES = _OF_HOUSE.replace("WHERE b.house_id", "WHERE b.space_id = ANY (%(spaces)s::bigint[]) AND b.house_id")
_STATES: Mapping[str, BookingState] = {state.value: state for state in BookingState}


class _Instants(dict[float, datetime]):
    """Instants by their seconds: bookings begin and end at the same few."""

    def __missing__(self, seconds: float) -> datetime:
        found = self[seconds] = datetime.fromtimestamp(seconds, UTC)
        return found


def week(house_id: int, *, first: date, actor: Actor, now: datetime, days: int = 7, with_names: bool = True) -> Week:
    """What holds each space of a house on so many days (at most 31): names for who works there, else only that it is held.

    Three statements, whatever the number of spaces, two without names, one more where spaces ask for qualifications, and at most eight
    where the house was not asked for lately. Requests are shown to the desk and to who asked. Raises NotFound, also for a house that is
    not for everybody's eyes.
    """
    house, sees = _seen(house_id, actor)
    shown_as = Ref(house.id, house.code, house.names)
    spaces = spaces_of_house(house_id, house=shown_as)
    days = max(1, min(days, MOST_DAYS))
    found = _held(_OF_HOUSE, house, spaces, first=first, days=days, sees=sees, actor=actor, with_names=with_names)
    return Week(house=shown_as, zone=house.calendar.zone, first=first, days=days, spaces=found)


def week_of(space: SpaceRow, *, first: date, actor: Actor, days: int = 7) -> WeekSpace:
    """The same of one space, without names: of what holds it, not of what it is in. One statement. Raises NotFound as `week` does."""
    house, sees = _seen(space.house.id, actor)
    days = max(1, min(days, MOST_DAYS))
    return _held(_OF_SPACES, house, [space], first=first, days=days, sees=sees, actor=actor, with_names=False)[0]


def _seen(house_id: int, actor: Actor) -> tuple[HouseFacts, bool]:
    """The house, and whether who asks works there."""
    house = network.house_facts(house_id)
    sees = permissions.may_desk(actor, house_id=house_id)
    if not (sees or house.state in PUBLIC_STATES):
        raise NotFound(what="house")
    return house, sees


def _held(
    statement: str,
    house: HouseFacts,
    spaces: Sequence[SpaceRow],
    *,
    first: date,
    days: int,
    sees: bool,
    actor: Actor,
    with_names: bool,
) -> tuple[WeekSpace, ...]:
    zone = ZoneInfo(house.calendar.zone)
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    ends = datetime.combine(first + timedelta(days=days), time(), zone).astimezone(UTC)
    held = db.fetch_all(
        statement, {"house": house.id, "begins": begins, "ends": ends, "spaces": [space.id for space in spaces]}
    )
    entries = _entries(held, sees=sees, actor=actor, with_names=with_names)
    # The house was asked for already, with its calendar: reckoning its days takes no statement.
    times = HouseTimes(zone.key, slots.house_times(house.calendar, first, days))
    open_ = open_times_of(spaces, {house.id: times}, first, days)
    return tuple(
        WeekSpace(
            space,
            tuple(sorted(entries[space.id], key=lambda entry: (entry.starts, entry.booking_id or 0))),
            tuple((max(start, begins), min(end, ends)) for start, end in open_[space.id] if end > begins),
        )
        for space in spaces
    )


def _entries(
    held: Sequence[tuple[Any, ...]], *, sees: bool, actor: Actor, with_names: bool
) -> Mapping[int, list[WeekEntry]]:
    names = people.account_names(one[2] for one in held) if sees and with_names else {}
    at = _Instants()
    found: dict[int, list[WeekEntry]] = defaultdict(list)
    for (
        space_id,
        number,
        account_id,
        state,
        closure,
        starts,
        ends,
        blocked_from,
        blocked_until,
        unit,
        title,
        size,
    ) in held:
        mine = account_id is not None and account_id == actor.account_id
        shown = sees or mine
        if not shown and state == BookingState.REQUESTED:
            continue
        found[space_id].append(
            WeekEntry(
                starts=at[starts],
                ends=None if ends is None else at[ends],
                blocked_from=at[blocked_from],
                blocked_until=None if blocked_until is None else at[blocked_until],
                unit=unit,
                booking_id=number if shown and closure is None else None,
                state=_STATES[state] if shown and closure is None else None,
                closure=None if closure is None else ClosureKind(closure),
                booker=names.get(account_id, ""),
                title=title if shown else "",
                people=size if shown else 0,
                mine=mine,
            )
        )
    return found
