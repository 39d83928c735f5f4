"""A booking's day: cancelled, checked in, finished; what the clock ends."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.qualifications import services as qualification_services
from khaneh.domains.spaces import notices, permissions
from khaneh.domains.spaces.errors import BookingEnded, CodeWrong, NotYet, QualificationLost, TooLateToCancel
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.services import charging, ending
from khaneh.domains.spaces.services.holding import held_booking
from khaneh.domains.spaces.types import BookingState, EndReason, SpaceRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid

# How long before its start a booking may be checked in.
EARLY = timedelta(minutes=15)
BATCH = 500
LONGEST_REASON = 1000


def cancel(*, actor: Actor, booking_id: int, now: datetime, reason: str = "", as_booker: bool = False) -> None:
    """Give a booking, a request or an offer up. Who booked may do so until the hours that the policies gave, and what they paid is given back
    by the terms; the desk always, and then all is given back and who booked is told. `as_booker`: the desk does it because who booked
    asked, so that the terms hold. Raises NotFound, BookingEnded, TooLateToCancel, Invalid.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long"})
    with db.transaction():
        booking = held_booking(booking_id, actor=actor)
        if booking.state not in (BookingState.TENTATIVE, BookingState.REQUESTED, BookingState.CONFIRMED):
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        own = actor.account_id is not None and actor.account_id == booking.account_id
        at_desk = permissions.may_desk(actor, house_id=booking.house_id)
        until = cancel_until(booking.state, booking.starts, booking.terms)
        if until is not None and now > until and not at_desk:
            raise TooLateToCancel(booking_id=booking_id, until=until.isoformat())
        why = EndReason.BOOKER if own or as_booker else EndReason.STAFF
        ending.end(booking, state=BookingState.CANCELLED, actor=actor, now=now, reason=why, words=reason)
        if not own:
            notices.tell_ended(Booking.objects.get(pk=booking_id), now=now)


def cancel_until(state: str, starts: datetime, terms: dict[str, Any]) -> datetime | None:
    """The last instant at which who booked may cancel a confirmed booking; None where any is."""
    hours = terms.get("cancel_hours")
    return starts - timedelta(hours=hours) if state == BookingState.CONFIRMED and hours is not None else None


def check_in(*, actor: Actor, booking_id: int, now: datetime, code: str = "") -> None:
    """Who booked has come: the desk says so, or they themself where the space is self-service, by its code where it has one.

    From a quarter of an hour before (or as long as setting up takes) until the end. What the space asks for must still be held, unless it
    was passed over by right; having used it counts. Raises NotFound, BookingEnded, NotYet, NotAllowed, CodeWrong, QualificationLost.
    """
    with db.transaction():
        booking = held_booking(booking_id, actor=actor)
        if booking.state != BookingState.CONFIRMED:
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        space = by_ids({booking.space_id})[booking.space_id]
        refuse_entry(booking, space, actor=actor, code=code, now=now)
        let_in(booking, space, actor=actor, now=now)


def refuse_entry(booking: Booking, space: SpaceRow, *, actor: Actor, code: str, now: datetime) -> None:
    """Whether somebody of a booking may come in at this moment. Raises NotAllowed, CodeWrong, NotYet."""
    if not permissions.may_desk(actor, house_id=booking.house_id):
        if not space.self_service:
            permissions.require_desk(actor, house_id=booking.house_id)
        if booking.code and not hmac.compare_digest(booking.code.encode(), code.strip().encode()):
            raise CodeWrong
    opens = booking.starts - max(EARLY, timedelta(minutes=space.setup_minutes))
    if not opens <= now < booking.ends:
        raise NotYet(**{"from": opens.isoformat(), "until": booking.ends.isoformat()})


def let_in(booking: Booking, space: SpaceRow, *, actor: Actor, now: datetime) -> None:
    """The booking is in use. Raises QualificationLost."""
    held = qualifications.held_ids(booking.account_id or 0, at=now)
    lacks = [name for number, name in space.requires if number not in held]
    if lacks and "book_unqualified" not in (booking.override or {}).get("rights", ()):
        raise QualificationLost(lacks=lacks)
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.CHECKED_IN.value, checked_in_at=now, changed_at=now)
    if booking.account_id is not None:
        qualification_services.record_use(
            account_id=booking.account_id, qualification_ids=[number for number, _ in space.requires], now=now
        )
    journal.record(
        "spaces.booking.checked_in", actor=actor, house_id=booking.house_id, booking_id=booking.pk,
        space_id=booking.space_id,
    )  # fmt: skip


def finish(*, actor: Actor, booking_id: int, now: datetime) -> None:
    """Who came has left: the rest of the time is free. Raises NotFound, BookingEnded."""
    with db.transaction():
        booking = held_booking(booking_id, actor=actor)
        if booking.state != BookingState.CHECKED_IN:
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        ending.end(booking, state=BookingState.DONE, actor=actor, now=now)


def tidy(*, now: datetime, limit: int = BATCH) -> dict[str, int]:
    """What the clock ends, so many of each: who has not come, what is over, requests that nobody answered, offers that nobody took up.

    Gives how many by state. Frees and takes nothing, so it needs no locks: each row is changed only from the state in which it was seen.
    """
    done: dict[str, int] = {}
    for state, reason, found in _due(now):
        count = 0
        for booking in found.order_by("starts", "pk")[:limit]:
            with db.transaction():
                if ending.end(booking, state=state, actor=SYSTEM, now=now, reason=reason, held=False):
                    count += 1
                    if state in (BookingState.NO_SHOW, BookingState.REFUSED):
                        notices.tell_ended(Booking.objects.get(pk=booking.pk), now=now)
                    if state is BookingState.NO_SHOW:
                        charging.charge_for_absence(booking, now=now)
        if count:
            done[state.value] = done.get(state.value, 0) + count
    return done


def _due(now: datetime) -> list[tuple[BookingState, EndReason | None, QuerySet[Booking]]]:
    rows = Booking.objects
    confirmed = rows.filter(state=BookingState.CONFIRMED.value)
    # Without minutes nobody is waited for: such a booking is simply over at its end.
    awaited = confirmed.filter(starts__lt=now, terms__come_minutes__gt=0)
    latest = ExpressionWrapper(
        F("starts") + Cast(KT("terms__come_minutes"), IntegerField()) * Value(timedelta(minutes=1)),
        output_field=DateTimeField(),
    )
    return [
        (BookingState.NO_SHOW, None, awaited.annotate(latest=latest).filter(latest__lte=now)),
        (BookingState.DONE, None, confirmed.filter(ends__lte=now).exclude(terms__come_minutes__gt=0)),
        (BookingState.DONE, None, rows.filter(state=BookingState.CHECKED_IN.value, ends__lte=now)),
        (BookingState.REFUSED, EndReason.UNANSWERED, rows.filter(state=BookingState.REQUESTED.value, starts__lte=now)),
    ]
