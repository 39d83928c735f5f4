"""Keys for programs in a real browser: made and shown once, in three languages, on a telephone and at a desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import services
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM
from tests.browser.conftest import Reader
from tests.browser.test_desk import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "size"), [("fa", "phone"), ("vi", "desktop")])
def test_a_key_is_made_shown_once_and_ended(
    reader_of: Callable[..., Reader], site: str, language: str, size: str
) -> None:
    cache.clear()
    account = Account.objects.create_user("boss@example.org", name="Boss", language=language)
    house = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    services.grant_role(
        actor=SYSTEM, account_id=account.pk, role=Role.HOUSE_MANAGER, house_id=house, now=datetime.now(UTC)
    )
    reader = reader_of(language, size)
    sign_in(reader, account)
    page = reader.go("/account/tokens")
    page.locator("[name=name]").fill("statistics")
    page.locator("[name=own_account]").check()
    page.locator("[name=roles]").first.check()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#made")).to_contain_text("kh_")
    reader.check("a key that was made")
    reader.go("/account/tokens")
    expect(page.locator("#made")).to_have_count(0)
    with page.expect_navigation():
        page.locator("[name=revoke]").click()
    expect(page.locator("[name=revoke]")).to_have_count(0)
