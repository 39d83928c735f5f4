"""Keyboards and keystrokes: what the fingers meant."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.kernel.orthography import (
    latin_keys_as_persian,
    other_layout_readings,
    persian_keys_as_latin,
    telex,
    unify_tone_placement,
    vni,
)


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("hoaf binhf", "hòa bình"),
        ("vieetj nam", "việt nam"),
        ("duongwf", "dường"),
        ("dduwowngf", "đường"),
        ("nguyeenx traix", "nguyễn trãi"),
        ("truyeenj kieeuf", "truyện kiều"),
        ("quoocs gia", "quốc gia"),
        ("thuys", "thúy"),
        ("quys", "quý"),
        ("toans", "toán"),
        ("khuyax", "khuỹa"),
        ("hello class software", "hello class software"),
    ],
)
def test_telex(keys: str, meant: str) -> None:
    assert telex(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("hoa2 binh2", "hòa bình"),
        ("vie65t nam", "việt nam"),
        ("d9u7o7ng2", "đường"),
        ("nguye6n4 tra4i", "nguyễn trãi"),
        ("ha8ng", "hăng"),
        ("windows95 1984", "windows95 1984"),
    ],
)
def test_vni(keys: str, meant: str) -> None:
    assert vni(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"), [("sghl", "سلام"), (";jhf", "کتاب"), ("fhf", "باب"), ("Hf", "آب"), ("mnv", "پدر")]
)
def test_persian_typed_on_a_latin_layout_and_back(keys: str, meant: str) -> None:
    assert latin_keys_as_persian(keys) == meant
    assert meant in other_layout_readings(keys)
    assert persian_keys_as_latin(meant) == keys.lower()


def test_the_older_layout_has_its_own_peh() -> None:
    assert latin_keys_as_persian("\\nv", "legacy") == "پدر"
    assert "پدر" in other_layout_readings("\\nv")


def test_what_cannot_be_another_layout_is_not_read_as_one() -> None:
    assert other_layout_readings("1234 56") == ()
    assert other_layout_readings("việt") == ()


@given(st.text("abcdefghijklmnopqrstuvwxyz ;'", max_size=20))
def test_a_layout_read_back_is_what_was_typed(keys: str) -> None:
    assert persian_keys_as_latin(latin_keys_as_persian(keys)) == keys


@given(st.text(max_size=20))
def test_keystrokes_of_any_text_fail_never(text: str) -> None:
    assert len(telex(text).split()) == len(text.split())
    assert len(vni(text).split()) == len(text.split())
    other_layout_readings(text)


def test_placing_a_tone_twice_changes_nothing() -> None:
    for initial, vowel, final in itertools.product(
        ("", "h", "qu", "th", "gi"), ("à", "oà", "òa", "uỳ", "oè", "ùy"), ("", "n", "ng")
    ):
        once = unify_tone_placement(initial + vowel + final)
        assert unify_tone_placement(once) == once
