"""One's own lending and the self-check in a real browser: three languages, phone and desktop, with much data and with none."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from playwright.sync_api import expect

from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.models import Loan, Request
from khaneh.domains.circulation.types import FeeKind, RequestLevel, TerminalKind
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network.models import House
from khaneh.domains.network.types import LIBRARY_KINDS
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Card, Member
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.browser.conftest import Reader
from tests.domains.circulation.shelves import Shelves
from tests.interfaces.web.accounts.lending_data import PASSWORD, lend, let_act, reader, titled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Window = Callable[..., Reader]
PAGES = ("loans", "requests", "fees", "history")
# Each language, each direction on both sizes of screen.
EVERY = [("fa", "phone"), ("fa", "desktop"), ("vi", "phone"), ("en", "desktop")]
TITLES = (
    ("بوف کور", "صادق هدایت", "per"),
    ("Truyện Kiều", "Nguyễn Du", "vie"),
    ("The Old Man and the Sea", "Ernest Hemingway", "eng"),
    ("کلیدر: جلد نخست و دوم، چاپ تازه با نمایه و واژه‌نامه", "محمود دولت‌آبادی", "per"),
    ("Số đỏ", "Vũ Trọng Phụng", "vie"),
)
# Where to leave pictures for whoever wants to look at them.
PICTURES = os.environ.get("KHANEH_PICTURES", "")


@pytest.fixture
def shelves(site: str) -> Shelves:
    cache.clear()
    circulation.ensure_policies()
    libraries = House.objects.filter(state="open", kind__in=LIBRARY_KINDS).order_by("pk")
    here = libraries[0]
    near = libraries.filter(region__path__0=here.region.path[0]).exclude(pk=here.pk).first()
    far = libraries.exclude(region__path__0=here.region.path[0])[0]
    return Shelves(here, near or libraries[1], far)


def member_in(shelves: Shelves, language: str) -> Member:
    """A member whose account speaks a language."""
    member = reader(shelves, language=language, category="adult")
    Account.objects.update(language=language)
    account = member.account
    assert account is not None
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return member


def much(shelves: Shelves, member: Member, *, loans: int = 200) -> None:
    """So many loans, some late; requests in each state; a ledger; a history; a child."""
    now = datetime.now(UTC)
    for number, (title, creator, language) in enumerate(TITLES):
        record = titled(shelves, title, creator, language=language)
        copy = shelves.copy(shelves.far if number else shelves.central, record=record)
        placed = circulation.place_request(
            actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=record.pk,
            pickup_house_id=shelves.central.pk, now=now,
        )  # fmt: skip
        if number == 0:
            circulation.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode or "", now=now)
        if number == 1:
            circulation.suspend_request(
                actor=SYSTEM, request_id=placed.request_id, for_member_id=member.pk, until=now + timedelta(days=9), now=now
            )  # fmt: skip
        if number == 2:
            circulation.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=copy.barcode or "", now=now)
    for number in range(loans):
        title, creator, language = TITLES[number % len(TITLES)]
        copy = shelves.copy(record=titled(shelves, title, creator, language=language))
        Loan.objects.create(
            copy=copy, member=member, house=shelves.central, item_type="book", lent_at=now - timedelta(days=20),
            due_at=now + timedelta(days=number - 3), renewals=number % 3, terms={"renewals_max": 2},
        )  # fmt: skip
    facts = {"actor": SYSTEM, "house_id": shelves.central.pk, "member_id": member.pk, "now": now}
    circulation.charge(kind=FeeKind.DAMAGED, amount=Money(850_000, "IRR"), note="جلد خیس شده بود", **facts)  # type: ignore[arg-type]
    circulation.waive(amount=Money(100_000, "IRR"), reason="old copy", **facts)  # type: ignore[arg-type]
    Member.objects.filter(pk=member.pk).update(keep_history=True)
    for title, creator, language in TITLES:
        copy = shelves.copy(record=titled(shelves, title, creator, language=language))
        loan = Loan.objects.create(
            copy=copy, member=member, house=shelves.central, item_type="book", lent_at=now - timedelta(days=9), due_at=now
        )  # fmt: skip
        Loan.objects.filter(pk=loan.pk).update(state="returned", ended_at=now)
    let_act(member, shelves.member(given_name="نیما", family_name="محمدی"))


def sign_in(window: Reader) -> None:
    window.page.goto(window.site + "/accounts/login/")
    window.page.locator("[name=login]").fill("sara@example.org")
    window.page.locator("[name=password]").fill(PASSWORD)
    with window.page.expect_navigation():
        window.page.locator("main form button[type=submit]").first.click()


def picture(window: Reader, name: str) -> None:
    if PICTURES:
        where = Path(PICTURES) / f"{name}-{window.language}-{window.size}.png"
        window.page.screenshot(path=str(where), full_page=not name.startswith("kiosk"))


@pytest.mark.parametrize(("language", "size"), EVERY)
def test_an_account_with_much_and_with_nothing(reader_of: Window, shelves: Shelves, language: str, size: str) -> None:
    member = member_in(shelves, language)
    window = reader_of(language, size)
    sign_in(window)
    for name in PAGES:
        window.go(f"/account/{name}")
        expect(window.page.locator("h1")).to_have_count(1)
        picture(window, f"none-{name}")
    much(shelves, member, loans=200 if (language, size) == ("fa", "phone") else 30)
    for name in PAGES:
        page = window.go(f"/account/{name}")
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
        picture(window, f"much-{name}")
    page = window.go("/account/requests")
    page.locator(".lent__more > summary").first.click()
    window.check("changing a request")
    picture(window, "change-request")


def test_a_book_is_asked_for_from_its_page_by_whoever_signs_in_on_the_way(reader_of: Window, shelves: Shelves) -> None:
    member_in(shelves, "vi")
    record = titled(shelves, "Truyện Kiều", "Nguyễn Du", language="vie")
    shelves.copy(shelves.far, record=record)
    window = reader_of("vi", "phone")
    page = window.page
    page.goto(f"{window.site}/account/requests/new?record={record.pk}")
    page.wait_for_url(re.compile("/accounts/login/"))
    page.locator("[name=login]").fill("sara@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(rf"/account/requests/new\?record={record.pk}"))
    window.check("asking for a book")
    picture(window, "place")
    page.locator("#house").select_option(shelves.branch.code)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile("/account/requests$"))
    window.check("requests")
    assert Request.objects.get().pickup_house_id == shelves.branch.pk
    Member.objects.update(expires_on="2025-06-01")
    page.goto(f"{window.site}/account/requests/new?record={titled(shelves, 'Số đỏ').pk}")
    page.goto(f"{window.site}/account/requests/new?record={_far(shelves)}")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    # A refusal has its own status, which the browser notes.
    window.complaints.clear()
    window.check("a refused request")
    picture(window, "refused")


def _far(shelves: Shelves) -> int:
    record = titled(shelves, "Số đỏ", "Vũ Trọng Phụng", language="vie")
    shelves.copy(shelves.far, record=record)
    return record.pk


@pytest.mark.parametrize(("language", "size"), [("fa", "phone"), ("vi", "desktop"), ("en", "phone")])
def test_lists_searches_and_who_acts_for_whom(reader_of: Window, shelves: Shelves, language: str, size: str) -> None:
    member = member_in(shelves, language)
    now = datetime.now(UTC)
    window = reader_of(language, size)
    sign_in(window)
    for path in ("/account/lists", "/account/searches"):
        window.go(path)
    made = discovery.make_list(member_id=member.pk, name="برای تابستان", note="Mùa hè", now=now)
    for title, creator, spoken in TITLES:
        record = titled(shelves, title, creator, language=spoken)
        discovery.add_to_list(member_id=member.pk, list_id=made, subject="record", number=record.pk, now=now)
    key = discovery.share_list(member_id=member.pk, list_id=made, shared=True, now=now)
    friend = reader(shelves, "lan@example.org", language=language, given_name="Lan", family_name="Trần")
    barcode = Card.objects.get(member=friend).barcode
    people.name_proxy(actor=SYSTEM, member_id=member.pk, barcode=barcode, now=now)
    barcode = Card.objects.get(member=member).barcode
    people.name_proxy(actor=SYSTEM, member_id=friend.pk, barcode=barcode, now=now)
    let_act(member, shelves.member(given_name="نیما", family_name="محمدی"))
    window.go(f"/account/lists/{made}")
    picture(window, "list")
    window.go(f"/account/lists/add?record={record.pk}")
    window.go(f"/lists/{key}")
    picture(window, "shared")
    page = window.go("/account/searches/new?q=%D8%B3%D8%B9%D8%AF%DB%8C&language=per")
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile("/account/searches$"))
    window.check("searches")
    picture(window, "searches")
    window.go("/account/membership")
    picture(window, "membership")


def test_renewing_in_two_windows_renews_once(reader_of: Window, shelves: Shelves) -> None:
    member = member_in(shelves, "en")
    lend(shelves, member, "Kelidar", days_ago=3)
    window = reader_of("en", "desktop")
    sign_in(window)
    first = window.go("/account/loans")
    second = window.context.new_page()
    second.goto(window.site + "/account/loans")
    first.locator(".lent__act button").click()
    expect(first.locator(".said--good")).to_be_visible()
    window.check("renewed")
    second.locator(".lent__act button").click()
    expect(second.locator(".lent")).to_have_count(1)
    assert Loan.objects.get().renewals == 1


@pytest.mark.parametrize(("language", "size"), [("fa", "desktop"), ("vi", "desktop"), ("en", "phone")])
def test_the_self_check_from_card_to_receipt(reader_of: Window, shelves: Shelves, language: str, size: str) -> None:
    member = member_in(shelves, language)
    now = datetime.now(UTC)
    people.set_pin(actor=SYSTEM, member_id=member.pk, pin="2468", now=now)
    much(shelves, member, loans=3)
    copy = shelves.copy(record=titled(shelves, "بوف کور", "صادق هدایت", language="per"))
    Loan.objects.update(due_at=now + timedelta(days=5))
    _number, password = circulation.add_terminal(
        actor=SYSTEM, house_id=shelves.central.pk, name="tablet", kind=TerminalKind.SELF_CHECK, encoding="utf-8",
        language=language, asks_pin=True, now=now,
    )  # fmt: skip
    window = reader_of(language, size)
    page = window.go("/selfcheck/open")
    page.locator("[name=name]").fill("tablet")
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/selfcheck/$"))
    window.check("nobody there")
    picture(window, "kiosk-welcome")

    def scan(text: str) -> None:
        expect(page.locator("#scan")).to_be_focused()
        with page.expect_navigation():
            page.keyboard.type(text)
            page.keyboard.press("Enter")

    scan(Card.objects.get(member=member).barcode)
    window.check("the PIN is asked for")
    picture(window, "kiosk-pin")
    for key in "2468":
        page.locator(f"[data-key='{key}']").click()
    with page.expect_navigation():
        page.locator(".kiosk__keys [type=submit]").click()
    window.check("the reader")
    scan(copy.barcode or "")
    expect(page.locator("[data-tone]")).to_be_visible()
    window.check("a scan")
    picture(window, "kiosk-reader")
    scan(Loan.objects.filter(member=member, state="open").exclude(copy=copy).earliest("pk").copy.barcode or "")
    window.check("what one has already")
    picture(window, "kiosk-own")
    page.evaluate("window.print = () => {}")
    with page.expect_navigation():
        page.locator("[name=receipt][value=none]").click()
    page.go_back()
    page.wait_for_load_state()
    assert "بوف" not in page.inner_text("body")
    expect(page.locator("#scan")).to_be_visible()


def test_who_walks_away_from_the_self_check_is_asked_and_then_forgotten(reader_of: Window, shelves: Shelves) -> None:
    member = member_in(shelves, "en")
    _number, password = circulation.add_terminal(
        actor=SYSTEM, house_id=shelves.central.pk, name="tablet", kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="en",
        asks_pin=False, now=datetime.now(UTC),
    )  # fmt: skip
    window = reader_of("en", "desktop")
    page = window.page
    page.clock.install()
    page.goto(window.site + "/selfcheck/open")
    page.locator("[name=name]").fill("tablet")
    page.locator("[name=password]").fill(password)
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile("/selfcheck/$"))
    page.locator("#scan").fill(Card.objects.get(member=member).barcode)
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_contain_text("Sara")
    page.clock.run_for(62_000)
    expect(page.locator("#still-there")).to_be_visible()
    picture(window, "kiosk-still")
    page.locator("[data-stay]").click()
    expect(page.locator("#still-there")).not_to_be_visible()
    page.clock.run_for(82_000)
    expect(page.locator(".kiosk__welcome")).to_be_visible()
    assert "Sara" not in page.inner_text("body")
