"""A record's page, its exports and its neighbours, over books taken in through the importer."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from bs4 import BeautifulSoup
from django.test import Client

from khaneh.domains.discovery.queries import search
from khaneh.domains.discovery.types import SearchRequest
from khaneh.formats.marc.exports.files import FORMS
from tests.interfaces.web import book_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def kieu(own_index: None, tmp_path: Path) -> int:
    """The number of the record of Truyện Kiều."""
    book_data.have(tmp_path)
    return search(SearchRequest(text="Truyện Kiều", filters={"kind": ("record",)})).hits[0].key


def _soup(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


def test_a_record_says_what_it_is_where_it_is_and_whether_one_can_have_it(
    kieu: int, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40):
        soup = _soup(client, f"/records/{kieu}")
    assert soup.select_one("h1").get_text(strip=True) == "Truyện Kiều"  # type: ignore[union-attr]
    assert len(soup.select(".table tbody tr")) == 2
    assert "2 copies available now" in soup.get_text()
    data = json.loads(soup.select_one("script[type='application/ld+json']").string or "")  # type: ignore[union-attr]
    assert data["@type"] == "Book"
    assert data["author"][0]["name"] == "Nguyễn Du"
    assert len(data["offers"]) == 2
    assert len(soup.select("#cite-dialog cite")) == 3  # Vancouver emphasises nothing
    assert not soup.select("[style]")


def test_copies_are_nearest_first_from_the_reader_s_house(kieu: int, client: Client) -> None:
    for code in ("YZ-LIB", "NA-LIB"):
        client.cookies["house"] = code
        first = _soup(client, f"/records/{kieu}").select(".table tbody tr a")[0]
        assert first["href"] == f"/houses/{code}"


def test_links_of_a_record_lead_somewhere(kieu: int, client: Client) -> None:
    soup = _soup(client, f"/records/{kieu}")
    paths = {str(link["href"]) for link in soup.select("main a[href^='/']")}
    assert any(path.startswith("/authors/") for path in paths)
    assert any(path.startswith("/subjects/") for path in paths)
    for path in paths:
        answer = client.get(path)
        # To ask for a book, or to put it on a list of one's own, one says who one is.
        own = path.startswith(("/account/requests/new?", "/account/lists/add?"))
        asks = own and answer.get("Location", "").startswith("/accounts/login/")
        assert answer.status_code == 200 or asks, path


def test_why_it_is_shown_so_names_the_giver_of_each_field(kieu: int, client: Client) -> None:
    rows = _soup(client, f"/records/{kieu}/origin").select("table tbody tr")
    assert len(rows) >= 6
    assert all(row.select("td")[-1].get_text(strip=True) for row in rows)


def test_exports_are_what_they_say(kieu: int, client: Client) -> None:
    found = {form: client.get(f"/records/{kieu}/export/{form}") for form in FORMS}
    assert all(response.status_code == 200 for response in found.values())
    assert found["marc"].content.endswith(b"\x1d")
    assert int(found["marc"].content[:5]) == len(found["marc"].content)
    for form in ("marcxml", "mods", "dc"):
        assert "Truyện Kiều" in "".join(ET.fromstring(found[form].content).itertext())
    assert bibtexparser.parse_string(found["bibtex"].content.decode()).entries[0]["year"] == "1998"
    assert rispy.loads(found["ris"].content.decode())[0]["title"] == "Truyện Kiều"
    assert client.get(f"/records/{kieu}/export/docx").status_code == 404


def test_an_author_without_books_is_not_found(kieu: int, client: Client) -> None:
    assert client.get("/authors/Nobody At All").status_code == 404
    assert client.get("/subjects/nothing").status_code == 404


@pytest.mark.parametrize("typed", ["ahikhli", "aihkhli"])
def test_what_was_typed_on_another_keyboard_finds_its_book_at_once(kieu: int, client: Client, typed: str) -> None:
    """The keys of شاهنامه on a Latin keyboard; a text that nothing can be made of stays what it is."""
    answer = client.get("/search", {"q": typed, "kind": "record"}, follow=True)
    soup = BeautifulSoup(answer.content, "html.parser")
    found = typed == "ahikhli"
    assert bool(answer.redirect_chain) is found
    assert bool(soup.select(".result")) is found
    if found:
        assert soup.select_one("#q")["value"] == "شاهنامه"  # type: ignore[index]
        assert typed in soup.select_one(".notice").get_text()  # type: ignore[union-attr]
        assert soup.select_one(".facet[aria-current='true']")
        again = client.get(answer.redirect_chain[0][0])
        assert again.status_code == 200


def test_telex_finds_its_book_at_once(kieu: int, client: Client) -> None:
    answer = client.get("/search", {"q": "truyeenj kieeuf"}, follow=True)
    assert "Truyện Kiều" in BeautifulSoup(answer.content, "html.parser").select_one(".result__title").get_text()  # type: ignore[union-attr]


def test_the_house_to_start_from_is_chosen_on_the_record_s_page(kieu: int, client: Client) -> None:
    page = _soup(client, f"/records/{kieu}")
    form = page.select_one("form.nearest")
    assert form is not None
    assert {option["value"] for option in form.select("option")} >= {"", "NA-LIB", "YZ-LIB"}
    sent = {"next": form.select_one("[name=next]")["value"], "house": "YZ-LIB"}  # type: ignore[index]
    answer = client.post(str(form["action"]), sent, follow=True)
    assert answer.redirect_chain == [(f"/records/{kieu}#copies", 302)]
    rows = BeautifulSoup(answer.content, "html.parser").select(".table tbody tr")
    assert rows[0].a["href"] == "/houses/YZ-LIB"  # type: ignore[index]
