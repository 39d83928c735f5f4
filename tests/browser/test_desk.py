"""The staff's journeys in a real browser: every page of the desk in three languages, on a phone and at a desk; importing and judging."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import ImportBatch, ReviewPair
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM
from tests.browser.conftest import Reader
from tests.domains.catalogue import books
from tests.interfaces.web.desk import desk_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Window = Callable[..., Reader]


@pytest.fixture
def staff(site: str) -> dict[str, Account]:
    """Accounts by what they are."""
    return desk_data.staff()


def sign_in(reader: Reader, account: Account) -> None:
    """A session as signing in makes one: the form itself is tested with the accounts."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": reader.site}
    reader.context.add_cookies([cookie])  # type: ignore[list-item]


def _paths(union: desk_data.Union) -> list[str]:
    return [
        "/desk/",
        "/desk/imports/",
        f"/desk/imports/{union.batch}/",
        f"/desk/imports/{union.waiting}/",
        "/desk/profiles/",
        "/desk/profiles/new?copy=852-876",
        "/desk/quarantine/",
        f"/desk/quarantine/{union.item}/",
        "/desk/pairs/",
        f"/desk/pairs/{union.pair}/",
        f"/desk/records/{union.into}/",
        f"/desk/records/{union.left}/merge?with={union.right}",
        "/desk/merges/",
        "/desk/network/",
        "/desk/network/tables/houses/",
        "/desk/houses/",
        "/desk/houses/NA-LIB/",
        "/desk/houses/NA-LIB/roles",
        "/desk/organisations/",
        "/desk/organisations/NA-AUTH/",
    ]


def test_every_page_of_the_desk(
    reader_of: Window, staff: dict[str, Account], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    union = desk_data.union(tmp_path)
    for language, size, theme in (
        ("fa", "phone", "dark"),
        ("vi", "desktop", "light"),
    ):
        reader = reader_of(language, size)
        reader.context.add_cookies([{"name": "theme", "value": theme, "url": reader.site}])
        sign_in(reader, staff["admin"])
        for path in _paths(union):
            reader.go(path)


def test_the_desk_with_nothing_on_it(reader_of: Window, staff: dict[str, Account]) -> None:
    reader = reader_of("fa", "phone")
    sign_in(reader, staff["other_cataloguer"])
    for path in ("/desk/", "/desk/imports/", "/desk/quarantine/", "/desk/pairs/", "/desk/profiles/", "/desk/merges/"):
        reader.go(path)


def test_a_file_is_brought_in_with_a_look_and_its_progress_arrives_by_itself(
    reader_of: Window, staff: dict[str, Account], tmp_path: Path
) -> None:
    file = books.write(tmp_path / "kieu.mrc", books.record("1", **books.KHAYYAM, copies=(("K-1", "NA-LIB"),)))
    reader = reader_of("vi")
    sign_in(reader, staff["librarian"])
    page = reader.go("/desk/imports/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.stack button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/desk/imports/\d+/"))
    expect(page.locator(".desk-preview").first).to_contain_text("رباعیات")
    reader.check("the look")
    page.locator("button[formaction]").click()
    expect(page.locator("#import .badge").first).to_contain_text("Trong hàng đợi")
    services.run_import(batch_id=ImportBatch.objects.latest("pk").pk, actor=SYSTEM)
    expect(page.locator("#import .badge").first).to_contain_text("Đã xong")
    reader.check("the report")


def test_a_pair_is_judged_by_one_key(reader_of: Window, staff: dict[str, Account], tmp_path: Path) -> None:
    union = desk_data.union(tmp_path)
    reader = reader_of("fa")
    sign_in(reader, staff["cataloguer"])
    page = reader.go(f"/desk/pairs/{union.pair}/")
    page.locator("#reason").fill("d s l")
    assert ReviewPair.objects.get(pk=union.pair).state == "open"
    page.locator("h1").click()
    page.keyboard.press("d")
    page.wait_for_url(re.compile("/desk/pairs/$"))
    assert ReviewPair.objects.get(pk=union.pair).state == "different"


def test_importing_without_scripts(reader_of: Window, staff: dict[str, Account], tmp_path: Path) -> None:
    file = books.write(tmp_path / "kieu.mrc", books.record("1", **books.KIEU))
    reader: Any = reader_of("en", java_script_enabled=False)
    sign_in(reader, staff["librarian"])
    reader.page.goto(reader.site + "/desk/imports/")
    reader.page.locator("input[type=file]").set_input_files(file)
    reader.page.locator("form.stack button[type=submit]").first.click()
    reader.page.locator("button[formaction]").click()
    expect(reader.page.locator("#import .badge").first).to_contain_text("In the queue")
