"""What sides say of their meetings, as numbers of which none tells of a few. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.meetings.types import Outcome

SMALLEST_SHOWN = 5


def outcomes(said: Iterable[Outcome]) -> tuple[dict[Outcome, int | None], int | None]:
    """How many said each, and how many said anything; None for what is hidden.

    A number from 1 to 4 is hidden. As the parts sum to the whole, none or at least two of them are hidden, and those are together at least five.
    """
    parts = dict.fromkeys(Outcome, 0)
    for one in said:
        parts[one] += 1
    total = sum(parts.values())
    if 0 < total < SMALLEST_SHOWN:
        return dict.fromkeys(Outcome, None), None
    hidden = {one for one, number in parts.items() if 0 < number < SMALLEST_SHOWN}
    while hidden and (len(hidden) == 1 or sum(parts[one] for one in hidden) < SMALLEST_SHOWN):
        others = sorted((number == 0, number, one) for one, number in parts.items() if one not in hidden)
        if not others:
            break
        hidden.add(others[0][2])
    return {one: None if one in hidden else number for one, number in parts.items()}, total
