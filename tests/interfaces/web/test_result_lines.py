"""The lines of results, which are written in code: what a record says never becomes markup, and each fact is shown where there is one."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace

import pytest
from django.urls import resolve
from django.utils import translation

from khaneh.domains.catalogue.queries.pages import WorkShelf
from khaneh.domains.discovery.types import Hit, Piece
from khaneh.interfaces.web import results
from khaneh.interfaces.web.result_lines import Lines
from khaneh.interfaces.web.results import Result

_EVIL = "<img src=x onerror=alert(1)>\"'&"
_PLAIN = Result(
    url="/records/7", icon="book", kind="Book", is_text=False, title=(Piece("The library at night"),),
    plain_title="The library at night", subtitle=(), creators=(), author="", year=None, languages=(), language_code="", publisher="",
    edition="", snippet=(), houses=(), more_houses=0, place="", online="", copies=2, available=0, editions=0, key=7,
)  # fmt: skip


def lines(*results: Result, language: str = "en") -> str:
    with translation.override(language):
        return Lines(
            language, icon=lambda name: f"<svg {name}>", cover=lambda *words: "<cover>", year=lambda year: f"({year})"
        ).html(results)


@pytest.mark.parametrize("name", [field.name for field in fields(Result)])
def test_no_field_brings_markup(name: str) -> None:
    standing = getattr(_PLAIN, name)
    if name == "icon" or isinstance(standing, bool | int) or name in {"year", "copies"}:
        return  # our own words and numbers
    evil = (Piece(_EVIL), Piece(_EVIL, hit=True)) if name in {"title", "subtitle", "creators", "snippet"} else _EVIL
    if name in {"languages", "houses"}:
        evil = (_EVIL,)
    for is_text in (False, True):
        html = lines(replace(_PLAIN, is_text=is_text, **{name: evil}))
        assert "<img" not in html
        assert "\"'&" not in html
        if name not in {"plain_title", "author", "language_code"}:
            assert "&lt;img" in html


def test_what_there_is_is_shown_in_the_readers_language() -> None:
    full = replace(
        _PLAIN,
        title=(Piece("The "), Piece("library", hit=True)),
        year=2006,
        houses=("Vinh", "Taft"),
        more_houses=2,
        copies=3,
        editions=4,
    )
    html = lines(full)
    assert "The <mark>library</mark>" in html
    assert "(2006)" in html
    assert "All copies are out" in html
    assert "and 2 more houses" in html
    assert "4 editions" in html
    assert "و ۲ خانهٔ دیگر" in lines(full, language="fa")
    assert "Available now" in lines(replace(full, available=1))
    assert "No copy in the network yet" in lines(replace(_PLAIN, is_text=True, copies=None))


def test_a_text_can_be_put_on_a_list_and_says_in_the_results_whether_one_can_have_it() -> None:
    work = replace(_PLAIN, is_text=True, editions=4, copies=3, available=1, houses=("Vinh",), keep="/lists/add?work=7")
    html = lines(work)
    assert "Available now" in html
    assert "4 editions" in html
    assert 'href="/lists/add?work=7"' in html
    assert "Put it on a list" in html
    assert "افزودن به فهرست" in lines(work, language="fa")
    assert "No copy in the network yet" in lines(replace(work, copies=None, available=0, houses=()))
    assert "Put it on a list" not in lines(_PLAIN)


def _work(**payload: object) -> Hit:
    return Hit("work", 9, "گلستان", "", ("سعدی",), 1356, {"editions": 4, **payload}, 0.0, {"title": (Piece("گلستان"),)})


@pytest.mark.parametrize(("language", "title", "creator"), [("fa", "گلستان", "سعدی"), ("en", "The Gulistan", "Saʻdī")])
def test_a_work_has_its_name_in_letters_that_the_reader_reads(
    monkeypatch: pytest.MonkeyPatch, language: str, title: str, creator: str
) -> None:
    monkeypatch.setattr(results.catalogue, "work_shelves", lambda ids: {9: WorkShelf(3, 1, ())} if 9 in ids else {})
    monkeypatch.setattr(results.reader, "current", lambda: SimpleNamespace(language=language))
    called = {"arab": ["گلستان", "", ["سعدی"]], "latn": ["The Gulistan", "", ["Saʻdī"]]}
    (line,) = results.results([_work(called=called)])
    assert (line.plain_title, line.author) == (title, creator)
    assert "".join(piece.text for piece in line.title) == title
    assert (line.copies, line.available, line.editions) == (3, 1, 4)
    assert line.keep.endswith("?work=9")


def test_a_work_in_one_script_or_without_copies_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results.catalogue, "work_shelves", lambda ids: {})
    (line,) = results.results([_work()])
    assert (line.plain_title, line.copies, line.available) == ("گلستان", None, 0)


@pytest.mark.parametrize("kind", ["record", "work", "house", "organisation", "space", "course", "event", "vacancy"])
def test_what_is_found_leads_to_its_page(kind: str) -> None:
    url = results.url_of(kind, 17, {"code": "KILN-1"})
    page = resolve(url)
    assert page.url_name == kind
    assert set(page.kwargs.values()) <= {17, "KILN-1"}
    assert len(page.kwargs) == 1
    assert results.icon_of(kind) != "mixed", "each kind has a picture of its own"
