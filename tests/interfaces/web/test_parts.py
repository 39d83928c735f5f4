"""Covers, maps, pagers, assets and wishes: the parts of pages, without pages."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import brotli
import polib
import pytest
from django.test import Client, RequestFactory

import khaneh
from khaneh.interfaces.web import assets, covers, maps, paging, patterns, reader, wording
from khaneh.interfaces.web.accounts.templatetags.accounts import browser_name
from khaneh.interfaces.web.templatetags import khaneh as filters
from khaneh.kernel.labels import Label

PACKAGE = Path(khaneh.__file__).parent


def test_a_book_always_wears_the_same_cover() -> None:
    assert covers.cover("بوف کور", "صادق هدایت", "per") == covers.cover("بوف کور", "صادق هدایت", "per")


def test_covers_follow_the_script_of_the_title() -> None:
    assert covers.cover("بوف کور", "", "per")[4:6] == ("fa", "rtl")
    assert covers.cover("الأيام", "", "ara")[4:6] == ("ar", "rtl")
    assert covers.cover("Số đỏ", "", "vie")[4:6] == ("vi", "ltr")
    # A romanised record of a Persian book is read from left to right.
    assert covers.cover("Būf-i kūr", "", "per").direction == "ltr"


def test_all_designs_and_inks_are_worn() -> None:
    made = [covers.cover(f"Title {n}", "Somebody", "eng") for n in range(400)]
    assert {cover.design for cover in made} == set(range(covers.DESIGNS))
    assert {cover.ink for cover in made} == set(range(covers.INKS))


def test_patterns_in_the_folder_are_what_is_computed() -> None:
    for name, draw in patterns.PATTERNS.items():
        assert (patterns.FOLDER / f"{name}.svg").read_text() == draw()


def _square(code: str, level: int, west: float, south: float, size: float) -> dict[str, Any]:
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"geometry": geometry, "properties": {"thing": "region", "code": code, "name": code, "level": level}}


def _house(code: str, longitude: float, latitude: float) -> dict[str, Any]:
    properties = {"thing": "house", "code": code, "name": code, "kind": "bookmobile"}
    return {"geometry": {"type": "Point", "coordinates": [longitude, latitude]}, "properties": properties}


def _map(**more: Any) -> list[maps.Drawing]:
    features = [_square("a", 1, 0, 0, 4), _square("a-1", 2, 0, 0, 2), _square("b", 1, 50, 20, 4)]
    features += [_house("in-a", 1, 1), _house("in-b", 52, 22), _house("just-outside-b", 55, 22)]
    return maps.drawings({"features": features}, libraries=frozenset({"bookmobile"}), **more)


def test_each_house_is_drawn_on_the_map_of_its_province() -> None:
    drawn = {drawing.code: {point.code for point in drawing.points} for drawing in _map()}
    assert drawn == {"a": {"in-a"}, "b": {"in-b", "just-outside-b"}}


def test_north_is_up_and_everything_is_inside_the_frame() -> None:
    for drawing in _map():
        for point in drawing.points:
            assert 0 <= point.x <= drawing.width
            assert 0 <= point.y <= drawing.height
    south, north = maps.mercator(0, 10)[1], maps.mercator(0, 20)[1]
    assert north < south


def test_the_chosen_house_is_marked() -> None:
    assert [point.code for drawing in _map(chosen="in-a") for point in drawing.points if point.chosen] == ["in-a"]


def test_tiles_cover_the_drawing_when_a_server_is_named() -> None:
    assert not _map()[0].tiles
    (drawing, _other) = _map(tile_url="https://tiles.example/{z}/{x}/{y}.png")
    assert 1 <= len(drawing.tiles) <= 24
    assert min(tile.x for tile in drawing.tiles) <= 0
    assert max(tile.x + tile.size for tile in drawing.tiles) >= drawing.width - 0.1
    assert all(tile.url.startswith("https://tiles.example/") for tile in drawing.tiles)


def test_mercator_has_the_corners_of_its_standard() -> None:
    assert maps.mercator(-180, 0) == (0, 0.5)
    assert math.isclose(maps.mercator(0, 85.0511287798)[1], 0, abs_tol=2e-3)


@pytest.mark.parametrize(
    ("asked", "total", "shown"),
    [
        ("1", 0, [1]),
        ("1", 41, [1, 2, 3]),
        ("5", 200, [1, 0, 4, 5, 6, 0, 10]),
        ("1", 80, [1, 2, 3, 4]),
        ("99", 60, [1, 2, 3]),
        ("۳", 60, [1, 2, 3]),
    ],
)
def test_pager_offers_the_ends_and_the_neighbours(asked: str, total: int, shown: list[int]) -> None:
    made = paging.pager(RequestFactory().get("/search", {"q": "x", "page": asked}), total=total, size=20)
    assert [0 if step.gap else step.number for step in made.steps] == shown


def test_pager_keeps_the_question_and_forgets_the_language() -> None:
    made = paging.pager(RequestFactory().get("/search", {"q": "x", "lang": "fa"}), total=60, size=20)
    assert made.next == "/search?q=x&page=2"
    assert made.previous == ""


@pytest.mark.parametrize("asked", ["", "0", "-1", "abc", "9" * 30, "½"])
def test_a_strange_page_number_is_the_first_page(asked: str) -> None:
    assert paging.page_number(RequestFactory().get("/", {"page": asked})) == 1


def test_numbers_and_years_follow_the_reader() -> None:
    with reader.reading(reader.Reader(language="fa")):
        assert filters.number(1234) == "۱٬۲۳۴"
        assert filters.year(1937) == "۱۳۱۶ (۱۹۳۷)"
        assert filters.name(Label("a", "ب", "c")) == "ب"
    with reader.reading(reader.Reader(language="vi")):
        assert filters.number(1234.5, 1) == "1.234,5"
        assert filters.year(1937) == "1937"


def test_json_ld_cannot_close_its_own_element() -> None:
    made = filters.json_ld({"name": "</script><script>alert(1)</script>&"})
    assert made.count("</script>") == 1
    assert "\\u003c/script\\u003e" in made


def test_languages_have_names_in_three_languages() -> None:
    assert [wording.language_name("per", language) for language in ("en", "fa", "vi")] == [
        "Persian",
        "فارسی",
        "Tiếng Ba Tư",
    ]
    assert wording.language_name("vie", "vi") == "Tiếng Việt"
    assert wording.language_name("fre", "en") == "French"
    assert wording.script_name("Arab", "en") == "Arabic"


def test_an_asset_is_kept_for_ever_and_packed(client: Client) -> None:
    response = client.get(assets.url(assets.STYLESHEET), headers={"accept-encoding": "gzip, br"})
    assert response["Content-Encoding"] == "br"
    assert "immutable" in response["Cache-Control"]
    assert brotli.decompress(response.content).decode() == assets.stylesheet()


def test_an_old_asset_address_still_answers_but_not_for_ever(client: Client) -> None:
    response = client.get("/assets/000000000000/js/app.js")
    assert response.status_code == 200
    assert "immutable" not in response["Cache-Control"]


@pytest.mark.parametrize("name", ["../middleware.py", "css/../../../assets.py", "nothing.css", "css"])
def test_no_asset_outside_the_folder(client: Client, name: str) -> None:
    assert assets.load(name) is None
    assert client.get(f"/assets/x/{name}").status_code == 404


def test_wishes_are_kept_and_the_reader_goes_back(client: Client) -> None:
    response = client.post("/preferences", {"theme": "dark", "language": "vi", "next": "/houses?kind=x&lang=fa"})
    assert response["Location"] == "/houses?kind=x"
    assert client.cookies["theme"].value == "dark"
    assert client.cookies["language"].value == "vi"
    assert client.cookies["theme"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_wishes_never_lead_elsewhere(client: Client, wanted: str) -> None:
    assert client.post("/preferences", {"theme": "dark", "next": wanted})["Location"] == "/"


def test_unknown_wishes_are_not_kept(client: Client) -> None:
    client.post("/preferences", {"theme": "pink", "language": "xx", "calendar": "mayan"})
    assert not {"theme", "language", "calendar"} & set(client.cookies)
    assert client.get("/preferences").status_code == 405


@pytest.mark.parametrize("path", ["/sw.js", "/robots.txt", "/opensearch.xml", "/manifest.webmanifest"])
def test_files_for_browsers(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    if path.endswith(".xml"):
        ET.fromstring(response.content)
    if path.endswith(".webmanifest"):
        assert {"name", "start_url", "icons", "display"} <= response.json().keys()


@pytest.mark.parametrize("language", ["fa", "vi"])
def test_a_text_has_one_translation_wherever_it_is_said(language: str) -> None:
    """Django keeps one catalogue of all: of two translations one page would show the other's. A context tells texts apart."""
    said: dict[tuple[str | None, str], set[str]] = {}
    for path in sorted(PACKAGE.glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            said.setdefault((entry.msgctxt, entry.msgid), set()).add(entry.msgstr or str(entry.msgstr_plural))
    assert len(said) > 100
    assert not {text: words for text, words in said.items() if len(words) > 1}


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("curl/8.1", "curl/8.1"),
    ],
)
def test_a_session_names_its_browser(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


def test_a_cover_sets_long_words_smaller_instead_of_breaking_them() -> None:
    assert covers.cover("Innovation and Entrepreneurship", "Drucker, Peter F.", "eng").long
    assert not covers.cover("Truyện Kiều", "Nguyễn Du", "vie").long
