"""One card across the network, in a real browser and over SIP2, from joining on a telephone until the next reader is told.

A reader of Qom joins on her telephone, asks for a book that stands 450 km away in Ardakan, is told when it has come, collects it at a self-check that
speaks SIP2 (the client is one of PyPI's), renews it in her account and gives it back at another house's tablet, where the next reader waits
for it. The pages are Persian; the telephone is 390 pixels wide. Nothing waits for a length of time: each step waits for what it needs to see.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, Page, expect
from Sip2.sip2 import Sip2

from khaneh.domains.catalogue import services as catalogue
from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.models import Loan, Request
from khaneh.domains.circulation.types import REQUEST_STATES, RequestState, TerminalKind
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.notices import services as notices
from khaneh.domains.people import queries as people_queries
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Member
from khaneh.domains.people.queries import members_finding
from khaneh.domains.people.types import CategoryRow, MemberDraft, TokenAccess, TokenKind
from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import to_iso2709
from khaneh.infrastructure import sms
from khaneh.infrastructure.outgoing import Mailer
from khaneh.interfaces.protocols.sip2.server import Limits
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.browser.conftest import PATIENCE, Reader
from tests.browser.conftest import browser as browser
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import playwright as playwright
from tests.demonstration import load_network
from tests.interfaces.api.keys import Program
from tests.interfaces.protocols.test_sip2_server import Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME, AWAY, ELSEWHERE = "QM-LIB", "YZ-ARDAKAN", "QM-PARDISAN"
TITLE, BARCODE = "کلیدر", "ARD00017"
EMAIL, PASSWORD, PIN = "maryam@example.org", "a-calm-turquoise-door", "2580"


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The demonstration's network with one book, of which one copy stands in Ardakan; letters go into the outbox folder."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    cache.clear()
    members_finding.forget_places()
    load_network(tmp_path)
    circulation.ensure_policies()
    people.ensure_category(
        actor=SYSTEM, category=CategoryRow("adult", Label("Adult", "بزرگسال", "Người lớn"), 12, 18, None, False, True)
    )
    book = Record(
        "00000nam a2200000 a 4500",
        (
            Field("001", value="17"),
            Field("003", value="TEST"),
            Field("008", value="260101s1984    ir            000 1 per d"),
            Field("100", "1", " ", (("a", "دولت‌آبادی، محمود"),)),
            Field("245", "1", "0", (("a", TITLE),)),
            Field("260", subfields=(("a", "تهران"), ("b", "فرهنگ معاصر"), ("c", "1984"))),
            Field("952", subfields=(("b", AWAY), ("c", "GEN"), ("o", "8fa3.62"), ("p", BARCODE))),
        ),
    )
    path = tmp_path / "book.mrc"
    path.write_bytes(to_iso2709(book))
    assert catalogue.import_file(actor=SYSTEM, path=path, house=AWAY).copies == 1
    discovery.rebuild(processes=0)
    return str(live_server.url)


@dataclass
class Window:
    """A browser window, and what went wrong in it."""

    reader: Reader

    @property
    def page(self) -> Page:
        return self.reader.page

    def open(self, path: str) -> Page:
        self.page.goto(self.reader.site + path)
        return self.page

    def press(self, button: str | Any) -> None:
        """Press what sends a form, and wait for the page after it."""
        found = self.page.locator(button) if isinstance(button, str) else button
        with self.page.expect_navigation():
            found.click()


@pytest.fixture
def windows(browser: Browser, site: str) -> Iterator[Any]:
    """Opens windows; at the end none may have complained."""
    opened: list[Window] = []

    def build_window(size: str = "desktop", account: Account | None = None) -> Window:
        window = Window(Reader(browser, site, "fa", size))
        if account is not None:
            window.reader.context.add_cookies([session_of(account, site)])  # type: ignore[list-item]
        opened.append(window)
        return window

    yield build_window
    complaints = [said for window in opened for said in window.reader.complaints]
    for window in opened:
        window.reader.context.close()
    assert not complaints, complaints


@pytest.fixture
def machines(site: str) -> Iterator[Running]:
    """The SIP2 server, on a real socket."""
    server = Running(Limits())
    yield server
    server.stop()


def session_of(account: Account, site: str) -> dict[str, str]:
    """The cookie of somebody who has signed in: the form itself is tested with the accounts."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return {"name": django_settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": site}


