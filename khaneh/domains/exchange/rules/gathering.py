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
# of three languages, of which 198 pairs are kin and nine say the same: those lie from 0.40 to 0.63; of the others, which lie around 0.23, ten
# reach 0.40 and one 0.46 (sound books in two countries), never three that are all near one another. By words the highest that differ reach 0.39.
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
    groups: dict[int, list[int]] = {place: [place] for place in range(len(needs))}
    home = list(range(len(needs)))
    pairs = np.argwhere(np.triu(near, 1) > 0)
    order = np.argsort(-near[pairs[:, 0], pairs[:, 1]], kind="stable")
    for left, right in pairs[order].tolist():
        one, other = home[left], home[right]
        if one == other or not (near[np.ix_(groups[one], groups[other])] > 0).all():
            continue
        for place in groups[other]:
            home[place] = one
        groups[one] += groups.pop(other)
    return sorted(sorted(group) for group in groups.values() if _says_something(needs, near, group))


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


def _says_something(needs: Sequence[Lacking], near: NDArray[np.float32], group: Sequence[int]) -> bool:
    owners = {needs[place].owner for place in group}
    if len(owners) != LEAST:
        return len(owners) > LEAST
    return any(near[one, other] >= ALONE for one in group for other in group if needs[one].owner != needs[other].owner)


def _kin(left: str, right: str) -> bool:
    return not left or not right or sector_nearness([left], [right]) >= _DIVISION
