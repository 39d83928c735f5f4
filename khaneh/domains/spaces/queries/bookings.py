"""Bookings for those whom they concern: one's own, those of a house's week, requests that wait for an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import PUBLIC_STATES, Ref
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import Booking, SpaceClosure
from khaneh.domains.spaces.queries.opening import HouseTimes, open_times_of
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.queries.spaces import spaces_of_house
from khaneh.domains.spaces.rules import slots
from khaneh.domains.spaces.types import (
    OPEN_BOOKINGS,
    BookingRow,
    BookingState,
    ClosureKind,
    EndReason,
    Week,
    WeekEntry,
    WeekSpace,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN_BOOKINGS]
_SHOWN = [*_OPEN, BookingState.DONE.value, BookingState.NO_SHOW.value]
MOST_DAYS = 31


def booking(booking_id: int, *, actor: Actor) -> BookingRow:
    """One booking, for who booked it and for the desk of its house. Eight statements. Raises NotFound, also where it is neither's."""
    found = Booking.objects.filter(pk=booking_id).first()
    if found is None or not (
        (actor.account_id is not None and found.account_id == actor.account_id)
        or permissions.may_desk(actor, house_id=found.house_id)
    ):
        raise NotFound(what="booking")
    return booking_rows(Booking.objects.filter(pk=booking_id))[0]


def bookings_of(account_id: int, *, now: datetime, past: bool = False, limit: int = 100) -> list[BookingRow]:
    """Somebody's own bookings: those to come and under way by start, or those that are over, the latest first. Eight statements.

    What the house uses itself is not among them, although somebody answers for it: they could do nothing with it here. The caller has
    identified whose they are.
    """
    mine = Booking.objects.filter(account_id=account_id).exclude(terms__contains={"own_use": True})
    if past:
        found = mine.exclude(state__in=_OPEN).order_by("-starts", "-pk")
    else:
        found = mine.filter(state__in=_OPEN).order_by("starts", "pk")
    return booking_rows(found[:limit])


def requests_of(house_id: int, *, actor: Actor, now: datetime, limit: int = 200) -> list[BookingRow]:
    """The requests of a house that wait for an answer, the oldest first; none for who does not work there. Eight statements."""
    if not permissions.may_desk(actor, house_id=house_id):
        return []
    found = Booking.objects.filter(house_id=house_id, state=BookingState.REQUESTED.value, ends__gt=now)
    return booking_rows(found.order_by("booked_at", "pk")[:limit])


def bookings_of_series(series_id: int, *, actor: Actor) -> list[BookingRow]:
    """The bookings of a series by start, for who booked them and for the desk. Eight statements. Raises NotFound."""
    first = Booking.objects.filter(series_id=series_id).order_by("starts", "pk").first()
    if first is None:
        raise NotFound(what="series")
    booking(first.pk, actor=actor)
    return booking_rows(Booking.objects.filter(series_id=series_id).order_by("starts", "pk"))


