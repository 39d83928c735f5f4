"""Requests: approved with the eyes open for whom that refuses, or refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from khaneh.domains.credits.errors import BalanceShort
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import notices, permissions
from khaneh.domains.spaces.errors import BookingEnded, OthersRefused, SlotTaken
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.services import charging, ending
from khaneh.domains.spaces.services.entering import confirm
from khaneh.domains.spaces.services.holding import held_booking
from khaneh.domains.spaces.types import Approval, Booked, BookingState, Clash, EndReason
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid

LONGEST_REASON = 1000


def weigh_approval(*, actor: Actor, booking_id: int, now: datetime) -> Approval:
    """What approving would do: it is tried, and taken back. Raises NotFound, NotAllowed, BookingEnded."""
    with db.transaction():
        booking = _request(booking_id, actor, now)
        possible, short, others = True, False, list[Booking]()
        try:
            with db.tried():
                confirm(booking, actor=actor, now=now, decided_state="approved")
                others = _left_without(booking)
                charging.settle([booking_id], actor=actor, now=now)
        except SlotTaken:
            possible = False
        except BalanceShort:
            short = True
    names = people.account_names(one.account_id for one in others)
    return Approval(
        booking_id,
        possible,
        tuple(
            Clash(one.pk, one.starts, one.ends, names.get(one.account_id or 0, ""), one.people, one.booked_at)
            for one in others
        ),
        short,
    )


def approve(*, actor: Actor, booking_id: int, now: datetime, refusing: Collection[int] = ()) -> Booked:
    """Give a request its place. `refusing` are the other requests that whoever approves knows to be without room then: these are refused.

    Raises NotFound, NotAllowed, BookingEnded, SlotTaken, OthersRefused where more would be refused than was said, BalanceShort where whoever
    asked cannot pay.
    """
    with db.transaction():
        booking = _request(booking_id, actor, now)
        done = confirm(booking, actor=actor, now=now, decided_state="approved")
        others = _left_without(booking)
        unsaid = sorted({one.pk for one in others} - set(refusing))
        if unsaid:
            raise OthersRefused(bookings=unsaid)
        ended = ending.end_all(
            Booking.objects.filter(pk__in=[one.pk for one in others]),
            reason=EndReason.TAKEN, words="", actor=actor, now=now, settled=False,
        )  # fmt: skip
        notices.tell_booked(Booking.objects.get(pk=booking_id), now=now)
        charging.settle([booking_id, *ended], actor=actor, now=now)
    return done


def refuse(*, actor: Actor, booking_id: int, reason: str, now: datetime) -> None:
    """Do not give it; who asked is told why. Raises NotFound, NotAllowed, BookingEnded, Invalid."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    with db.transaction():
        booking = _request(booking_id, actor, None)
        ending.end(booking, state=BookingState.REFUSED, actor=actor, now=now, reason=EndReason.STAFF, words=reason)
        notices.tell_ended(Booking.objects.get(pk=booking_id), now=now)


def _request(booking_id: int, actor: Actor, now: datetime | None) -> Booking:
    booking = held_booking(booking_id, actor=actor)
    permissions.require_lead(actor, house_id=booking.house_id)
    if booking.state != BookingState.REQUESTED or (now is not None and booking.ends <= now):
        raise BookingEnded(booking_id=booking_id, state=booking.state)
    return booking


def _left_without(booking: Booking) -> list[Booking]:
    return ending.without_room(
        booking.space_id, first=booking.blocks.lower, last=booking.blocks.upper, except_ids=[booking.pk]
    )
