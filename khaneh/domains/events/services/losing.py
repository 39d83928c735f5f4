"""A room that an event loses to a closure, or to the house: everybody who comes is told at once, and again when there is another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.discovery import services as discovery
from khaneh.domains.events import notices
from khaneh.domains.events.models import Event, EventSpace, Registration
from khaneh.domains.events.services.judging import hold
from khaneh.domains.events.types import EventState, RegistrationState
from khaneh.domains.spaces.types import HOLDING, BookingState
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import SYSTEM

_LIVE = (EventState.OPEN.value, EventState.FULL.value)
_TOLD = (RegistrationState.CONFIRMED.value, RegistrationState.WAITING.value, RegistrationState.REQUESTED.value)
_LOST = (BookingState.CANCELLED.value, BookingState.REFUSED.value)


def note_lost(booking_id: int) -> None:
    """A booking was cancelled: where it is the room of an event, tell of it as soon as that stands. One statement."""
    _defer("events.room_lost", booking_id)


def note_found(booking_id: int) -> None:
    """A booking was approved: perhaps it is the room in place of one that was lost. One statement."""
    _defer("events.room_found", booking_id)


def tell_lost(*, event_id: int, now: datetime) -> None:
    """Who has registered is told that the event has lost a room and what happens next: once, until it has another or is moved."""
    with db.transaction():
        event = _held(event_id, now)
        if event is None or not _uses(event_id, _LOST):
            return
        journal.record("events.event.room_lost", actor=SYSTEM, house_id=event.house_id, event_id=event_id)
        notices.tell_room_lost(_registered(event_id), now=now)


def settle_found(*, event_id: int, now: datetime) -> None:
    """An event that had lost a room and holds another is at another place: who has registered is told. Done again, nothing happens."""
    with db.transaction():
        event = _held(event_id, now)
        lost = _uses(event_id, _LOST) if event is not None else []
        if event is None or not lost or not _uses(event_id, [state.value for state in HOLDING]):
            return
        EventSpace.objects.filter(pk__in=lost).delete()
        Event.objects.filter(pk=event_id).update(revision=event.revision + 1, changed_at=now)
        journal.record("events.event.room_found", actor=SYSTEM, house_id=event.house_id, event_id=event_id)
        notices.tell_changed(_registered(event_id), now=now)
        discovery.touch("event", [event_id])


def _defer(job: str, booking_id: int) -> None:
    uses = EventSpace.objects.filter(booking_id=booking_id, event__state__in=_LIVE)
    for event_id in uses.values_list("event_id", flat=True):
        jobs.defer(job, event_id=event_id)


def _held(event_id: int, now: datetime) -> Event | None:
    hold(event_id=event_id)
    return Event.objects.filter(pk=event_id, state__in=_LIVE, ends__gt=now).first()


def _uses(event_id: int, states: Iterable[str]) -> list[int]:
    return list(EventSpace.objects.filter(event_id=event_id, booking__state__in=states).values_list("pk", flat=True))


def _registered(event_id: int) -> list[Registration]:
    found = Registration.objects.filter(event_id=event_id, state__in=_TOLD).select_related("event")
    return list(found.order_by("pk"))
