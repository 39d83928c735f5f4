"""The offline desk in a real browser: installed, cut off, killed, set to a wrong clock, cut off again in the middle of sending; every act is there once."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route, expect

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, Loan, OfflineDevice, OfflineEntry, Request
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Card, Member, MemberCategory
from khaneh.kernel.actor import SYSTEM
from tests.browser.conftest import CHROMIUM, PATIENCE, RULES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSPHRASE = "four quiet herons stand"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = {"fa": ("سیمین‌دخت", "رحیمی‌نژاد"), "vi": ("Quỳnh", "Trương Thị"), "en": ("Zebulina", "Holloway")}


class Tablet:
    """One device with a profile on the disk, which may be killed and started again."""

    def __init__(
        self, playwright: Playwright, site: str, folder: Path, account: Account, language: str, width: int
    ) -> None:
        self.playwright, self.site, self.folder, self.language, self.width = playwright, site, folder, language, width
        self.complaints: list[str] = []
        self.account = account
        self.context: BrowserContext
        self.page: Page
        self.start()

    def start(self, *, offline: bool = False) -> None:
        """Open the browser with what it left on the disk."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), executable_path=CHROMIUM, args=_ARGUMENTS, headless=True, locale=self.language,
            viewport={"width": self.width, "height": 844}, offline=offline,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        # The browser says of every request without a line that it failed; that is what these tests are about.
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.complaints.append(text)

    def sign_in(self) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(self.account.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = self.account.get_session_auth_hash()
        session.save()
        later = datetime.now(UTC).timestamp() + 86_400
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": str(session.session_key),
            "url": self.site,
            "expires": later,
        }
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def open(self) -> None:
        self.page.goto(f"{self.site}/offline-desk/{self.language}/")

    def prepare(self) -> None:
        """Enrolled for the house, with a snapshot and the page on the device."""
        self.sign_in()
        self.open()
        self.page.locator("#name").fill("Tablet")
        self.page.locator("#new-passphrase").fill(PASSPHRASE)
        self.page.locator("#again").fill(PASSPHRASE)
        self.page.locator("#setup-form button").click()
        self.is_up()
        self.page.wait_for_function("navigator.serviceWorker.ready.then((found) => found.active.state === 'activated')")

    def unlock(self) -> None:
        self.page.locator("#passphrase").fill(PASSPHRASE)
        self.page.locator("#unlock-form button").click()
        expect(self.page.locator("#desk")).to_be_visible()

    def cut(self) -> None:
        self.context.set_offline(True)
        expect(self.page.locator("#line")).to_have_attribute("data-state", "down")

    def mend(self) -> None:
        self.context.set_offline(False)

    def is_up(self) -> None:
        expect(self.page.locator("#line")).to_have_attribute("data-state", "up")

    def scan(self, text: str, tone: str) -> None:
        """Scan, and hear what is expected."""
        self.page.locator("#scan").fill(text)
        self.page.locator("#scan").press("Enter")
        expect(self.page.locator("#said [data-tone]")).to_have_attribute("data-tone", tone)

    def done(self) -> None:
        self.page.locator("#done").click()

    def waits(self, count: int) -> None:
        expect(self.page.locator("#unsent")).to_have_attribute("data-count", str(count))

    def kill(self) -> None:
        """kill -9 of every process of this profile."""
        mine = [
            int(path.name)
            for path in Path("/proc").iterdir()
            if path.name.isdecimal() and str(self.folder) in _command(path)
        ]
        assert mine
        for number in mine:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            self.context.close()
        except Error:
            return

    def axe(self) -> None:
        """No violation, nothing too wide, nothing in the console."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{wide} px too wide"
        found = Axe().run(self.page, options=RULES)
        faults = [
            (fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found.response["violations"]
        ]
        assert not faults, faults
        assert not self.complaints, self.complaints


def _command(path: Path) -> str:
    try:
        return (path / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


class Library:
    """Vinh's library with members, cards and the copies B1 to B6."""

    def __init__(self) -> None:
        self.house_id = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
        services.ensure_policies()
        self.account = Account.objects.create_user("librarian@example.org", "a-calm-turquoise-door", name="Librarian")
        people.grant_role(
            actor=SYSTEM, account_id=self.account.pk, role=Role.LIBRARIAN, house_id=self.house_id, now=datetime.now(UTC)
        )
        self.adult = MemberCategory.objects.create(
            code="adult", names={"en": "Adult", "fa": "بزرگسال", "vi": "Người lớn"}
        )
        self.sara, self.lan, self.reza = (
            self.member(*NAMES[code], f"20000000{turn}") for turn, code in enumerate(("en", "vi", "fa"), 10)
        )

    def member(self, given: str, family: str, card: str) -> Member:
        today = datetime.now(UTC).date()
        made = Member.objects.create(
            home_house_id=self.house_id, category=self.adult, state="active", given_name=given, family_name=family,
            birth_date="1990-05-05", joined_on=today - timedelta(days=100), expires_on=today + timedelta(days=200),
        )  # fmt: skip
        Card.objects.create(member=made, barcode=card, issued_at=datetime.now(UTC))
        return made

    def lent(self) -> list[tuple[str, str, str]]:
        """Every loan: barcode, state, who has it."""
        rows = Loan.objects.order_by("lent_at", "pk").values_list("copy__barcode", "state", "member__family_name")
        return [(barcode, state, family or "") for barcode, state, family in rows]


