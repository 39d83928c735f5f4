"""Which bookings were within the hours of their house before and are not any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseState
from khaneh.domains.spaces.models import Booking, Space
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.rules import slots
from khaneh.domains.spaces.types import OPEN_BOOKINGS, BookingState, WeeklyHours
from khaneh.kernel.calendars import OpeningCalendar

# In these nobody uses a house, whatever its hours.
_SHUT = (HouseState.SUSPENDED, HouseState.CLOSED)
_TO_COME = [state.value for state in OPEN_BOOKINGS if state is not BookingState.CHECKED_IN]


class Hours(NamedTuple):
    """When a house is open, and whether it is in service at all."""

    calendar: OpeningCalendar
    state: HouseState


class _Booked(NamedTuple):
    id: int
    space_id: int
    starts: datetime
    ends: datetime


def hours_of_houses() -> dict[int, Hours]:
    """The hours of every house that has spaces, also where nothing is booked yet. Five statements, one where there are none."""
    return _hours(set(Space.objects.order_by().values_list("house_id", flat=True).distinct()))


def that_differ(before: Mapping[int, Hours]) -> set[int]:
    """The houses that have other hours than `before`, or another state. Four statements."""
    return {number for number, hours in _hours(before).items() if hours != before[number]}


def shut_out(before: Mapping[int, Hours], *, now: datetime) -> list[int]:
    """What is to come, was within the hours of its house `before`, and is not within those that it has, by number. What was booked outside of
    them by right stays, and what is in use.

    Seven statements at most, whatever changed.
    """
    after = _hours(before)
    differ = [number for number, hours in after.items() if hours != before[number]]
    if not differ:
        return []
    booked: dict[int, list[_Booked]] = defaultdict(list)
    rows = _open(now).filter(house_id__in=differ).order_by("pk")
    for number, pk, space_id, starts, ends in rows.values_list("house_id", "pk", "space_id", "starts", "ends"):
        booked[number].append(_Booked(pk, space_id, starts, ends))
    met: dict[int, list[_Booked]] = {}
    for number, found in booked.items():
        met[number] = list(_on_other_days(before[number], after[number], found))
    spaces = by_ids({one.space_id for found in met.values() for one in found})
    return sorted(
        one.id
        for number, found in met.items()
        for one in found
        if (after[number].state is not before[number].state and after[number].state in _SHUT)
        or is_shut_out(
            one.starts, one.ends, spaces[one.space_id].hours, before[number].calendar, after[number].calendar
        )
    )


def is_shut_out(
    starts: datetime,
    ends: datetime,
    hours: Collection[WeeklyHours],
    before: OpeningCalendar,
    after: OpeningCalendar,
) -> bool:
    """Whether a time was within a space's hours by one calendar of its house and is not by another. No statement."""
    was, will = (
        slots.within(slots.open_times(one, tuple(hours), *_days(starts, ends, one)), starts, ends)
        for one in (before, after)
    )
    return was and not will


def _on_other_days(before: Hours, after: Hours, found: Iterable[_Booked]) -> Iterator[_Booked]:
    """Those on a day on which anything differs: a year of bookings is told from by its days, not one by one."""
    known: dict[date, bool] = {}
    for one in found:
        first, days = _days(one.starts, one.ends, before.calendar)
        # A day's hours may reach into the next.
        for step in range(-1, days):
            day = first + timedelta(days=step)
            if day not in known:
                known[day] = before.calendar.spans(day) != after.calendar.spans(day)
            if known[day] or before.state is not after.state or before.calendar.zone != after.calendar.zone:
                yield one
                break


def _days(starts: datetime, ends: datetime, calendar: OpeningCalendar) -> tuple[date, int]:
    zone = ZoneInfo(calendar.zone)
    first = starts.astimezone(zone).date()
    return first, (ends.astimezone(zone).date() - first).days + 1


def _open(now: datetime) -> QuerySet[Booking]:
    return Booking.objects.filter(state__in=_TO_COME, ends__gt=now)


def _hours(house_ids: Collection[int]) -> dict[int, Hours]:
    if not house_ids:
        return {}
    states = network.house_states(house_ids)
    return {
        number: Hours(calendar, states[number]) for number, calendar in network.opening_calendars(house_ids).items()
    }