def house(code: str) -> int:
    return network.house_ids_by_code([code])[code]


def staff(code: str, role: Role = Role.LIBRARIAN) -> Account:
    """Somebody who works at a house."""
    account = Account.objects.create_user(f"{role}-{code.lower()}@example.org", name=f"{role} {code}", language="fa")
    people.grant_role(actor=SYSTEM, account_id=account.pk, role=role, house_id=house(code), now=datetime.now(UTC))
    return account


def machine_at(code: str, name: str) -> str:
    """Let a self-check of a house in; gives its password."""
    _, password = circulation.add_terminal(
        actor=SYSTEM, house_id=house(code), name=name, kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="fa",
        asks_pin=True, now=datetime.now(UTC),
    )  # fmt: skip
    return password


def next_reader() -> Program:
    """Somebody else with a membership and a program of theirs; they collect in Pardisan."""
    now = datetime.now(UTC)
    draft = MemberDraft(
        given_name="پری", family_name="ناصری", category="adult", home_house_id=house(ELSEWHERE), email="pari@example.org",
        birth_date=datetime(1985, 1, 1, tzinfo=UTC).date(), language="fa",
    )  # fmt: skip
    made = people.register_member(actor=SYSTEM, draft=draft, now=now)
    account = Account.objects.create_user("pari@example.org", name="پری", language="fa")
    Member.objects.filter(pk=made.member_id).update(account=account)
    _, key = people.make_token(
        actor=people_queries.actor(account.pk, now=now), name="telephone", kind=TokenKind.PERSONAL, access=TokenAccess.WRITE,
        own_account=True, grants=(), expires_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    return Program(key, account.pk)


def send_letters(folder: Path) -> None:
    """What the worker does every minute, at tomorrow's noon in Iran: past the quiet hours of the night, whatever the time of this test."""
    later = (datetime.now(UTC) + timedelta(days=1)).replace(hour=9)
    gateway = sms.gateway("", outbox=folder / "outbox/sms")
    while notices.gather(now=later):
        pass
    with Mailer() as mailer:
        notices.send_due(mail=mailer, sms=gateway, now=later, limit=100)


def letters_to(folder: Path, address: str) -> list[str]:
    """The subject and text of the letters in the outbox to an address, the oldest first."""
    found = []
    for path in sorted((folder / "outbox").glob("*.log"), key=lambda one: one.stat().st_mtime_ns):
        for part in re.split(rb"^-{70,}\s*$", path.read_bytes(), flags=re.MULTILINE):
            if not part.strip():
                continue
            letter = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
            if address in str(letter["To"]):
                body = letter.get_body(("plain",))
                found.append(f"{letter['Subject']}\n{body.get_content() if body else ''}")
    return found


def scan(desk: Window, what: str) -> str:
    """Scan something at a desk's field; gives what the desk said."""
    page = desk.page
    before = page.locator("[data-part=said]").inner_html()
    page.locator("#scan").fill(what)
    page.locator("#scan").press("Enter")
    page.wait_for_function(
        "before => { const said = document.querySelector('[data-part=said]');"
        " return said && said.querySelector('[data-tone]') && said.innerHTML !== before; }",
        arg=before,
    )
    return page.locator("[data-part=said]").inner_text()


def carry(van: Window, house_name: str) -> None:
    """Load the book, or put it down, at the stop that the courier has come to."""
    page = van.page
    expect(page.locator("main h1")).to_contain_text(house_name)
    page.locator("#scan").fill(BARCODE)
    page.locator("#scan").press("Enter")
    expect(page.locator("#driven [data-tone]")).to_contain_text(TITLE)


def state_of(state: RequestState) -> str:
    return REQUEST_STATES[state].fa


def test_from_joining_on_the_telephone_until_the_next_reader_is_told(
    site: str, windows: Any, machines: Running, tmp_path: Path
) -> None:
    here, away = network.house_facts(house(HOME)), network.house_facts(house(AWAY))
    kilometres = network.distances()(here.id, away.id)
    assert kilometres is not None
    assert kilometres > 200
    phone, desk, far = windows("phone"), windows(account=staff(HOME)), windows(account=staff(AWAY))
    courier = staff(AWAY, Role.CIRCULATION)

    # She joins on her telephone.
    page = phone.open("/accounts/signup/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("[name=name]").fill("مریم رضایی")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    phone.press("main form button[type=submit]")
    page = phone.open("/account/membership")
    for name, value in (("given_name", "مریم"), ("family_name", "رضایی"), ("birth_date", "۱۳۷۰/۰۲/۱۵")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=category]").select_option("adult")
    page.locator("[name=home_house]").select_option(str(here.id))
    phone.press(page.locator("main form button[type=submit]").last)
    expect(page.locator("main")).to_contain_text("درخواست شما")
    member = Member.objects.get(account__email=EMAIL)
    assert (member.state, member.birth_date) == ("applied", datetime(1991, 5, 5, tzinfo=UTC).date())

    # The desk of her library gives her a card.
    page = desk.open("/desk/members/")
    desk.press(page.get_by_role("link", name="مریم رضایی"))
    desk.press("button[name=act][value=approve]")
    page = phone.open("/account/membership")
    card = page.locator(".member-card__code").inner_text().strip()
    expect(page.locator(".member-card svg.barcode")).to_be_visible()
    page.locator("#pin").fill(PIN)
    phone.press("button[name=act][value=pin]")

    # She finds the book, which stands in another province, and asks for it.
    page = phone.open(f"/search?q={TITLE}")
    phone.press(page.locator(".result__title a").first)
    expect(page.locator("main")).to_contain_text(away.names.fa)
    phone.press(page.locator("a[href*='/account/requests/new?record=']").first)
    page.locator("[name=house]").select_option(HOME)
    phone.press("main form.stack button[type=submit]")
    line = page.locator("li.lent")
    expect(line).to_contain_text(TITLE)
    expect(line).to_contain_text(state_of(RequestState.TARGETED))
    request = Request.objects.get(member=member)

    # Ardakan finds it on its pull list and gives it to the courier.
    page = far.open(f"/desk/circulation/lists/pull?house={AWAY}")
    expect(page.locator("main tbody")).to_contain_text(here.names.fa)
    far.press(page.locator("main tbody button[name=act][value=found]"))
    expect(page.locator(".circ__said")).to_contain_text(here.names.fa)
    page = far.open("/desk/circulation/lists/sent")
    expect(page.locator("main tbody")).to_contain_text(BARCODE)
    page = phone.open("/account/requests")
    expect(page.locator("li.lent")).to_contain_text(state_of(RequestState.IN_TRANSIT))

    # The courier's round is planned; on a telephone he loads the book in Ardakan and puts it down in Qom.
    page = far.open(f"/desk/runs/new?house={AWAY}")
    page.locator("#name").fill("یزد–قم")
    page.locator("#driver").fill(courier.email)
    page.locator("[name=stop]").nth(0).fill(AWAY)
    page.locator("[name=stop]").nth(1).fill(HOME)
    far.press("main form button[type=submit]")
    expect(page.locator("main .stops__stop").first).to_contain_text(TITLE)
    van = windows("phone", courier)
    page = van.open("/desk/runs/")
    van.press("main a[href$='/drive']")
    van.press("button[name=act][value=reach]")
    carry(van, away.names.fa)
    page = desk.open(f"/desk/circulation/lists/coming?house={HOME}")
    expect(page.locator("main tbody")).to_contain_text(BARCODE)
    page = van.page
    van.press(page.locator("main .stops--short a").last)
    if page.locator("button[name=act][value=reach]").count():
        van.press("button[name=act][value=reach]")
    carry(van, here.names.fa)

    # In Qom it goes onto the hold shelf, and she is told.
    desk.open("/desk/circulation/")
    assert "قفسهٔ رزرو" in scan(desk, BARCODE)
    page = desk.open("/desk/circulation/lists/shelf")
    expect(page.locator("main tbody")).to_contain_text("مریم رضایی")
    send_letters(tmp_path)
    assert [letter for letter in letters_to(tmp_path, EMAIL) if TITLE in letter], "she is told that it can be collected"
    page = phone.open("/account/requests")
    expect(page.locator("li.lent")).to_contain_text(state_of(RequestState.ON_SHELF))

    # She collects it at the self-check, over SIP2, with her card and PIN.
    password = machine_at(HOME, "front")
    box = Sip2()
    box.hostName, box.hostPort, box.tlsEnable, box.logfile_path = "127.0.0.1", machines.port, False, str(tmp_path)
    box.socketTimeout, box.loglevel, box.institutionId = PATIENCE // 1000, "ERROR", HOME
    box.connect()

    def ask(name: str, *arguments: Any) -> dict[str, Any]:
        """The public client's own message, and its own reading of the answer."""
        message = getattr(box, f"sip_{name}_request")(*arguments)
        return dict(getattr(box, f"sip_{name}_response")(box.get_response(message)))

    assert ask("login", "front", password)["fixed"]["Ok"] == "1"
    box.patron, box.patronpwd = card, PIN
    known = ask("patron_information", "hold")
    assert known["variable"]["AE"][0].startswith("مریم")
    assert (known["variable"]["CQ"], known["fixed"]["HoldItemsCount"], known["variable"]["AS"]) == (
        ["Y"],
        "0001",
        [BARCODE],
    )
    lent = ask("checkout", BARCODE)
    assert (lent["fixed"]["Ok"], lent["variable"]["AB"], lent["variable"]["AJ"]) == ("1", [BARCODE], [TITLE])
    assert ask("end_patron_session")["fixed"]["EndSession"] == "Y"
    box.disconnect()
    request.refresh_from_db()
    loan = Loan.objects.get()
    assert (request.state, loan.member_id, loan.house_id, loan.channel) == ("fulfilled", member.pk, here.id, "sip2")

    # She renews it in her account.
    page = phone.open("/account/loans")
    expect(page.locator("li.lent")).to_contain_text(TITLE)
    phone.press("li.lent button[name=loan]")
    expect(page.locator("li.lent .said--good")).to_be_visible()
    loan.refresh_from_db()
    assert loan.renewals == 1

    # Somebody else asks for it from a program of theirs, and waits: the only copy is lent.
    other = next_reader()
    waits = other.done("/me/requests", {"level": "record", "target": loan.copy.record_id, "pickup": ELSEWHERE})[
        "request"
    ]
    assert other.read("/me/requests")["requests"][0]["state"]["code"] == "placed"
    phone.open("/account/loans")
    phone.press("li.lent button[name=loan]")
    expect(phone.page.locator("li.lent .said--bad")).to_be_visible()

    # She gives it back at a tablet in another house, without a card. Somebody waits for it there.
    password = machine_at(ELSEWHERE, "tablet")
    tablet = windows()
    page = tablet.open("/selfcheck/")
    page.locator("[name=name]").fill("tablet")
    page.locator("[name=password]").fill(password)
    tablet.press("main form button")
    page.locator("#scan").fill(BARCODE)
    page.locator("#scan").press("Enter")
    expect(page.locator(".kiosk__said")).to_contain_text(TITLE)
    loan.refresh_from_db()
    assert (loan.state, loan.member_id, loan.ended_house_id) == ("returned", None, house(ELSEWHERE)), "and forgotten"
    page = phone.open("/account/loans")
    expect(page.locator("li.lent")).to_have_count(0)

    # The next reader is told.
    assert other.read("/me/requests")["requests"][0]["state"]["code"] == "on_shelf"
    send_letters(tmp_path)
    told = [letter for letter in letters_to(tmp_path, "pari@example.org") if TITLE in letter]
    assert told
    assert network.house_facts(house(ELSEWHERE)).names.fa in told[-1]
    assert Request.objects.get(pk=waits).shelf_until is not None
