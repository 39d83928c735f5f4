"""Words of the network's controlled lists."""

from __future__ import annotations

from django import template

from khaneh.domains.network.types import (
    HOUSE_KINDS,
    HOUSE_STATES,
    LIBRARY_KINDS,
    ORGANISATION_KINDS,
    HouseRow,
    HouseState,
    capability_name,
)
from khaneh.interfaces.web import reader

register = template.Library()


@register.filter
def house_kind(house: HouseRow) -> str:
    """What kind of house it is."""
    return HOUSE_KINDS[house.kind].pick(reader.current().language)


@register.filter
def is_library(house: HouseRow) -> bool:
    """Whether it lends books."""
    return house.kind in LIBRARY_KINDS


@register.filter
def house_state(state: HouseState) -> str:
    """Where a house is in its life."""
    return HOUSE_STATES[HouseState(state)].pick(reader.current().language)


@register.filter
def organisation_kind(code: str) -> str:
    """What kind of organisation it is."""
    return ORGANISATION_KINDS[code].pick(reader.current().language)


@register.filter
def capability(code: str) -> str:
    """What an organisation can do; its own words where it uses them."""
    return capability_name(code).pick(reader.current().language)
