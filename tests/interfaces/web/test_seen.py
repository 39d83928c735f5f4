"""When somebody's browsers were last seen: kept for the list in their account, and not written at every page."""

from __future__ import annotations

from time import monotonic

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khaneh.domains.people.models import Account
from khaneh.interfaces.web import middleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(db: None) -> Client:
    """Of somebody who has signed in."""
    client = Client()
    account = Account.objects.create(email="seen@example.org")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def written(browser: Client, agent: str = "Firefox", address: str = "127.0.0.1") -> int:
    """How often a page touches what is kept of browsers."""
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(reverse("account"), headers={"user-agent": agent}, REMOTE_ADDR=address).status_code == 200
    return sum("usersessions_usersession" in one["sql"] for one in seen.captured_queries)


def test_a_browser_is_written_once_and_not_again_at_the_next_page(browser: Client) -> None:
    assert written(browser)
    kept = UserSession.objects.get()
    assert (kept.user_agent, kept.session_key) == ("Firefox", browser.session.session_key)
    assert not written(browser)


def test_another_browser_or_place_is_written_at_once(browser: Client) -> None:
    written(browser)
    assert written(browser, "Chromium")
    assert written(browser, "Chromium", "192.0.2.7")
    kept = UserSession.objects.get()
    assert (kept.user_agent, kept.ip) == ("Chromium", "192.0.2.7")


def test_after_some_minutes_it_is_written_again(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    written(browser)
    before = UserSession.objects.get().last_seen_at
    later = monotonic() + middleware.SeenMiddleware.EVERY + 1
    monkeypatch.setattr(middleware, "monotonic", lambda: later)
    assert written(browser)
    assert UserSession.objects.get().last_seen_at > before


def test_a_visitor_is_not_kept(db: None) -> None:
    Client().get(reverse("home"))
    assert not UserSession.objects.exists()
