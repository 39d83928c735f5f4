"""How near people are to texts, each known by texts of their own: competence ranking. Pure; vectors of meaning are handed in.

Three measures look at each pair of texts, and none of them is good enough alone:

- meaning: cosine of the model's vectors after the mean of all of them is taken away, without which all texts look alike to it;
- terms: TF-IDF, of words (English plurals unified), or of pieces of words where texts are so short that they hardly share one;
- themes: the terms seen through the strongest fifty directions in which these very texts differ (latent semantic analysis), so that
  words that keep the same company count as akin. Where texts are long and many enough to show such company.

Each gives a person the mean of their three nearest texts, is then put on one scale over all pairs, and is weighed. Which weights are taken
depends on the length of the texts alone. Lastly half of what a text has in common with everybody is taken away: a text that speaks of
everything is nobody's field. The weights were chosen on three sets that are described in `benchmarks/exchange_sets.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.profiles.rules.terms import Matrix, TermSpace, letters_of, words_of

BEST = 3  # texts of a person that are looked at: two good papers show a competence that forty others do not take away
_SHORT = 5  # words, in the middle one of all texts: job titles, names of machines
_THEMES = 50
_THEME_TEXTS = range(200, 6_001)  # fewer show no themes; more need a matrix of that size squared
_COMMON = 0.5
_ROUNDS = 5


class Weights(NamedTuple):
    """What the measures count; they sum up to one."""

    meaning: float
    terms: float
    themes: float


# Without a model its share goes to the terms.
SHORT = Weights(0.8, 0.2, 0.0)
LONG = Weights(0.5, 0.25, 0.25)


def affinities(
    people: Sequence[Sequence[str]], texts: Sequence[str], meanings: tuple[Matrix, Matrix] | None
) -> NDArray[np.float64]:
    """How near each person is to each text: float64[len(people), len(texts)], about -3 to 8, comparable within one answer alone.

    `meanings` are vectors of length one of all the people's texts, one person after the other, and of `texts`; None where there is no model.
    Somebody without texts is as far from everything as the farthest.
    """
    if not people or not texts:
        return np.zeros((len(people), len(texts)))
    own = [text for some in people for text in some]
    short = is_short([*own, *texts])
    weights = SHORT if short else LONG
    space = TermSpace([*own, *texts], letters_of if short else words_of)
    mine, asked = range(len(own)), range(len(own), len(own) + len(texts))
    bounds = np.concatenate(([0], np.cumsum([len(some) for some in people])))
    parts = [(weights.terms, space.similarities(mine, asked))]
    if weights.themes and len(own) + len(texts) in _THEME_TEXTS:
        themes = _themes(space, len(own) + len(texts))
        parts.append((weights.themes, themes[: len(own)] @ themes[len(own) :].T))
    if meanings is not None:
        parts.append((weights.meaning, centred_cosines(*meanings)))
    total = sum(weight for weight, _ in parts)
    score = np.zeros((len(people), len(texts)))
    for weight, pairs in parts:
        score += weight / total * _standard(_of_people(pairs, bounds))
    # What everybody has in common with a text is known the better the more people there are.
    score -= _COMMON * len(people) / (len(people) + 5) * score.mean(axis=0)
    silent = np.diff(bounds) == 0
    score[silent] = score.min()
    return score


def is_short(texts: Sequence[str]) -> bool:
    """Whether these are titles and names rather than sentences."""
    return not texts or median(len(text.split()) for text in texts) <= _SHORT


def centred_cosines(left: Matrix, right: Matrix) -> Matrix:
    """Cosines after the mean of both is taken away: float32[len(left), len(right)]."""
    if not len(left):
        return np.zeros((0, len(right)), np.float32)
    middle = np.concatenate([left, right]).mean(axis=0)
    return unit(left - middle) @ unit(right - middle).T


def unit(rows: NDArray[np.floating]) -> Matrix:
    """Rows of length one; those of nothing stay nothing."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _of_people(pairs: Matrix, bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean of each person's BEST nearest texts, of fewer where there are no more."""
    answer = np.zeros((len(bounds) - 1, pairs.shape[1]))
    for at, (first, last) in enumerate(pairwise(bounds.tolist())):
        if last > first:
            kept = min(BEST, last - first)
            answer[at] = np.partition(pairs[first:last], last - first - kept, axis=0)[-kept:].mean(axis=0)
    return answer


def _standard(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean nought and deviation one over all pairs, so that measures can be added up; people stay comparable with each other."""
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-9), np.float64)


def _themes(space: TermSpace, count: int) -> Matrix:
    """Where each text stands in the strongest directions of the terms: float32[count, _THEMES], rows of length one.

    The eigenvectors of the matrix of cosines by subspace iteration, from a fixed beginning: the same texts give the same answer.
    """
    everything = range(count)
    cosines = space.similarities(everything, everything)
    basis = np.random.default_rng(1).standard_normal((count, min(_THEMES + 20, count))).astype(np.float32)
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(cosines @ basis)
    values, turned = np.linalg.eigh(basis.T @ (cosines @ basis))
    order = np.argsort(values)[::-1][:_THEMES]
    return unit(basis @ turned[:, order] * np.sqrt(np.maximum(values[order], 0)))
