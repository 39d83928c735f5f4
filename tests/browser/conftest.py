"""A real browser in front of a small library: three languages, two widths, and everything the pages complain about."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from tests.interfaces.web import book_data

CHROMIUM = (
    os.environ.get("KHANEH_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
)
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
LANGUAGES = ("fa", "vi", "en")
PATIENCE = 60_000  # milliseconds: how long a busy machine may take for what a test waits to see
# What axe looks for, and that it tells of nothing else: to describe what is right as well takes it as long again.
# Stylesheets are not fetched again for a rule that is not asked for.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
AXE = Axe().axe_script
# Everything on a page that axe can have something to say about, save the words themselves: elements in their order, what they are to a
# reader, how they are dressed, whether they say anything. Two pages that are alike in all of it differ in their language alone (the
# sign of the house says its Latin name beside the Persian one).
SKELETON = """() => [
  document.title !== "", document.documentElement.lang !== "",
  ...Array.from(document.body.querySelectorAll(":not(.brand__other)"), (one) => [
    one.tagName, one.className.baseVal ?? one.className, one.hidden, one.disabled, one.open, one.type, one.tabIndex, one.getAttribute("style"),
    one.getAttribute("role"), one.getAttributeNames().filter((name) => !["dir", "lang", "hreflang"].includes(name)),
    ["alt", "title", "aria-label", "placeholder", "lang"].map((name) => Boolean(one.getAttribute(name))),
    Array.from(one.childNodes).some((node) => node.nodeType === 3 && node.data.trim() !== ""),
  ].join()),
].join("\\n")"""
_WITHOUT_FAULT: set[bytes] = set()


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server with a dozen houses, six books and their index."""
    # The server's threads would keep their connections, and with them the database, beyond the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path
    book_data.have(tmp_path)
    return str(live_server.url)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The browsers' driver, one for all tests of a file."""
    if not CHROMIUM:
        pytest.skip("no Chromium: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        # It keeps an event loop in this thread; the statements of the tests themselves are no danger to it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        yield driver
        connections.close_all()  # those of this loop, which nobody sees once it has ended


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests of a file: windows have profiles of their own, and share nothing."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium: Browser, site: str) -> Iterator[Browser]:
    """Chromium in front of the site; the windows that a test leaves open are closed."""
    yield chromium
    for context in chromium.contexts:
        context.close()


class Reader:
    """One reader's browser window, and what went wrong in it."""

    def __init__(self, browser: Browser, site: str, language: str, size: str, **more: Any) -> None:
        width, height = SIZES[size]
        self.language, self.size, self.site = language, size, site
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, **{"service_workers": "block", **more}
        )
        self.context.add_cookies([{"name": "language", "value": language, "url": site}])
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        # The driver, not the page, keeps service workers out.
        if message.type in {"error", "warning"} and "Service Worker" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        """Open a page and check what must hold for every page."""
        self.page.goto(self.site + path)
        self.check(path)
        return self.page

    def _arrived(self) -> None:
        """Wait until a page is there as a whole. Pages forbid the driver's own waiting for an expression: it would compile it in them."""
        for _ in range(600):
            try:
                if self.page.evaluate("document.readyState === 'complete' && document.body !== null"):
                    return
            except Error as gone:  # the page that was asked has made room for the next
                if "context was destroyed" not in str(gone):
                    raise
            self.page.wait_for_timeout(100)
        raise AssertionError("the page does not arrive")

    def check(self, where: str) -> None:
        """No sideways scrolling, no violation of axe's rules, nothing in the console."""
        place = f"{where} {self.language} {self.size}"
        # A click that leads elsewhere returns before the next page has its first element.
        self._arrived()
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{place}: {wide} px too wide"
        # What stays at the window's lower edge covers links only until the reader scrolls: measured on the whole page at once.
        self.page.evaluate("document.fonts.ready.then(() => true)")
        tall = self.page.evaluate("document.documentElement.scrollHeight") + 300
        self.page.set_viewport_size({"width": SIZES[self.size][0], "height": tall})
        faults = self._faults()
        self.page.set_viewport_size({"width": SIZES[self.size][0], "height": SIZES[self.size][1]})
        assert not faults, f"{place}: {faults}"
        assert not self.complaints, f"{place}: {self.complaints}"

    def _faults(self) -> list[tuple[str, list[str]]]:
        """What axe finds. A page that was found without fault in this size and theme is not examined again in another language."""
        dress = (self.size, self.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        examined = hashlib.sha256(repr((dress, self.page.evaluate(SKELETON))).encode()).digest()
        if examined in _WITHOUT_FAULT:
            return []
        self.page.evaluate(AXE)
        found = self.page.evaluate("(rules) => axe.run(document, rules).then((results) => results.violations)", RULES)
        if not found:
            _WITHOUT_FAULT.add(examined)
        return [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]


@pytest.fixture
def reader_of(browser: Browser, site: str) -> Iterator[Callable[..., Reader]]:
    """Opens a window for a language and a size."""
    opened: list[Reader] = []

    def open_window(language: str, size: str = "desktop", **more: Any) -> Reader:
        while opened:
            opened.pop().context.close()
        opened.append(Reader(browser, site, language, size, **more))
        return opened[-1]

    yield open_window
    for reader in opened:
        reader.context.close()
