"""Words that tell something: what two texts both say, shown without what joins it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from khaneh.domains.profiles.rules.words import (
    Rarity,
    is_syllable,
    is_vietnamese,
    said_by_both,
    says_nothing,
    says_nothing_folded,
    telling_words,
)


def alike(words: Collection[str]) -> Mapping[str, float]:
    return dict.fromkeys(words, 2.0)


def rare(*few: str) -> Rarity:
    return lambda words: {word: 5.0 if word in few else 1.0 for word in words}


@pytest.mark.parametrize("word", ["không", "từng", "برای", "های", "which", "needs", "2026", "x"])
def test_words_that_join_others_tell_nothing(word: str) -> None:
    assert says_nothing(word)


@pytest.mark.parametrize("word", ["kính", "نساجی", "moisture", "ابریشم"])
def test_words_that_name_something_tell(word: str) -> None:
    assert not says_nothing(word)


def test_without_marks_every_syllable_may_mean_anything() -> None:
    assert says_nothing_folded("khong")
    assert says_nothing_folded("kinh")
    assert is_syllable("truong")
    assert not says_nothing_folded("sensor")
    assert not is_syllable("sensor")


def test_words_of_a_text_are_told_once_and_plurals_are_one() -> None:
    assert telling_words("Sensors and a sensor for the greenhouse") == ["sensor", "greenhouse"]


def test_a_text_is_vietnamese_by_letters_of_its_own() -> None:
    assert is_vietnamese("Thư viện cần một hệ thống đếm người đọc")
    assert not is_vietnamese("A café needs a naïve façade")
    assert not is_vietnamese("کتابخانه به دستگاه نیاز دارد")


def test_whole_stretches_are_shown_and_nothing_that_joins_them() -> None:
    wanted = "Chúng tôi không từng có cảm biến độ ẩm cho nhà kính; số hóa và đổi mới."
    there = "Công ty không từng bán cảm biến độ ẩm, nhà kính; số hóa và đổi mới."
    assert said_by_both(wanted, there, alike, most=9) == ["cảm biến độ ẩm", "nhà kính", "số hóa và đổi mới"]


def test_a_syllable_stands_alone_only_where_it_names_the_matter() -> None:
    wanted, there = "Gốm bền hơn\nCần men cho gốm ở làng của chúng tôi", "Gốm, men"
    assert said_by_both(wanted, there, alike, most=5) == ["Gốm"]


def test_a_word_that_many_use_is_not_shown_alone() -> None:
    wanted, there = "A kiln that wastes less\nOur kilns burn clay and paper", "paper and clay for a kiln"
    assert said_by_both(wanted, there, rare("clay"), most=5, alone=1.2) == ["clay", "kiln"]


def test_persian_affixes_and_english_plurals_are_read_over() -> None:
    wanted = "برای دستگاه‌های بافندگی که می‌خواهیم"
    assert said_by_both(wanted, "ما دستگاه‌های بافندگی را می‌سازیم", alike, most=5) == ["دستگاه‌های بافندگی"]
    assert said_by_both("Moisture sensors", "a moisture sensor", alike, most=5) == ["Moisture sensors"]
    assert said_by_both("We need it for the", "and need it for the", alike, most=5) == []
