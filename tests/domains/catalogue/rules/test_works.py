"""Editions of one work share a key, other books do not."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from benchmarks.matching_sets import read_file
from khaneh.domains.catalogue.rules.works import work_keys
from khaneh.formats.marc.describe import describe
from tests.domains.catalogue.rules.records import book, data


def keys_of(*args: str, uniform: str = "", more: tuple[object, ...] = (), **named: str) -> set[str]:
    fields = (data("240", "10", a=uniform, l="Whatever"),) if uniform else ()
    return set(work_keys(describe(book(*args, more=fields + more, **named), "marc21")))  # type: ignore[arg-type]


def test_a_translation_meets_its_original_through_the_uniform_title() -> None:
    german = keys_of("Der Zauberberg", "Mann, Thomas", language="ger")
    english = keys_of("The magic mountain", "Mann, Thomas, 1875-1955", uniform="Zauberberg.", language="eng")
    vietnamese = keys_of("Núi thần", "Mann, T.", uniform="Der Zauberberg", language="vie")
    assert german & english
    assert german & vietnamese
    assert english & vietnamese


def test_a_translation_meets_its_original_through_a_link() -> None:
    original = keys_of("Der Zauberberg", "Mann, Thomas", language="ger")
    linked = keys_of(
        "کوه جادو", "Mann, Thomas", language="per", more=(data("765", "0 ", a="Mann, Thomas", t="Der Zauberberg"),)
    )
    assert original & linked


def test_editions_in_one_language_meet_by_author_and_title_in_both_scripts() -> None:
    arabic = keys_of("الأيام", "حسين، طه", language="ara")
    romanised = keys_of("al-Ayyām", "Ḥusayn, Ṭāhā", language="ara")
    assert arabic & romanised


def test_collective_titles_and_short_titles_without_author_join_nothing() -> None:
    assert keys_of("Stories", "Mann, Thomas", uniform="Works. Selections") == set()
    assert keys_of("Proceedings") == set()
    assert not keys_of("Buddenbrooks", "Mann, Thomas") & keys_of("Buddenbrooks", "Mann, Heinrich")


def test_real_translations_group(shared_data: Path) -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for record in read_file(shared_data / "marc_general/qa_catalogue/thomas-mann.xml.gz"):
        own = describe(record, "marc21")
        for key in work_keys(own):
            groups[key].update(own.languages[:1])
    assert len(groups["mann t/zauberberg"]) >= 7
    assert len(groups["mann t/lotte in weimar"]) >= 5
