"""Every public page, in every language: it answers, says its language, and keeps to the Content-Security-Policy and to its budgets."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khaneh.interfaces.web import assets

pytestmark = pytest.mark.django_db

# Address and the most statements that it may cost.
PAGES = {
    "/": 12,
    "/search": 8,
    "/search?q=vinh": 8,
    "/search?q=zzzqqq": 8,
    "/houses": 20,
    "/houses?view=map": 24,
    "/houses?region=vn-na&kind=libraries&open=1": 20,
    "/houses/NA-LIB": 40,
    "/organisations": 8,
    "/organisations/NA-AUTH": 10,
    "/about": 2,
    "/privacy": 2,
    "/accessibility": 2,
    "/offline": 2,
}
LANGUAGES = ("fa", "vi", "en")
_HOME_LIMIT = 100 * 1024


def _soup(client: Client, path: str, language: str = "en") -> BeautifulSoup:
    client.cookies["language"] = language
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html5lib")


@pytest.fixture
def pages(network: None, client: Client) -> dict[tuple[str, str], Any]:
    """Every page in every language, fetched once."""
    found = {}
    for language in LANGUAGES:
        client.cookies["language"] = language
        for path in PAGES:
            found[path, language] = client.get(path)
    return found


def test_every_page_answers_in_its_language(pages: dict[tuple[str, str], Any]) -> None:
    for (path, language), response in pages.items():
        assert response.status_code == 200, path
        html = BeautifulSoup(response.content, "html5lib").html
        assert html is not None
        assert html["lang"] == language
        assert html["dir"] == ("rtl" if language == "fa" else "ltr")
        assert response["Content-Language"] == language


def test_no_inline_style_or_script_on_any_page(pages: dict[tuple[str, str], Any]) -> None:
    for (path, _language), response in pages.items():
        soup = BeautifulSoup(response.content, "html5lib")
        assert not soup.select("[style], style"), path
        assert not [
            script for script in soup.select("script:not([src])") if script.get("type") != "application/ld+json"
        ], path
        handlers = [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith(("on", "hx-on"))]
        assert not handlers, path
        assert not soup.select("a[href^='javascript:']"), path


def test_the_policy_allows_nothing_unsafe(pages: dict[tuple[str, str], Any]) -> None:
    for response in pages.values():
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy


def test_every_page_has_one_heading_a_title_and_unique_ids(pages: dict[tuple[str, str], Any]) -> None:
    for (path, _language), response in pages.items():
        soup = BeautifulSoup(response.content, "html5lib")
        assert soup.title is not None
        assert soup.title.get_text(strip=True), path
        assert len(soup.select("h1")) == 1, path
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len(set(ids)), path
        for label in soup.select("label[for]"):
            assert label["for"] in ids, path
        for tag in soup.select("[aria-labelledby]"):
            assert set(str(tag["aria-labelledby"]).split()) <= set(ids), path


def test_alternates_and_canonical(client: Client) -> None:
    soup = _soup(client, "/about?lang=fa", "en")
    assert {link["hreflang"] for link in soup.select("link[hreflang]")} == {"fa", "vi", "en", "x-default"}
    assert str(soup.select_one("link[rel=canonical]")["href"]).endswith("/about")  # type: ignore[index]
    assert soup.html["lang"] == "fa"  # type: ignore[index]


def test_every_word_of_a_page_is_translated(pages: dict[tuple[str, str], Any]) -> None:
    for path in ("/about", "/privacy", "/accessibility", "/offline"):
        texts = {
            language: BeautifulSoup(pages[path, language].content, "html5lib").main.get_text()  # type: ignore[union-attr]
            for language in LANGUAGES
        }
        assert len(set(texts.values())) == 3, path


def test_statements_are_bounded(network: None, client: Client, django_assert_max_num_queries: Any) -> None:
    for path, most in PAGES.items():
        with django_assert_max_num_queries(most):
            client.get(path)


def test_a_list_of_forty_costs_what_a_list_of_one_costs(network: None, client: Client) -> None:
    from django.db import connection

    costs = []
    for path in ("/houses?text=Provincial", "/houses"):
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            client.get(path)
        costs.append(len(caught))
    assert costs[1] <= costs[0] + 1


def test_the_first_page_is_light(network: None, client: Client) -> None:
    """What a first visit fetches with fonts cached: the page, the stylesheet, the icons and the modules, packed."""
    page = client.get("/", headers={"accept-encoding": "gzip"})
    size = len(page.content)
    soup = BeautifulSoup(gzip.decompress(page.content), "html5lib")
    names = {str(tag.get("href") or tag.get("src")) for tag in soup.select("link[rel=stylesheet], script[src]")}
    names |= {f"js/{path.name}" for path in (assets.ROOT / "js").glob("*.js")}
    names |= {"img/icons.svg", "patterns/khatam.svg", "patterns/shamsa.svg", "patterns/arch.svg"}
    for name in {name.split(f"/assets/{assets.version()}/")[-1] for name in names}:
        asset = assets.load(name)
        assert asset is not None, name
        size += len(asset.brotli or asset.plain)
    assert size < _HOME_LIMIT


def test_each_language_fetches_its_own_letters_first(client: Client) -> None:
    fonts = [str(link["href"]) for link in _soup(client, "/about", "fa").select("link[rel=preload]")]
    assert len(fonts) == 1
    assert "vazirmatn" in fonts[0]
    assert any("vietnamese" in str(link["href"]) for link in _soup(client, "/about", "vi").select("link[rel=preload]"))


def test_the_theme_stands_in_the_page_itself(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert _soup(client, "/about").html["data-theme"] == "dark"  # type: ignore[index]
    client.cookies["theme"] = "auto"
    assert "data-theme" not in _soup(client, "/about").html.attrs  # type: ignore[union-attr]


def test_facets_can_be_set_and_undone(network: None, client: Client) -> None:
    soup = _soup(client, "/search?q=nghe+an")
    everything = int(re.sub(r"\D", "", soup.select_one("[role=status]").get_text().split("of")[-1]))  # type: ignore[union-attr]
    kind = soup.select_one(".facet[href*='kind=organisation']")
    assert kind is not None
    narrowed = _soup(client, str(kind["href"]))
    chosen = narrowed.select_one(".facet[aria-current=true]")
    assert chosen is not None
    assert len(narrowed.select("article.result")) < everything
    undone = _soup(client, str(chosen["href"]))
    assert len(undone.select("article.result")) == len(soup.select("article.result"))


def test_htmx_gets_only_the_answer(network: None, client: Client) -> None:
    response = client.get("/search?q=vinh", headers={"hx-request": "true", "hx-target": "results"})
    assert b"<html" not in response.content
    assert b'id="results"' in response.content
    assert "HX-Target" in response["Vary"]


def test_a_typed_range_of_years_becomes_a_filter(client: Client, network: None) -> None:
    assert client.get("/search?q=a&from=1990&to=2000")["Location"] == "/search?q=a&year=1990..2000"
    client.cookies["language"] = "fa"
    assert client.get("/search", {"q": "a", "from": "۱۳۸۰", "to": ""})["Location"] == "/search?q=a&year=2001.."


def test_strange_questions_are_answered(network: None, client: Client) -> None:
    for query in (
        "(((",
        '"',
        "a" * 5000,
        "\u202e\u0000x",
        "<script>alert(1)</script>",
        "title:",
        "year:..",
        "AND OR NOT",
    ):
        response = client.get(
            "/search", {"q": query, "page": "-1", "sort": "x", "year": "..", "kind": "<b>", "house": "'"}
        )
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_suggestions_are_options(network: None, client: Client) -> None:
    soup = BeautifulSoup(client.get("/suggest", {"q": "yaz"}).content, "html5lib")
    options = soup.select("[role=option]")
    assert options
    assert all(option["href"] and option["data-text"] for option in options)
    assert client.get("/suggest", {"q": "yaz", "format": "json"}).json()[0] == "yaz"


def test_without_an_index_pages_say_so(own_index: None, client: Client) -> None:
    assert b"The index is being built" in client.get("/search?q=x").content
    assert client.get("/").status_code == 200


def test_a_house_says_when_it_is_open_and_what_is_in_it(network: None, client: Client) -> None:
    soup = _soup(client, "/houses/NA-LIB")
    assert len(soup.select("dl.hours > div")) >= 7
    assert soup.select(".map__point--chosen")
    assert '"@type":"Library"' in soup.select_one("script[type='application/ld+json']").string  # type: ignore[union-attr]


def test_my_house_comes_first(network: None, client: Client) -> None:
    client.post("/preferences", {"house": "YZ-LIB", "next": "/"})
    cards = _soup(client, "/").select(".house-card h2")
    assert cards
    assert "Yazd" in cards[0].get_text()
    client.post("/preferences", {"house": "gone-for-ever", "next": "/"})
    assert client.get("/").status_code == 200


def test_missing_things_are_a_page(network: None, client: Client) -> None:
    for path in ("/nothing", "/houses/none", "/organisations/none", "/records/999999999", "/works/999999999"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert b"/search" in response.content


def test_sitemaps_are_well_formed_and_lead_somewhere(network: None, client: Client) -> None:
    index = ET.fromstring(client.get("/sitemap.xml").content)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    parts = [node.text or "" for node in index.iter(f"{space}loc")]
    assert len(parts) >= 4
    for part in parts:
        urls = ET.fromstring(client.get("/" + part.split("/", 3)[3]).content)
        locations = [node.text or "" for node in urls.iter(f"{space}loc")]
        if locations:
            assert client.get("/" + locations[-1].split("/", 3)[3]).status_code == 200
    assert client.get("/sitemap/records/17.xml").status_code == 404


def test_every_link_of_the_frame_leads_somewhere(network: None, client: Client) -> None:
    soup = _soup(client, "/about")
    for path in {str(link["href"]) for link in soup.select("a[href^='/'], link[href^='/']")}:
        assert client.get(path).status_code in {200, 302}, path  # 302: an account asks who is there


def test_when_everything_fails_a_page_still_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("for a test")

    monkeypatch.setattr("khaneh.domains.network.queries.houses", broken)
    client.raise_request_exception = False
    response = client.get("/houses")
    assert response.status_code == 500
    assert b"Something broke on our side" in response.content
    assert b"for a test" not in response.content
