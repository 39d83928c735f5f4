"""What speaks for a proposal, how much, and how weights follow what brokers decide."""

from __future__ import annotations

import random

import numpy as np
import pytest

from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.matching import Side
from khaneh.domains.exchange.rules.shelf import Row, Shelf, terms_of
from khaneh.domains.profiles.rules.terms import TermSpace, words_of


@pytest.mark.parametrize(
    ("wanted", "there", "near"),
    [
        (("26",), ("2630",), 1),
        (("2630",), ("2620",), 0.5),
        (("26",), ("13",), 0.25),
        (("26",), ("91",), 0),
        ((), ("26",), 0),
    ],
)
def test_sectors_are_near_by_what_they_are_both_part_of(
    wanted: tuple[str, ...], there: tuple[str, ...], near: float
) -> None:
    assert matching.sector_nearness(wanted, there) == near


@pytest.mark.parametrize(
    ("wanted", "there", "near"), [((1, 5), (1, 5, 9), 1), ((1, 5), (1, 6), 0.5), ((1,), (2,), 0), ((), (1,), 0)]
)
def test_places_are_near_by_how_far_down_they_are_one(
    wanted: tuple[int, ...], there: tuple[int, ...], near: float
) -> None:
    assert matching.region_nearness(wanted, there) == near


@pytest.mark.parametrize(("wanted", "there", "near"), [(7, 9, 1), (7, 6, 2 / 3), (7, 2, 0), (None, 9, 0), (7, None, 0)])
def test_what_is_ready_enough_is_ready(wanted: int | None, there: int | None, near: float) -> None:
    assert matching.readiness_nearness(wanted, there) == pytest.approx(near)


def test_each_part_of_the_score_is_told_and_they_sum_up_to_it() -> None:
    found = matching.features(Side(("26",), (1, 5), 7), Side(("2630",), (1, 6), 8), meaning=0.4, words=0.1)
    parts = matching.shares(found, matching.SHIPPED)
    total = matching.SHIPPED["bias"] + sum(parts.values())
    assert matching.score(found, matching.SHIPPED) == pytest.approx(1 / (1 + np.exp(-total)))
    assert list(parts) == sorted(parts, key=lambda name: -parts[name])


def test_weights_begin_as_they_ship_and_follow_many_decisions() -> None:
    assert matching.learnt([]) == dict(matching.SHIPPED)
    draw = random.Random(4)
    decided = []
    for _ in range(300):
        found = {name: draw.random() for name in matching.PRIOR if name != "bias"}
        decided.append((found, found["region"] > 0.5))  # brokers who look at nothing but the place
    learnt = matching.learnt(decided)
    assert learnt["region"] > 2 * matching.SHIPPED["region"]
    assert learnt["meaning"] < matching.SHIPPED["meaning"] / 2
    assert all(weight >= 0 for name, weight in learnt.items() if name != "bias")
    assert matching.learnt(decided) == learnt


def _nowhere(group: str) -> np.ndarray:
    return np.zeros(4, np.float32)


def _row(kind: str, key: int, text: str, vector: np.ndarray | None) -> Row:
    return Row(
        kind, key, kind, key, None if vector is None else vector.astype(np.float16).tobytes(), terms_of(text), Side()
    )


def test_the_shelf_reckons_what_is_reckoned_one_by_one() -> None:
    draw = np.random.default_rng(7)
    texts = [" ".join(f"w{n}" for n in draw.integers(0, 60, 12)) for _ in range(50)]
    vectors = draw.standard_normal((50, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shelf = Shelf(
        [_row("offer", at, texts[at], vectors[at]) for at in range(50)], 16, lambda group: vectors.mean(axis=0)
    )
    middle = vectors.mean(axis=0)
    asked = vectors[3] - middle
    expected = [float((one - middle) @ asked / np.linalg.norm(one - middle) / np.linalg.norm(asked)) for one in vectors]
    assert np.allclose(shelf.meanings(vectors[3], "offer"), expected, atol=0.02)
    space = TermSpace([" ".join(dict.fromkeys(text.split())) for text in texts], words_of)
    ours, theirs = shelf.shared_words(terms_of(texts[3])), space.similarities([3], range(50))[0]
    assert ours[3] == pytest.approx(1, abs=1e-5)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.95  # TermSpace counts a word that all know a little more
    near = shelf.nearest(vectors[3], terms_of(texts[3]), group="offer", kinds=["offer"], most=5)
    assert 3 in {one.row.key for one in near}
    assert len(near) == 5


def test_the_shelf_bears_nothing_unread_rows_and_its_own() -> None:
    assert Shelf([], 4, _nowhere).nearest(np.ones(4, np.float32), b"", group="offer", kinds=["offer"], most=3) == []
    rows = [_row("offer", 1, "red house", None), _row("mentor", 2, "red boat", np.array([1, 0, 0, 0], np.float32))]
    shelf = Shelf(rows, 4, _nowhere)
    near = {
        one.row.key: one
        for one in shelf.nearest(
            np.ones(4, np.float32), terms_of("red house"), group="offer", kinds=["offer", "mentor", "machine"], most=3
        )
    }
    assert near[1].meaning is None
    assert near[1].words > near[2].words
    assert not shelf.nearest(None, terms_of("red"), group="offer", kinds=["offer"], most=3, without_organisation=1)
    assert shelf.knows("red")
    assert not shelf.knows("green")
    assert shelf.rarity(["house", "red", "green"])["green"] > shelf.rarity(["house"])["house"] > 0
