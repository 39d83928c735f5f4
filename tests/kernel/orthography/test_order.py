"""Alphabetical order, as Persian and Vietnamese readers know it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.kernel.orthography import sort_key

PERSIAN = [
    "ا",
    "ب",
    "پ",
    "ت",
    "ث",
    "ج",
    "چ",
    "ح",
    "خ",
    "د",
    "ذ",
    "ر",
    "ز",
    "ژ",
    "س",
    "ش",
    "ص",
    "ض",
    "ط",
    "ظ",
    "ع",
    "غ",
    "ف",
    "ق",
    "ک",
    "گ",
    "ل",
    "م",
    "ن",
    "و",
    "ه",
    "ی",
]
VIETNAMESE = [
    "a",
    "ă",
    "â",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "ê",
    "g",
    "h",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "ô",
    "ơ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "ư",
    "v",
    "x",
    "y",
]


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
@pytest.mark.parametrize("alphabet", [PERSIAN, VIETNAMESE])
def test_each_alphabet_is_in_its_order(alphabet: list[str], language: str) -> None:
    assert (
        sorted(random.Random(1).sample(alphabet, len(alphabet)), key=lambda letter: sort_key(letter, language))
        == alphabet
    )


def test_tones_decide_only_between_equal_letters() -> None:
    assert sorted(["tán", "tăn", "tan", "tàn", "tao"], key=lambda t: sort_key(t, "vi")) == [
        "tan",
        "tàn",
        "tán",
        "tao",
        "tăn",
    ]


def test_which_script_comes_first_is_the_readers() -> None:
    titles = ["Zoo", "آب", "Apple", "یزد"]
    assert sorted(titles, key=lambda t: sort_key(t, "fa")) == ["آب", "یزد", "Apple", "Zoo"]
    assert sorted(titles, key=lambda t: sort_key(t, "vi")) == ["Apple", "Zoo", "آب", "یزد"]


def test_zwnj_and_punctuation_weigh_nothing() -> None:
    assert sort_key("کتاب‌خانه", "fa") == sort_key("«کتابخانه»", "fa") == sort_key("کتاب خانه", "fa")


@given(st.text(max_size=30), st.text(max_size=30))
def test_order_is_the_same_whoever_asks_within_one_script(one: str, other: str) -> None:
    assert (sort_key(one, "vi") < sort_key(other, "vi")) == (sort_key(one, "en") < sort_key(other, "en"))
