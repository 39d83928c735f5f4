"""A library needs a technology; a broker, a match, talks, an agreement, the outcome. In a real browser, in Persian.

The librarian writes the need on a telephone, anonymous, and is shown what in it tells who she is. The broker publishes it at the desk, takes up
the company that is proposed with its evidence; the company answers without knowing whom, they are introduced when the library says yes, agree
on a text that begins with a template, and the library confirms what came of it with the paper that the company sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from khaneh.domains.exchange import services
from khaneh.domains.exchange.models import Match, Posting
from khaneh.domains.exchange.queries.proposals import forget_shelf
from khaneh.domains.notices.models import Notice
from khaneh.kernel.actor import Actor
from tests.browser.conftest import browser as browser
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import playwright as playwright
from tests.domains.exchange.bazaar import PROBLEM, TITLE, Bazaar, make_bazaar
from tests.scenarios.test_placement_journey import Window
from tests.scenarios.test_placement_journey import site as site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELLING = "کتابخانهٔ ملاصدرا"
ANSWER = "چنین کپی‌هایی را سه سال است می‌خوانیم."
DONE = "سی هزار برگ خوانده شد و جست‌وجو می‌شود."


@pytest.fixture
def bazaar(site: str) -> Iterator[Bazaar]:
    """The small exchange of the domain's own tests, with what is proposed read anew."""
    forget_shelf()
    yield make_bazaar()
    forget_shelf()


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


def test_a_library_needs_a_technology_and_gets_it(bazaar: Bazaar, windows: Any, tmp_path: Path) -> None:
    librarian, broker, speaker = bazaar.librarian(), bazaar.broker(), bazaar.speaker()
    offer = bazaar.offer(speaker, closes_on=(timezone.now() + timedelta(days=90)).date())
    phone, desk, company = windows(librarian, "phone"), windows(broker, "desktop"), windows(speaker, "desktop")

    # The librarian writes what is lacking, and sees what tells who she is.
    phone.go("/account/exchange")
    page = phone.page
    page.get_by_role("link", name="چیزی لازم داریم").click()
    page.get_by_label("در یک سطر").fill(TITLE)
    page.get_by_label("مسئله چیست؟").fill(f"در {TELLING} {PROBLEM}")
    page.get_by_label("به کدام فناوری فکر می‌کنید؟").fill("نویسه‌خوان متن‌های کهن")
    page.get_by_label("بودجه، از").fill("۵۰۰٬۰۰۰٬۰۰۰")
    page.get_by_label("خانه‌ای که کارگزارانش کمک می‌کنند").select_option("X-INN")
    page.get_by_label("نگویید نیاز از کیست: تنها کارگزار می‌داند").check()
    phone.press("ذخیره", whole=True)
    expect(page.locator("mark").first).to_have_text(TELLING)
    page.get_by_role("link", name="تغییر").click()
    page.get_by_label("مسئله چیست؟").fill(PROBLEM)
    phone.press("ذخیره")
    expect(page.locator("mark")).to_have_count(0)
    phone.press("فرستادن برای بررسی")
    need = Posting.objects.get(kind="need")

    # The broker publishes it and takes up what is proposed.
    desk.go("/desk/exchange/")
    desk.page.get_by_role("link", name=TITLE).click()
    desk.press("انتشار")
    services.gather_texts()
    services.read_texts()
    desk.look(f"/desk/exchange/{need.pk}")
    desk.check("proposals")
    proposed = desk.page.locator("#proposed-offer ~ ul article").first
    expect(proposed).to_contain_text(offer.title)
    expect(proposed.locator(".chip").first).to_be_visible()
    with desk.page.expect_navigation():
        proposed.get_by_role("button").first.click()
    match = Match.objects.get()
    assert (match.state, match.offer_id, bool(match.evidence)) == ("invited", offer.id, True)

    # The company answers, not knowing whom.
    room = f"/account/exchange/matches/{match.pk}"
    company.look("/account/exchange")
    company.page.get_by_role("link", name=TITLE).click()
    for name in (bazaar.library.names["fa"], bazaar.authority.names["fa"]):
        expect(company.page.get_by_text(name)).to_have_count(0)
    company.page.get_by_label("چه دارید و کجا کار کرده است؟").fill(ANSWER)
    company.press("علاقه‌مندیم", whole=True)

    # The library wants to meet them; the broker introduces both.
    phone.look(room)
    expect(page.get_by_text(ANSWER)).to_be_visible()
    phone.press("بله، می‌خواهیم آن‌ها را ببینیم")
    desk.look(room)
    desk.page.get_by_label("روز دیدار").fill((timezone.now() + timedelta(days=4)).date().isoformat())
    desk.page.get_by_label("کجا").fill("مرکز نوآوری قلم")
    desk.press("معرفی دو طرف")
    company.look(room)
    expect(company.page.locator("main")).to_contain_text(bazaar.library.names["fa"])
    company.press("دیدار کرده‌اند و گفت‌وگو می‌کنند")

    # A text from a template, a second version, accepted by both.
    company.page.get_by_role("link", name="خرید، امتیاز یا خدمات").click()
    begun = company.page.get_by_label("متن توافق‌نامه").input_value()
    assert begun.startswith(f"توافق‌نامهٔ تأمین: {TITLE}")
    assert bazaar.company.names["fa"] in begun
    company.press("پیشنهاد این متن")
    phone.look(room)
    phone.check("text")
    phone.press("این متن را می‌پذیریم")
    assert Posting.objects.get(pk=need.pk).state == "agreed"
    assert Notice.objects.filter(event="exchange.agreed").exists()

    # What came of it, with what shows it, confirmed by the library.
    paper = tmp_path / "report.pdf"
    paper.write_bytes(b"%PDF-1.7\nstartxref\n0\n%%EOF")
    company.look(room)
    company.page.get_by_label("در چند واژه، با ارقام اگر هست").fill(DONE)
    company.page.locator("input[type=file]").set_input_files(paper)
    company.press("ثبت", whole=True)
    phone.look(room)
    expect(page.get_by_text("report.pdf")).to_be_visible()
    phone.press("بله، همین‌طور است", whole=True)
    closed = Posting.objects.get(pk=need.pk)
    assert (closed.state, closed.close_reason) == ("closed", "solved_here")
    phone.look(f"/account/exchange/{need.pk}")
    expect(page.get_by_text("با توافقی در همین‌جا حل شد")).to_be_visible()
