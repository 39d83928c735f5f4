"""A company's employee opens a machine by a course, and loses it again: in a real browser, in Persian, on a telephone and at the desk.

The machine refuses and names the next date of the course that opens it; she follows the link and enrols. The trainer lets her in by her code,
enters her score and finishes the run. She books the machine for the company and checks in at it. Half a year later, after the nightly round,
it refuses again and names the next date, which the trainer has planned in between. The clock of the server is set; nothing waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, Locator, Page, expect

from khaneh.domains.learning.models import Enrolment
from khaneh.domains.people.models import Account
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft, Swept
from khaneh.domains.spaces.models import Booking, Space
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.labels import Label
from tests.browser.conftest import Reader
from tests.browser.conftest import browser as browser
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import playwright as playwright
from tests.domains.learning.school import NOW, School, at, make_school
from tests.scenarios.test_lending_journey import session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MACHINE = Label("Laser cutter", "دستگاه برش لیزری", "Máy cắt laser")
COURSE = Label("Safety at the laser", "ایمنی کار با لیزر", "An toàn khi dùng máy laser")
TRUST = Label("Works at the laser alone", "کار مستقل با لیزر", "Tự vận hành máy laser")
MISSING = "صلاحیت لازم وجود ندارد"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock of the server and of this test."""

    def set_to(when: datetime) -> datetime:
        monkeypatch.setattr("django.utils.timezone.now", lambda: when)
        return when

    set_to(NOW)
    return set_to


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Any) -> str:
    """The address of a server."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path
    cache.clear()
    return str(live_server.url)


@pytest.fixture
def school(site: str) -> School:
    """A house with a laser cutter that asks for a qualification of half a year, and the course that awards it, held on 10 March."""
    made = make_school()
    qualifications.define_qualification(
        actor=SYSTEM, draft=QualificationDraft(code="laser-alone", names=TRUST, valid_months=6)
    )
    made.course("LASER-SAFETY", names=COURSE, awards=("laser-alone",), pass_mark=60)
    made.run("LASER-SAFETY", meetings=(made.meeting(10),))
    machine = made.places.space(
        "CUTTER",
        kind="laser_cutter",
        names=MACHINE,
        capacity=2,
        requires=("laser-alone",),
        self_service=True,
        needs_code=True,
    )
    return replace(made, places=replace(made.places, laser=machine))


class Window(Reader):
    """A browser window of somebody who has signed in."""

    def of(self, who: Actor) -> Window:
        """Sign in, as of the server's clock at this moment."""
        self.context.add_cookies([session_of(Account.objects.get(pk=who.account_id or 0), self.site)])  # type: ignore[list-item]
        return self

    def press(self, what: str | Locator, *, role: Any = "button") -> Page:
        """Press what leads to another page, and look at that as a whole."""
        found = self.page.get_by_role(role, name=what, exact=True).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            found.click()
        self.check(str(what))
        return self.page


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


def want(window: Window, machine: Space, starts: datetime) -> Page:
    """The booking page of two hours at the machine, for the company where that can be chosen."""
    return window.go(f"/spaces/{machine.pk}/book?starts={starts:%Y-%m-%dT%H:%MZ}&minutes=120&for=P-CO")


def refused_with_the_way(window: Window, machine: Space, starts: datetime, day: str) -> Page:
    """Booking is refused by the rule, and the remedy is the course's next date."""
    page = want(window, machine, starts)
    main = page.locator("main")
    expect(main).to_contain_text(MISSING)
    expect(main).to_contain_text("دوره یا آزمون آن را بگذرانید")
    expect(main.get_by_role("button", name="رزرو کن", exact=True)).to_have_count(0)
    way = main.locator(".need")
    expect(way).to_contain_text(TRUST.fa)
    expect(way).to_contain_text(day)
    return page


