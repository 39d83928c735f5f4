"""One's own lists and kept searches, as a browser without scripts uses them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from khaneh.domains.catalogue.models import Work
from khaneh.domains.discovery.models import ListItem, ReaderList, SavedSearch
from khaneh.domains.people.models import Member
from tests.domains.circulation.shelves import Shelves, make_shelves
from tests.interfaces.web.accounts.lending_data import reader, titled
from tests.interfaces.web.accounts.test_lending import page, press, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves(db: None) -> Shelves:
    cache.clear()
    return make_shelves()


@pytest.fixture
def sara(shelves: Shelves, client: Client) -> Member:
    member = reader(shelves)
    client.force_login(member.account, backend="django.contrib.auth.backends.ModelBackend")
    return member


def test_a_book_goes_on_a_list_from_its_page_and_the_list_on_a_sheet(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    work = Work.objects.create()
    first, second = (
        titled(shelves, "=Kelidar", "Dowlatabadi", work=work),
        titled(shelves, "بوف کور", "صادق هدایت", language="per"),
    )
    client.post(f"/account/lists/add?record={first.pk}", {"name": "برای تابستان"})
    made = ReaderList.objects.get()
    assert (made.name, made.member_id) == ("برای تابستان", sara.pk)
    page(client, f"/account/lists/add?record={second.pk}")
    client.post(f"/account/lists/add?record={second.pk}", {"list": made.pk})
    client.post(f"/account/lists/add?record={second.pk}", {"list": made.pk})
    client.post(f"/account/lists/add?work={work.pk}", {"list": made.pk})
    soup = page(client, f"/account/lists/{made.pk}")
    assert "It was on the list already." in text(soup)
    assert [one.get_text(strip=True) for one in soup.select(".lent__said .strong")] == [
        "=Kelidar",
        "بوف کور",
        "=Kelidar",
    ]
    press(client, soup, "act", "down")
    item = ListItem.objects.get(number=second.pk, subject="record")
    client.post(f"/account/lists/{made.pk}", {"act": "note", "item": item.pk, "note": "for Nima"})
    sheet = client.get(f"/account/lists/{made.pk}.csv").content.decode("utf-8-sig").splitlines()
    assert sheet[1].startswith("بوف کور,صادق هدایت,,for Nima,")
    assert sheet[2].startswith("'=Kelidar")
    client.post(f"/account/lists/{made.pk}", {"act": "delete"})
    assert not ReaderList.objects.exists()


def test_a_shared_list_says_nothing_of_its_owner_and_closes_again(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    record = titled(shelves, "Kelidar")
    client.post(f"/account/lists/add?record={record.pk}", {"name": "Summer"})
    made = ReaderList.objects.get()
    press(client, page(client, f"/account/lists/{made.pk}"), "act", "share")
    key = ReaderList.objects.get().key
    visitor = Client()
    visitor.cookies["language"] = "en"
    answer = visitor.get(f"/lists/{key}")
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "Kelidar" in text(soup)
    assert "Sara" not in str(soup)
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"
    assert visitor.get(f"/account/lists/{made.pk}").status_code == 302
    press(client, page(client, f"/account/lists/{made.pk}"), "act", "unshare")
    assert visitor.get(f"/lists/{key}").status_code == 404


def test_anothers_list_is_not_there(client: Client, shelves: Shelves, sara: Member) -> None:
    other = reader(shelves, "lan@example.org")
    their = Client()
    their.force_login(other.account, backend="django.contrib.auth.backends.ModelBackend")
    their.post("/account/lists", {"name": "Private"})
    made = ReaderList.objects.get()
    for path in (f"/account/lists/{made.pk}", f"/account/lists/{made.pk}.csv"):
        assert client.get(path).status_code == 404
    assert client.post(f"/account/lists/{made.pk}", {"act": "delete"}).status_code == 404
    record = titled(shelves, "Kelidar")
    assert client.post(f"/account/lists/add?record={record.pk}", {"list": made.pk}).status_code == 404
    assert not ListItem.objects.exists()


def test_a_list_without_a_name_is_not_made_and_the_reader_is_told(client: Client, sara: Member) -> None:
    client.post("/account/lists", {"name": "  "})
    assert "Please give it a name." in text(page(client, "/account/lists"))
    assert not ReaderList.objects.exists()


def test_a_search_is_kept_with_its_filters_opened_again_and_dropped(client: Client, sara: Member) -> None:
    query = "q=%D8%B3%D8%B9%D8%AF%DB%8C&language=per&language=ara&nonsense=1"
    soup = page(client, f"/account/searches/new?{query}")
    assert "سعدی" in text(soup)
    client.post(f"/account/searches/new?{query}", {"name": "Saadi", "tells": "1"})
    kept = SavedSearch.objects.get()
    assert (kept.text, kept.filters, kept.tells) == ("سعدی", {"language": ["per", "ara"]}, True)
    soup = page(client, "/account/searches")
    address = soup.select_one(".lent a.strong")["href"]
    assert "q=%D8%B3" in address
    assert address.count("language=") == 2
    press(client, soup, "act", "hush")
    assert not SavedSearch.objects.get().tells
    press(client, page(client, "/account/searches"), "act", "drop")
    assert not SavedSearch.objects.exists()
    client.post("/account/searches/new", {"name": "Nothing"})
    assert not SavedSearch.objects.exists()
