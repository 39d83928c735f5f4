"""Who is asked to judge what: by how near their competence is, and by how much they have been given already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khaneh.domains.profiles.types import NO_FIT, Fit


class Wanted(NamedTuple):
    """An application that lacks so many reviews, and who could write one."""

    application_id: int
    lacking: int
    able: Sequence[int]


def assign(
    wanted: Sequence[Wanted], free: Mapping[int, int], fit: Mapping[tuple[int, int], Fit]
) -> list[tuple[int, int]]:
    """Pairs (application, reviewer) until everything that lacks has its reviews or nobody is free.

    Whoever has the fewest to choose from is served first, one review a turn. Among who is able, the fit counts and what they have been given speaks
    against them: a tenth of a whole fit for each, so that one reviewer of everything does not judge everything.
    """
    left, given = dict(free), Counter[int]()
    lacking = {one.application_id: one.lacking for one in wanted}
    able = {one.application_id: list(one.able) for one in wanted}
    pairs: list[tuple[int, int]] = []
    while True:
        turn = sorted(
            (key for key, number in lacking.items() if number > 0),
            key=lambda key: (-lacking[key], sum(left[who] > 0 for who in able[key]), key),
        )
        before = len(pairs)
        for key in turn:
            choice = [who for who in able[key] if left[who] > 0]
            if not choice:
                lacking[key] = 0
                continue
            who = min(choice, key=lambda one: (10 * given[one] - fit.get((one, key), NO_FIT).score, one))
            pairs.append((key, who))
            able[key].remove(who)
            left[who] -= 1
            given[who] += 1
            lacking[key] -= 1
        if len(pairs) == before:
            return pairs
