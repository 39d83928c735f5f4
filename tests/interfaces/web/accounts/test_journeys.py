"""Signing up, in and out, as a browser without scripts does it: every page is fetched, every form is one that the page showed."""

from __future__ import annotations

import re
import time
from typing import Any

import pyotp
import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.test import Client

from khaneh.domains.people import queries as people
from khaneh.domains.people.models import Account
from khaneh.infrastructure.journal.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "a-calm-turquoise-door"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def minh() -> Account:
    account = Account.objects.create_user("minh@example.org", PASSWORD, name="Minh", language="vi")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def fill(client: Client, page: str, action: str = "", **values: Any) -> Any:
    """Send the form that a page shows, with what it holds already; `action` names it by its address, or by a button's name."""
    soup = BeautifulSoup(client.get(page).content, "html.parser")
    forms = [
        form
        for form in soup.find_all("form")
        if form.get("method", "").lower() == "post" and "/preferences" not in form.get("action", "")
    ]
    if action:
        forms = [
            form for form in forms if form.get("action", "").startswith(action) or form.find("button", {"name": action})
        ]
    form = forms[0]
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        kind = field.get("type", "")
        if not field.get("name") or (kind in {"checkbox", "radio"} and not field.has_attr("checked")):
            continue
        chosen = field.find("option", selected=True) if field.name == "select" else field
        sent[field["name"]] = (chosen or {}).get("value", "") if chosen is not None else ""
    unknown = set(values) - {field.get("name") for field in form.find_all(["input", "select", "textarea", "button"])}
    assert not unknown, f"the page asks for no {unknown}"
    return client.post(form.get("action") or page, sent | values)


def sign_in(client: Client, email: str = "minh@example.org", password: str = PASSWORD) -> Any:
    return fill(client, "/accounts/login/", login=email, password=password)


def link_in(message: str) -> str:
    found = re.search(r"http://[^\s]+", message.split("\n\n", 1)[1])
    assert found
    return re.sub(r"^http://[^/]+", "", found[0])


def test_signing_up_in_persian_makes_a_persian_account_that_confirms_its_address(client: Client) -> None:
    client.cookies["language"] = "fa"
    answer = fill(
        client, "/accounts/signup/", email="Sara@Example.org", name="سارا", password1=PASSWORD, password2=PASSWORD
    )
    assert answer.status_code == 302
    account = Account.objects.get()
    assert (account.email, account.name, account.language) == ("sara@example.org", "سارا", "fa")
    assert Entry.objects.get(kind="people.account.opened").facts == {"account": account.pk}
    assert client.get("/account/").status_code == 200

    address = EmailAddress.objects.get()
    assert not address.verified
    confirm = link_in(str(mail.outbox[0].body))
    assert fill(client, confirm).status_code == 302
    address.refresh_from_db()
    assert address.verified


def test_a_weak_or_unlike_password_is_refused_beside_its_field(client: Client) -> None:
    page = fill(client, "/accounts/signup/", email="sara@example.org", password1="12345678", password2="12345678")
    soup = BeautifulSoup(page.content, "html.parser")
    assert soup.select(".field--wrong input[name=password1]")
    assert soup.select_one(".field--wrong input[name=password1]")["aria-invalid"] == "true"
    assert not Account.objects.exists()


def test_an_address_that_is_taken_makes_no_second_account(client: Client, minh: Account) -> None:
    answer = fill(client, "/accounts/signup/", email="MINH@example.org", password1=PASSWORD, password2=PASSWORD)
    assert answer.status_code == 200
    assert BeautifulSoup(answer.content, "html.parser").select(".field--wrong input[name=email]")
    assert Account.objects.count() == 1
    assert "_auth_user_id" not in client.session


def test_sign_up_can_be_closed(client: Client, settings: Any) -> None:
    settings.KHANEH_SIGN_UP_OPEN = False
    assert not BeautifulSoup(client.get("/accounts/signup/").content, "html.parser").find(
        "input", {"name": "password1"}
    )
    client.post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not Account.objects.exists()


def test_signing_in_brings_the_accounts_language_and_signing_out_ends_it(client: Client, minh: Account) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert client.cookies["language"].value == "vi"
    assert client.get("/account/").headers["Content-Language"] == "vi"
    fill(client, "/accounts/logout/", "/accounts/logout/")
    assert client.get("/account/").status_code == 302


def test_a_wrong_password_says_nothing_about_the_address(client: Client, minh: Account) -> None:
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, email="nobody@example.org", password="wrong").content.decode()
    hide = re.compile(r'value="[^"]*"|nonce="[^"]*"')
    assert hide.sub("", known) == hide.sub("", unknown)


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(client: Client, minh: Account) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 200
    assert not client.session.get("_auth_user_id")
    cache.clear()
    assert sign_in(client).status_code == 302


def test_a_forgotten_password_is_set_anew_by_mail_once(client: Client, minh: Account) -> None:
    assert fill(client, "/accounts/password/reset/", email=minh.email).status_code == 302
    link = link_in(str(mail.outbox[0].body))
    page = client.get(link, follow=True)
    new = "another-calm-blue-door"
    answer = fill(client, page.redirect_chain[-1][0], password1=new, password2=new)
    assert answer.status_code == 302
    assert sign_in(client, password=new).status_code == 302
    again = Client().get(link, follow=True)
    assert not BeautifulSoup(again.content, "html.parser").find("input", {"name": "password1"})