def test_a_course_opens_the_machine_until_the_qualification_lapses(school: School, windows: Any, clock: Any) -> None:
    machine, employee = school.places.laser, school.places.employee(member=True)
    phone, desk = windows(employee, "phone"), windows(school.trainer, "desktop")
    account = employee.account_id or 0

    # The machine refuses, and names the next date of the course; she follows the link and enrols.
    page = refused_with_the_way(phone, machine, at(10, day=12), "۱۹ اسفند")
    phone.press(page.locator(".need a").first)
    expect(page.locator("h1")).to_have_text(COURSE.fa)
    expect(page.locator("main")).to_contain_text(TRUST.fa)
    phone.press("ثبت‌نام", role="link")
    page.locator("[name=for]").first.select_option("P-CO")
    phone.press("دوباره ببین")
    phone.press("ثبت‌نام")
    code = page.locator(".ev-code__text").inner_text().strip()
    assert code == Enrolment.objects.get(account_id=account).code

    # On the day the trainer lets her in by the code, enters her score and finishes the run.
    clock(at(10, day=10) + timedelta(minutes=5))
    for window, who in ((phone, employee), (desk, school.trainer)):
        window.of(who)
    page = desk.go("/desk/courses/")
    desk.press(COURSE.fa, role="link")
    page.locator("[name=scan]").fill(code)
    desk.press(page.locator("button[value=scan]"))
    expect(page.locator(".ev-person").first).to_contain_text("۱ از ۱")
    page.locator("[name=score]").fill("۸۵")
    desk.press("ثبت نمره")
    clock(at(12, day=10))
    desk.page.reload()
    desk.press("پایان دادن و صدور گواهی‌ها")
    expect(page.locator("#certificates")).to_be_visible()

    # She has a certificate and is trusted with the machine; she books it for the company and checks in at it.
    page = phone.go("/account/courses")
    expect(page.locator("[aria-labelledby=holdings]")).to_contain_text(TRUST.fa)
    expect(page.locator("[aria-labelledby=holdings] .badge--good")).to_be_visible()
    phone.go("/account/courses?view=past")
    phone.press(page.locator("[aria-labelledby=certificates] a"))
    assert "/certificates/" in page.url
    expect(page.locator("main")).to_contain_text(COURSE.fa)
    want(phone, machine, at(10, day=12))
    phone.press("رزرو کن")
    expect(page.locator("main")).to_contain_text(school.places.company.names["fa"])
    figures = latin_digits(page.locator(".ticket__figures").inner_text())
    clock(at(9, 55, day=12))
    phone.of(employee)
    phone.go(f"/spaces/{machine.pk}/check-in")
    page.locator("[name=code]").fill(figures)
    phone.press(page.locator("main form button[type=submit]"))
    booking = Booking.objects.get(account_id=account)
    assert (booking.state, booking.organisation_id) == ("checked_in", school.places.company.pk)

    # Half a year later it has lapsed. The trainer has planned the next date; the machine refuses, and names it.
    later = clock(at(10, day=10) + timedelta(days=200))
    desk.of(school.trainer)
    page = desk.go("/desk/courses/LASER-SAFETY/plan")
    for name, value in (("day", "۱۴۰۵/۰۷/۲۰"), ("from", "۱۰:۰۰"), ("until", "۱۲:۰۰")):
        page.locator(f"[name=meeting_0_{name}]").fill(value)
    page.locator("[name=capacity]").fill("۶")
    desk.press(page.locator("main form button[type=submit]"))
    assert qualifications.sweep(now=later) == Swept(ended=1, warned=0)
    phone.of(employee)
    page = phone.go("/account/courses")
    expect(page.locator("[aria-labelledby=holdings] .badge--warn")).to_be_visible()
    page = refused_with_the_way(phone, machine, at(10, day=10) + timedelta(days=202), "۲۰ مهر")
    phone.press(page.locator(".need a").first)
    expect(page.get_by_role("link", name="ثبت‌نام", exact=True)).to_be_visible()
    assert Booking.objects.filter(account_id=account).count() == 1
