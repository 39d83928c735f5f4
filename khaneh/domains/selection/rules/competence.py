"""Who can judge what, by the words that reviewers and applications share.

TF-IDF over folded words: a word counts by how often it stands in a text, damped, and by how few of the texts have it; two texts are as near as the
cosine of their weights. The evidence are the words themselves, which is what a programme manager checks before assigning.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Words = Callable[[str], list[str]]
_EVIDENCE = 5


class Fit(NamedTuple):
    """How near a reviewer is to an application, from 0 to 100, and the words that say so, the weightiest first."""

    score: int
    words: tuple[str, ...]


def fits(people: Mapping[int, str], texts: Mapping[int, str], words: Words) -> dict[tuple[int, int], Fit]:
    """The fit of each pair (person, text). `words` gives the folded words of a text; a text without any fits nobody."""
    counts = {("p", key): Counter(words(text)) for key, text in people.items()}
    counts |= {("t", key): Counter(words(text)) for key, text in texts.items()}
    having = Counter(word for one in counts.values() for word in one)
    total = len(counts)
    weights = {key: _weights(one, having, total) for key, one in counts.items()}
    found = {}
    for person in people:
        for text in texts:
            one, other = weights["p", person], weights["t", text]
            shared = {word: one[word] * other[word] for word in one.keys() & other.keys()}
            best = sorted(shared, key=lambda word: (-shared[word], word))[:_EVIDENCE]
            found[person, text] = Fit(round(100 * min(1.0, math.fsum(shared.values()))), tuple(best))
    return found


def _weights(one: Counter[str], having: Counter[str], total: int) -> dict[str, float]:
    raw = {word: (1 + math.log(number)) * math.log((1 + total) / (0.5 + having[word])) for word, number in one.items()}
    length = math.sqrt(math.fsum(value * value for value in raw.values()))
    return {word: value / length for word, value in raw.items()} if length else {}


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
    nothing = Fit(0, ())
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
            who = min(choice, key=lambda one: (10 * given[one] - fit.get((one, key), nothing).score, one))
            pairs.append((key, who))
            able[key].remove(who)
            left[who] -= 1
            given[who] += 1
            lacking[key] -= 1
        if len(pairs) == before:
            return pairs
