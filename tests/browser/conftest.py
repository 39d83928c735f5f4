"""A real browser in front of a small library: three languages, two widths, and everything the pages complain about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from khaneh.domains.catalogue import services as catalogue
from khaneh.domains.discovery import services as discovery
from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import to_iso2709
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web import network_data

CHROMIUM = os.environ.get("KHANEH_CHROMIUM") or shutil.which("chromium") or ""
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
# Number, language, title, author, year, subject, summary.
_BOOKS = (
    ("1", "per", "شاهنامه", "فردوسی، ابوالقاسم", "1994", "شعر فارسی", "سرگذشت شاهان و پهلوانان ایران."),
    ("2", "per", "بوف کور", "هدایت، صادق", "1937", "داستان‌های فارسی", ""),
    ("3", "vie", "Truyện Kiều", "Nguyễn Du", "1998", "Thơ Việt Nam", "Chuyện nàng Kiều."),
    ("4", "vie", "Số đỏ", "Vũ Trọng Phụng", "1936", "Tiểu thuyết Việt Nam", ""),
    (
        "5",
        "eng",
        "The library at night",
        "Manguel, Alberto",
        "2006",
        "Libraries",
        "An essay on what libraries are for.",
    ),
    ("6", "eng", "A history of reading", "Manguel, Alberto", "1996", "Books and reading", ""),
)


def _record(number: str, language: str, title: str, author: str, year: str, subject: str, summary: str) -> Record:
    fixed = f"260101s{year}    xx            000 0 {language} d"
    fields = [
        Field("001", value=number),
        Field("003", value="TEST"),
        Field("008", value=fixed),
        Field("100", "1", " ", (("a", author),)),
        Field("245", "1", "0", (("a", title),)),
        Field("260", subfields=(("a", "Somewhere"), ("b", "Somebody"), ("c", year))),
        Field("300", subfields=(("a", "240 p."),)),
        Field("650", " ", "4", (("a", subject),)),
        *([Field("520", subfields=(("a", summary),))] if summary else []),
        Field("952", subfields=(("b", "NA-LIB"), ("c", "GEN"), ("o", f"895 {number}"), ("p", f"B{number}"))),
        Field("952", subfields=(("b", "YZ-LIB"), ("c", "GEN"), ("o", f"895 {number}"), ("p", f"C{number}"))),
    ]
    return Record("00000nam a2200000 a 4500", tuple(fields))


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server with a dozen houses, six books and their index."""
    # The browser's driver keeps an event loop in this thread; the statements of the test itself are no danger to it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    # The server's threads would keep their connections, and with them the database, beyond the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path
    network_data.load()
    path = tmp_path / "books.mrc"
    path.write_bytes(b"".join(to_iso2709(_record(*book)) for book in _BOOKS))
    report = catalogue.import_file(actor=SYSTEM, path=path, house="NA-LIB")
    assert (report.new, report.copies) == (6, 12)
    discovery.rebuild(processes=0)
    return str(live_server.url)


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Chromium, with nothing of an earlier run."""
    if not CHROMIUM:
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield browser
        browser.close()


class Reader:
    """One reader's browser window, and what went wrong in it."""

    def __init__(self, browser: Browser, site: str, language: str, size: str, **more: Any) -> None:
        width, height = SIZES[size]
        self.language, self.size, self.site = language, size, site
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, service_workers="block", **more
        )
        self.context.add_cookies([{"name": "language", "value": language, "url": site}])
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

    def check(self, where: str) -> None:
        """No sideways scrolling, no violation of axe's rules, nothing in the console."""
        place = f"{where} {self.language} {self.size}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{place}: {wide} px too wide"
        # What stays at the window's lower edge covers links only until the reader scrolls: measured on the whole page at once.
        self.page.evaluate("document.fonts.ready.then(() => true)")
        tall = self.page.evaluate("document.documentElement.scrollHeight") + 300
        self.page.set_viewport_size({"width": SIZES[self.size][0], "height": tall})
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        self.page.set_viewport_size({"width": SIZES[self.size][0], "height": SIZES[self.size][1]})
        faults = [
            (fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found.response["violations"]
        ]
        assert not faults, f"{place}: {faults}"
        assert not self.complaints, f"{place}: {self.complaints}"


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
