"""Who can judge or mentor what: by what people tell of their competence, in words and in meaning, in one language or several. Pure.

Somebody is as near to a text as the nearest of their own texts, which mostly say the same in several languages. Words are compared by TF-IDF without
those that say nothing, Vietnamese ones by pairs of syllables; meaning by the cosine of the model's vectors after what is usual of a language is taken
away, without which everything Persian is near to everything Persian. In that measure texts of one field stand at 0.3 to 0.5 whatever their languages,
those of different fields at 0.1 and less.

Unlike `affinity`, which orders many people known by many texts and is comparable within one answer alone, a fit depends on little but the two: it is
shown to who decides.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.profiles.rules.affinity import unit
from khaneh.domains.profiles.rules.terms import Matrix, TermSpace, words_of
from khaneh.domains.profiles.rules.words import (
    Rarity,
    is_syllable,
    is_vietnamese,
    said_by_both,
    says_nothing,
    telling_words,
)
from khaneh.domains.profiles.types import NO_FIT, Fit, Told
from khaneh.kernel.orthography import script_of, search_key

_MEANING, _WORDS = 0.65, 0.35
_WHOLE_MEANING, _WHOLE_WORDS = 0.5, 0.35  # cosines that are as much as meaning, or words, can say
_NEAR = 0.2
_MOST_WORDS = 5

Vectors = Mapping[str, NDArray[np.float32]]


class _Nearness(NamedTuple):
    """Between people and texts, float[len(people), len(texts)] each; `meaning` is NaN where one of the two has not been read."""

    words: NDArray[np.float64]
    meaning: NDArray[np.float64]


def fits(
    people: Mapping[int, Sequence[Told]],
    texts: Mapping[int, Told],
    vectors: Vectors,
    usual: Callable[[str], NDArray[np.float32]],
    *,
    evidence: bool = True,
) -> dict[tuple[int, int], Fit]:
    """The fit of each pair (person, text). Who tells nothing fits nothing.

    `vectors` are the model's, of length one, by the digests of what has been read; `usual` gives where a usual text of a language lies. Without
    `evidence` no words are looked for, which takes most of the time where there are many.
    """
    near = _nearness(list(people.values()), list(texts.values()), vectors, usual)
    using = Counter(
        word for own in people.values() for word in {word for one in own for word in telling_words(one.text)}
    )

    def rarity(words: Collection[str]) -> dict[str, float]:
        return {word: math.log((2 + len(people)) / (1 + using[word])) + 0.1 for word in words}

    found = {}
    for row, (person, own) in enumerate(people.items()):
        for column, (key, text) in enumerate(texts.items()):
            words, meaning = float(near.words[row, column]), float(near.meaning[row, column])
            score = _score(words, None if math.isnan(meaning) else meaning)
            said = _said(text.text, own, rarity) if evidence and words > 0 else ()
            found[person, key] = Fit(score, said, meaning >= _NEAR) if score else NO_FIT
    return found


def terms_of(text: str) -> list[str]:
    """The words by which texts are compared: those that say something, and for Vietnamese pairs of neighbouring syllables."""
    words = words_of(text)
    if not is_vietnamese(text):
        return [word for word in words if not says_nothing(word)]
    told = [word for word in words if not says_nothing(word) and not is_syllable(search_key(word))]
    return told + [
        f"{one} {other}" for one, other in pairwise(words) if not (says_nothing(one) and says_nothing(other))
    ]


def language_of(text: str) -> str:
    """In which of the three languages somebody wrote a text whose language nobody asked for; empty where it is in none of them."""
    if is_vietnamese(text):
        return "vi"
    return {"Arab": "fa", "Latn": "en"}.get(script_of(text), "")


def _said(wanted: str, own: Sequence[Told], rarity: Rarity) -> tuple[str, ...]:
    """The words that both use. In a Vietnamese text a syllable by itself tells nobody what is meant."""
    found = said_by_both(wanted, "\n".join(one.text for one in own), rarity, most=2 * _MOST_WORDS)
    if is_vietnamese(wanted):
        found = [one for one in found if not is_syllable(search_key(one))]
    return tuple(found[:_MOST_WORDS])


def _score(words: float, meaning: float | None) -> int:
    """Where no meaning is known, words stand in for it."""
    by_words = min(1.0, max(0.0, words / _WHOLE_WORDS))
    by_meaning = by_words if meaning is None else min(1.0, max(0.0, meaning / _WHOLE_MEANING))
    return round(100 * (_MEANING * by_meaning + _WORDS * by_words))


def _nearness(
    people: Sequence[Sequence[Told]],
    texts: Sequence[Told],
    vectors: Vectors,
    usual: Callable[[str], NDArray[np.float32]],
) -> _Nearness:
    own = [one for some in people for one in some]
    space = TermSpace([one.text for one in (*own, *texts)], terms_of)
    words = space.similarities(range(len(own)), range(len(own), len(own) + len(texts)))
    left, right = _placed(own, vectors, usual), _placed(texts, vectors, usual)
    meaning = np.full(words.shape, np.nan)
    if left is not None and right is not None:
        meaning = np.asarray(left @ right.T, np.float64)
    bounds = np.concatenate(([0], np.cumsum([len(some) for some in people]))).astype(int).tolist()
    return _Nearness(_nearest(words, bounds, 0.0), _nearest(meaning, bounds, math.nan))


def _placed(told: Sequence[Told], vectors: Vectors, usual: Callable[[str], NDArray[np.float32]]) -> Matrix | None:
    """Where texts lie within their languages: float32[len(told), D], rows of length one, of NaN for what was not read; None where nothing was."""
    known = [vectors.get(one.digest) for one in told]
    size = next((len(one) for one in known if one is not None), 0)
    if not size:
        return None
    middles = {one.language: usual(one.language) for one in told}
    rows = np.full((len(told), size), np.nan, np.float32)
    for at, (one, vector) in enumerate(zip(told, known, strict=True)):
        if vector is not None:
            rows[at] = unit((vector - middles[one.language])[None, :])[0]
    return rows


def _nearest(pairs: NDArray[np.floating], bounds: Sequence[int], nothing: float) -> NDArray[np.float64]:
    """The nearest of each person's texts that were read; `nothing` for who has none."""
    answer = np.full((len(bounds) - 1, pairs.shape[1]), nothing)
    for at, (first, last) in enumerate(pairwise(bounds)):
        if last > first:
            answer[at] = np.fmax.reduce(pairs[first:last], axis=0)
    return answer
