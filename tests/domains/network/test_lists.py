"""The controlled lists say what they claim: complete, in three languages, each word leading back to its code."""

from __future__ import annotations

from collections import Counter

import pytest

from khaneh.domains.network.types import CAPABILITIES, SECTORS, capability_code, capability_name, sector_name
from khaneh.kernel.labels import Label

# ISIC Rev. 4 (United Nations, Statistical Papers M 4 Rev. 4, 2008): the divisions of each section.
DIVISIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47), "H": (49, 53),
    "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84),
    "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip


def test_every_section_and_division_of_isic_is_there_in_its_section() -> None:
    expected = []
    for section, (first, last) in DIVISIONS.items():
        expected += [section, *(f"{number:02}" for number in range(first, last + 1))]
    assert list(SECTORS) == expected
    assert len([code for code in SECTORS if code.isdigit()]) == 88


@pytest.mark.parametrize("labels", [SECTORS, CAPABILITIES], ids=["sectors", "capabilities"])
def test_every_entry_has_a_name_in_three_languages(labels: dict[str, Label]) -> None:
    for code, label in labels.items():
        assert all(name.strip() == name and name for name in label), code


def test_a_class_is_named_by_its_division() -> None:
    assert sector_name("9101") == SECTORS["91"]


def test_a_capability_is_meant_by_its_code_and_by_its_name_in_any_language() -> None:
    for code, label in CAPABILITIES.items():
        assert {capability_code(word) for word in (code, code.replace("_", " ").upper(), *label)} == {code}
        assert capability_name(code) == label
    for language in Label._fields:
        repeated = Counter(getattr(label, language) for label in CAPABILITIES.values())
        assert max(repeated.values()) == 1, language


def test_own_words_stay_as_they_are() -> None:
    assert capability_code("  Gilding of domes ") == "Gilding of domes"
    assert capability_name("Gilding of domes").fa == "Gilding of domes"
    assert capability_name("library services").fa == "خدمات کتابخانه‌ای"
