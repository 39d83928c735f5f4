"""Readers' journeys in a real browser: three languages, phone and desktop, both themes, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LANGUAGES, SIZES, Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Window = Callable[..., Reader]
_QUERIES = {"fa": "شاهنامه", "vi": "truyen kieu", "en": "library night"}


def test_a_reader_finds_a_book_and_where_it_is(reader_of: Window) -> None:
    for language in LANGUAGES:
        for size in SIZES:
            reader = reader_of(language, size)
            page = reader.go("/")
            page.locator("#q").fill(_QUERIES[language])
            page.locator("#q").press("Enter")
            page.wait_for_url(re.compile("/search"))
            reader.check("results")
            page.locator(".result__title a").first.click()
            page.wait_for_url(re.compile(r"/records/\d+"))
            reader.check("record")
            expect(page.locator(".table tbody tr")).to_have_count(2)
            page.get_by_role("link", name=re.compile("Cite|استناد|Trích dẫn")).click()
            expect(page.locator("dialog[open] cite").first).to_be_visible()
            reader.check("citations")
            page.keyboard.press("Escape")
            expect(page.locator("dialog[open]")).to_have_count(0)


def test_every_public_page_in_every_language(reader_of: Window) -> None:
    paths = ["/", "/search", "/search?q=zzzqqqxx", "/houses", "/houses?view=map", "/houses/NA-LIB", "/organisations"]
    paths += ["/organisations/NA-AUTH", "/about", "/offline", "/nothing", "/authors/Manguel, Alberto"]
    for language, size, theme in (("fa", "phone", "dark"), ("vi", "desktop", "light"), ("en", "phone", "light")):
        reader = reader_of(language, size)
        reader.context.add_cookies([{"name": "theme", "value": theme, "url": reader.site}])
        for path in paths:
            if path == "/nothing":
                reader.page.goto(reader.site + path)
                reader.complaints = [text for text in reader.complaints if "404" not in text]
                reader.check(path)
            else:
                reader.go(path)


def test_suggestions_by_keyboard(reader_of: Window) -> None:
    reader = reader_of("vi", "phone")
    page = reader.go("/")
    box = page.locator("#q")
    box.press_sequentially("truye")
    option = page.locator("[role=option]").first
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    reader.check("suggestions")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("."))
    box.press("Enter")
    page.wait_for_url(re.compile(r"/(records|works)/\d+"))


def test_facets_are_set_undone_and_survive_going_back(reader_of: Window) -> None:
    reader = reader_of("en", "desktop")
    page = reader.go("/search?kind=record")
    before = page.locator("article.result").count()
    page.locator(".facet", has_text="Vietnamese").first.click()
    page.wait_for_url(re.compile("language=vie"))
    expect(page.locator("article.result")).to_have_count(2)
    reader.check("narrowed")
    page.locator(".applied .chip", has_text="Vietnamese").click()
    page.wait_for_url(re.compile(r"/search\?kind=record$"))
    expect(page.locator("article.result")).to_have_count(before)
    page.go_back()
    expect(page.locator("article.result")).to_have_count(2)


def test_language_theme_and_calendar_are_chosen_and_stay(reader_of: Window) -> None:
    reader = reader_of("en", "phone")
    page = reader.go("/about")
    page.locator("details[data-menu] summary").first.click()
    reader.check("menu")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    reader.check("dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("details[data-menu] summary").first.click()
    page.get_by_role("button", name="فارسی").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    reader.check("persian")


def test_everything_works_before_scripts_arrive(reader_of: Window) -> None:
    reader = reader_of("fa", "phone", java_script_enabled=False)
    page = reader.page
    page.goto(reader.site + "/")
    page.locator("#q").fill("بوف کور")
    page.locator(".search__go").first.click()
    page.wait_for_url(re.compile("/search"))
    page.locator(".result__title a").first.click()
    page.wait_for_url(re.compile("/records/"))
    assert page.locator("noscript cite, noscript").count()
    page.goto(reader.site + "/houses/YZ-LIB")
    page.locator("form[action='/preferences'] button.button").last.click()
    page.goto(reader.site + "/records/1")
    page.locator("details[data-menu] summary").first.click()
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_nearest_copy_comes_first_from_my_house(reader_of: Window) -> None:
    reader = reader_of("en", "desktop")
    page = reader.go("/houses/YZ-LIB")
    page.get_by_role("button", name="Make it my house").click()
    page.wait_for_load_state()
    page.goto(reader.site + "/search?q=library+night")
    page.locator(".result__title a").first.click()
    page.wait_for_url(re.compile("/records/"))
    assert "Yazd" in page.locator(".table tbody tr").first.inner_text()
    reader.check("nearest")


def test_from_the_front_page_to_the_nearest_copy_without_a_mouse(reader_of: Window) -> None:
    reader = reader_of("en", "desktop")
    page: Any = reader.page
    page.goto(reader.site + "/")

    def tab_to(selector: str) -> None:
        """Step on until this has the focus; whatever has it on the way shows it."""
        for _step in range(80):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                    const at = document.activeElement;
                    if (at === document.body) return true; // past the last link, before the first
                    const frame = at.closest("form.search") ?? at;
                    const style = getComputedStyle(at);
                    return style.outlineStyle !== "none" || getComputedStyle(frame).boxShadow !== "none";
                }"""
            )
            assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the focus never comes to {selector}")

    tab_to(".skip")
    tab_to("#q")
    page.keyboard.type("library night")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    tab_to("[href='#found']")  # not through every facet
    page.keyboard.press("Enter")
    tab_to(".result__title a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/records/\d+"))
    tab_to("#nearest")
    page.keyboard.type("Yazd C")
    tab_to(".nearest button")
    page.keyboard.press("Enter")
    expect(page.locator("#nearest")).to_have_value("YZ-LIB")
    assert "Yazd" in page.locator(".table tbody tr").first.inner_text()
    reader.check("the nearest copy")


