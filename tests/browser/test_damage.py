"""Damage noted at a return, in a real browser and three languages: a button beside the return, a note, the fee, the copy aside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation.models import Damage, FeeEntry
from khaneh.domains.people.models import Account
from tests.browser.conftest import Reader
from tests.browser.test_desk import sign_in
from tests.interfaces.web.desk import desk_data, lending_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/desk/circulation/"


def test_damage_is_noted_beside_the_return(site: str, reader_of: Callable[..., Reader]) -> None:
    desk_data.staff()
    lending = lending_data.load(copies=3)
    for turn, (language, size) in enumerate((("fa", "phone"), ("vi", "phone"), ("en", "desktop"))):
        copy = lending.copies[turn]
        reader = reader_of(language, size)
        sign_in(reader, Account.objects.get(email="librarian@example.org"))
        page = reader.go(f"{DESK}?house=NA-LIB&member={lending.readers[0]}")
        page.locator("#scan").fill(copy)
        page.locator("#scan").press("Enter")
        expect(page.locator(".circ__act--good")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("#circ-mode input[name=member]")).to_have_count(0)
        page.locator("#scan").fill(copy)
        page.locator("#scan").press("Enter")
        damaged = page.locator(".circ-damage").first
        damaged.locator("summary").click()
        reader.check("a damage is noted")
        damaged.locator("input[name=note]").fill("The spine is broken")
        damaged.locator("input[name=amount]").fill("5000")
        damaged.locator("button").click()
        expect(page.locator(".circ-damage")).to_have_count(0)
        expect(page.locator("[data-part=said] [data-tone=warn]")).to_be_visible()
        assert Copy.objects.get(barcode=copy).state == "at_repair"
        reader.go(f"{DESK}lists/repair")
        expect(page.get_by_text("The spine is broken").last).to_be_visible()
        assert (Damage.objects.count(), FeeEntry.objects.filter(kind="damaged").count()) == (turn + 1, turn + 1)
