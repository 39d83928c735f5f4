"""The spaces of an event: booked like anybody's, so that nobody else has the room. Spaces' own locks come after the event's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.credits import services as ledger
from khaneh.domains.events import permissions
from khaneh.domains.events.errors import EventStateRefused, SpaceBusy
from khaneh.domains.events.models import Event, EventSpace
from khaneh.domains.events.services.judging import hold
from khaneh.domains.events.services.losing import note_found
from khaneh.domains.events.types import EventState
from khaneh.domains.spaces import queries as space_queries
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.types import Booked, BookingState, Channel, Override
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed, NotFound, Refusal

# A house's own events count against nobody's quota, and whoever enters them need not be a member.
_RIGHTS = frozenset({"book_over_limit", "book_for_blocked"})


def use_space(
    *,
    actor: Actor,
    event_id: int,
    space_id: int,
    now: datetime,
    starts: datetime | None = None,
    ends: datetime | None = None,
    outside_hours: bool = False,
) -> int:
    """Book a space for an event, for its whole time unless told otherwise. Gives the booking's number: confirmed, or requested where the
    space's house must approve and the actor does not, or others would be refused by it.

    Raises NotFound, NotAllowed, EventStateRefused and what `spaces.book` raises.
    """
    with db.transaction(), ledger.together():
        event = _held(event_id, actor)
        rights = _RIGHTS | {"book_outside_hours"} if outside_hours else _RIGHTS
        done = _booked(
            rights, event,
            actor=actor, account_id=actor.account_id if actor.account_id is not None else event.account_id,
            space_id=space_id, starts=starts or event.starts, ends=ends or event.ends,
            people_count=_people(event, space_id), title=Label.from_dict(event.names).pick("fa")[:300],
            channel=Channel.DESK, now=now,
        )  # fmt: skip
        EventSpace.objects.create(event_id=event_id, booking_id=done.booking_id)
        if done.state is BookingState.REQUESTED:
            _approve_unopposed(done.booking_id, actor, now)
        journal.record(
            "events.event.space_taken", actor=actor, house_id=event.house_id, event_id=event_id,
            booking_id=done.booking_id, space_id=space_id,
        )  # fmt: skip
        note_found(done.booking_id)
    return done.booking_id


def leave_space(*, actor: Actor, event_id: int, booking_id: int, now: datetime) -> None:
    """Give a space of an event up. Raises NotFound, NotAllowed, EventStateRefused and what `spaces.cancel` raises."""
    with db.transaction(), ledger.together():
        event = _held(event_id, actor)
        use = EventSpace.objects.filter(event_id=event_id, booking_id=booking_id).first()
        if use is None:
            raise NotFound(what="booking")
        _cancel(booking_id, actor, now)
        use.delete()
        journal.record(
            "events.event.space_left", actor=actor, house_id=event.house_id, event_id=event_id, booking_id=booking_id
        )


def leave_all(event_id: int, *, actor: Actor, now: datetime) -> None:
    """Give up everything that is booked for an event and not over; with the event held."""
    for booking_id in _held_bookings(event_id):
        _cancel(booking_id, actor, now)


def move(event: Event, starts: datetime, ends: datetime, *, actor: Actor, now: datetime) -> None:
    """Take what is booked along to another time, each as long before or after the start and end as it was. Raises SpaceBusy."""
    booked = _held_bookings(event.pk)
    rows = space_queries.bookings_by_ids(booked)
    for number in booked:
        row = rows[number]
        if row.state not in (BookingState.REQUESTED, BookingState.CONFIRMED):
            continue
        try:
            done = spaces.change_booking(
                actor=actor, booking_id=number, starts=starts + (row.starts - event.starts),
                ends=ends + (row.ends - event.ends), override=Override(_RIGHTS, f"events.event:{event.pk}"),
                channel=Channel.DESK, now=now,
            )  # fmt: skip
        except Refusal as refused:
            raise SpaceBusy(space=row.space.code, why=refused.code) from refused
        if done.state is BookingState.REQUESTED:
            _approve_unopposed(number, actor, now)


def _held_bookings(event_id: int) -> list[int]:
    """What is booked for an event, all of it held: one after the other, two such events would wait for each other's rooms."""
    found = list(EventSpace.objects.filter(event_id=event_id).order_by("pk").values_list("booking_id", flat=True))
    spaces.hold_bookings(found)
    return found


def _booked(rights: frozenset[str], event: Event, **wish: Any) -> Booked:
    """By the rights of whoever works in the space's house; a space of another house is booked as anybody books it."""
    try:
        with db.transaction():
            return spaces.book(own_use=True, override=Override(rights, f"events.event:{event.pk}"), **wish)
    except NotAllowed:
        return spaces.book(**wish)


def _approve_unopposed(booking_id: int, actor: Actor, now: datetime) -> None:
    """Whoever may approve has done so by asking, unless somebody else would be left without room: that is for the house to weigh."""
    try:
        with db.transaction():
            spaces.approve(actor=actor, booking_id=booking_id, now=now)
    except Refusal:
        return


def _cancel(booking_id: int, actor: Actor, now: datetime) -> None:
    row = space_queries.bookings_by_ids([booking_id])[booking_id]
    if row.state in (BookingState.TENTATIVE, BookingState.REQUESTED, BookingState.CONFIRMED):
        spaces.cancel(actor=actor, booking_id=booking_id, now=now)


def _people(event: Event, space_id: int) -> int:
    """As many as come, and no more than the space is for: a fair needs several."""
    found = space_queries.spaces_by_ids([space_id]).get(space_id)
    if found is None:
        raise NotFound(what="space")
    return max(1, min(event.capacity or 1, found.capacity))


def _held(event_id: int, actor: Actor) -> Event:
    seen = Event.objects.filter(pk=event_id).values_list("house_id", flat=True).first()
    if seen is None or not permissions.may_desk(actor, house_ids=[seen]):
        raise NotFound(what="event")
    permissions.require_lead(actor, house_id=seen)
    hold(event_id=event_id)
    event = Event.objects.get(pk=event_id)
    if event.state not in (EventState.PROPOSED, EventState.OPEN, EventState.FULL):
        raise EventStateRefused(state=event.state, wanted=event.state)
    return event