def test_a_first_visit_weighs_less_than_a_hundred_kilobytes_besides_its_fonts(reader_of: Window) -> None:
    """Bytes as they come over the line, everything that the browser fetches by itself. Fonts are kept for a year."""
    reader = reader_of("fa", "phone")
    page = reader.page
    devtools = reader.context.new_cdp_session(page)
    devtools.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    devtools.on(
        "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])})
    )
    page.goto(reader.site + "/", wait_until="networkidle")
    fetched = {name: size for name, size in sizes.items() if kinds.get(name) != "Font"}
    assert {"Document", "Stylesheet", "Script"} <= set(kinds.values())
    assert sum(fetched.values()) < 100 * 1024, sorted(fetched.values())


def test_the_design_page_is_accessible_in_all_six_dresses(reader_of: Window) -> None:
    reader_of("en", "desktop").go("/design")
    reader_of("fa", "phone").go("/design?only=fa-dark")


@pytest.mark.parametrize(("language", "size"), [("vi", "phone"), ("fa", "desktop")])
def test_nothing_moves_while_a_page_arrives(reader_of: Window, language: str, size: str) -> None:
    reader = reader_of(language, size)
    page: Any = reader.page
    for path in ("/", "/search?q=manguel", "/records/1", "/houses", "/houses/NA-LIB", "/accounts/login/"):
        page.goto(reader.site + path)
        page.wait_for_timeout(400)
        shift = page.evaluate(
            """() => new Promise((done) => {
                let total = 0;
                new PerformanceObserver((list) => {
                    for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
                }).observe({ type: "layout-shift", buffered: true });
                setTimeout(() => done(total), 300);
            })"""
        )
        assert shift < 0.05, path


def test_a_page_read_lately_opens_without_a_network_and_others_say_why_not(reader_of: Window) -> None:
    reader = reader_of("en", "phone", service_workers="allow")
    page = reader.page
    page.goto(reader.site + "/about")
    page.evaluate(
        """() => new Promise((done) => {
            if (navigator.serviceWorker.controller) done();
            else navigator.serviceWorker.addEventListener("controllerchange", () => done());
        })"""
    )
    page.goto(reader.site + "/privacy")
    expect(page.locator("h1")).to_have_text("Privacy")
    reader.context.set_offline(True)
    page.goto(reader.site + "/privacy")
    expect(page.locator("h1")).to_have_text("Privacy")
    page.goto(reader.site + "/houses")
    expect(page.locator("h1")).to_have_text("No connection")
    # The shell is there too: the page wears its styles, its menu opens.
    assert page.evaluate("document.styleSheets.length") == 1
    page.locator("details[data-menu] summary").first.click()
    expect(page.locator(".menu__panel").first).to_be_visible()
