"""Numbers of programmes that tell of nobody in particular. Pure."""

from __future__ import annotations

# Of fewer than this nothing is told by number, as in the figures of placements and residencies.
SMALLEST_SHOWN = 5


def shown(number: int) -> int | None:
    """The number, or None for one from 1 to 4. The numbers of a programme stand beside each other and sum to nothing that is shown."""
    return number if number == 0 or number >= SMALLEST_SHOWN else None
