"""Which state of a house may follow which."""

from __future__ import annotations

from khaneh.domains.network.types import HouseState

_NEXT: dict[HouseState, frozenset[HouseState]] = {
    HouseState.PROPOSED: frozenset({HouseState.ASSESSED, HouseState.CLOSED}),
    HouseState.ASSESSED: frozenset({HouseState.APPROVED, HouseState.CLOSED}),
    HouseState.APPROVED: frozenset({HouseState.FITTING_OUT, HouseState.CLOSED}),
    HouseState.FITTING_OUT: frozenset({HouseState.OPEN, HouseState.CLOSED}),
    HouseState.OPEN: frozenset({HouseState.SUSPENDED, HouseState.CLOSED}),
    HouseState.SUSPENDED: frozenset({HouseState.OPEN, HouseState.CLOSED}),
    HouseState.CLOSED: frozenset(),
}


def possible(state: HouseState) -> frozenset[HouseState]:
    """The states that may follow. A plan may be given up at any step; what is closed for good stays closed."""
    return _NEXT[state]
