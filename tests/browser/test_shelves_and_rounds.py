"""Inventories, rounds, queues and floating collections in a real browser: a scanner that types fast, a driver's telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from khaneh.domains.catalogue.models import Copy, Record
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import InventoryScan, Transfer
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.circulation.types import RequestLevel
from khaneh.domains.network import queries as network
from khaneh.domains.people.models import Account, Member, MemberCategory
from khaneh.kernel.actor import SYSTEM
from tests.browser.conftest import Reader
from tests.browser.test_desk import sign_in
from tests.interfaces.web.desk import desk_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Window = Callable[..., Reader]
TITLES = ("شاهنامه", "Truyện Kiều", "The Conference of the Birds", "گلستان سعدی", "Dế Mèn phiêu lưu ký", "بوستان")


@pytest.fixture
def librarian(site: str) -> Account:
    """A librarian of NA-LIB at whose house there is something of everything."""
    services.ensure_policies()
    return desk_data.staff()["librarian"]


@pytest.fixture
def things(librarian: Account) -> dict[str, int]:
    """An inventory with findings, a round with parcels, a queue, and limits."""
    houses, now = network.house_ids_by_code(), datetime.now(UTC)
    house, other = houses["NA-LIB"], next(pk for code, pk in sorted(houses.items()) if code != "NA-LIB")
    kind, _ = MemberCategory.objects.get_or_create(
        code="adult", defaults={"names": {"en": "Adult", "fa": "بزرگسال", "vi": "Người lớn"}}
    )
    members = [
        Member.objects.create(
            home_house_id=house, category=kind, state="active", joined_on=date(2025, 3, 21), expires_on=date(2040, 3, 20),
            birth_date=date(1990, 5, 5), family_name=name,
        )
        for name in ("Nguyễn", "احمدی", "Trần", "Smith")
    ]  # fmt: skip
    records = [Record.objects.create(document=f'{{"title": "{title}"}}') for title in TITLES]
    for n in range(24):
        Copy.objects.create(
            house_id=house, record=records[n % 6], barcode=f"C{n:03}", location="Fiction" if n % 8 else "Story",
            call_number=f"8{n % 10}3.{n}", floating=n > 20,
        )  # fmt: skip
    for n in (20, 21, 22):
        services.send_transfer(actor=SYSTEM, house_id=house, barcode=f"C{n:03}", to_house_id=other, now=now)
    services.check_out(actor=SYSTEM, house_id=house, barcode="C001", member_id=members[0].pk, now=now)
    for member in members[1:]:
        services.place_request(
            actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=records[1].pk,
            pickup_house_id=house, now=now,
        )  # fmt: skip
    inventory = services.open_inventory(actor=SYSTEM, house_id=house, now=now, location="Fiction", call_to="890")
    services.scan_shelf(
        actor=SYSTEM, inventory_id=inventory, now=now, barcodes=["C000", "C001", "C002", "C003", "C009", "C010", "nobody", "C021"],
    )  # fmt: skip
    run = services.plan_run(
        actor=SYSTEM, day=now.date(), now=now, name="دوشنبه", base_house_id=house, driver_id=librarian.pk,
        stops=[StopDraft(house, "", now), StopDraft(other), StopDraft(house)],
    )  # fmt: skip
    services.set_float_limit(actor=SYSTEM, house_id=house, collection="Fiction", least=4, most=9)
    services.set_float_limit(actor=SYSTEM, house_id=other, collection="Fiction", least=0, most=5)
    return {"inventory": inventory, "run": run, "record": records[1].pk, "house": house}


def test_every_page_in_three_languages(reader_of: Window, librarian: Account, things: dict[str, int]) -> None:
    inventory = f"/desk/inventories/{things['inventory']}/"
    run = f"/desk/runs/{things['run']}/"
    paths = (
        "/desk/inventories/?house=NA-LIB", inventory, f"{inventory}?show=missing", f"{inventory}?show=unexpected", "/desk/runs/",
        run, f"{run}edit", f"{run}drive", "/desk/queues/", f"/desk/queues/{things['record']}/", "/desk/floating/",
    )  # fmt: skip
    for language, size in (("fa", "phone"), ("vi", "desktop"), ("en", "phone")):
        reader = reader_of(language, size)
        sign_in(reader, librarian)
        for path in paths:
            reader.go(path)


def test_a_scanner_types_faster_than_the_line(reader_of: Window, librarian: Account, things: dict[str, int]) -> None:
    reader = reader_of("en")
    sign_in(reader, librarian)
    page = reader.go(f"/desk/inventories/{things['inventory']}/")
    page.locator("#scan").focus()
    for n in range(4, 20):
        page.keyboard.type(f"C{n:03}", delay=0)
        page.keyboard.press("Enter")
    expect(page.locator("#scan")).to_have_value("")
    expect(page.locator("[data-scanning-state]")).to_have_text("")
    expect(page.locator("#scanned")).to_contain_text("C019")
    assert InventoryScan.objects.filter(inventory_id=things["inventory"], barcode__startswith="C").count() == 21
    reader.check("after the scans")


def test_a_scan_during_a_broken_line_is_sent_later(
    reader_of: Window, librarian: Account, things: dict[str, int]
) -> None:
    reader = reader_of("vi", "phone")
    sign_in(reader, librarian)
    page = reader.go(f"/desk/inventories/{things['inventory']}/")
    reader.context.set_offline(True)
    page.locator("#scan").fill("C015")
    page.keyboard.press("Enter")
    expect(page.locator("[data-scanning-state]")).to_contain_text("1")
    reader.context.set_offline(False)
    expect(page.locator("#scanned")).to_contain_text("C015")


def test_a_driver_loads_and_puts_down_on_a_telephone(
    reader_of: Window, librarian: Account, things: dict[str, int]
) -> None:
    reader = reader_of("fa", "phone")
    sign_in(reader, librarian)
    page = reader.go(f"/desk/runs/{things['run']}/drive")
    for left, barcode in ((2, "C020"), (1, "C022")):
        page.locator("#scan").fill(barcode)
        page.keyboard.press("Enter")
        expect(page.locator("#driven .parcels__line")).to_have_count(left)
        expect(page.locator("#driven .notice__title")).to_contain_text("بار شد")
    assert Transfer.objects.filter(run_id=things["run"], loaded_at__isnull=False).count() == 2
    reader.check("loading")
    page.locator(".drive a.button").last.click()
    page.locator("#scan").fill("C020")
    page.keyboard.press("Enter")
    expect(page.locator("#driven .notice__title").first).to_contain_text("تحویل شد")
    box = page.locator(".drive button[type=submit]").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    reader.check("putting down")
