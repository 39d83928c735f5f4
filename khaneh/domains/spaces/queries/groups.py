"""Groups as lists of persons: who comes with a booking, and in which bookings somebody is named."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.spaces.models import Booking, BookingPerson
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.types import OPEN_BOOKINGS, BookingRow, PersonRow
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN_BOOKINGS]


def persons_of(booking_ids: Iterable[int], *, with_left: bool = False) -> dict[int, tuple[PersonRow, ...]]:
    """Who is named in bookings, as they were named; those of whom nobody is named are left out. `with_left`: who withdrew, too.

    One statement. The caller has seen that the bookings are the actor's business.
    """
    found: dict[int, tuple[PersonRow, ...]] = {}
    rows = BookingPerson.objects.filter(booking_id__in=set(booking_ids)).order_by("pk")
    for one in rows if with_left else rows.filter(left_at=None):
        found[one.booking_id] = (*found.get(one.booking_id, ()), _row(one))
    return found


def bookings_naming(account_id: int, *, past: bool = False, limit: int = 100) -> list[BookingRow]:
    """Bookings of others in which somebody is named and has not withdrawn: those to come by start, or those that are over, the latest first.

    Nine statements. The caller has identified whose they are.
    """
    named = BookingPerson.objects.filter(account_id=account_id, left_at=None).values_list("booking_id", flat=True)
    found = Booking.objects.filter(pk__in=list(named))
    if past:
        return booking_rows(found.exclude(state__in=_OPEN).order_by("-starts", "-pk")[:limit])
    return booking_rows(found.filter(state__in=_OPEN).order_by("starts", "pk")[:limit])


def booking_naming(booking_id: int, account_id: int) -> tuple[BookingRow, PersonRow]:
    """A booking in which somebody is named, and as whom. Nine statements. Raises NotFound, also where they have withdrawn."""
    person = BookingPerson.objects.filter(booking_id=booking_id, account_id=account_id, left_at=None).first()
    if person is None:
        raise NotFound(what="booking")
    return booking_rows(Booking.objects.filter(pk=booking_id))[0], _row(person)


def named_rows(account_id: int) -> list[tuple[BookingRow, PersonRow]]:
    """Every booking in which somebody is or was named, by start, with how. Nine statements."""
    persons = {one.booking_id: _row(one) for one in BookingPerson.objects.filter(account_id=account_id).order_by("pk")}
    rows = booking_rows(Booking.objects.filter(pk__in=list(persons)).order_by("starts", "pk"))
    return [(row, persons[row.id]) for row in rows]


def _row(one: BookingPerson) -> PersonRow:
    return PersonRow(one.pk, one.booking_id, one.name, one.account_id, one.counts, one.came_at, one.left_at)
