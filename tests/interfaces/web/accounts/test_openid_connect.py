"""Signing in through an OpenID Connect provider: a published test provider runs beside the test and is asked over HTTP."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from khaneh.domains.people.models import Account
from khaneh.infrastructure.journal.models import Entry

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider's own libraries announce their next versions
    oidc_provider_mock = pytest.importorskip("oidc_provider_mock", reason="pip install oidc-provider-mock")

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    cache.clear()
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "University",
                        "client_id": "khaneh",
                        "secret": "a secret between two programs",
                        "settings": {"server_url": address},
                    }
                ]
            }
        }
        yield address


def come_from(provider: str, client: Client, subject: str, **claims: Any) -> Any:
    """Press the provider's button, say there who one is, and come back."""
    httpx.put(f"{provider}/users/{subject}", json=claims).raise_for_status()
    away = client.post("/accounts/oidc/oidc/login/")
    assert away.status_code == 302
    assert away["Location"].startswith(provider)
    back = httpx.post(away["Location"], data={"sub": subject})
    assert back.status_code == 302
    callback = urlsplit(back.headers["Location"])
    return client.get(f"{callback.path}?{callback.query}", follow=True)


def test_the_button_is_on_the_sign_in_page_and_asks_before_it_leads_away(provider: str, client: Client) -> None:
    assert "University" in client.get("/accounts/login/").content.decode()
    asked = client.get("/accounts/oidc/oidc/login/")
    assert asked.status_code == 200
    assert "University" in asked.content.decode()


def test_without_the_setting_there_is_no_button(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "/oidc/" not in client.get("/accounts/login/").content.decode()


def test_a_newcomer_gets_an_account_with_name_and_language_and_finds_it_again(provider: str, client: Client) -> None:
    client.cookies["language"] = "vi"
    claims = {"email": "Lan@Example.org", "email_verified": True, "name": "Nguyễn Thị Lan"}
    come_from(provider, client, "lan", **claims)
    account = Account.objects.get()
    assert (account.email, account.name, account.language) == ("lan@example.org", "Nguyễn Thị Lan", "vi")
    assert client.get("/account/").status_code == 200
    assert Entry.objects.filter(kind="people.account.opened").count() == 1

    again = Client()
    come_from(provider, again, "lan", **claims)
    assert again.get("/account/").status_code == 200
    assert Account.objects.count() == 1


def test_an_address_at_the_provider_does_not_open_an_account_that_is_here(provider: str, client: Client) -> None:
    """Else whoever runs the provider, or registers there with somebody's address, would take over the account."""
    account = Account.objects.create_user("lan@example.org", "a-calm-turquoise-door")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    come_from(provider, client, "stranger", email="lan@example.org", email_verified=True, name="Stranger")
    assert client.get("/account/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_a_forged_answer_signs_nobody_in(provider: str, client: Client) -> None:
    client.post("/accounts/oidc/oidc/login/")
    answer = client.get("/accounts/oidc/oidc/login/callback/?code=guessed&state=guessed")
    assert answer.status_code in {200, 401, 403}
    assert "_auth_user_id" not in client.session
    assert not Account.objects.exists()


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
def test_every_part_of_an_account_is_reached_from_its_page(provider: str, client: Client, language: str) -> None:
    holder = Account.objects.create_user("nav@example.org", "a-calm-turquoise-door", language=language)
    client.force_login(holder, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["language"] = language
    page = BeautifulSoup(client.get("/account/").content, "html.parser")
    links = {link["href"]: link.get_text(strip=True) for link in page.select("nav.side-menu a")}
    parts = {
        "/accounts/email/": "E-mail addresses",
        "/accounts/2fa/": "Second factor and passkeys",
        "/accounts/sessions/": "Sessions",
        "/accounts/3rdparty/": "Linked accounts",
    }
    for address, english in parts.items():
        assert (links[address] == english) is (language == "en"), address
        assert client.get(address).status_code in {200, 302}, address
