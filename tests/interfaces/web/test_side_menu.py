"""The menus beside the pages of an account and of the desk: in groups, what concerns somebody in sight, all else within reach."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from khaneh.domains.people.models import Account, CalendarKey
from khaneh.infrastructure import belongings
from khaneh.interfaces.web.accounts import menu
from khaneh.interfaces.web.side_menu import at
from khaneh.kernel.actor import Actor

pytestmark = pytest.mark.django_db


def _menu(account: Account, address: str, language: str = "en") -> Tag:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["language"] = language
    found = BeautifulSoup(client.get(address).content, "html.parser").select_one("nav.side-menu")
    assert found is not None
    return found


def _in_sight(page: Tag) -> set[str]:
    return {str(link["href"]) for link in page.select("a") if link.find_parent("details") is None}


def _all(page: Tag) -> set[str]:
    return {str(link["href"]) for link in page.select("a")}


def test_every_kind_that_an_entry_asks_for_is_kept_by_a_domain() -> None:
    asked = {kind for _title, entries in menu.GROUPS for entry in entries for kind in entry.kinds}
    assert asked <= belongings.registered()


def test_who_has_nothing_finds_the_rest_under_more_and_nothing_is_lost() -> None:
    account = Account.objects.create_user("menu@example.org", "a-calm-turquoise-door")
    page = _menu(account, "/account/loans")
    seen = _in_sight(page)
    assert {reverse("account-loans"), reverse("account-bookings"), reverse("account-messages")} <= seen
    assert reverse("account-calendar") not in seen
    every = {reverse(entry.address) for _title, entries in menu.GROUPS for entry in entries}
    assert every <= _all(page)
    CalendarKey.objects.create(account=account, name="telephone", digest=b"0" * 32, made_at=timezone.now())
    assert reverse("account-calendar") in _in_sight(_menu(account, "/account/loans"))


def test_the_page_that_is_open_is_marked_once_and_never_folded_away() -> None:
    account = Account.objects.create_user("menu@example.org", "a-calm-turquoise-door")
    page = _menu(account, reverse("account-applications"))
    assert [link["href"] for link in page.select("[aria-current=page]")] == [reverse("account-applications")]
    assert reverse("account-applications") in _in_sight(page)
    settings = _menu(account, "/accounts/sessions/").select_one("a[href='/accounts/sessions/']")
    assert settings is not None
    group = settings.find_parent("details")
    assert group is not None
    assert group.has_attr("open")


def test_a_page_belongs_to_the_longest_address_above_it() -> None:
    hrefs = ["/account/", "/account/lists", "/account/mentor", "/account/mentoring"]
    assert at("/account/lists/3", hrefs, only_itself=frozenset({"/account/"})) == "/account/lists"
    assert at("/account/mentoring", hrefs) == "/account/mentoring"
    assert at("/account/other", hrefs, only_itself=frozenset({"/account/"})) == ""


def test_all_kinds_are_asked_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    account = Account.objects.create_user("menu@example.org", "a-calm-turquoise-door")
    with django_assert_num_queries(1):
        assert belongings.kinds_of(Actor(account_id=account.pk)) == frozenset()