def week(house_id: int, *, first: date, actor: Actor, now: datetime, days: int = 7) -> Week:
    """What holds each space of a house on so many days (at most 31): names for who works there, else only that it is held.

    Six statements, whatever the number of spaces, and at most eight more where the house was not asked for lately. Requests are shown to
    the desk and to who asked. Raises NotFound, also for a house that is not for everybody's eyes.
    """
    house = network.house_facts(house_id)
    sees = permissions.may_desk(actor, house_id=house_id)
    if not (sees or house.state in PUBLIC_STATES):
        raise NotFound(what="house")
    days = max(1, min(days, MOST_DAYS))
    zone = ZoneInfo(house.calendar.zone)
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    ends = datetime.combine(first + timedelta(days=days), time(), zone).astimezone(UTC)
    shown_as = Ref(house.id, house.code, house.names)
    spaces = spaces_of_house(house_id, house=shown_as)
    found: list[Any] = list(
        Booking.objects.filter(house_id=house_id, state__in=_SHOWN, starts__lt=ends, ends__gt=begins)
        .filter(starts__gt=begins - timedelta(days=366))
        .order_by("starts", "pk")
        # Not as objects: a house's week has thousands.
        .values_list(
            "pk", "space_id", "account_id", "state", "starts", "ends", "blocks", "unit", "title", "people", named=True
        )
    )
    names = people.account_names(one.account_id for one in found) if sees else {}
    entries: dict[int, list[WeekEntry]] = defaultdict(list)
    for one in found:
        mine = actor.account_id is not None and one.account_id == actor.account_id
        if one.state == BookingState.REQUESTED and not (sees or mine):
            continue
        shown = sees or mine
        entries[one.space_id].append(
            WeekEntry(
                starts=one.starts,
                ends=one.ends,
                blocked_from=one.blocks.lower,
                blocked_until=one.blocks.upper,
                unit=one.unit,
                booking_id=one.pk if shown else None,
                state=BookingState(one.state) if shown else None,
                booker=names.get(one.account_id or 0, "") if sees else "",
                title=one.title if shown else "",
                people=one.people if shown else 0,
                mine=mine,
            )
        )
    closures = SpaceClosure.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=begins),
        space_id__in=[space.id for space in spaces],
        lifted_at=None,
        starts__lt=ends,
    )
    for closed in closures.order_by("starts", "pk"):
        units: list[int | None] = [*closed.units]
        for unit in units or [None]:
            entries[closed.space_id].append(
                WeekEntry(
                    closed.starts, closed.ends, closed.starts, closed.ends, unit, closure=ClosureKind(closed.kind),
                    title=closed.note if sees else "",
                )
            )  # fmt: skip
    # The house was asked for already, with its calendar: reckoning its days takes no statement.
    times = HouseTimes(zone.key, slots.house_times(house.calendar, first, days))
    open_ = open_times_of(spaces, {house_id: times}, first, days)
    return Week(
        house=shown_as,
        zone=zone.key,
        first=first,
        days=days,
        spaces=tuple(
            WeekSpace(
                space,
                tuple(sorted(entries[space.id], key=lambda entry: (entry.starts, entry.booking_id or 0))),
                tuple((max(start, begins), min(end, ends)) for start, end in open_[space.id] if end > begins),
            )
            for space in spaces
        ),
    )


def bookings_by_ids(ids: Iterable[int]) -> dict[int, BookingRow]:
    """Bookings by number, for those above who booked them (a course, an event) and have asked who may see. Eight statements."""
    return {row.id: row for row in booking_rows(Booking.objects.filter(pk__in=set(ids)))}


def booking_rows(found: QuerySet[Booking]) -> list[BookingRow]:
    """Rows in the order of the query. Eight statements, whatever their number."""
    listed = list(found)
    spaces = by_ids({one.space_id for one in listed})
    names = people.account_names(one.account_id for one in listed)
    organisations = network.organisation_refs(_known(one.organisation_id for one in listed))
    return [
        BookingRow(
            id=one.pk,
            space=spaces[one.space_id],
            state=BookingState(one.state),
            starts=one.starts,
            ends=one.ends,
            unit=one.unit,
            people=one.people,
            title=one.title,
            account_id=one.account_id,
            booker=names.get(one.account_id or 0, ""),
            organisation=organisations.get(one.organisation_id) if one.organisation_id is not None else None,
            series_id=one.series_id,
            price=Money(one.price_amount, one.price_currency) if one.price_amount is not None else None,
            code=one.code,
            booked_at=one.booked_at,
            held_until=one.held_until,
            cancel_until=_cancel_until(one),
            checked_in_at=one.checked_in_at,
            end_reason=EndReason(one.end_reason) if one.end_reason else None,
            reason=one.reason,
            revision=one.revision,
            changed_at=one.changed_at,
            decision_id=one.decision_id,
        )
        for one in listed
    ]


def _cancel_until(one: Booking) -> datetime | None:
    hours = one.terms.get("cancel_hours")
    return one.starts - timedelta(hours=hours) if one.state == BookingState.CONFIRMED and hours is not None else None


def _known(ids: Iterable[int | None]) -> list[int]:
    return [number for number in ids if number is not None]
