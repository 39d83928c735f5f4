"""Guessing passwords: the limit is an account's, whoever asks and whichever web process answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from khaneh.domains.people.models import Account

PASSWORD = "a-calm-turquoise-door"
ROOT = Path(__file__).resolve().parents[4]
# Another web process: it reads the same settings and answers on the same database.
GUESS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "khaneh.config.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.ALLOWED_HOSTS = ["*"]
if sys.argv[2] == "alone":
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
import django
django.setup()
from django.test import Client
for number in range(3):
    sent = {"login": "sara@example.org", "password": f"wrong {number}"}
    Client(REMOTE_ADDR=f"10.0.{os.getpid() % 250}.{number}").post("/accounts/login/", sent)
"""


def account(email: str) -> Account:
    made = Account.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def signs_in(email: str, address: str = "192.0.2.1", host: str = "localhost") -> bool:
    sent = {"login": email, "password": PASSWORD}
    return Client(REMOTE_ADDR=address).post("/accounts/login/", sent, headers={"host": host}).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counted", ["together", "alone"])
def test_guesses_at_two_processes_count_together(counted: str) -> None:
    cache.clear()
    account("sara@example.org")
    account("minh@example.org")
    arguments = [sys.executable, "-c", GUESS, str(connection.settings_dict["NAME"]), counted]
    for _process in range(2):
        subprocess.run(arguments, check=True, cwd=ROOT, capture_output=True, timeout=300)
    # With the counts of each process by itself, the right password is let in: that is what the shared table is for.
    assert signs_in("sara@example.org") is (counted == "alone")
    assert signs_in("minh@example.org", "192.0.2.2")
    cache.clear()


@pytest.mark.django_db
def test_an_account_is_locked_wherever_the_guesses_come_from_and_under_whatever_name_of_the_site() -> None:
    cache.clear()
    account("sara@example.org")
    account("minh@example.org")
    for number in range(5):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        host = ("localhost", "127.0.0.1")[number % 2]
        sent = {"login": ("sara@example.org", "SARA@example.org")[number % 2], "password": "wrong"}
        assert client.post("/accounts/login/", sent, headers={"host": host}).status_code == 200
    assert not signs_in("sara@example.org", "203.0.113.9")
    assert signs_in("minh@example.org", "203.0.113.9")
    for row in _rows():
        assert "sara" not in row, "the table tells nobody's address"


@pytest.mark.django_db
def test_signing_in_rightly_is_no_guess() -> None:
    cache.clear()
    account("sara@example.org")
    assert all(signs_in("sara@example.org") for _time in range(7))


@pytest.mark.django_db
def test_the_table_stays_within_its_size() -> None:
    assert django_settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] <= 100_000
    small = type(cache._connections["default"])("people_shared_cache", {"OPTIONS": {"MAX_ENTRIES": 20}})  # type: ignore[attr-defined]
    for number in range(100):
        small.set(f"k{number}", number, 600)
    assert len(_rows()) <= 21


def _rows() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM people_shared_cache")
        return [row[0] for row in cursor.fetchall()]
