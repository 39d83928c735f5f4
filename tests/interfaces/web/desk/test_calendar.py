"""Seasons, holidays, regions and deprivation through the pages, in three languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from khaneh.domains.network import queries as network
from khaneh.domains.network import services
from khaneh.domains.network.models import DeprivationIndex, Holiday
from khaneh.domains.network.types import DecileDraft
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web.desk.conftest import Windows
from tests.interfaces.web.desk.test_administration import form_of, soup

pytestmark = pytest.mark.django_db
CALENDAR = "/desk/houses/NA-LIB/calendar"
SEASON = "/desk/houses/NA-LIB/season"
NEW = "/desk/holidays/house/NA-LIB/new"


def house_id() -> int:
    return network.house_ids_by_code(["NA-LIB"])["NA-LIB"]


def test_a_season_is_entered_moved_and_taken_away(window: Windows) -> None:
    client = window("manager")
    usual = network.weekly_rows(house_id())
    sent = form_of(client, SEASON)
    assert sent["d3_0_opens"], "a further season starts as a copy of the usual week"
    for wrong in (
        {"first": "", "last": ""},
        {"first": "soon"},
        {"first": "2027-09-01", "last": "2027-06-01"},
        {"first": "2027-06-01", "d3_0_opens": "25"},
        {"first": "2027-06-01"} | {name: "" for name in sent if name.startswith("d")},
    ):
        assert client.post(SEASON, sent | wrong).status_code == 422, wrong
    summer = sent | {"first": "1406/04/01", "last": "2027-08-31", "d3_0_opens": "7:00"}
    assert client.post(SEASON, summer)["Location"] == CALENDAR
    assert client.post(SEASON, summer).status_code == 422, "there is one of these days"
    first = date(2027, 6, 22)
    rows = [row for row in network.weekly_rows(house_id()) if row.first]
    assert {(row.first, row.last) for row in rows} == {(first, date(2027, 8, 31))}
    assert 420 in {row.span.opens for row in rows if row.weekday == 3}
    page = f"{SEASON}?from={first}&until=2027-08-31"
    assert page.replace("&", "&amp;") in client.get(CALENDAR).content.decode()
    later = form_of(client, page) | {"last": "2027-09-15"}
    client.post(page, later)
    assert {row.last for row in network.weekly_rows(house_id()) if row.first} == {date(2027, 9, 15)}
    page = f"{SEASON}?from={first}&until=2027-09-15"
    client.post(page, {"remove": "1"})
    assert [row.span for row in network.weekly_rows(house_id())] == [row.span for row in usual]
    assert not any(row.first or row.last for row in network.weekly_rows(house_id()))
    assert client.get(page).status_code == 404
    assert client.get(f"{SEASON}?from=never").status_code == 404


@pytest.mark.parametrize(
    ("sent", "when"),
    [
        ({"rule": "jalali", "month": "4", "day": "31"}, "every year, 31 Tir"),
        ({"rule": "gregorian", "month": "2", "day": "28"}, "every year, 28 February"),
        ({"rule": "date", "first": "1406/01/05", "last": "2027-03-28"}, ""),
    ],
)
def test_a_holiday_is_entered_changed_and_taken_away(window: Windows, sent: dict[str, str], when: str) -> None:
    client = window("manager")
    blank = form_of(client, NEW)
    hours = {"opens_0": "9", "closes_0": "12", "opens_1": "14:00", "closes_1": "16:00"}
    answer = client.post(NEW, blank | sent | hours | {"names_en": "Fair", "expected": "on"})
    assert answer["Location"] == CALENDAR + "#holidays"
    (row,) = Holiday.objects.filter(house_id=house_id())
    assert (row.spans, row.expected) == ([[540, 720], [840, 960]], True)
    assert when in soup(client.get(CALENDAR)).get_text()
    path = f"/desk/holidays/{row.pk}/"
    assert client.post(path, form_of(client, path)).status_code == 302
    assert Holiday.objects.get(pk=row.pk).spans == row.spans, "as it stands it changes nothing"
    client.post(path, form_of(client, path) | {"opens_1": "", "closes_1": ""})
    assert Holiday.objects.get(pk=row.pk).spans == [[540, 720]]
    client.post(path + "remove")
    assert not Holiday.objects.filter(house_id=house_id()).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"names_en": ""}, "names_en"),
        ({"first": ""}, "first"),
        ({"first": "2027-02-30"}, "first"),
        ({"rule": "jalali", "month": "7", "day": "31"}, "day"),
        ({"rule": "gregorian", "month": "", "day": "1"}, "month"),
        ({"opens_0": "9"}, "closes_0"),
        ({"opens_0": "9", "closes_0": "12", "opens_1": "11", "closes_1": "13"}, "opens_0"),
    ],
)
def test_what_is_no_day_is_told_beside_its_field(window: Windows, wrong: dict[str, str], field: str) -> None:
    client = window("manager")
    sent = form_of(client, NEW) | {"names_en": "Fair", "rule": "date", "first": "2027-01-05"} | wrong
    answer = client.post(NEW, sent)
    assert answer.status_code == 422
    assert soup(answer).select_one(f"#id_{field}_error"), field
    assert not Holiday.objects.filter(house_id=house_id()).exists()


def test_the_next_thirty_days_say_open_or_closed_because(window: Windows) -> None:
    client = window("manager")
    soon = timezone.now().date() + timedelta(days=3)
    client.post(NEW, form_of(client, NEW) | {"names_en": "Stocktaking", "rule": "date", "first": soon.isoformat()})
    days = soup(client.get(CALENDAR)).select(".desk-coming__day")
    assert len(days) == 30
    closed = [day.get_text(" ", strip=True) for day in days if "Stocktaking" in day.get_text()]
    assert len(closed) == 1
    assert "Closed" in closed[0]
    assert "this house" in closed[0]
    assert sum("the usual week" in day.get_text() for day in days) >= 20


def test_what_comes_from_above_is_seen_and_not_changed(window: Windows) -> None:
    manager, admin, other = window("manager"), window("admin"), window("other_admin")
    region = "/desk/holidays/region/vn-na/new"
    sent = {"names_en": "Harvest", "rule": "date", "first": "2027-01-05"}
    assert manager.get(region).status_code == other.get(region).status_code == 404
    assert manager.post(region, sent).status_code == other.post(region, sent).status_code == 404
    assert admin.post(region, form_of(admin, region) | sent)["Location"] == "/desk/regions/vn-na/#holidays"
    row = Holiday.objects.get(region__code="vn-na")
    assert "Harvest" in soup(manager.get(CALENDAR)).select_one("[aria-labelledby=above]").get_text()
    assert manager.get(f"/desk/holidays/{row.pk}/").status_code == 404
    assert manager.post(f"/desk/holidays/{row.pk}/remove").status_code == 404
    assert Holiday.objects.filter(pk=row.pk).exists()
    country = "/desk/holidays/country/VN/new"
    assert admin.get(country).status_code == 404, "a province does not speak for the country"
    assert manager.get("/desk/holidays/planet/VN/new").status_code == 404
    assert "Harvest" in soup(admin.get("/desk/regions/vn-na/")).get_text()


def test_a_version_is_published_and_its_history_shown(window: Windows) -> None:
    admin, manager = window("admin"), window("manager")
    assert manager.get("/desk/deprivation/new").status_code == 404
    sent = form_of(admin, "/desk/deprivation/new") | {"code": "ix", "version": "2025", "names_en": "Index"}
    assert admin.post("/desk/deprivation/new", sent | {"published": "then"}).status_code == 422
    assert admin.post("/desk/deprivation/new", sent)["Location"] == "/desk/network/tables/deprivation/"
    assert admin.post("/desk/deprivation/new", sent).status_code == 422
    admin.post("/desk/deprivation/new", sent | {"version": "2026", "published": "2026-03-01"})
    assert list(DeprivationIndex.objects.order_by("version").values_list("version", flat=True)) == ["2025", "2026"]
    for version, decile in (("2025", 3), ("2026", 5)):
        services.set_decile(actor=SYSTEM, draft=DecileDraft("ix", version, "vn-na", decile))
    district = next(row.code for row in network.regions(below="vn-na") if len(row.ancestors) == 1)
    history = soup(manager.get(f"/desk/regions/{district}/")).select("[aria-labelledby=deprivation] tbody tr")
    assert {row.select_one(".desk-decile").get_text() for row in history} == {"3", "5"}
    assert all("of" in row.get_text() for row in history), "it is its province's"
    table = soup(manager.get("/desk/deprivation/?index=ix&region=vn-na")).select("[aria-labelledby=regions] tbody tr")
    assert [cell.get_text(strip=True) for cell in table[0].select("td")] in (["3", "5"], ["5", "3"])


PAGES = (
    CALENDAR, SEASON, NEW, "/desk/regions/", "/desk/regions/vn-na/", "/desk/countries/VN/", "/desk/deprivation/",
)  # fmt: skip


@pytest.mark.parametrize("language", ["fa", "vi"])
def test_every_page_speaks_the_readers_language(window: Windows, language: str) -> None:
    client: Client = window("manager")
    for page in PAGES:
        english = soup(client.get(page)).select_one("main h1, .desk h1").get_text()
        client.cookies["language"] = language
        answer = client.get(page)
        assert answer.status_code == 200
        own = soup(answer).select_one("main h1, .desk h1").get_text()
        client.cookies["language"] = "en"
        assert own != english or page == "/desk/regions/vn-na/", page
