"""Words of spaces and bookings: lengths, times on a house's clocks, prices, labels of the lists."""

from __future__ import annotations

from datetime import datetime

from django import template

from khaneh.domains.spaces.types import SpaceRow
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

register = template.Library()


@register.filter
def length_words(minutes: int) -> str:
    """So many minutes in words."""
    return wording.length(minutes)


@register.filter
def sum_of(money: Money | None) -> str:
    """An amount of money; nothing asked is free."""
    return wording.price(money)


@register.filter
def rate(space: SpaceRow) -> str:
    """What a space costs, an hour or a booking."""
    return wording.rate(space)


@register.filter
def kind_word(space: SpaceRow) -> str:
    """What kind of space it is."""
    return wording.kind(space.kind)


@register.filter
def state_label(state: str) -> Label:
    """A booking's state."""
    return wording.booking_state(state)


@register.simple_tag
def when(starts: datetime, ends: datetime, space: SpaceRow) -> str:
    """Day and time of a booking on the clocks of its house."""
    return wording.when(starts, ends, wording.zone_of(space))


@register.simple_tag
def instant(value: datetime, space: SpaceRow) -> str:
    """Day and time of an instant on the clocks of a space's house."""
    return wording.instant(value, wording.zone_of(space))


@register.filter
def house_name(space: SpaceRow) -> str:
    """The house of a space in the reader's language."""
    return str(lending.named_house(space.house.id)["name"]) or space.house.names.pick(reader.current().language)
