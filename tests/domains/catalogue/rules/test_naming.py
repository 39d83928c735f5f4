"""What a work is called: the form that most editions have, the fullest of equals, in the script that is read."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.catalogue.rules.naming import ARABIC, LATIN, names_of
from khaneh.domains.catalogue.types import Called, script_read


def called(title: str, *creators: str, subtitle: str = "") -> Called:
    return Called(title, subtitle, creators)


def test_an_early_editions_short_form_gives_way_to_the_usual_one() -> None:
    editions = [
        called("Kim-Van-Kieu", "Du"),
        called("Truyện Kiều", "Nguyễn, Du"),
        called("Truyện Kiều", "Nguyễn, Du"),
        called("Truyen Kieu", "Nguyễn, D."),
    ]
    assert names_of(editions).usual == called("Truyện Kiều", "Nguyễn, Du")


def test_of_equals_the_fullest_form_stands() -> None:
    names = names_of([called("Divan", "Hafiz, S."), called("Divan", "Hafiz, Shams al-Din")])
    assert names.usual == called("Divan", "Hafiz, Shams al-Din")


def test_a_reader_is_told_the_name_in_their_script() -> None:
    editions = [
        called("The garden of roses", "Saʻdī"),
        called("گلستان", "سعدی، مصلح بن عبدالله"),
        called("گلستان سعدی", "Saʻdī"),
        called("گلستان", "سعدی، مصلح بن عبدالله"),
    ]
    names = names_of(editions)
    assert names.usual.title == "گلستان"
    assert names.by_script[ARABIC] == called("گلستان", "سعدی، مصلح بن عبدالله")
    assert names.by_script[LATIN] == called("The garden of roses", "Saʻdī")


def test_languages_are_read_in_a_script_that_names_are_kept_in() -> None:
    assert [script_read(language) for language in ("fa", "vi", "en")] == [ARABIC, LATIN, LATIN]


def test_one_script_alone_has_no_other() -> None:
    assert names_of([called("گلستان", "سعدی"), called("گلستان", "سعدی")]).by_script == {}


def test_a_subtitle_stands_only_where_all_of_that_title_have_it() -> None:
    assert names_of([called("Divan", subtitle="poems"), called("Divan", subtitle="poems")]).usual.subtitle == "poems"
    assert names_of([called("Divan", subtitle="poems"), called("Divan", subtitle="a choice")]).usual.subtitle == ""


_EDITION = st.builds(
    Called,
    st.sampled_from(["Divan", "Dīvān", "دیوان", "Poems", ""]),
    st.just(""),
    st.lists(st.sampled_from(["Hafiz, S.", "Hafiz, Shams", "حافظ، شمس", ""]), max_size=3).map(tuple),
)


@given(st.lists(_EDITION, min_size=1, max_size=8))
def test_a_work_is_called_as_some_edition_is(editions: list[Called]) -> None:
    names = names_of(editions)
    for one in (names.usual, *names.by_script.values()):
        assert one.title in {edition.title for edition in editions}
        assert set(one.creators) <= {name for edition in editions for name in edition.creators}
    assert names == names_of(list(editions))
    if len(Counter(edition.title for edition in editions)) == 1:
        assert names.by_script == {}
