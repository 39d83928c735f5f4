"""A reader finds a machine on a phone, books it, moves it and gives it up, in a real browser; every page of it in each language and width."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from playwright.sync_api import expect

from khaneh.domains.network.models import House
from khaneh.domains.network.types import LIBRARY_KINDS
from khaneh.domains.people.models import Account, Card, Member, MemberCategory
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import SpaceDraft, SpaceRow
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from tests.browser.conftest import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Window = Callable[..., Reader]
# Where to leave pictures for whoever wants to look at them.
PICTURES = os.environ.get("KHANEH_PICTURES", "")


@pytest.fixture
def laser(site: str) -> SpaceRow:
    """A laser cutter in a workshop, with a code for its door."""
    cache.clear()
    services.ensure_policies()
    house = House.objects.filter(state="open", kind__in=LIBRARY_KINDS).order_by("pk")[0]
    now = datetime.now(UTC)
    names = Label("Workshop", "کارگاه ساخت", "Xưởng chế tạo")
    services.add_space(actor=SYSTEM, draft=SpaceDraft("B-SHOP", house.code, "workshop", names, capacity=12), now=now)
    draft = SpaceDraft(
        "B-LASER", house.code, "laser_cutter", Label("Laser cutter 60×90", "برش لیزری ۶۰×۹۰", "Máy cắt laser 60×90"),
        parent_code="B-SHOP", capacity=2, cleanup_minutes=15, self_service=True, needs_code=True,
        facilities=("extraction", "power"), price=Money(600_000, "IRR"),
        descriptions=Label("Wood, acrylic, leather.", "چوب، اکریلیک، چرم.", "Gỗ, mica, da."),
        instructions=Label("Type the code at the door.", "کد را دمِ در بزنید.", "Nhập mã ở cửa."),
    )  # fmt: skip
    return services.add_space(actor=SYSTEM, draft=draft, now=now)


def signed_in(window: Reader) -> Account:
    """A member whose browser this is."""
    account = Account.objects.create_user("maker@example.org", name="Maker")
    kind, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
    member = Member.objects.create(
        home_house=House.objects.order_by("pk")[0], category=kind, account=account, state="active",
        joined_on=date(2025, 3, 21), expires_on=datetime.now(UTC).date() + timedelta(days=300), birth_date=date(1990, 5, 5),
        family_name="Maker",
    )  # fmt: skip
    Card.objects.create(member=member, barcode="B00000001", issued_at=datetime.now(UTC))
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    window.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": window.site}]
    )
    return account


def picture(window: Reader, name: str) -> None:
    if PICTURES:
        where = Path(PICTURES) / f"spaces-{name}-{window.language}-{window.size}.png"
        window.page.screenshot(path=str(where), full_page=True)


@pytest.mark.parametrize(("language", "size"), [("fa", "phone"), ("vi", "desktop")])
def test_a_machine_is_found_booked_moved_and_given_up(
    reader_of: Window, laser: SpaceRow, language: str, size: str
) -> None:
    window = reader_of(language, size)
    account = signed_in(window)
    page = window.go("/account/bookings")
    picture(window, "none")
    page = window.go("/spaces")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
    page.locator("#slot-kind").select_option("laser_cutter")
    page.locator("#slot-minutes").select_option("120")
    with page.expect_navigation():
        page.locator(".slot-form button[type=submit]").click()
    window.check("what is free")
    picture(window, "found")
    with page.expect_navigation():
        page.locator(".space-card__title a").first.click()
    window.check("the space")
    picture(window, "space")
    with page.expect_navigation():
        page.locator(".times .start").last.click()
    window.check("the booking before it is made")
    picture(window, "book")
    page.locator("#title").fill("جعبهٔ هدیه · Hộp quà")
    with page.expect_navigation():
        page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/account/bookings/\d+$"))
    window.check("the booking")
    picture(window, "booked")
    booking = Booking.objects.get()
    expect(page.locator(".ticket__figures")).to_have_text(re.compile(r"^[0-9۰-۹]{6}$"))
    page = window.go(f"/account/bookings/{booking.pk}/change")
    with page.expect_navigation():
        page.locator(".times .start").first.click()
    window.check("the change before it is made")
    picture(window, "change")
    with page.expect_navigation():
        page.locator(".ticket form button.button--primary").click()
    page.wait_for_url(re.compile(r"/account/bookings/\d+$"))
    moved = Booking.objects.get()
    assert (moved.starts, moved.revision) != (booking.starts, booking.revision)
    window.go("/account/bookings")
    picture(window, "much")
    page = window.go(
        f"/spaces/{laser.id}/repeat?starts={moved.starts:%Y-%m-%dT%H:%MZ}&minutes=60&look=1&ending=count&count=6"
    )
    expect(page.locator(".plan > li")).to_have_count(6)
    picture(window, "repeat")
    window.go(f"/spaces/{laser.id}/wait?starts={moved.starts:%Y-%m-%dT%H:%MZ}")
    picture(window, "wait")
    window.go(f"/spaces/{laser.id}/check-in")
    Booking.objects.update(terms={**moved.terms, "cancel_hours": 0})
    page = window.go(f"/account/bookings/{booking.pk}")
    page.locator("details.card > summary").click()
    with page.expect_navigation():
        page.locator("details.card button.button--danger").click()
    window.check("cancelled")
    assert Booking.objects.get().state == "cancelled"
    assert not queries.bookings_of(account.pk, now=datetime.now(UTC))


def test_what_is_refused_says_why_and_what_else_there_is(reader_of: Window, laser: SpaceRow) -> None:
    window = reader_of("vi", "phone")
    signed_in(window)
    free = queries.free_times(laser, now=datetime.now(UTC), minutes=60)[-1]
    page = window.go(f"/spaces/{laser.id}/book?starts={free.last:%Y-%m-%dT%H:%MZ}&minutes=60&people=40")
    expect(page.locator("main [role=alert]")).to_contain_text("tối đa 2 người")
    picture(window, "refused")
    window.go("/spaces?kind=laser_cutter&people=2&facility=water")
    picture(window, "nothing")
    window.go("/spaces?kind=group:machine&first=1990-01-01&days=9999")