@pytest.fixture
def library(site: str) -> Library:
    return Library()


@pytest.fixture
def tablets(playwright: Playwright, site: str, library: Library, tmp_path: Path) -> Iterator[Any]:
    opened: list[Tablet] = []

    def make(language: str = "en", width: int = 390) -> Tablet:
        folder = tmp_path / f"profile-{len(opened)}"
        opened.append(Tablet(playwright, site, folder, library.account, language, width))
        return opened[-1]

    yield make
    for tablet in opened:
        try:
            tablet.context.close()
        except Error:
            continue


def test_a_day_without_a_line(tablets: Any, library: Library) -> None:
    """Installed, cut off: lend, take back, register, lend to the new member; the page closed and opened without a line; then home."""
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.scan("B2", "good")
    tablet.done()
    tablet.scan("B2", "good")
    tablet.page.locator("#register summary").click()
    for name, value in {"new-card": "2000000099", "given": "Mai", "family": "Trần", "born": "1995-02-03"}.items():
        tablet.page.locator(f"#{name}").fill(value)
    tablet.page.locator("#register-form button").click()
    expect(tablet.page.locator("#member-name")).to_contain_text("Trần")
    tablet.scan("B3", "good")
    tablet.waits(5)
    tablet.page.reload()
    tablet.unlock()
    tablet.waits(5)
    tablet.scan("Trần", "info")
    assert library.lent() == [], "nothing has reached the server"
    tablet.mend()
    tablet.page.locator("#send").click()
    tablet.waits(0)
    assert library.lent() == [("B1", "open", "Holloway"), ("B2", "returned", ""), ("B3", "open", "Trần")]
    mai = Member.objects.get(family_name="Trần")
    assert Card.objects.get(member=mai).barcode == "2000000099"
    assert not Conflict.objects.exists()
    assert not tablet.complaints


def test_killed_and_opened_again(tablets: Any, library: Library) -> None:
    """kill -9 right after an act was acknowledged: it is there, once, and the log goes on."""
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.scan("B2", "good")
    tablet.waits(2)
    tablet.kill()
    tablet.start(offline=True)
    tablet.open()
    tablet.unlock()
    tablet.waits(2)
    tablet.scan("2000000011", "info")
    tablet.scan("B3", "good")
    tablet.waits(3)
    tablet.kill()
    tablet.start()
    # The browser had not yet written the session's cookie when it was killed: somebody signs in again.
    tablet.sign_in()
    tablet.open()
    tablet.unlock()
    tablet.waits(0)
    assert library.lent() == [("B1", "open", "Holloway"), ("B2", "open", "Holloway"), ("B3", "open", "Trương Thị")]
    assert list(OfflineEntry.objects.order_by("number").values_list("number", "outcome")) == [
        (1, "done"), (2, "done"), (3, "done"),
    ]  # fmt: skip


