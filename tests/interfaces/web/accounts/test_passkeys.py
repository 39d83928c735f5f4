"""Passkeys in a real browser with a virtual authenticator: added, used instead of a password, and working under the strict policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from khaneh.domains.people.models import Account
from tests.browser.conftest import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-turquoise-door"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    if not CHROMIUM:
        pytest.skip("no Chromium: apt-get install chromium")
    # Playwright keeps an event loop in this thread, in which Django would refuse to clean up the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    # The server's threads would keep their connections, and with them the database, beyond the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(locale="en-GB").new_page()
        yield page
        browser.close()
        connections.close_all()  # those of this loop, which nobody sees once it has ended


def test_a_passkey_is_added_and_signs_in_alone(page: Page, live_server: Any) -> None:
    cache.clear()
    account = Account.objects.create_user("minh@example.org", PASSWORD, name="Minh", language="en")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )

    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill("minh@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/account/")

    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    assert "/accounts/reauthenticate/" in page.url  # a key is added only by somebody who has just proved who they are
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/")
    assert page.get_by_text("Passkey", exact=True).is_visible()

    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    page.wait_for_load_state()
    page.goto(f"{live_server.url}/account/")
    assert "/accounts/login/" in page.url
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{live_server.url}/account/")
    assert page.get_by_text("minh@example.org", exact=True).is_visible()
    assert complaints == []
