"""TF-IDF, exactly: how near texts are by their words, or by the letters of short ones. Pure.

Sparse on purpose: some thousands of texts with some hundred thousand different pieces of words fit into memory, and a comparison touches
the pieces that two texts share and no others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.profiles.rules.words import singular
from khaneh.kernel.orthography import exact_key

Matrix = NDArray[np.float32]
_LETTERS = range(2, 6)  # how long the pieces of words are


def words_of(text: str) -> list[str]:
    """The words of a text, marks kept; English plurals lose their s, which other languages hardly notice."""
    return [singular(word) for word in exact_key(text).split() if len(word) > 1]


def letters_of(text: str) -> list[str]:
    """The pieces of two to five letters of each word, its borders being letters too: compounds and endings share most of them."""
    pieces = []
    for word in exact_key(text).split():
        bordered = f" {word} "
        for length in _LETTERS:
            if len(bordered) <= length:
                pieces.append(bordered)
                break
            pieces += [bordered[at : at + length] for at in range(len(bordered) - length + 1)]
    return pieces


class TermSpace:
    """Texts as weights of terms, rows of length one. A term weighs more the fewer of the texts know it: log((1+n)/(1+df)) + 1."""

    def __init__(self, texts: Iterable[str], terms_of: Callable[[str], list[str]]) -> None:
        self._terms_of = terms_of
        counts = [Counter(terms_of(text)) for text in texts]
        found = Counter(term for count in counts for term in count)
        self._place = {term: place for place, term in enumerate(found)}
        several = np.fromiter(found.values(), np.float64, len(found))
        self._rarity = np.log((1 + len(counts)) / (1 + several)) + 1
        self._rows = [self._row(count) for count in counts]

    def _row(self, count: Counter[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        known = [(self._place[term], 1 + math.log(times)) for term, times in count.items() if term in self._place]
        places = np.array([place for place, _ in known], np.int64)
        weights = np.array([weight for _, weight in known], np.float64) * self._rarity[places]
        length = math.sqrt(float(weights @ weights))
        return places, weights / length if length else weights

    def similarities(self, left: Sequence[int], right: Sequence[int]) -> Matrix:
        """Cosines of the texts at the positions `left` with those at `right`: float32[len(left), len(right)], 0 to 1."""
        result = np.zeros((len(left), len(right)), np.float32)
        if not len(right):
            return result
        rows = [self._rows[at] for at in right]
        places = np.concatenate([row[0] for row in rows])
        order = np.argsort(places, kind="stable")
        weights = np.concatenate([row[1] for row in rows])[order]
        holders = np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows])[order]
        begins = np.searchsorted(places[order], np.arange(len(self._place) + 1))
        for at, one in enumerate(left):
            terms, mine = self._rows[one]
            lengths = begins[terms + 1] - begins[terms]
            total = int(lengths.sum())
            if not total:
                continue
            # The postings of all terms, one after the other, without a loop over them.
            before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
            postings = np.arange(total) + np.repeat(begins[terms] - before, lengths)
            result[at] = np.bincount(
                holders[postings], np.repeat(mine, lengths) * weights[postings], minlength=len(right)
            )
        return result
