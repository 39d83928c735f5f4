"""When a space is free: open times without what is held, starts on the grid of its slots, and which of its units to take.

Instants are aware and in UTC. Lengths are elapsed time; the grid is that of the clocks on the wall, from midnight, so that an hour's slots
begin at full hours on the day on which the clocks change too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.spaces.types import FreeStarts, WeeklyHours
from khaneh.kernel.calendars import OpeningCalendar

Stretch = tuple[datetime, datetime]
_DAY = 24 * 60


def open_times(calendar: OpeningCalendar, hours: Sequence[WeeklyHours], first: date, days: int) -> list[Stretch]:
    """When a space is open on so many days: with its house, and where it has hours of its own, only in those. Also what began the day before."""
    return narrowed(house_times(calendar, first, days), hours, first, days, zone=calendar.zone)


def house_times(calendar: OpeningCalendar, first: date, days: int) -> tuple[Stretch, ...]:
    """When a house is open on so many days, and what began the day before."""
    return tuple(calendar.intervals(first - timedelta(days=1), days + 1))


def narrowed(
    of_house: Sequence[Stretch], hours: Sequence[WeeklyHours], first: date, days: int, *, zone: str
) -> list[Stretch]:
    """What is left of a house's times in a space with hours of its own; all of it where there are none."""
    if not hours:
        return list(of_house)
    clock = ZoneInfo(zone)
    own: list[Stretch] = []
    for number in range(-1, days):
        day = first + timedelta(days=number)
        for one in sorted(hours):
            if one.weekday == day.isoweekday():
                start, end = _instant(day, one.opens, clock), _instant(day, one.closes, clock)
                if end > start:
                    own.append((start, end))
    return joint(of_house, _merged(own))


def joint(left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Stretch]:
    """What both have. Both in order."""
    found: list[Stretch] = []
    at = 0
    for start, end in left:
        while at < len(right) and right[at][1] <= start:
            at += 1
        turn = at
        while turn < len(right) and right[turn][0] < end:
            found.append((max(start, right[turn][0]), min(end, right[turn][1])))
            turn += 1
    return found


def without(stretches: Iterable[Stretch], taken: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of stretches when others are taken out. `taken` in order of start; may overlap."""
    for start, end in stretches:
        at = start
        for begins, ceases in taken:
            if begins >= end:
                break
            if ceases <= at:
                continue
            if begins > at:
                yield at, begins
            at = max(at, ceases)
            if at >= end:
                break
        if at < end:
            yield at, end


def within(stretches: Iterable[Stretch], starts: datetime, ends: datetime) -> bool:
    """Whether one of the stretches holds the whole time."""
    return any(begins <= starts and ends <= ceases for begins, ceases in stretches)


def free_starts(
    open_: Sequence[Stretch],
    busy: Mapping[int, Sequence[Stretch]],
    *,
    quantity: int,
    length: timedelta,
    setup: timedelta,
    cleanup: timedelta,
    slot: int,
    zone: str,
    not_before: datetime,
) -> tuple[FreeStarts, ...]:
    """When a booking of this length may start, in any unit, as ranges of starts on the grid of `slot` minutes.

    `busy` has for each unit what is held, in order of start; setting up and cleaning keep their distance from it, and may reach into
    hours in which the space is closed.
    """
    grid = ZoneInfo(zone)
    ranges: list[FreeStarts] = []
    for unit in range(1, quantity + 1):
        held = [(start - cleanup, end + setup) for start, end in busy.get(unit, ())]
        for start, end in without(open_, held):
            first = on_grid(max(start, not_before), slot, grid)
            last = on_grid(end - length, slot, grid, down=True)
            if first <= last and first + length <= end:
                ranges.append(FreeStarts(first, last))
        if not busy.get(unit):
            break  # the units after this one offer nothing that it does not
    return _united(ranges, timedelta(minutes=slot))


def expand(free: FreeStarts, slot: int, zone: str) -> Iterator[datetime]:
    """Every start of a range."""
    at, clock = free.first, ZoneInfo(zone)
    while at <= free.last:
        yield at
        at = on_grid(at + timedelta(seconds=1), slot, clock)


def on_grid(instant: datetime, slot: int, zone: ZoneInfo, *, down: bool = False) -> datetime:
    """The next instant on the grid, or the one before; itself when it is on it. UTC."""
    wall = instant.astimezone(zone)
    rest = timedelta(minutes=(wall.hour * 60 + wall.minute) % slot, seconds=wall.second, microseconds=wall.microsecond)
    if not rest:
        return instant.astimezone(UTC)
    found = instant - rest if down else instant - rest + timedelta(minutes=slot)
    if not down:
        # Past midnight the grid begins anew, where a day is no multiple of the slot.
        found = min(found, datetime.combine(wall.date() + timedelta(days=1), time(), zone).astimezone(UTC))
    if found.astimezone(zone).utcoffset() == wall.utcoffset():
        return found.astimezone(UTC)
    return _over_a_change(instant, slot, zone, down=down)


def _over_a_change(instant: datetime, slot: int, zone: ZoneInfo, *, down: bool) -> datetime:
    """The same where the clocks change in between: times on the wall are looked at one by one, also those that come twice."""
    wall = instant.astimezone(zone)
    near = timedelta(hours=3) + timedelta(minutes=slot)
    found = []
    for day in (wall.date() - timedelta(days=1), wall.date(), wall.date() + timedelta(days=1)):
        for minutes in range(0, _DAY, slot):
            at = datetime.combine(day, time(minutes // 60, minutes % 60))
            for fold in (0, 1):
                moment = at.replace(tzinfo=zone, fold=fold).astimezone(UTC)
                # A time that the clocks skip comes back as another.
                if abs(moment - instant) <= near and moment.astimezone(zone).replace(tzinfo=None) == at:
                    found.append(moment)
    return max(one for one in found if one <= instant) if down else min(one for one in found if one >= instant)


def is_on_grid(instant: datetime, slot: int, zone: str) -> bool:
    """Whether a booking may start at an instant."""
    return on_grid(instant, slot, ZoneInfo(zone)) == instant


def best_unit(free: Iterable[int], around: Mapping[int, tuple[datetime | None, datetime | None]]) -> int | None:
    """Which of the free units to take: the one between the closest neighbours, so that long free stretches remain; of equal ones the first.

    `around` has for a unit the end of what is held before and the start of what is held after, None for nothing near.
    """

    def room(unit: int) -> tuple[int, float, int]:
        before, after = around.get(unit, (None, None))
        open_ends = (before is None) + (after is None)
        gap = (after - before).total_seconds() if before is not None and after is not None else 0.0
        return open_ends, gap, unit

    return min(free, key=room, default=None)


def _united(ranges: list[FreeStarts], slot: timedelta) -> tuple[FreeStarts, ...]:
    found: list[FreeStarts] = []
    for one in sorted(ranges):
        if found and one.first <= found[-1].last + slot and (one.first - found[-1].first) % slot == timedelta():
            found[-1] = FreeStarts(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return tuple(found)


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    # As the house's calendar reads its hours: a time that the clocks skip with the offset before, a repeated one as its first.
    return (datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)).astimezone(UTC)
