"""The states of houses: the next ones, for a form's choices (the service judges again when one is chosen), and those in which houses are."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.network.models import House
from khaneh.domains.network.rules import states
from khaneh.domains.network.types import HouseState


def next_states(state: HouseState) -> list[HouseState]:
    """The states that may follow, in the order of a house's life. No statement."""
    return [one for one in HouseState if one in states.possible(state)]


def house_states(house_ids: Iterable[int]) -> dict[int, HouseState]:
    """The state of each house that exists. One statement."""
    found = House.objects.filter(pk__in=list(house_ids)).values_list("pk", "state")
    return {number: HouseState(state) for number, state in found}
