"""From what two records have in common to a verdict: the same, different, or a question for a person. Pure and symmetric."""

from __future__ import annotations

from math import exp
from typing import Literal, NamedTuple

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.features import compare
from khaneh.domains.catalogue.rules.matching.scorecard import (
    BIAS,
    DIFFERENT_BELOW,
    NEVER_ALONE,
    NEVER_SAME,
    POINTS,
    SAME_FROM,
    WORTH_ASKING,
)

Decision = Literal["same", "different", "unsure"]


class Evidence(NamedTuple):
    """One feature that spoke: its name and word ("year:near"), the two values, and its points (natural-log odds, + is for same)."""

    feature: str
    left: str
    right: str
    weight: float


class Verdict(NamedTuple):
    """`score` is the probability, 0 to 1, that both describe one edition; `decision` also heeds what may never merge by itself."""

    score: float
    decision: Decision
    evidence: tuple[Evidence, ...]


def score(a: Comparable, b: Comparable) -> Verdict:
    """Compare two folded records. `score(a, b)` and `score(b, a)` differ only in the sides of the evidence."""
    total = BIAS
    evidence: list[Evidence] = []
    alone = True
    never = asked = False
    points_of = POINTS.get
    for seen in compare(a, b):
        feature, word, left, right = seen
        key = (feature, word)
        points = points_of(key, 0.0)
        if key in NEVER_ALONE:
            alone = False
            never = never or key in NEVER_SAME
        elif key in WORTH_ASKING:
            asked = True
        elif not points:
            continue
        total += points
        evidence.append(Evidence(f"{feature}:{word}", left, right, points))
    probability = 1.0 / (1.0 + exp(-total)) if total > -60 else 0.0
    decision: Decision
    if never and not asked:
        decision = "different"
    elif probability >= SAME_FROM and alone:
        decision = "same"
    elif probability < DIFFERENT_BELOW and not asked:
        decision = "different"
    else:
        decision = "unsure"
    evidence.sort(key=_strength)
    return Verdict(probability, decision, tuple(evidence))


def _strength(one: Evidence) -> tuple[float, str]:
    return (-abs(one.weight), one.feature)
