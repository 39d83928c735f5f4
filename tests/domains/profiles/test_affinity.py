"""Who is near to which text: by words, by letters of short ones, by meaning, and whatever is handed in."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from khaneh.domains.profiles.rules import affinity
from khaneh.domains.profiles.rules.terms import TermSpace, letters_of, words_of

RICE = "Sensors in rice fields tell when water is low and open the gates of irrigation canals by themselves"
PAPER = "Old paper becomes brittle by acid and a bath in calcium takes the acid away before books are bound again"


def test_cosines_are_those_that_are_reckoned_term_by_term() -> None:
    texts = ["a red red house", "red houses by the river", "boats and rivers", ""]
    space = TermSpace(texts, words_of)
    counts = [Counter(words_of(text)) for text in texts]
    known = Counter(word for count in counts for word in count)

    def row(count: Counter[str]) -> dict[str, float]:
        weights = {w: (1 + math.log(n)) * (math.log((1 + len(texts)) / (1 + known[w])) + 1) for w, n in count.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}

    rows = [row(count) for count in counts]
    expected = [[sum(weight * other.get(word, 0) for word, weight in one.items()) for other in rows] for one in rows]
    assert np.allclose(space.similarities(range(4), range(4)), expected, atol=1e-6)
    assert space.similarities([0, 2], []).shape == (2, 0)


def test_pieces_of_words_bring_compounds_together() -> None:
    space = TermSpace(["maschinenbauingenieur", "ingenieur maschinenbau", "bäckerin"], letters_of)
    near = space.similarities([0], [1, 2])[0]
    assert near[0] > 0.5 > near[1]


@pytest.mark.parametrize("plural", [("books", "book"), ("studies", "study"), ("glass", "glass"), ("thesis", "thesis")])
def test_english_plurals_are_one_word(plural: tuple[str, str]) -> None:
    assert words_of(plural[0]) == [plural[1]]


def test_who_wrote_of_it_is_nearest_and_two_good_texts_are_not_undone_by_others() -> None:
    people = [[RICE, RICE, RICE, PAPER, PAPER, PAPER], [PAPER], [RICE]]
    scores = affinity.affinities(people, [f"How {RICE}", f"How {PAPER}"], None)
    assert scores[0, 0] == pytest.approx(scores[2, 0], abs=0.2)
    assert scores[2, 0] > scores[1, 0]
    assert scores[1, 1] > scores[2, 1]


def test_nobody_and_nothing_and_the_silent_are_answered() -> None:
    assert affinity.affinities([], ["a"], None).shape == (0, 1)
    assert affinity.affinities([["a"]], [], None).shape == (1, 0)
    scores = affinity.affinities([[], [RICE]], [RICE, PAPER], None)
    assert np.isfinite(scores).all()
    assert (scores[0] <= scores.min()).all()


def test_meaning_decides_where_no_word_is_shared() -> None:
    def at(*numbers: float) -> NDArray[np.float32]:
        return affinity.unit(np.array([numbers], np.float32))

    own = np.concatenate([at(1, 0.1, 0), at(0, 1, 0.1)])
    texts = np.concatenate([at(1, 0, 0), at(0, 1, 0)])
    scores = affinity.affinities([["آب"], ["کاغذ"]], ["water", "paper"], (own, texts))
    assert scores[0, 0] > scores[1, 0]
    assert scores[1, 1] > scores[0, 1]


def test_the_same_texts_give_the_same_scores() -> None:
    people = [[f"{RICE} {n} field", f"{PAPER} {n % 7}"] for n in range(120)]
    asked = [RICE, PAPER, "gates of canals"]
    assert (affinity.affinities(people, asked, None) == affinity.affinities(people, asked, None)).all()
