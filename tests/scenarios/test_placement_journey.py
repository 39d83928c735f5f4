"""A trainee finishes a course, is placed, and the employer confirms it: the figure moves. In a real browser, in Persian.

Twelve have finished the course for the machine, six of them work elsewhere. The trainee writes her profile on a telephone, the employer his
vacancy at a desk; they find each other, she accepts, he says that she has begun; three months later he is asked, and his answer is what the
trainer and the office read. Nothing waits for a length of time: the clock of the server is set ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Account
from khaneh.domains.placements import services
from khaneh.domains.placements.models import Placement
from khaneh.domains.placements.types import Swept
from khaneh.kernel.actor import Actor
from tests.browser.conftest import Reader
from tests.browser.conftest import browser as browser
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import playwright as playwright
from tests.domains.placements.graduates import give_course
from tests.domains.placements.market import Market, make_market
from tests.scenarios.test_lending_journey import session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE, WORDS, NOTE = "اپراتور فرز سی‌ان‌سی", "با چوب هم کار کرده‌ام.", "خانه‌ام نزدیک کارگاه است."
# Six of twelve, then seven.
BEFORE, AFTER = "۶ نفر از ۱۲ دانش‌آموخته", "۷ نفر از ۱۲ دانش‌آموخته"


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server with a house, a company and the skills that ship."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path
    cache.clear()
    return str(live_server.url)


@pytest.fixture
def market(site: str) -> Market:
    """The small market of the domain's own tests."""
    return make_market()


class Window(Reader):
    """A browser window of somebody who has signed in."""

    def of(self, who: Actor) -> Window:
        """Sign in, as of the server's clock at this moment."""
        self.context.add_cookies([session_of(Account.objects.get(pk=who.account_id or 0), self.site)])  # type: ignore[list-item]
        return self

    def look(self, path: str) -> Page:
        """Open a page that is examined as a whole when more is on it."""
        self.page.goto(self.site + path)
        self._glance(path)
        return self.page

    def press(self, name: str, *, whole: bool = False) -> Page:
        """Press what sends a form and wait for the page after it; examine that as a whole where it shows something for the first time."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()
        if whole:
            self.check(name)
        else:
            self._glance(name)
        return self.page

    def _glance(self, where: str) -> None:
        self._arrived()
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{where}: {wide} px too wide"
        assert not self.complaints, f"{where}: {self.complaints}"


@pytest.fixture
def windows(browser: Browser, site: str) -> Iterator[Any]:
    """Opens windows of people in Persian."""
    opened: list[Window] = []

    def build(who: Actor, size: str) -> Window:
        opened.append(Window(browser, site, "fa", size).of(who))
        return opened[-1]

    yield build
    for one in opened:
        one.context.close()


def placed(market: Market, people: list[Actor], now: datetime) -> tuple[Actor, list[int]]:
    """These have found work at the company by another vacancy."""
    boss = market.employer()
    vacancy = market.vacancy(boss, count=len(people), closes_on=now.date() + timedelta(days=9))
    numbers = []
    for who in people:
        number = market.offered(boss, vacancy, who, now=now)
        services.accept(actor=who, placement_id=number, now=now)
        services.start(actor=boss, placement_id=number, started_on=now.date(), now=now)
        numbers.append(number)
    return boss, numbers


def figure(window: Window, which: int) -> Any:
    """One of the three numbers at the top: found work, after 3 months, after 12 months."""
    window.look("/desk/placements/")
    return window.page.locator(".numbers .number").nth(which)


def test_a_trainee_is_placed_and_the_figure_moves(
    market: Market, windows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    mahsa, trainer = market.person(), market.staff(Role.TRAINER)
    others = [market.seeker() for _ in range(6)] + [market.person() for _ in range(5)]
    give_course(market.house, "cnc", [mahsa, *others], at=now - timedelta(days=1), awards=("w-cnc",))
    boss, numbers = placed(market, others[:6], now)
    phone, desk, office = windows(mahsa, "phone"), windows(boss, "desktop"), windows(trainer, "desktop")

    # The employer says what is looked for, and sees nobody by name.
    desk.go("/account/employers")
    page = desk.page
    page.get_by_role("link", name="فرصت شغلی تازه").click()
    page.get_by_label("عنوان به فارسی").fill(TITLE)
    page.get_by_label("تعداد نفرات لازم").fill("۱")
    page.get_by_label("آخرین روز درخواست").fill((now + timedelta(days=20)).date().isoformat())
    page.locator("[name=skill-0]").select_option("cnc-operation")
    page.locator("[name=skill-0-level]").select_option("2")
    page.locator("[name=skill-0-essential]").check()
    page.locator("[name=qualification-0]").select_option("w-cnc")
    desk.press("ذخیره")
    desk.press("انتشار")
    vacancy = page.url
    expect(page.get_by_text(mahsa.name)).to_have_count(0)

    # The trainee writes what she can do; only when she agrees does anybody see it.
    phone.go("/account/work/profile")
    page = phone.page
    page.locator("[name=skill-0]").select_option("cnc-operation")
    page.locator("[name=skill-0-level]").select_option("3")
    page.get_by_label("محل زندگی").select_option("W-QM")
    page.get_by_label("به زبان خودم").fill(WORDS)
    phone.press("ذخیره")
    expect(page.get_by_text("جز شما هیچ‌کس.")).to_be_visible()
    page.locator("[name=sure]").check()
    phone.press("نشان دادن پروفایل", whole=True)
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("چند کلمه برای کارفرما").fill(NOTE)
    phone.press("به کارفرما بگو علاقه‌مندم", whole=True)

    # Now the employer knows her name, why she fits, and offers the place.
    desk.page.goto(vacancy)
    desk.check("candidates")
    first = desk.page.locator(".candidate").first
    expect(first).to_contain_text(mahsa.name)
    expect(first).to_contain_text(NOTE)
    expect(first.locator("[data-met=no]")).to_have_count(0)
    first.locator("summary").click()
    first.get_by_label("چند کلمه برای او").fill("شنبه منتظر شما هستیم.")
    desk.press("فرستادن پیشنهاد")

    phone.go("/account/work")
    expect(phone.page.get_by_text("شنبه منتظر شما هستیم.")).to_be_visible()
    phone.press("پذیرفتن")
    desk.go(f"/account/employers/{market.company.code}")
    desk.press("کار را آغاز کرد")
    assert Placement.objects.get(account_id=mahsa.account_id or 0).state == "started"
    expect(figure(office, 0)).to_contain_text(AFTER)

    # Three months later.
    later = now + timedelta(days=93)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    for number in numbers:
        services.confirm(actor=boss, placement_id=number, months=3, now=later)
    for window, who in ((phone, mahsa), (desk, boss), (office, trainer)):
        window.of(who)
    expect(figure(office, 1)).to_contain_text(BEFORE)
    assert services.sweep(now=later) == Swept(asked=1), "the employer is asked for her alone"
    assert Notice.objects.filter(event="placements.confirm").count() == 1
    desk.go(f"/account/employers/{market.company.code}")
    expect(desk.page.locator("main")).to_contain_text(mahsa.name)
    desk.press("بله، پس از ۳ ماه هنوز اینجا کار می‌کند")
    expect(figure(office, 1)).to_contain_text(AFTER)
    office.check("figures")
    expect(office.page.locator(".cohort__bar").first).to_be_visible()
    phone.look("/account/work")
    expect(phone.page.get_by_text("تأییدشده پس از ۳ ماه")).to_be_visible()
