"""Pages of members: one's own membership, card and privacy; finding, registering and serving at the desk."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.types import FeeKind
from khaneh.domains.network.types import Role
from khaneh.domains.people import queries, services
from khaneh.domains.people.models import Account, Member
from khaneh.domains.people.types import MemberState
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.people.membership import Club, make_club

pytestmark = pytest.mark.django_db
LANGUAGES = ("fa", "vi", "en")


@pytest.fixture
def club(db: None) -> Club:
    return make_club()


def window(account: int | None, language: str = "en") -> Client:
    client = Client()
    client.cookies["language"] = language
    if account is not None:
        client.force_login(Account.objects.get(pk=account), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(club: Club) -> Client:
    """A lender's window at the central house."""
    account = Account.objects.create_user("window@example.org")
    services.grant_role(
        actor=SYSTEM, account_id=account.pk, role=Role.CIRCULATION, house_id=club.central.pk, now=timezone.now()
    )
    return window(account.pk)


def form(club: Club, **facts: str) -> dict[str, str]:
    return {
        "given_name": "Thị Hoa", "family_name": "Nguyễn", "birth_date": "۱۳۶۹/۲/۱۵", "category": "adult", "phone": "0912 111 2233",
        "home_house": str(club.central.pk), "email": "hoa@example.org", "address": "Qom", "language": "vi", "national_id": "",
        **facts,
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_application_to_card_on_the_phone(club: Club, desk: Client, language: str) -> None:
    reader = Account.objects.create_user(f"hoa-{language}@example.org").pk
    phone = window(reader, language)
    page = phone.get("/account/membership")
    assert page.status_code == 200
    wrong = phone.post("/account/membership", form(club, birth_date="yesterday"))
    assert wrong.status_code == 422
    assert 'id="id_birth_date_error"' in wrong.text
    assert phone.post("/account/membership", form(club)).status_code == 302
    member = Member.objects.get(account_id=reader)
    assert (member.state, str(member.birth_date)) == (MemberState.APPLIED, "1990-05-05")
    assert b"barcode" not in phone.get("/account/membership").content
    assert f"/desk/members/{member.pk}/" in desk.get("/desk/members/").text
    assert desk.post(f"/desk/members/{member.pk}/", {"act": "approve"}).status_code == 302
    card = queries.membership_of(reader, now=timezone.now()).card  # type: ignore[union-attr]
    shown = phone.get("/account/membership").text
    assert card in shown
    assert '<svg class="barcode"' in shown
    assert "style=" not in shown
    sheet = desk.get(f"/desk/members/cards?id={member.pk}&id=nonsense").text
    assert sheet.count('<svg class="barcode"') == 1


def test_the_acts_of_ones_own_membership(club: Club) -> None:
    actor, member_id = club.joined()
    friend, friend_id = club.joined()
    phone = window(actor.account_id)
    own = lambda: queries.membership_of(actor.account_id or 0, now=timezone.now())  # noqa: E731
    address = "/account/membership"
    assert "not understood" in phone.post(address, {"act": "pin", "pin": "1111"}, follow=True).text
    phone.post(address, {"act": "pin", "pin": "2580"})
    assert own().has_pin
    friend_card = queries.lines([friend_id])[friend_id].card
    phone.post(address, {"act": "proxy", "card": friend_card, "may_borrow": "on"})
    assert own().guardians == ()
    offer = queries.proxy_offers(friend_id, since=timezone.now() - timedelta(days=1))[0]
    services.accept_proxy(actor=friend, offer_id=offer.id, now=timezone.now())
    assert [one.member_id for one in own().guardians] == [friend_id]
    phone.post(address, {"act": "end", "id": own().guardians[0].id})
    assert own().guardians == ()
    phone.post(address, {"act": "lost"})
    assert own().card == ""
    assert phone.post(address, {"act": "nonsense", "id": "x"}).status_code == 302
    assert Member.objects.get(pk=member_id).state == MemberState.ACTIVE


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy(club: Club, language: str) -> None:
    actor, member_id = club.joined()
    phone = window(actor.account_id, language)
    assert phone.get("/account/privacy").status_code == 200
    phone.post("/account/privacy", {"keep": "1"})
    assert Member.objects.get(pk=member_id).keep_history is True
    phone.post("/account/privacy", {"keep": "0"})
    assert Member.objects.get(pk=member_id).keep_history is False
    told = phone.post("/account/privacy", {"act": "download"})
    assert json.loads(told.content)["member"]["phone"] == Member.objects.get(pk=member_id).phone
    assert "attachment" in told["Content-Disposition"]
    assert phone.get("/account/erase").status_code == 200
    assert phone.post("/account/erase", {}).status_code == 422
    assert phone.post("/account/erase", {"sure": "on"}).status_code == 302
    assert Member.objects.get(pk=member_id).state == MemberState.ERASED
    assert phone.get("/account/privacy").status_code == 302


def test_a_parent_applies_for_a_child(club: Club) -> None:
    actor, _member_id = club.joined()
    phone = window(actor.account_id)
    sent = phone.post("/account/membership/ward", form(club, category="child", birth_date="2016-04-04"))
    assert sent.status_code == 302
    assert len(queries.membership_of(actor.account_id or 0, now=timezone.now()).wards) == 1  # type: ignore[union-attr]
    alone = window(club.account().account_id)
    assert (
        alone.post("/account/membership/ward", form(club, category="child", birth_date="2016-04-04")).status_code == 422
    )


def test_the_desk_registers_finds_changes_and_is_warned_of_a_second_membership(club: Club, desk: Client) -> None:
    assert desk.get("/desk/members/new").status_code == 200
    made = desk.post("/desk/members/new", form(club, barcode="OLD-4711"))
    assert made.status_code == 302
    member = Member.objects.get()
    again = desk.post("/desk/members/new", form(club))
    assert again.status_code == 422
    assert f"/desk/members/{member.pk}/" in again.text
    assert desk.post("/desk/members/new", form(club, sure="1")).status_code == 302
    second = Member.objects.exclude(pk=member.pk).get()
    found = desk.get("/desk/members/?q=nguyen+hoa").text
    assert f"/desk/members/{member.pk}/" in found
    assert f"/desk/members/{second.pk}/" in found
    assert desk.get("/desk/members/?q=old-4711")["Location"] == f"/desk/members/{member.pk}/"
    page = desk.get(f"/desk/members/{member.pk}/").text
    assert f'href="/desk/members/{second.pk}/"' in page
    assert desk.get(f"/desk/members/{member.pk}/edit").status_code == 200
    edited = desk.post(f"/desk/members/{member.pk}/edit", form(club, family_name="Trần", birth_date="1990-05-05"))
    assert edited.status_code == 302
    assert Member.objects.get(pk=member.pk).family_name == "Trần"


def test_every_act_of_the_desk(club: Club, desk: Client) -> None:
    member_id, card = club.register()
    other, other_card = club.register()
    here = f"/desk/members/{member_id}/"
    row = lambda: queries.member(actor=SYSTEM, member_id=member_id, now=timezone.now())  # noqa: E731

    def act(name: str, **facts: Any) -> str:
        answer = desk.post(here, {"act": name, **facts}, follow=True)
        assert answer.status_code == 200, name
        return str(answer.text)

    before = row().expires_on
    act("renew")
    assert row().expires_on > before
    act("replace", lost="1")
    assert row().card not in ("", card)
    act("block", reason="damage", text="a torn map")
    assert "a torn map" in desk.get(here).text
    act("lift", id=row().blocks[0].id)
    assert row().blocks == ()
    act("message", text="your umbrella", staff="1")
    act("read", id=row().messages[0].id)
    assert row().messages == ()
    act("guardian", barcode=other_card, kind="parent")
    assert [one.member_id for one in row().guardians] == [other]
    act("end", id=row().guardians[0].id)
    assert "another house" in act("merge", id=other)  # for a librarian
    assert "cannot be chosen" in act("block", reason="nonsense")
    assert "cannot be chosen" in act("guardian", barcode="nobody-1", kind="parent")
    assert 'value="close"' not in desk.get(here).text, "it is asked first"
    question = desk.get(here, {"ask": "close"}).text
    assert 'value="close"' in question
    assert "taken back as a member" in question
    assert "This stays open" not in question
    circulation.charge(
        actor=SYSTEM, house_id=row().home_house.id, member_id=member_id, kind=FeeKind.OTHER, amount=Money(700, "VND"),
        now=timezone.now(),
    )  # fmt: skip
    assert "700 đồng" in desk.get(here, {"ask": "close"}).text
    act("close")
    assert row().state is MemberState.CLOSED
    assert 'value="close"' not in desk.get(here, {"ask": "close"}).text
    act("reopen")
    assert row().state is MemberState.ACTIVE
    assert desk.post(here, {"act": "nonsense"}).status_code == 404


def test_the_desk_is_for_those_who_lend(club: Club) -> None:
    member_id = club.register().member_id
    for address in ("/desk/members/", "/desk/members/new", f"/desk/members/{member_id}/", "/desk/members/cards"):
        assert "/accounts/login/" in window(None).get(address)["Location"]
        assert window(club.account().account_id).get(address).status_code == 404
