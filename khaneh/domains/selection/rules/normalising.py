"""From the scores of reviewers, who are harsh or mild each in their own way, to points that can be compared.

Every reviewer has a mean and a deviation of their own. A review counts as far above or below *their* mean as it was, measured in *their* deviations,
and is set on the mean of all reviews of the call and the deviation that is usual in it:

    points = M + (raw - m) * sqrt(V / v)
    m = (sum of their raw totals + k * M) / (n + k)
    v = (sum of squared differences from their own mean + k * V) / (n - 1 + k)

M is the mean of all reviews, V the variance within reviewers: the squared differences of all reviews, each from
its own reviewer's mean, by the number of reviews less that of reviewers. `k` (`Method.shrink`) draws who has written few towards the mean of all: somebody with k reviews counts
half as themself, and one review alone is moved by a sixth of the way (k = 5), since one harsh review may be one weak application. The scale is at most
sqrt((n - 1 + k) / k), so that who gives everybody the same cannot blow up small differences. What it cannot know: a reviewer who was given stronger
applications than others looks mild. Assigning by competence and load, not by wish, keeps that small.

Sums are whole numbers, so the order of the reviews changes nothing; each division and root is rounded once as IEEE 754 says, on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from khaneh.domains.selection.types.ranking import FULL, Marked, Normalised, Weighted, sums


def total(values: Sequence[int], criteria: Sequence[Weighted]) -> int:
    """The weighted total of one review in thousandths of 100 points, half to even. Criteria have positive weights and maxima."""
    common = math.lcm(*(one.maximum for one in criteria))
    reached = sum(one.weight * value * (common // one.maximum) for one, value in zip(criteria, values, strict=True))
    return divided(FULL * reached, common * sum(one.weight for one in criteria))


def normalise(reviews: Iterable[Marked], criteria: Sequence[Weighted], *, shrink: int) -> tuple[Normalised, ...]:
    """Each review's total, raw and normalised, by key. Reviews that are set aside are neither counted nor given back."""
    counted = sorted((one for one in reviews if not one.aside), key=lambda one: one.key)
    raw = {one.key: total(one.values, criteria) for one in counted}
    if not counted:
        return ()
    given: dict[str, list[int]] = {}
    for one in counted:
        given.setdefault(one.reviewer, []).append(raw[one.key])
    mean = Fraction(sum(raw.values()), len(counted))
    within = {who: _within(totals) for who, totals in given.items()}
    usual = sum(within.values(), Fraction()) / max(1, len(counted) - len(given))
    habits = {}
    for who, totals in given.items():
        own = (sum(totals) + shrink * mean) / (len(totals) + shrink)
        spread = (within[who] + shrink * usual) / (len(totals) - 1 + shrink)
        habits[who] = float(own), math.sqrt(usual / spread) if spread else 1.0
    centre = float(mean)
    found = []
    for one in counted:
        own_mean, scale = habits[one.reviewer]
        points = round(centre + (raw[one.key] - own_mean) * scale)
        found.append(Normalised(one.key, one.reviewer, one.application, raw[one.key], points))
    return tuple(found)


def _within(totals: Sequence[int]) -> Fraction:
    """The sum of the squared differences from their mean."""
    number, whole, squares = sums(totals)
    return Fraction(number * squares - whole * whole, number)


def divided(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, half to even; the denominator is positive."""
    quotient, rest = divmod(numerator, denominator)
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1))