def test_the_line_drops_after_the_server_has_answered(tablets: Any, library: Library) -> None:
    """The server has kept and done everything; the device never hears it, and sends it again."""
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.done()
    tablet.scan("B1", "good")
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    answered: list[int] = []

    def drop(route: Route) -> None:
        answered.append(route.fetch().status)
        with contextlib.suppress(
            Error
        ):  # on a busy machine the page has given up waiting by then, which drops it as well
            route.abort("connectionreset")

    tablet.page.route("**/offline-desk/upload", drop)
    tablet.mend()
    with tablet.page.expect_event("requestfailed", lambda asked: asked.url.endswith("/upload")):
        tablet.page.locator("#send").click()
    expect(tablet.page.locator("#line")).to_have_attribute("data-state", "down")
    assert set(answered) == {200}
    tablet.waits(3)
    assert len(library.lent()) == 2, "the server has done it"
    tablet.page.unroute("**/offline-desk/upload")
    tablet.page.locator("#send").click()
    tablet.waits(0)
    assert library.lent() == [("B1", "returned", ""), ("B1", "open", "Holloway")]
    assert OfflineEntry.objects.count() == 3


def test_a_wrong_clock(tablets: Any, library: Library) -> None:
    """The device's clock is three years behind, then somebody sets it a day ahead: times are still those of the server."""
    tablet = tablets()
    tablet.page.clock.install(time=datetime(2023, 5, 5, 9, tzinfo=UTC))
    began = datetime.now(UTC)
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.page.clock.set_system_time(datetime(2023, 5, 6, 9, tzinfo=UTC))
    tablet.scan("B2", "good")
    tablet.mend()
    tablet.page.locator("#send").click()
    tablet.waits(0)
    ended = datetime.now(UTC)
    assert Loan.objects.count() == 2
    for loan in Loan.objects.all():
        assert began - timedelta(minutes=2) <= loan.lent_at <= ended
        assert loan.due_at > ended + timedelta(days=10)


def test_a_changed_log_is_refused_and_shown(tablets: Any, library: Library) -> None:
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")

    def forge(route: Route) -> None:
        data = route.request.post_data or ""
        route.continue_(post_data=data.replace("B1", "B4"))

    tablet.page.route("**/offline-desk/upload", forge)
    tablet.mend()
    tablet.page.locator("#send").click()
    expect(tablet.page.locator("#line")).to_have_attribute("data-state", "doubted")
    expect(tablet.page.locator("#help")).to_be_visible()
    assert library.lent() == []
    assert Conflict.objects.get().kind == "tampered"
    tablet.waits(1)


def test_a_device_that_was_cut_off(tablets: Any, library: Library) -> None:
    """It forgets whom it knew; what it had done is kept for a person."""
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    services.revoke_device(actor=SYSTEM, device_id=OfflineDevice.objects.get().pk, now=datetime.now(UTC))
    tablet.mend()
    tablet.page.locator("#send").click()
    expect(tablet.page.locator("#line")).to_have_attribute("data-state", "revoked")
    assert Conflict.objects.get().kind == "device_revoked"
    assert library.lent() == []
    tablet.done()
    tablet.scan("2000000011", "bad")
    assert tablet.page.evaluate(
        "new Promise((done) => { const asked = indexedDB.open('khaneh-offline-desk');"
        " asked.onsuccess = () => { const rows = asked.result.transaction('parts').objectStore('parts').count();"
        " rows.onsuccess = () => done(rows.result); }; })"
    ) == 0  # fmt: skip


def test_the_disk_tells_nothing(tablets: Any, library: Library) -> None:
    """No name, card or title of the snapshot or of the log is in any file of the profile."""
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.page.evaluate(
        "(words) => new Promise((done) => { const asked = indexedDB.open('khaneh-offline-desk'); asked.onsuccess = () => {"
        " const change = asked.result.transaction('meta', 'readwrite', { durability: 'strict' });"
        " change.objectStore('meta').put(words, 'control'); change.oncomplete = done; }; })",
        _CONTROL,
    )
    tablet.kill()
    words = [word for pair in NAMES.values() for part in pair for word in part.split()]
    traces = _traces(tablet.folder, [*words, "2000000010", "2000000012", "شاهنامه", "The library at night", PASSPHRASE])
    assert not traces, traces
    assert _traces(tablet.folder, [_CONTROL]), "what is not sealed would have been found"


_CONTROL = "a-plain-sentence-that-nobody-sealed"


