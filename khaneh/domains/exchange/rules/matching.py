"""What speaks for a proposal and how much: pieces of evidence, their weights, and how weights are learnt from decided proposals. Pure.

Each piece of evidence is a number from 0 to 1. A logistic function of their weighed sum says how likely a broker takes the proposal: that
is its score. The weights that ship are a prior, held as if some dozens of decisions had been seen already; what brokers accept and refuse
moves them (`learnt`), so that a network whose brokers care for nearness soon proposes what is near.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.network.types import is_within, sector_path

# Mean and deviation of what each may count before anything was decided; "bias" is what a proposal with nothing for it starts from.
PRIOR: Mapping[str, tuple[float, float]] = {
    "bias": (-3.5, 1.0),
    "meaning": (7.0, 2.0),
    "words": (5.0, 2.0),
    "sector": (1.2, 0.7),
    "region": (0.5, 0.5),
    "readiness": (0.4, 0.4),
    "partnership": (0.4, 0.4),
}
SHIPPED: Mapping[str, float] = {name: mean for name, (mean, _) in PRIOR.items()}
_ROUNDS = 25


class Side(NamedTuple):
    """What is known of a need, or of what may answer it, beside its text."""

    sectors: Sequence[str] = ()
    region_path: Sequence[int] = ()
    readiness: int | None = None
    partnerships: Sequence[str] = ()


def sector_nearness(wanted: Sequence[str], there: Sequence[str]) -> float:
    """1 where one is within the other, a half within the same division, a quarter within the same section, else 0."""
    best = 0.0
    for left in wanted:
        for right in there:
            if is_within(left, right) or is_within(right, left):
                return 1.0
            shared = len(set(_path(left)) & set(_path(right)))
            best = max(best, (0.0, 0.25, 0.5)[min(shared, 2)])
    return best


def region_nearness(wanted: Sequence[int], there: Sequence[int]) -> float:
    """How much of the way down to the need's place is shared: 1 for the same place, 0 for another province."""
    if not wanted or not there:
        return 0.0
    shared = 0
    for left, right in zip(wanted, there, strict=False):
        if left != right:
            break
        shared += 1
    return shared / len(wanted)


def readiness_nearness(wanted: int | None, there: int | None) -> float:
    """1 for what is at least as ready as wanted, a third less for each level below; 0 where either is not known."""
    if wanted is None or there is None:
        return 0.0
    return max(0.0, 1.0 - max(0, wanted - there) / 3)


def features(need: Side, other: Side, *, meaning: float | None, words: float) -> dict[str, float]:
    """The evidence, each from 0 to 1. Where no meaning is known, words stand in for it."""
    return {
        "meaning": max(0.0, min(1.0, words if meaning is None else meaning)),
        "words": max(0.0, min(1.0, words)),
        "sector": sector_nearness(need.sectors, other.sectors),
        "region": region_nearness(need.region_path, other.region_path),
        "readiness": readiness_nearness(need.readiness, other.readiness),
        "partnership": float(bool(set(need.partnerships) & set(other.partnerships))),
    }


def score(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """From 0 to 1: how likely such a proposal is taken."""
    total = weights["bias"] + sum(weights[name] * found.get(name, 0.0) for name in PRIOR if name != "bias")
    return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


def shares(found: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """What each piece of evidence adds to the sum, those that add something, the greatest first."""
    parts = {name: weights[name] * value for name, value in found.items() if name in PRIOR and value > 0}
    return dict(sorted(((name, part) for name, part in parts.items() if part > 0), key=lambda one: -one[1]))


def learnt(decided: Iterable[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    """The likeliest weights after these decisions: logistic regression with the prior PRIOR, by Newton's method.

    No weight but the bias falls below nought: evidence that brokers never follow comes to count nothing, not against.
    """
    names = list(PRIOR)
    rows = [([1.0, *(float(found.get(name, 0.0)) for name in names[1:])], taken) for found, taken in decided]
    mean = np.array([PRIOR[name][0] for name in names])
    hold = 1 / np.array([PRIOR[name][1] for name in names]) ** 2
    if not rows:
        return dict(SHIPPED)
    given = np.array([row for row, _ in rows], float)
    taken = np.array([answer for _, answer in rows], float)
    weights = mean.copy()

    def loss(at: NDArray[np.float64]) -> float:
        total = given @ at
        return float((np.logaddexp(0, total) - taken * total).sum() + (hold * (at - mean) ** 2).sum() / 2)

    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-np.clip(given @ weights, -30, 30)))
        slope = given.T @ (taken - likely) - hold * (weights - mean)
        bend = (given * (likely * (1 - likely))[:, None]).T @ given + np.diag(hold)
        step = np.linalg.solve(bend, slope)
        # A whole step may go too far where the curve is flat: half of it, until it leads downwards.
        while loss(weights + step) > loss(weights) and np.abs(step).max() >= 1e-9:
            step = step / 2
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    weights[1:] = np.maximum(weights[1:], 0)
    return {name: round(float(weight), 6) for name, weight in zip(names, weights, strict=True)}


def _path(code: str) -> tuple[str, ...]:
    try:
        return sector_path(code)
    except KeyError:
        return ()
