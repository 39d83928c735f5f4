"""From points to places: equity weights, quotas, and a lottery with a published seed for who is tied.

The order is by score (the mean of the normalised reviews and the equity points, rounded to the tie step), then by lottery: the ticket of an
application is the SHA-256 of `seed:key`, and the smallest is first. What no review counts for stands at the end and has no place.

Places go down the order to whoever reaches the lowest score, but for what is owed to quotas (`rules.quotas`): everybody who gives way for one learns for
whom, and what is owed to a group and cannot be filled goes to the others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from khaneh.domains.selection.rules import exchanging, quotas
from khaneh.domains.selection.rules.normalising import divided, normalise
from khaneh.domains.selection.types.ranking import (
    IN_TURN,
    Candidate,
    Case,
    EquityWeight,
    Line,
    Normalised,
    Ranking,
    Standing,
)

_LAST = 1 << 62


def ticket(seed: str, key: str) -> str:
    """An application's lot: 64 hexadecimal digits that nobody can foresee without the seed and everybody can reckon with it."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def rank(case: Case) -> Ranking:
    """Rank the applications of a call. Neither the order of candidates nor that of reviews changes anything."""
    reviews = normalise(case.reviews, case.criteria, shrink=case.method.shrink)
    counted: dict[str, list[Normalised]] = {}
    for one in reviews:
        counted.setdefault(one.application, []).append(one)
    aside = Counter(one.application for one in case.reviews if one.aside)
    drawn = {one.key: ticket(case.seed, one.key) for one in case.candidates}
    merits = {key: divided(sum(one.points for one in found), len(found)) for key, found in counted.items()}
    equity = {one.key: equity_of(one, case.equity, cap=case.method.cap) for one in case.candidates}
    step = case.method.tie_step
    scores = {
        one.key: _stepped(merits[one.key] + equity[one.key][0], step) for one in case.candidates if one.key in merits
    }
    plain = {one.key: _stepped(merits[one.key], step) for one in case.candidates if one.key in merits}

    keys = [one.key for one in case.candidates]
    order = sorted(keys, key=lambda key: (-scores.get(key, -_LAST), drawn[key], key))
    without = sorted(keys, key=lambda key: (-plain.get(key, -_LAST), drawn[key], key))
    able = {key for key, merit in merits.items() if merit >= case.method.lowest}
    chosen_without = set([key for key in without if key in able][: case.method.places])
    fill = exchanging.fill if case.version == IN_TURN else quotas.fill
    kept, swaps, short = fill(order, able, case.method.places, case.quotas, {one.key: one for one in case.candidates})
    waiting = set([key for key in order if key in able and key not in kept][: case.method.waiting])
    ties = Counter(scores.values())
    rank_without = {key: place for place, key in enumerate(without, 1)}
    by_key = {swap.key: swap for swap in swaps}

    def line(place: int, key: str) -> Line:
        found = counted.get(key, [])
        points = [one.points for one in found]
        spread = max(points) - min(points) if points else 0
        _, quota, gave_way, other = by_key.get(key, (key, "", False, ""))
        return Line(
            key=key,
            rank=place,
            standing=Standing.PLACE if key in kept else Standing.WAITING if key in waiting else Standing.NONE,
            score=scores.get(key),
            raw=divided(sum(one.raw for one in found), len(found)) if found else None,
            merit=merits.get(key),
            equity=equity[key][0],
            groups=equity[key][1],
            reviews=len(found),
            aside=aside[key],
            spread=spread,
            disagreed=len(points) > 1 and spread >= case.method.spread,
            too_few=len(found) < case.method.reviews_wanted,
            tied=ties[scores[key]] - 1 if key in scores else 0,
            ticket=drawn[key],
            rank_without=rank_without[key],
            place_without=key in chosen_without,
            quota=quota,
            gave_way=gave_way,
            other=other,
        )

    return Ranking(tuple(line(place, key) for place, key in enumerate(order, 1)), reviews, short)


def equity_of(one: Candidate, weights: Sequence[EquityWeight], *, cap: int) -> tuple[int, tuple[int, ...]]:
    """Its equity points, and which of the weights gave them, by place in the list."""
    groups = tuple(place for place, weight in enumerate(weights) if weight.group.holds(one))
    return min(cap, sum(weights[place].points for place in groups)), groups


def _stepped(points: int, step: int) -> int:
    return divided(points, step) * step
