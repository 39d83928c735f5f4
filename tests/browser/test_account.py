"""One's own account in a real browser: every page in three languages and both themes, its errors, and the second factor."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from playwright.sync_api import expect

from khaneh.domains.people.models import Account
from tests.browser.conftest import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Window = Callable[..., Reader]
PASSWORD = "a-calm-turquoise-door"
OF_A_VISITOR = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/")
OF_ONES_OWN = (
    "/account/",
    "/account/roles",
    "/account/close",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/logout/",
)


@pytest.fixture
def minh(site: str) -> Account:
    cache.clear()
    account = Account.objects.create_user("minh@example.org", PASSWORD, name="Minh")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def send(reader: Reader) -> None:
    """Send the page's form and wait for the answer."""
    with reader.page.expect_navigation():
        reader.page.locator("main form button[type=submit]").first.click()


def sign_in(reader: Reader, password: str = PASSWORD) -> None:
    """As a person does. Signing in takes the account's language along."""
    Account.objects.update(language=reader.language)
    reader.go("/accounts/login/")
    reader.page.locator("[name=login]").fill("minh@example.org")
    reader.page.locator("[name=password]").fill(password)
    send(reader)


def confirm(reader: Reader) -> None:
    """Say once more who it is, as pages ask that change how one signs in."""
    reader.go("/accounts/reauthenticate/")
    reader.page.locator("[name=password]").fill(PASSWORD)
    send(reader)


@pytest.mark.parametrize(("language", "size", "theme"), [("fa", "phone", "dark"), ("vi", "desktop", "light")])
def test_every_page_of_the_account(reader_of: Window, minh: Account, language: str, size: str, theme: str) -> None:
    reader = reader_of(language, size)
    reader.context.add_cookies([{"name": "theme", "value": theme, "url": reader.site}])
    for path in OF_A_VISITOR:
        reader.go(path)
    sign_in(reader)
    reader.page.wait_for_url(re.compile("/account/$"))
    confirm(reader)
    for path in OF_ONES_OWN:
        page = reader.go(path)
        assert page.url == reader.site + path
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_have_count(1)


def test_the_menu_of_a_phone_is_opened_and_left_by_keyboard(reader_of: Window, minh: Account) -> None:
    reader = reader_of("fa", "phone")
    sign_in(reader)
    page = reader.go("/accounts/sessions/")
    opener, menu = page.locator(".side-menu__opener"), page.locator("nav.side-menu")
    expect(menu).to_be_hidden()
    opener.press("Enter")
    expect(menu.locator("[aria-current=page]")).to_be_visible()
    reader.check("the open menu")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_errors_stand_beside_their_fields_and_are_said(reader_of: Window, minh: Account) -> None:
    reader = reader_of("vi", "phone")
    sign_in(reader, "not-the-password")
    expect(reader.page.locator("main [role=alert]").first).to_be_visible()
    reader.check("a wrong password")
    page = reader.go("/accounts/signup/")
    page.locator("[name=email]").fill("lan@example.org")
    page.locator("[name=password1]").fill("12345678")
    page.locator("[name=password2]").fill("87654321")
    send(reader)
    expect(page.locator(".field__error").first).to_be_visible()
    for error in page.locator(".field__error").all():
        assert page.locator(f"[aria-describedby~='{error.get_attribute('id')}']").count() == 1
    reader.check("an account with a weak password")


def test_a_second_factor_is_set_up_with_its_recovery_codes(reader_of: Window, minh: Account) -> None:
    reader = reader_of("en", "phone")
    sign_in(reader)
    confirm(reader)
    page = reader.go("/accounts/2fa/totp/activate/")
    secret = str(page.locator("#authenticator_secret").input_value())
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    send(reader)
    page.wait_for_url(re.compile("/2fa/recovery-codes"))
    reader.check("the recovery codes")
    reader.go("/accounts/2fa/")
    reader.go("/accounts/2fa/totp/deactivate/")
    reader.go("/accounts/2fa/recovery-codes/generate/")
    page.goto(reader.site + "/accounts/logout/")
    send(reader)
    sign_in(reader)
    page.wait_for_url(re.compile("/2fa/authenticate"))
    reader.check("asked for the second factor")
