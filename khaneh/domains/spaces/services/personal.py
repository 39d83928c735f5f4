"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from khaneh.domains.people.queries import contacts
from khaneh.domains.spaces.models import Booking, BookingPerson, Series, Space, Waiting, WaitingPerson
from khaneh.domains.spaces.queries.bookings import booking_rows
from khaneh.domains.spaces.queries.groups import named_rows, persons_of
from khaneh.domains.spaces.services import charging, ending
from khaneh.domains.spaces.services.judging import hold
from khaneh.domains.spaces.types import OPEN_BOOKINGS, BookingState, EndReason, WaitingState
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM

NAMES_KEPT = timedelta(days=180)


def export_member(member_id: int) -> dict[str, Any]:
    """Bookings, those in which they are named, and waiting, as JSON values. Twenty-one statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"bookings": [], "named_in": [], "waiting": [], "waits_along": []}
    mine = booking_rows(Booking.objects.filter(account_id=account_id).order_by("starts", "pk"))
    groups = persons_of([row.id for row in mine])
    return {
        "bookings": [
            {
                "space": row.space.code, "house": row.space.house.code, "state": row.state.value, "starts": row.starts,
                "ends": row.ends, "people": row.people, "title": row.title, "booked_at": row.booked_at,
                "organisation": row.organisation.code if row.organisation else "",
                "price": list(row.price) if row.price else None, "reason": row.reason,
                "group": [one.name for one in groups.get(row.id, ())],
            }
            for row in mine
        ],
        "named_in": [
            {
                "space": row.space.code, "house": row.space.house.code, "state": row.state.value, "starts": row.starts,
                "ends": row.ends, "as": one.name, "came_at": one.came_at, "left_at": one.left_at,
            }
            for row, one in named_rows(account_id)
        ],
        "waiting": list(
            Waiting.objects.filter(account_id=account_id)
            .order_by("pk")
            .values("kind", "first", "last", "minutes", "units", "title", "state", "joined_at")
        ),
        "waits_along": list(
            WaitingPerson.objects.filter(account_id=account_id)
            .order_by("pk")
            .values("waiting__kind", "waiting__first", "waiting__last", "name", "named_at", "left_at")
        ),
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: what is to come is given up, what is over is nobody's, words go."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed, whether or not its holder was a member."""
    with db.transaction():
        mine = Booking.objects.filter(account_id=account_id)
        open_ = mine.filter(state__in=[state.value for state in OPEN_BOOKINGS])
        paths = Space.objects.filter(pk__in=list(open_.values_list("space_id", flat=True)))
        hold(trees={path[0] for path in paths.values_list("path", flat=True)}, account_id=account_id)
        numbers = list(open_.values_list("pk", flat=True))
        for booking in Booking.objects.filter(pk__in=numbers).order_by("pk"):
            used = booking.state == BookingState.CHECKED_IN
            ending.end(
                booking, state=BookingState.DONE if used else BookingState.CANCELLED, actor=SYSTEM, now=now,
                reason=None if used else EndReason.ERASED, settled=False,
            )  # fmt: skip
        charging.settle(numbers, actor=SYSTEM, now=now)
        # Those whom they named have not said that they may stay.
        BookingPerson.objects.filter(booking__account_id=account_id).delete()
        _left_out(account_id, now)
        mine.update(account=None, title="", reason="", override=None, code="")
        Booking.objects.filter(booked_by_id=account_id).update(booked_by=None)
        Series.objects.filter(account_id=account_id).update(account=None)
        waiting = Waiting.objects.filter(account_id=account_id)
        waiting.filter(state__in=[WaitingState.WAITING.value, WaitingState.OFFERED.value]).update(
            state=WaitingState.WITHDRAWN.value, answer_by=None
        )
        WaitingPerson.objects.filter(waiting__account_id=account_id).delete()
        waiting.update(account=None, title="")


def _left_out(account_id: int, now: datetime) -> None:
    """Nobody expects them any more, and nobody reads that they were named."""
    named = BookingPerson.objects.filter(account_id=account_id)
    coming = named.filter(left_at=None, booking__state__in=[state.value for state in OPEN_BOOKINGS])
    # Never fewer than whoever booked.
    Booking.objects.filter(pk__in=list(coming.values_list("booking_id", flat=True))).update(
        people=Greatest(F("people") - 1, 1), changed_at=now
    )
    named.delete()
    waits = WaitingPerson.objects.filter(account_id=account_id)
    numbers = list(waits.filter(left_at=None).values_list("waiting_id", flat=True))
    Waiting.objects.filter(pk__in=numbers).update(people=Greatest(F("people") - 1, 1))
    waits.delete()


def forget_names(*, now: datetime, limit: int = 500) -> int:
    """Names of those who came along, or waited to, go half a year afterwards. Gives how many. At most four statements."""
    old = BookingPerson.objects.filter(booking__ends__lt=now - NAMES_KEPT).order_by("pk")
    gone = BookingPerson.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]
    waited = WaitingPerson.objects.filter(waiting__last__lt=now - NAMES_KEPT).order_by("pk")
    return gone + WaitingPerson.objects.filter(pk__in=list(waited.values_list("pk", flat=True)[:limit])).delete()[0]


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
