"""Searching a shelf of books through the engine: what is found, in which order, with which counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from khaneh.domains.discovery.queries import more_like, suggest
from khaneh.domains.discovery.queries.searching import arrived


def test_a_title_word_and_a_surname_find_the_book(books: Any, index: Any) -> None:
    books.put(1, "تاریخ ادبیات در ایران", creators=("صفا، ذبیح‌الله",))
    books.put(2, "تاریخ صفا", creators=("ادبیات",))
    index.build()
    assert index.keys("تاريخ ادبيات صفا")[0] == 1


@pytest.mark.parametrize("typed", ["می‌رود", "می رود", "میرود"])
@pytest.mark.parametrize("written", ["او می‌رود", "او می رود", "او میرود"])
def test_text_a_word_with_zwnj_is_found_joined_split_and_bare(books: Any, index: Any, typed: str, written: str) -> None:
    books.put(1, written)
    books.put(2, "رود کارون")
    index.build()
    assert index.keys(typed) == [1]


@pytest.mark.parametrize("typed", ["كتاب", "کِتاب", "کتــاب"])
def test_text_arabic_letters_and_marks_find_persian(books: Any, index: Any, typed: str) -> None:
    books.put(1, "کتاب کوچه")
    index.build()
    assert index.keys(typed) == [1]


def test_text_vietnamese_tiers_rank_exact_before_toneless_before_folded(books: Any, index: Any) -> None:
    books.put(1, "viet nam")
    books.put(2, "viêt nam")
    books.put(3, "việt nam")
    books.put(4, "viết nam")
    index.build()
    assert index.keys("việt nam") == [3, *sorted(index.keys("việt nam")[1:3]), 1]
    assert set(index.keys("viet nam")) == {1, 2, 3, 4}
    assert index.keys("viêt")[0] == 2
    assert index.keys("viêt")[-1] == 1


def test_text_both_placements_of_a_tone_are_one_word(books: Any, index: Any) -> None:
    books.put(1, "Hoà bình")
    books.put(2, "Hóa học")
    index.build()
    assert index.keys('="hòa bình"') == [1]


def test_known_item_the_whole_title_comes_first(books: Any, index: Any) -> None:
    books.put(1, "History of the world in six glasses", text=("history of the world " * 5,))
    books.put(2, "The history of the world")
    books.put(3, "World history", subjects=("History of the world",))
    index.build()
    assert index.keys("history of the world")[0] == 2


def test_phrases_fields_and_boolean_words(books: Any, index: Any) -> None:
    books.put(1, "War and peace", creators=("Tolstoy, Leo",), year=1869, subjects=("Russia",))
    books.put(2, "Peace and war", creators=("Aron, Raymond",), year=1962)
    books.put(3, "Tolstoy, a life", creators=("Wilson, A. N.",), year=1988)
    index.build()
    assert index.keys('"war and peace"') == [1]
    assert set(index.keys("war peace")) == {1, 2}
    assert index.keys("author:tolstoy") == [1]
    assert set(index.keys("tolstoy")) == {1, 3}
    assert set(index.keys("title:tolstoy OR author:aron")) == {2, 3}
    assert index.keys("war -tolstoy") == [2]
    assert index.keys("war NOT (tolstoy OR nobody)") == [2]
    assert index.keys("year:1900..1970") == [2]
    assert set(index.keys("year:..1962")) == {1, 2}
    assert index.keys("subject:russia") == [1]
    assert index.keys("tolst*", sort="newest") == [3, 1]
    assert index.keys("t?lstoy -wilson") == [1]


def test_an_exact_word_is_asked_for_with_its_marks(books: Any, index: Any) -> None:
    books.put(1, "Résumé")
    books.put(2, "Resume")
    index.build()
    assert set(index.keys("resume")) == {1, 2}
    assert index.keys("=résumé") == [1]
    assert index.keys("=resume") == [2]
    assert index.keys("title:=résumé") == [1]
    assert index.keys("résumé")[0] == 1


@pytest.mark.parametrize(
    "typed", ["9780306406157", "978-0-306-40615-7", "0306406152", "isbn:0-306-40615-2", "۹۷۸۰۳۰۶۴۰۶۱۵۷"]
)
def test_an_isbn_in_any_form_finds_its_book(books: Any, index: Any, typed: str) -> None:
    books.put(1, "Some book", identifiers=("978-0-306-40615-7",))
    books.put(2, "Another book")
    index.build()
    assert index.keys(typed) == [1]


def test_facets_leave_their_own_filter_out_and_can_be_undone(books: Any, index: Any) -> None:
    for key, language, form in [(1, "per", "book"), (2, "per", "map"), (3, "vie", "book"), (4, "eng", "book")]:
        books.put(key, f"river {key}", facets={"language": (language,), "form": (form,)}, year=1990 + key)
    index.build()
    page = index.find(
        "river", facets=("language", "form", "kind", "year"), filters={"language": ("per",), "form": ("book",)}
    )
    assert page.total == 1
    assert {(v.value, v.count, v.selected) for v in page.facets["language"]} == {
        ("per", 1, True),
        ("vie", 1, False),
        ("eng", 1, False),
    }
    assert {(v.value, v.count, v.selected) for v in page.facets["form"]} == {("book", 1, True), ("map", 1, False)}
    assert [(v.value, v.count) for v in page.facets["kind"]] == [("book", 1)]
    both = index.find("river", filters={"language": ("per", "vie")})
    assert both.total == 3
    assert index.find("river").total == 4
    assert {(v.value, v.count) for v in index.find("", facets=("year",)).facets["year"]} == {("1990..1999", 4)}
    assert index.keys("", filters={"year": ("1991..1992",)}, sort="oldest") == [1, 2]


def test_a_selected_value_is_counted_however_rare(books: Any, index: Any) -> None:
    for key in range(40):
        books.put(key + 1, "river", facets={"subject": (f"topic {key % 13}",)})
    books.put(100, "river", facets={"subject": ("rare",)})
    index.build()
    page = index.find("river", facets=("subject",), filters={"subject": ("rare",)})
    assert [(v.count, v.selected) for v in page.facets["subject"] if v.value == "rare"] == [(1, True)]


def test_a_region_holds_what_is_below_it(books: Any, index: Any) -> None:
    books.put(1, "one", facets={"region": ("vn/nghe-an/vinh",)})
    books.put(2, "two", facets={"region": ("vn/nghe-an/cua-lo",)})
    books.put(3, "three", facets={"region": ("ir/yazd",)})
    index.build()
    counts = {v.value: v.count for v in index.find("", facets=("region",)).facets["region"]}
    assert counts["vn/nghe-an"] == 2
    assert counts["vn"] == 2
    assert counts["ir/yazd"] == 1
    assert set(index.keys("", filters={"region": ("vn/nghe-an",)})) == {1, 2}


def test_titles_sort_in_the_readers_alphabet(books: Any, index: Any) -> None:
    for key, title in enumerate(["هوا", "وطن", "پدر", "بابا", "گل", "کتاب", "Zoo"]):
        books.put(key + 1, title)
    index.build()
    titles = [h.title for h in index.find("", sort="title", language="fa").hits]
    assert titles == ["بابا", "پدر", "کتاب", "گل", "وطن", "هوا", "Zoo"]
    assert index.find("", sort="title", language="vi").hits[0].title == "Zoo"


def test_vietnamese_titles_sort_by_letter_then_tone(books: Any, index: Any) -> None:
    for key, title in enumerate(["đa", "da", "dz", "tâm", "tăm", "tam", "tám"]):
        books.put(key + 1, title)
    index.build()
    titles = [h.title for h in index.find("", sort="title", language="vi").hits]
    assert titles == ["da", "dz", "đa", "tam", "tám", "tăm", "tâm"]


def test_documents_without_a_year_come_last_either_way(books: Any, index: Any) -> None:
    books.put(1, "river", year=1990)
    books.put(2, "river")
    books.put(3, "river", year=2000)
    index.build()
    assert index.keys("river", sort="newest") == [3, 1, 2]
    assert index.keys("river", sort="oldest") == [1, 3, 2]


def test_pages_do_not_overlap(books: Any, index: Any) -> None:
    for key in range(1, 31):
        books.put(key, f"river {key}")
    index.build()
    pages = [index.keys("river", offset=o, limit=10, sort="title") for o in (0, 10, 20)]
    assert sorted(key for page in pages for key in page) == list(range(1, 31))
    assert index.find("river", offset=10).total == 30


def test_highlights_mark_the_text_as_it_was_written(books: Any, index: Any) -> None:
    books.put(
        1, "كتاب‌هاي «Nguyễn Trãi»", creators=("Ferdowsī, Abū al-Qāsim",), text=("… " * 200 + "the Shāhnāmah ends",)
    )
    index.build()
    hit = index.find("کتابهای nguyen ferdowsi shahnamah").hits[0]
    marked = {name: [p.text for p in pieces if p.hit] for name, pieces in hit.highlights.items()}
    assert "Nguyễn" in marked["title"]
    assert any("كتاب" in piece for piece in marked["title"])
    assert marked["creators"] == ["Ferdowsī"]
    assert marked["text"] == ["Shāhnāmah"]
    assert "".join(p.text for p in hit.highlights["title"]) == hit.title


def test_did_you_mean_corrects_a_slip_and_shows_it_as_written(books: Any, index: Any) -> None:
    books.put(1, "Nguyễn Trãi toàn tập")
    index.build()
    page = index.find("nguyne trai")
    assert page.total == 0
    assert page.did_you_mean == ("Nguyễn trai",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sghl", "سلام"), ("اثممخ", "hello"), ("hoaf binhf", "hòa bình"), ("vie65t nam", "việt nam")],
)
def test_did_you_mean_reads_other_keyboards(books: Any, index: Any, typed: str, meant: str) -> None:
    for key, title in enumerate(["سلام بر ایران", "Hello world", "Hòa bình", "Việt Nam"]):
        books.put(key + 1, title)
    index.build()
    assert meant in index.find(typed).did_you_mean


def test_most_of_the_words_are_enough_where_no_book_has_all(books: Any, index: Any) -> None:
    books.put(1, "The book of kings")
    books.put(2, "The book of hours")
    index.build()
    page = index.find("book of kings volume")
    assert page.relaxed
    assert page.hits[0].key == 1


@pytest.mark.parametrize("typed", ["truyen ki", "truyện ki", "truyeenj kieef", "truye65n ki"])
def test_suggestions_forgive_tones_and_keystrokes(books: Any, index: Any, typed: str) -> None:
    books.put(1, "Truyện Kiều", creators=("Nguyễn Du",), facets={"author": ("Nguyễn Du",)})
    books.put(2, "Lục Vân Tiên")
    index.build()
    assert suggest(typed)[0].text == "Truyện Kiều"


@pytest.mark.parametrize("typed", ["کتاب خ", "كتاب‌خ", "کتابخ", ";jhf o"])
def test_suggestions_forgive_zwnj_letters_and_layout(books: Any, index: Any, typed: str) -> None:
    books.put(1, "کتاب‌خانه")
    books.put(2, "باغ")
    index.build()
    assert [s.text for s in suggest(typed)] == ["کتاب‌خانه"]


def test_suggestions_name_authors_and_subjects(books: Any, index: Any) -> None:
    for key in range(1, 4):
        books.put(
            key,
            f"Divan {key}",
            creators=("Hafez", "Somebody Else"),
            subjects=("Hafez criticism",),
            facets={"author": ("Hafez", "Somebody Else"), "subject": ("Hafez criticism",)},
        )
    index.build()
    found = suggest("haf")
    assert {(s.kind, s.text, s.count) for s in found} == {("author", "Hafez", 3), ("subject", "Hafez criticism", 3)}


def test_more_like_shares_names_and_subjects_and_is_not_the_same(books: Any, index: Any) -> None:
    books.put(1, "Soil chemistry", creators=("Lan",), subjects=("Soils",))
    books.put(2, "Soil physics", creators=("Lan",), subjects=("Soils",))
    books.put(3, "Poems", creators=("Minh",))
    books.put(4, "Soil chemistry", creators=("Lan",), subjects=("Soils",))
    index.build()
    assert [h.key for h in more_like("book", 1)] == [2]
    assert more_like("book", 99) == ()


@pytest.mark.parametrize(
    "text", ['"', "((", "NOT", "a AND", "title:", "*", "-", "\u202e", "\x00", "year:x", 'x:"', "~^{}[]/\\"]
)
def test_any_text_is_a_query(books: Any, index: Any, text: str) -> None:
    books.put(1, "river")
    index.build()
    page = index.find(text, facets=("kind",))
    assert page.ready
    assert suggest(text) is not None


def test_all_that_came_since_is_told_however_much_came_at_once(books: Any, index: Any) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    for key in range(1, 451):
        books.put(key, "گلستان سعدی" if key % 2 else "بوستان سعدی", added=day)
    books.put(500, "گلستان", added=day - timedelta(days=9))
    books.put(501, "گلستان سعدی")
    index.build()
    assert sorted(arrived("سعدی", {}, since=day) or ()) == list(range(1, 451))
    assert len(arrived("گلستان", {"kind": ("book",)}, since=day - timedelta(days=1)) or ()) == 225
    assert arrived("گلستان", {}, since=day + timedelta(seconds=1)) == []
    assert len(arrived("سعدی", {}, since=day, most=210) or ()) == 210


def test_what_has_only_some_of_the_words_is_no_news(books: Any, index: Any) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    books.put(1, "گلستان سعدی", added=day)
    index.build()
    assert index.find("گلستان سعدی شیرازی شاعر").relaxed
    assert arrived("گلستان سعدی شیرازی شاعر", {}, since=day) == []


def test_nothing_is_told_while_there_is_no_index(books: Any, index: Any) -> None:
    assert arrived("سعدی", {}, since=datetime(2026, 3, 1, tzinfo=UTC)) is None
