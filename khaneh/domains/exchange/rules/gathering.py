"""Which needs say the same. Pure.

Two needs are near where their sectors are kin (one within the other, or both of one division; a need that names none is kin to all) and what
they say is: by the model's centred cosine where both have been read, else by the words they share. A gathering holds needs of which every two
are near, so that no chain of likenesses brings together what has nothing in common; the nearest are put together first. It says something
only where different organisations or houses ask: one that asks twice is no need of many. Two alone have to be nearer than three, of which
each is near both others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.exchange.rules.matching import sector_nearness
from khaneh.domains.network.types import sector_path
from khaneh.domains.profiles.rules.terms import Matrix

# The least nearness of two needs: centred cosine, or cosine of TF-IDF where one of them has not been read. Set on the demonstration's 69 needs
# of three languages, of which 198 pairs are kin and nine say the same: those lie from 0.40 to 0.63; of the others, which lie around 0.23, eight
# reach 0.40 and two 0.46 (sound books in two countries, torn newspapers beside torn books), and no three are all near one another. By words the
# highest of the others reaches 0.39.
MEANING, WORDS = 0.40, 0.40
# How far above that two alone have to be, from 0 (at the least nearness) to 1 (the same): 0.46.
ALONE = 0.1
_DIVISION = 0.5
LEAST = 2  # needs of different owners


class Lacking(NamedTuple):
    """A need without an answer: `owner` is the organisation, and its house where one needs it."""

    key: int
    owner: tuple[int, int | None]
    sector: str


def gathered(needs: Sequence[Lacking], meaning: Matrix, words: Matrix) -> list[list[int]]:
    """Positions of needs that belong together, each at most once: groups of at least LEAST owners, each in the order of `needs`.

    `meaning` is float32[n, n] with NaN where one of the two has no vector, `words` float32[n, n]. The same needs give the same groups.
    """
    near = nearness(needs, meaning, words)
    np.fill_diagonal(near, 0)
    pairs: list[tuple[int, int]] = [(one, other) for one, other in np.argwhere(np.triu(near) > 0).tolist()]
    free = np.ones(len(needs), bool)
    found: list[tuple[int, ...]] = []
    while True:
        pairs = [(one, other) for one, other in pairs if free[one] and free[other]]
        grown = {_grown(near, free, one, other) for one, other in pairs}
        told = [(_worth(needs, near, group), group) for group in grown if _says_something(needs, near, group)]
        if not told:
            return [list(group) for group in sorted(found)]
        for _worth_of, group in sorted(told):
            if free[list(group)].all():
                free[list(group)] = False
                found.append(group)


def nearness(needs: Sequence[Lacking], meaning: Matrix, words: Matrix) -> NDArray[np.float32]:
    """How far each pair is above what makes them near, 0 where it is not: float32[n, n], 1 for the same."""
    read = ~np.isnan(meaning)
    above = np.where(read, (np.nan_to_num(meaning) - MEANING) / (1 - MEANING), (words - WORDS) / (1 - WORDS))
    near = np.clip(above, 0, 1).astype(np.float32)
    # The matrices are reckoned from rows that are rounded: each pair counts as its nearer side.
    near = np.maximum(near, near.T)
    sectors = sorted({one.sector for one in needs})
    kin = np.array([[_kin(left, right) for right in sectors] for left in sectors], bool).reshape(len(sectors), -1)
    place = {sector: at for at, sector in enumerate(sectors)}
    own = [place[one.sector] for one in needs]
    return np.where(kin[np.ix_(own, own)], near, 0).astype(np.float32)


def common_sector(sectors: Sequence[str]) -> str:
    """The narrowest sector that holds all that are named; empty where there is none."""
    paths = [sector_path(one) for one in sectors if one]
    if not paths:
        return ""
    shared = [codes[0] for codes in zip(*paths, strict=False) if len(set(codes)) == 1]
    return shared[-1] if shared else ""


def _grown(near: NDArray[np.float32], free: NDArray[np.bool_], one: int, other: int) -> tuple[int, ...]:
    """Two that are near and whatever is near all that are there, the nearest first."""
    group, sums = [one, other], near[one] + near[other]
    common = free & (near[one] > 0) & (near[other] > 0)
    while common.any():
        next_ = int(np.argmax(np.where(common, sums, -1)))
        group.append(next_)
        sums = sums + near[next_]
        common &= near[next_] > 0
    return tuple(sorted(group))


def _worth(needs: Sequence[Lacking], near: NDArray[np.float32], group: Sequence[int]) -> tuple[int, float]:
    """What comes first, as it sorts: of most owners, then the nearest to one another."""
    owners = len({needs[place].owner for place in group})
    return -owners, -float(near[np.ix_(group, group)].sum() / (len(group) * (len(group) - 1)))


def _says_something(needs: Sequence[Lacking], near: NDArray[np.float32], group: Sequence[int]) -> bool:
    owners = {needs[place].owner for place in group}
    if len(owners) != LEAST:
        return len(owners) > LEAST
    return any(near[one, other] >= ALONE for one in group for other in group if needs[one].owner != needs[other].owner)


def _kin(left: str, right: str) -> bool:
    return not left or not right or sector_nearness([left], [right]) >= _DIVISION
