"""The page of one's own calendar: an address is shown once, opens what it should, and is ended."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from khaneh.domains.people.models import Account, CalendarKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return Account.objects.create_user("sara@example.org", name="Sara")


@pytest.fixture
def client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_an_address_is_made_shown_once_and_ended(client: Client) -> None:
    page = client.post("/account/calendar", {"name": "my telephone"})
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    (key,) = set(re.findall(r"kc_[\w-]+", page.content.decode()))
    assert f"webcal://localhost:8000/calendars/person/{key}.ics" in page.content.decode()
    feed = Client().get(f"/calendars/person/{key}.ics")
    assert feed.status_code == 200
    again = client.get("/account/calendar").content.decode()
    assert "kc_" not in again
    assert "my telephone" in again
    number = CalendarKey.objects.get().pk
    ended = client.post("/account/calendar", {"end": str(number)}, follow=True)
    assert "reads nothing more" in ended.content.decode()
    assert Client().get(f"/calendars/person/{key}.ics").status_code == 404
    # The back button, and a form that is sent again.
    assert "ended already" in client.post("/account/calendar", {"end": str(number)}, follow=True).content.decode()


def test_what_is_wrong_stands_beside_the_field(client: Client, account: Account) -> None:
    for name in ("", "x" * 101):
        page = client.post("/account/calendar", {"name": name})
        assert page.status_code == 422
        assert "field__error" in page.content.decode()
    for turn in range(20):
        client.post("/account/calendar", {"name": f"key {turn}"})
    assert "These are too many" in client.post("/account/calendar", {"name": "more"}).content.decode()
    assert CalendarKey.objects.filter(account=account).count() == 20


def test_nobody_ends_anothers(client: Client) -> None:
    client.post("/account/calendar", {"name": "mine"})
    other = Client()
    other.force_login(Account.objects.create_user("other@example.org"))
    for number in (str(CalendarKey.objects.get().pk), "x", "9" * 30, ""):
        other.post("/account/calendar", {"end": number})
    assert CalendarKey.objects.count() == 1


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
def test_in_three_languages(client: Client, language: str) -> None:
    page = client.get("/account/calendar", {"lang": language})
    assert {"fa": "تقویم من", "vi": "Lịch của tôi", "en": "My calendar"}[language] in page.content.decode()
