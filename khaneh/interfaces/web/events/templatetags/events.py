"""Words of events: when, where, places, prices, labels of the lists."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from khaneh.domains.events.types import EventRow, RegistrationRow, RegistrationState
from khaneh.interfaces.web.events import wording
from khaneh.interfaces.web.spaces import wording as spaces

register = template.Library()


@register.filter
def event_kind(code: str) -> str:
    """A kind of event."""
    return wording.kind(code)


@register.filter
def event_state(event: EventRow) -> str:
    """Its state at this moment."""
    return wording.state(event, timezone.now())


@register.filter
def event_tone(event: EventRow) -> str:
    """The colour of its state."""
    return wording.tone(event, timezone.now())


@register.filter
def event_when(event: EventRow) -> str:
    """Day and time."""
    return wording.when(event)


@register.filter
def event_until(event: EventRow) -> str:
    """The last day of one that takes several."""
    return wording.until_day(event)


@register.filter
def event_where(event: EventRow) -> str:
    """Where it is."""
    return wording.where(event)


@register.filter
def event_places(event: EventRow) -> str:
    """How many places are left."""
    return wording.places(event)


@register.filter
def event_price(event: EventRow) -> str:
    """What one person pays."""
    return wording.price(event)


@register.filter
def transport(code: str) -> str:
    """How one comes to a stop."""
    return wording.transport(code)


@register.filter
def people(count: int) -> str:
    """So many people."""
    return wording.people(count)


@register.filter
def registration_state(value: RegistrationState) -> str:
    """A registration's state."""
    return wording.registration_state(value)


@register.filter
def registration_money(row: RegistrationRow) -> str:
    """What it costs, for the desk."""
    return wording.money(row)


@register.filter
def registration_tone(value: RegistrationState) -> str:
    """The colour of it."""
    return wording.REGISTRATION_TONES[value]


@register.simple_tag
def clock_of(value: datetime, event: EventRow) -> str:
    """The time of day of an instant on the clocks of the event's house."""
    return spaces.clock(value, event.zone)


@register.simple_tag
def instant_of(value: datetime, event: EventRow) -> str:
    """Day and time of an instant on the clocks of the event's house."""
    return spaces.instant(value, event.zone)