def _traces(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    """Where a word stands in any file of a profile, in either encoding that a browser writes."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found += [
                (word, str(path.relative_to(folder)))
                for word in words
                if word.encode() in content or word.encode("utf-16-le") in content
            ]
    return found


@pytest.mark.parametrize(("language", "width"), [("fa", 390), ("vi", 390), ("en", 1280)])
def test_every_face_in_every_language(tablets: Any, library: Library, language: str, width: int) -> None:
    tablet = tablets(language, width)
    tablet.sign_in()
    tablet.open()
    expect(tablet.page.locator("#setup-form")).to_be_visible()
    tablet.axe()
    tablet.prepare()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.scan("B1", "bad")
    tablet.page.locator("#register summary").click()
    tablet.axe()
    tablet.page.locator("#lock").click()
    expect(tablet.page.locator("#unlock-form")).to_be_visible()
    assert "Holloway" not in tablet.page.content()
    tablet.axe()
    tablet.page.locator("#passphrase").fill("not the passphrase")
    tablet.page.locator("#unlock-form button").click()
    expect(tablet.page.locator("#unlock-problem")).not_to_be_empty()
    tablet.unlock()


def test_an_act_is_taken_back_before_it_is_sent(tablets: Any, library: Library) -> None:
    """Without a line a loan, or a return that was none, is taken back; what stood after it keeps its time, and the server sees an unbroken log."""
    tablet = tablets("fa")
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.scan("B2", "good")
    tablet.page.locator("#register summary").click()
    for name, value in {"new-card": "2000000099", "given": "Mai", "family": "Trần", "born": "1995-02-03"}.items():
        tablet.page.locator(f"#{name}").fill(value)
    tablet.page.locator("#register-form button").click()
    expect(tablet.page.locator("#member-name")).to_contain_text("Trần")
    tablet.scan("B3", "good")
    # The new member's registration holds what was lent to her: it stays.
    tablet.page.locator("#log [data-number='3'] button").click()
    expect(tablet.page.locator("#said [data-tone]")).to_have_attribute("data-tone", "bad")
    tablet.waits(4)
    tablet.page.locator("#log [data-number='1'] button").click()
    expect(tablet.page.locator("#said [data-tone]")).to_have_attribute("data-tone", "info")
    tablet.waits(3)
    tablet.axe()
    tablet.mend()
    tablet.page.locator("#send").click()
    tablet.waits(0)
    assert library.lent() == [("B2", "open", "Holloway"), ("B3", "open", "Trần")]
    assert list(OfflineEntry.objects.order_by("number").values_list("number", "outcome")) == [
        (1, "done"), (2, "done"), (3, "done"),
    ]  # fmt: skip
    assert OfflineDevice.objects.get().doubted_at is None
    expect(tablet.page.locator("#log button")).to_have_count(0)


def test_what_the_server_may_have_heard_is_not_taken_back_on_the_device(tablets: Any, library: Library) -> None:
    tablet = tablets()
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    expect(tablet.page.locator("#log button")).to_have_count(1)
    tablet.page.route("**/offline-desk/upload", lambda route: route.abort("connectionreset"))
    # The tablet may send by itself as soon as there is a line, before the button is pressed.
    with tablet.page.expect_event("requestfailed", lambda asked: asked.url.endswith("/upload"), timeout=60_000):
        tablet.mend()
        tablet.page.locator("#send").click()
    expect(tablet.page.locator("#log button")).to_have_count(0)
    tablet.waits(1)


def test_a_request_without_a_line(tablets: Any, library: Library) -> None:
    """What another has cannot be lent; the reader waits for it, at the place of that moment."""
    tablet = tablets("vi")
    tablet.prepare()
    tablet.cut()
    tablet.scan("2000000010", "info")
    tablet.scan("B1", "good")
    tablet.done()
    tablet.scan("2000000011", "info")
    tablet.scan("B1", "bad")
    tablet.page.locator("#queue").click()
    expect(tablet.page.locator("#said [data-tone]")).to_have_attribute("data-tone", "good")
    tablet.waits(2)
    # No copy in hand: a title is typed, folded as whoever types it would.
    tablet.scan("LIBRARY night", "info")
    tablet.axe()
    tablet.page.locator("#choices button").first.click()
    tablet.waits(3)
    tablet.mend()
    tablet.page.locator("#send").click()
    tablet.waits(0)
    asked, _named = Request.objects.order_by("pk")
    assert {(one.member_id, one.channel, one.ended_at) for one in Request.objects.all()} == {
        (library.lan.pk, "offline", None)
    }
    assert asked.record_id == Copy.objects.get(barcode="B1").record_id
    assert not Conflict.objects.exists()
