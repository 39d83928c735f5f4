"""Bookings for those whom they concern: one's own, those of a series, requests that wait for an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.types import OPEN_BOOKINGS, BookingRow, BookingState, EndReason
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN_BOOKINGS]


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


def busy(account_ids: Collection[int], *, now: datetime) -> list[tuple[int, datetime, datetime]]:
    """Account, beginning and end of everything that these people have booked and that is not over, but for what a house uses itself. One
    statement. Which spaces they are is not told; the caller has asked who may know of their time.
    """
    found = Booking.objects.filter(account_id__in=account_ids, state__in=_OPEN, ends__gt=now)
    rows = found.exclude(terms__contains={"own_use": True}).values_list("account_id", "starts", "ends")
    return [(number, starts, ends) for number, starts, ends in rows if number is not None]


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
