"""What scores come to. Pure, and exact: fractions until the last step, so that the same scores give the same result everywhere.

The share of an item is the mean of its scores over its scale; the whole is the mean of the shares by weight. An item whose mean lies
below its least fails the whole, whatever the others are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from khaneh.domains.founding.types import ItemRow, Result
from khaneh.kernel.labels import Label


def result(items: Sequence[ItemRow], given: Iterable[Mapping[int, int]], *, pass_percent: int) -> Result:
    """What several assessors' scores (by item's id) come to together. An item that nobody scored counts as 0."""
    every = list(given)
    means = {one.id: _mean([scores[one.id] for scores in every if one.id in scores]) for one in items}
    whole = _whole(items, means)
    failed = tuple(one.code for one in items if means[one.id] < one.least)
    return Result(_permille(whole), failed, not failed and whole * 100 >= pass_percent)


def sections(items: Sequence[ItemRow], given: Iterable[Mapping[int, int]]) -> list[tuple[Label, int]]:
    """The same for each part of the checklist, in its order, in permille."""
    every = list(given)
    means = {one.id: _mean([scores[one.id] for scores in every if one.id in scores]) for one in items}
    parts: dict[Label, list[ItemRow]] = {}
    for one in items:
        parts.setdefault(one.sections, []).append(one)
    return [(names, _permille(_whole(members, means))) for names, members in parts.items()]


def spread(items: Sequence[ItemRow], given: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """By item's id, by how many percent of the scale assessors differ; of items that two at least have scored."""
    every = list(given)
    found = {}
    for one in items:
        scores = [scores[one.id] for scores in every if one.id in scores]
        if len(scores) > 1:
            found[one.id] = (max(scores) - min(scores)) * 100 // one.scale
    return found


def _mean(scores: Sequence[int]) -> Fraction:
    return Fraction(sum(scores), len(scores)) if scores else Fraction(0)


def _whole(items: Sequence[ItemRow], means: Mapping[int, Fraction]) -> Fraction:
    weight = sum(one.weight for one in items)
    return (
        sum((means[one.id] / one.scale * one.weight for one in items), Fraction(0)) / weight if weight else Fraction(0)
    )


def _permille(share: Fraction) -> int:
    # Down, so that nobody reads 60.0 % of what is not enough for 60 %.
    return int(share * 1000)
