"""The works: every key leads somewhere, every ISBN is one, every year is possible, every script is the right one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict

import pytest

from demo.editions import ARABIC_SCRIPT, Edition, load, rows

FIRST_PRINTED_BOOK = 1455
ARABIC_SCRIPT_LETTER = re.compile("[\u0621-\u06cc]")


@pytest.fixture(scope="module")
def editions() -> list[Edition]:
    return load()


def check_digit_holds(isbn: str) -> bool:
    """ISO 2108, annex C, for both lengths."""
    if re.fullmatch(r"97[89]\d{10}", isbn):
        return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(isbn)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", isbn):
        values = [10 if digit == "X" else int(digit) for digit in isbn]
        return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
    return False


def test_the_check_sees_a_wrong_digit() -> None:
    assert check_digit_holds("9780141036144")
    assert not check_digit_holds("9780141036145")
    assert not check_digit_holds("0201633613")


def test_there_are_several_hundred(editions: list[Edition]) -> None:
    languages = Counter(edition.language for edition in editions)
    assert len(editions) >= 450
    assert min(languages["per"], languages["vie"], languages["eng"]) >= 120
    assert languages["ara"] >= 60


@pytest.mark.parametrize("name", ["people", "publishers", "topics", "genres", "works"])
def test_keys_are_unique(name: str) -> None:
    assert [key for key, times in Counter(row["key"] for row in rows(name)).items() if times > 1] == []


def test_every_work_has_an_edition(editions: list[Edition]) -> None:
    assert {row["key"] for row in rows("works")} == {edition.work.key for edition in editions}


def test_every_publisher_published_something(editions: list[Edition]) -> None:
    used = {edition.publisher.key for edition in editions if edition.publisher}
    assert {row["key"] for row in rows("publishers")} == used


def test_every_person_made_something(editions: list[Edition]) -> None:
    made = {person.key for edition in editions for person in edition.work.creators}
    helped = {person.key for edition in editions for _, person in edition.contributors}
    assert {row["key"] for row in rows("people")} == made | helped


def test_isbns_are_valid_and_belong_to_one_edition(editions: list[Edition]) -> None:
    isbns = [edition.isbn for edition in editions if edition.isbn]
    assert [isbn for isbn in isbns if not check_digit_holds(isbn)] == []
    assert len(set(isbns)) == len(isbns)
    assert len(isbns) >= 25


def test_nobody_published_before_printing_or_after_today(editions: list[Edition]) -> None:
    for edition in editions:
        if edition.gregorian_year:
            assert FIRST_PRINTED_BOOK <= edition.gregorian_year <= 2026, edition.title


def test_no_edition_is_older_than_its_work(editions: list[Edition]) -> None:
    for edition in editions:
        first = edition.work.first_published
        if edition.gregorian_year and first:
            # A Jalali year spans two Gregorian ones, and a serial precedes its book by a year.
            assert edition.gregorian_year >= int(first) - 1, edition.title


def test_no_work_is_older_than_its_author(editions: list[Edition]) -> None:
    for edition in editions:
        for person in edition.work.creators:
            born = re.match(r"\d{3,4}", person.dates)
            if born and edition.work.first_published:
                age = int(edition.work.first_published) - int(born.group())
                assert age >= 8, (person.name_latin, edition.work.uniform_title)


def test_dates_of_life_are_in_order() -> None:
    for row in rows("people"):
        years = [int(year) for year in re.findall(r"\d{3,4}", row["dates"])]
        assert years == sorted(years), row
        if len(years) == 2 and " or " not in row["dates"]:
            assert 15 <= years[1] - years[0] <= 106, row


def test_titles_are_in_the_script_of_their_language(editions: list[Edition]) -> None:
    for edition in editions:
        if edition.language in ARABIC_SCRIPT:
            assert ARABIC_SCRIPT_LETTER.search(edition.summary), edition.title
            assert ARABIC_SCRIPT_LETTER.search(edition.title) or edition.title[0].isdigit(), edition.title
        else:
            assert not ARABIC_SCRIPT_LETTER.search(edition.title), edition.title


def test_persian_is_written_with_persian_letters(editions: list[Edition]) -> None:
    for edition in editions:
        if edition.language == "per":
            texts = (edition.title, edition.subtitle, edition.summary)
            assert not any(letter in text for text in texts for letter in "يكى"), edition.title


def test_persian_plurals_and_verbs_are_joined(editions: list[Edition]) -> None:
    loose = re.compile(r"\b(?:می|نمی) \w|\w ها(?:ی|یی)?\b")
    found = [e.title for e in editions if e.language == "per" and (loose.search(e.title) or loose.search(e.summary))]
    assert found == []


def test_text_is_composed(editions: list[Edition]) -> None:
    for edition in editions:
        for text in (edition.title, edition.subtitle, edition.summary):
            assert unicodedata.is_normalized("NFC", text), text


def test_arabic_script_titles_are_romanised(editions: list[Edition]) -> None:
    assert [e.title for e in editions if e.language in ARABIC_SCRIPT and not e.romanised] == []


def test_everything_has_a_summary_and_a_number(editions: list[Edition]) -> None:
    for edition in editions:
        assert len(edition.summary) >= 10, edition.title
        assert re.fullmatch(r"\d{3}(?:\.\d+)?", edition.work.ddc), edition.work.key
        assert edition.work.topics, edition.work.key


def test_headings_are_in_every_language() -> None:
    for name in ("topics", "genres"):
        for row in rows(name):
            assert all(row[language] for language in ("fa", "vi", "en", "ar")), row


def test_creators_have_a_name_in_the_script_of_the_record(editions: list[Edition]) -> None:
    for edition in editions:
        if edition.language in ARABIC_SCRIPT:
            people = [*edition.work.creators, *(person for _, person in edition.contributors)]
            for person in people:
                assert ARABIC_SCRIPT_LETTER.search(person.heading(edition.language)), (edition.title, person.key)


def test_the_little_prince_speaks_five_languages(editions: list[Edition]) -> None:
    languages: defaultdict[str, set[str]] = defaultdict(set)
    for edition in editions:
        languages[edition.work.key].add(edition.language)
    assert languages["petit-prince"] == {"per", "vie", "ara", "eng", "fre"}
    assert {"per", "ara", "eng"} <= languages["divan-hafez"]
    assert {"vie", "eng"} <= languages["kieu"]
    assert sum(len(spoken) > 1 for spoken in languages.values()) >= 80