def test_a_reset_for_an_unknown_address_looks_the_same(client: Client, minh: Account) -> None:
    known = fill(client, "/accounts/password/reset/", email=minh.email)
    unknown = fill(client, "/accounts/password/reset/", email="nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def activate_app(client: Client) -> tuple[str, list[str]]:
    """Turn on the authenticator app; its secret, and the recovery codes."""
    fill(client, "/accounts/reauthenticate/", password=PASSWORD)
    soup = BeautifulSoup(client.get("/accounts/2fa/totp/activate/").content, "html.parser")
    secret = soup.select_one("#authenticator_secret")["value"]
    assert soup.select_one("img")["src"].startswith("data:image/svg+xml")
    answer = client.post("/accounts/2fa/totp/activate/", {"code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 302
    codes = client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    return secret, codes


def test_a_second_factor_is_asked_for_and_a_recovery_code_opens_once(client: Client, minh: Account) -> None:
    sign_in(client)
    secret, codes = activate_app(client)
    assert len(codes) == 10

    other = Client()
    assert sign_in(other)["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/account/").status_code == 302
    assert fill(other, "/accounts/2fa/authenticate/", "/accounts/2fa/", code="000000").status_code == 200
    cache.clear()
    assert fill(other, "/accounts/2fa/authenticate/", "/accounts/2fa/", code=codes[0]).status_code == 302
    assert other.get("/account/").status_code == 200

    third = Client()
    sign_in(third)
    assert fill(third, "/accounts/2fa/authenticate/", "/accounts/2fa/", code=codes[0]).status_code == 200
    cache.clear()
    # The code that activated the app may not be used a second time, so the next one is.
    next_code = pyotp.TOTP(secret).at(time.time() + 30)
    assert fill(third, "/accounts/2fa/authenticate/", "/accounts/2fa/", code=next_code).status_code == 302


def test_the_second_factor_is_changed_only_after_a_fresh_sign_in(client: Client, minh: Account) -> None:
    client.force_login(minh, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    assert client.get("/account/close")["Location"].startswith("/accounts/reauthenticate/")


def test_sessions_are_listed_and_the_others_can_be_ended(client: Client, minh: Account) -> None:
    elsewhere = Client(HTTP_USER_AGENT="Old phone")
    sign_in(elsewhere)
    sign_in(client)
    page = client.get("/accounts/sessions/").content.decode()
    assert "Old phone" in page
    fill(client, "/accounts/sessions/", "/accounts/sessions/")
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_the_profile_changes_the_look_at_once(client: Client, minh: Account) -> None:
    sign_in(client)
    answer = fill(client, "/account/", "/account/", name="مین", language="fa", calendar="jalali")
    assert answer.status_code == 302
    page = client.get("/account/")
    assert BeautifulSoup(page.content, "html.parser").html["dir"] == "rtl"
    assert client.cookies["calendar"].value == "jalali"
    assert people.account(minh.pk).name == "مین"


def test_a_profile_with_an_unknown_language_changes_nothing(client: Client, minh: Account) -> None:
    sign_in(client)
    answer = client.post("/account/", {"name": "X", "language": "xx", "calendar": "auto"})
    assert answer.status_code == 422
    assert people.account(minh.pk).name == "Minh"


def test_closing_an_account_leaves_nothing_to_sign_in_with(client: Client, minh: Account) -> None:
    sign_in(client)
    fill(client, "/accounts/reauthenticate/", "/accounts/reauthenticate/", password=PASSWORD)
    assert fill(client, "/account/close", "/account/close").status_code == 422
    assert fill(client, "/account/close", "/account/close", sure="on").status_code == 302
    minh.refresh_from_db()
    assert (minh.is_active, minh.name, minh.has_usable_password()) == (False, "", False)
    assert not EmailAddress.objects.exists()
    assert client.get("/account/").status_code == 302
    assert sign_in(client).status_code == 200
    assert Entry.objects.filter(kind="people.account.closed").count() == 1
    assert "minh" not in " ".join(str(entry.facts) for entry in Entry.objects.all())


PAGES_OF_A_VISITOR = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
]
PAGES_OF_ONES_OWN = [
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
]


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
def test_every_page_stands_in_our_frame_labels_its_fields_and_keeps_to_the_policy(
    client: Client, minh: Account, language: str
) -> None:
    def look(page: str) -> None:
        answer = client.get(page, query_params={"lang": language})
        assert answer.status_code == 200, page
        soup = BeautifulSoup(answer.content, "html.parser")
        assert soup.html["lang"] == language
        assert len(soup.find_all("h1")) == 1, page
        assert soup.select_one("main#main"), page
        assert soup.title.text.strip().strip("·").strip(), page
        assert not soup.select("[style], [onclick]"), page
        for script in soup.find_all("script"):
            assert script.get("src") or script.get("type") == "application/json" or script.get("nonce"), page
        for field in soup.select("main input:not([type=hidden]), main select, main textarea"):
            assert soup.find("label", {"for": field.get("id")}), (page, str(field))
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]

    for page in PAGES_OF_A_VISITOR:
        look(page)
    sign_in(client)
    fill(client, "/accounts/reauthenticate/", "/accounts/reauthenticate/", password=PASSWORD)
    for page in PAGES_OF_ONES_OWN:
        look(page)
