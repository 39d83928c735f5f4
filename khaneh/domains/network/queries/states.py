"""The next states of a house, for a form's choices. The service judges again when one is chosen."""

from __future__ import annotations

from khaneh.domains.network.rules import states
from khaneh.domains.network.types import HouseState


def next_states(state: HouseState) -> list[HouseState]:
    """The states that may follow, in the order of a house's life. No statement."""
    return [one for one in HouseState if one in states.possible(state)]
