"""The pages of networking as people use them: following, the last page of a digest, sharing at both desks, booking by a sharing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khaneh.domains.network.models import OpeningHours
from khaneh.domains.network.types import Role
from khaneh.domains.networking import services
from khaneh.domains.networking.models import Digest, Follow, Sharing, Subscription
from khaneh.domains.people.models import Account
from khaneh.domains.spaces.models import Booking, Space
from khaneh.kernel.actor import Actor
from tests.domains.networking.fair import WEEK, Fair, make_fair
from tests.domains.networking.test_sharing import reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(db: None) -> Fair:
    """Two provinces, a library, a centre."""
    return make_fair()


def client(who: Actor, language: str = "en") -> Client:
    """Somebody's browser."""
    made = Client()
    made.force_login(Account.objects.get(pk=who.account_id))
    made.cookies["language"] = language
    return made


def text(response: Any) -> str:
    """What the page says."""
    assert response.status_code == 200, response
    return str(response.content.decode())


def test_one_follows_looks_ahead_and_is_told(fair: Fair) -> None:
    investor, who = fair.investor()
    company, _ = fair.company("2651")
    browser, page = client(who), reverse("account-following")
    assert f"{page}?sector=C" in text(Client().get(reverse("companies"), {"sector": "C"}))
    assert 'value="C" selected' in text(browser.get(page, {"sector": "C"}))
    sent = {"act": "follow", "sector": "C", "region": "X-QM", "for": investor.code}
    for _ in range(2):
        assert browser.post(page, sent).status_code == 302
    assert Follow.objects.count() == 2
    one = Subscription.objects.get()
    assert investor.names["en"] in text(browser.get(page))
    assert company.names["en"] in text(browser.get(reverse("account-following-next", args=[one.pk])))
    services.make_digests(now=timezone.now() + WEEK)
    assert company.names["fa"] in text(client(who, "fa").get(reverse("account-following-digests", args=[one.pk])))
    other = client(fair.person())
    assert other.get(reverse("account-following-digests", args=[one.pk])).status_code == 404
    # One click in a mail program, without a session and without our form.
    stop = reverse("digest-stop", args=[one.secret])
    assert "Send no more" in text(Client().get(stop))
    one.refresh_from_db()
    assert one.frequency == "weekly"
    assert "no more digests" in text(Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"}))
    one.refresh_from_db()
    assert one.frequency == "never"
    wishes = {"act": "wishes", "subscription": one.pk, "kinds": ["call", "event"], "frequency": "monthly"}
    browser.post(page, wishes)
    one.refresh_from_db()
    assert (one.kinds, one.frequency) == (["call", "event"], "monthly")
    browser.post(page, {"act": "unfollow", "follow": Follow.objects.first().pk})  # type: ignore[union-attr]
    browser.post(page, {"act": "stop", "subscription": one.pk})
    assert not Subscription.objects.exists()
    assert not Digest.objects.exists()


def test_a_place_is_shared_at_one_desk_accepted_at_the_other_and_booked(fair: Fair) -> None:
    for weekday in range(1, 8):
        OpeningHours.objects.create(house=fair.centre.house, weekday=weekday, opens=0, closes=1440)
    Space.objects.filter(pk=fair.centre.office.pk).update(
        price_amount=100_000, price_currency="IRR", slot_minutes=30, min_minutes=30, max_minutes=600
    )
    giver = client(fair.person(Role.HOUSE_MANAGER, house=fair.centre.house))
    taker = client(fair.person(Role.HOUSE_MANAGER, house=fair.library), "vi")
    page, form = reverse("desk-sharing"), reverse("desk-sharing-new")
    text(giver.get(form))
    sent = {
        "house": fair.centre.house.code, "key": "k", "what": "space", "space": fair.centre.office.pk, "hours": "3",
        "to_house": fair.library.code, "valid_from": "2026-01-01", "valid_until": "2099-01-01", "price": "", "unit": "IRR",
    }  # fmt: skip
    assert "At most three years" in giver.post(form, sent).content.decode()
    today = timezone.now().date()
    sent |= {"valid_from": today.isoformat(), "valid_until": today.replace(year=today.year + 1, day=1).isoformat()}
    for _ in range(2):
        assert giver.post(form, sent).status_code == 302
    one = Sharing.objects.get()
    assert "Mulla Sadra Library" in text(giver.get(page))
    assert "Trung tâm" in text(taker.get(page))
    taker.post(page, {"house": fair.library.code, "sharing": one.pk, "act": "accept"})
    one.refresh_from_db()
    assert one.state == "active"
    who = client(reader(fair))
    assert "free of charge" in text(who.get(reverse("account-shared")))
    starts = (timezone.now() + WEEK).replace(hour=7, minute=30, second=0, microsecond=0)
    wanted = {"starts": starts.strftime("%Y-%m-%dT%H:%MZ"), "minutes": "60"}
    book = reverse("space-book", args=[fair.centre.office.pk])
    shown = text(who.get(book, wanted))
    assert "By a sharing of" in shown
    assert f'name="sharing" value="{one.pk}"' in shown
    assert "By a sharing of" not in text(who.get(book, {**wanted, "sharing": "0"}))
    price = shown.split('name="price" value="')[1].split('"')[0]
    sent = {**wanted, "price": price, "key": "b", "sharing": str(one.pk), "people": "1"}
    assert who.post(book, sent).status_code == 302
    assert Booking.objects.get().terms["sharing"] == one.pk
    # Three hours a month, one of them used: two hours left, and not three.
    wanted["starts"] = starts.replace(hour=10).strftime("%Y-%m-%dT%H:%MZ")
    refused = text(who.get(book, {**wanted, "minutes": "180", "sharing": str(one.pk)}))
    assert "So much of the shared hours is not left this month." in refused


def test_a_mentor_agrees_and_stands_first_for_whom_they_are_shared_with(fair: Fair) -> None:
    mentor = fair.mentor()
    giver = client(fair.person(Role.HOUSE_MANAGER, house=fair.library))
    today = timezone.now().date()
    giver.post(
        reverse("desk-sharing-new"),
        {
            "house": fair.library.code, "key": "m", "what": "mentor", "mentor": mentor.account_id, "hours": "10",
            "to_region": "R-QM", "valid_from": today.isoformat(), "valid_until": (today + 4 * WEEK).isoformat(),
        },
    )  # fmt: skip
    one, page = Sharing.objects.get(), reverse("account-shared")
    browser = client(mentor, "fa")
    assert "act" in text(browser.get(page))
    browser.post(page, {"sharing": one.pk, "act": "agree"})
    one.refresh_from_db()
    assert one.state == "active"
    boss = fair.centre.manager()
    team, _ = fair.centre.team(boss)
    assert "Shared with this house" in text(client(boss).get(reverse("desk-residency", args=[team])))
    # Whoever has nothing to do with it finds nothing to end.
    client(fair.person()).post(page, {"sharing": one.pk, "act": "end"})
    one.refresh_from_db()
    assert one.state == "active"


def test_what_others_run_is_shown_to_whoever_runs_programmes(fair: Fair) -> None:
    page = reverse("desk-network-programmes")
    assert "No programme fits" in text(client(fair.centre.manager()).get(page, {"state": "open", "sector": "C"}))
    assert client(fair.person()).get(page).status_code == 404
