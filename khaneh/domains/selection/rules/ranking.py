"""From points to places: equity weights, quotas, and a lottery with a published seed for who is tied.

The order is by score (the mean of the normalised reviews and the equity points, rounded to the tie step), then by lottery: the ticket of an
application is the SHA-256 of `seed:key`, and the smallest is first. What no review counts for stands at the end and has no place.

Places go down the order to whoever reaches the lowest score. Then the quotas, in the order in which the call published them: while fewer of a group
have a place than it is owed, the first of the group that has none comes in, and the last that has one gives it up, unless it is of the group or of one
that would fall short by it. So no quota costs a place more than it must, everybody who gives way learns for whom, and what is owed to a group and
cannot be filled goes to the others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from khaneh.domains.selection.rules.normalising import divided, normalise
from khaneh.domains.selection.types.ranking import (
    Candidate,
    Case,
    EquityWeight,
    Line,
    Normalised,
    Quota,
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
    chosen = [key for key in order if key in able][: case.method.places]
    chosen_without = set([key for key in without if key in able][: case.method.places])
    kept, swaps, short = fill(order, chosen, able, case.quotas, {one.key: one for one in case.candidates})
    waiting = set([key for key in order if key in able and key not in kept][: case.method.waiting])
    ties = Counter(scores.values())
    rank_without = {key: place for place, key in enumerate(without, 1)}
    by_key = {line[0]: line for line in swaps}

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


Swap = tuple[str, str, bool, str]


def fill(
    order: Sequence[str],
    chosen: Sequence[str],
    able: Iterable[str],
    quotas: Sequence[Quota],
    candidates: dict[str, Candidate],
) -> tuple[set[str], list[Swap], tuple[tuple[str, int], ...]]:
    """Who has a place after the quotas, each exchange from both its sides (key, quota, gave way, the other), and what stays short."""
    kept, able = set(chosen), set(able)
    groups = [{key for key in able if quota.group.holds(candidates[key])} for quota in quotas]
    have = [len(kept & group) for group in groups]
    swaps: list[Swap] = []
    short = []
    for place, quota in enumerate(quotas):
        coming = iter([key for key in order if key in groups[place] and key not in kept])
        guarded = range(place + 1)
        while have[place] < quota.places and (entering := next(coming, "")):
            leaving = _last_free([key for key in order if key in kept], groups, have, quotas, guarded)
            if not leaving:
                break
            kept = (kept - {leaving}) | {entering}
            have = [n + (entering in group) - (leaving in group) for n, group in zip(have, groups, strict=True)]
            swaps += [(entering, quota.code, False, leaving), (leaving, quota.code, True, entering)]
        if have[place] < quota.places:
            short.append((quota.code, quota.places - have[place]))
    return kept, swaps, tuple(short)


def _last_free(
    placed: Sequence[str],
    groups: Sequence[set[str]],
    have: Sequence[int],
    quotas: Sequence[Quota],
    guarded: Iterable[int],
) -> str:
    """The last in the order that can give its place up without a guarded group having too few; empty where nobody can."""
    tight = [groups[place] for place in guarded if have[place] <= quotas[place].places]
    return next((key for key in reversed(placed) if not any(key in group for group in tight)), "")


def _stepped(points: int, step: int) -> int:
    return divided(points, step) * step
