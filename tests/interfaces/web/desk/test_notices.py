"""The desk's pages of messages, and a reader's own: written, looked at, settled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network import queries as network
from khaneh.domains.notices import services
from khaneh.domains.notices.models import AddressProblem, Choice, Message, Template
from khaneh.domains.notices.queries import own_quiet_hours
from khaneh.domains.notices.types import QuietHours
from khaneh.domains.people.models import Account, Member, MemberBlock, MemberCategory
from tests.interfaces.web.desk.conftest import Windows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
READY = "/desk/notices/texts/circulation.ready/email/"


@pytest.fixture
def house_id(staff: Any) -> int:
    return network.house_ids_by_code(["NA-LIB"])["NA-LIB"]


def member(house_id: int, **facts: Any) -> Member:
    category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
    facts = {"given_name": "Sara", "family_name": "Ahmadi", "email": "sara@example.org"} | facts
    return Member.objects.create(home_house_id=house_id, category=category, **facts)


def message(house_id: int, state: str, **facts: Any) -> Message:
    return Message.objects.create(
        member=member(house_id), house_id=house_id, channel="email", events=["circulation.ready"], state=state,
        not_before=NOW, created_at=NOW, claimed_at=NOW, **facts,
    )  # fmt: skip


def test_a_failed_message_shows_why_and_is_sent_again(window: Windows, house_id: int) -> None:
    failed = message(house_id, "failed", reason="rejected", detail="554 <b>spam</b>")
    client = window("manager")
    page = client.get("/desk/notices/").content.decode()
    assert "Sara Ahmadi" in page
    assert "The server refused the message" in page
    assert "554 &lt;b&gt;spam&lt;/b&gt;" in page
    response = client.post(f"/desk/notices/{failed.pk}/settle", {"act": "again", "next": "/desk/notices/?state=failed"})
    assert response["Location"] == "/desk/notices/?state=failed"
    failed.refresh_from_db()
    assert failed.state == "waiting"
    again = client.post(
        f"/desk/notices/{failed.pk}/settle", {"act": "sent", "next": "https://evil.example/"}, follow=True
    )
    assert again.redirect_chain == [("/desk/notices/", 302)]
    assert "Somebody has settled this message meanwhile." in again.content.decode()


def test_what_was_perhaps_sent_is_decided_by_a_person(window: Windows, house_id: int) -> None:
    unsure = message(house_id, "unsure", reason="no_answer")
    page = window("manager").get("/desk/notices/?state=unsure").content.decode()
    assert "Perhaps sent" in page
    window("manager").post(f"/desk/notices/{unsure.pk}/settle", {"act": "sent"})
    unsure.refresh_from_db()
    assert unsure.state == "sent"


def test_a_wrong_address_can_block_its_member(window: Windows, house_id: int) -> None:
    problem = AddressProblem.objects.create(
        member=member(house_id), channel="email", address="x@example.org", reason="address_refused", found_at=NOW
    )
    client = window("manager")
    assert "Addresses that reach nobody" in client.get("/desk/notices/").content.decode()
    client.post(f"/desk/notices/addresses/{problem.pk}/settle", {"act": "block"})
    assert MemberBlock.objects.get().reason == "contact_wrong"
    assert "Addresses that reach nobody" not in client.get("/desk/notices/").content.decode()


def test_a_text_is_written_in_three_languages_beside_how_it_looks(window: Windows, house_id: int) -> None:
    client = window("manager")
    page = client.get(f"{READY}?house=NA-LIB").content.decode()
    for shown in ("سارا احمدی گرامی", "Nguyễn Thị Hoa", "Dear Sara Ahmadi", "{until}", "[items]…[/items]"):
        assert shown in page, shown
    sent = {"house": "NA-LIB", "en-subject": "Come for {title}", "en-body": "[items]{title}[/items]"}
    for language in ("fa", "vi"):
        sent |= {f"{language}-subject": "x", f"{language}-body": "{title}", f"{language}-revision": "0"}
    assert client.post(READY, sent).status_code == 302
    assert Template.objects.count() == 3
    assert "Come for The Blind Owl" in client.get(f"{READY}?house=NA-LIB").content.decode()
    stale = client.post(READY, sent | {"en-subject": "Other"})
    assert stale.status_code == 422
    assert "Somebody else saved this text meanwhile." in stale.content.decode()
    assert client.post(READY, {"house": "NA-LIB", "drop": "en"}).status_code == 302
    assert not Template.objects.filter(language="en").exists()


def test_a_fault_in_a_text_is_said_beside_it_and_nothing_is_saved(window: Windows, house_id: int) -> None:
    sent = {f"{language}-{part}": "ok" for language in ("fa", "vi") for part in ("subject", "body")}
    sent |= {"house": "NA-LIB", "en-subject": "ok", "en-body": "{titel} [items]"}
    response = window("manager").post(READY, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no variable “titel”." in page
    assert "The part [items] has no end" in page
    assert not Template.objects.filter(language="en").exists()


def test_the_preview_follows_the_typing_and_escapes(window: Windows, house_id: int) -> None:
    client = window("manager")
    sent = {"house": "NA-LIB", "language": "fa", "fa-subject": "سلام {title}", "fa-body": "<script>{title}</script>"}
    page = client.post(f"{READY}preview", sent).content.decode()
    assert "سلام بوف کور" in page
    assert "<script>" not in page
    assert 'dir="rtl"' in page
    assert (
        "text message"
        in client.post(
            "/desk/notices/texts/circulation.ready/sms/preview",
            {"house": "NA-LIB", "language": "vi", "vi-body": "đ" * 80},
        ).content.decode()
    )
    assert client.post(f"{READY}preview", sent | {"language": "xx"}).status_code == 404
    assert client.post(f"{READY}preview", sent | {"house": "QM-LIB"}).status_code == 404


def test_quiet_hours_are_set_and_given_up(window: Windows, house_id: int) -> None:
    client = window("manager")
    client.post("/desk/notices/texts/quiet", {"house": "NA-LIB", "starts": "22:30", "ends": "۰۷:۰۰"})
    assert own_quiet_hours(house_id) == QuietHours(22 * 60 + 30, 7 * 60)
    client.post("/desk/notices/texts/quiet", {"house": "NA-LIB", "starts": "late", "ends": ""})
    assert own_quiet_hours(house_id) == QuietHours(22 * 60 + 30, 7 * 60)
    client.post("/desk/notices/texts/quiet", {"house": "NA-LIB", "follow": "1"})
    assert own_quiet_hours(house_id) is None


def test_a_stranger_sees_and_settles_nothing(window: Windows, house_id: int) -> None:
    failed = message(house_id, "failed")
    for who in ("other", "reader"):
        client = window(who)
        assert client.post(f"/desk/notices/{failed.pk}/settle", {"act": "again"}).status_code == 404
        assert client.get(f"{READY}?house=NA-LIB").status_code == 404
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_the_statements_of_the_queue_do_not_grow(window: Windows, house_id: int) -> None:
    client, costs = window("manager"), []
    for number in (1, 40):
        for _ in range(number):
            message(house_id, "failed", reason="rejected")
        client.get("/desk/notices/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/notices/")
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 24


@pytest.fixture
def own(house_id: int) -> tuple[Client, Member]:
    """A reader with a membership, signed in."""
    account = Account.objects.create_user("hoa@example.org")
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client, member(house_id, account=account, expires_on=NOW.date(), joined_on=NOW.date(), state="active")


def test_a_reader_chooses_what_comes_by_which_way(own: tuple[Client, Member]) -> None:
    client, reader = own
    page = client.get("/account/notices").content.decode()
    assert 'name="circulation.ready:email" aria-label="Ready to collect: E-mail" checked' in page
    assert client.post("/account/notices", {"circulation.ready:sms": "on"}).status_code == 302
    found = {(one.event, one.channel): one.wanted for one in Choice.objects.filter(member=reader)}
    assert found["circulation.ready", "email"] is False
    assert ("circulation.ready", "sms") not in found
    assert "circulation.ready:email" in client.get("/account/notices").content.decode()


def test_messages_in_the_account_are_read_and_thrown_away(own: tuple[Client, Member], house_id: int) -> None:
    client, reader = own
    services.tell(
        event="circulation.membership_ending", member_id=reader.pk, house_id=house_id, key="k", now=NOW,
        facts={"member": reader.pk, "ends": reader.expires_on.isoformat()},
    )  # fmt: skip
    services.gather(now=NOW)
    first, second = (client.get("/account/messages").content.decode() for _ in range(2))
    assert "Your membership ends on 22 November 2026" in first
    assert "badge--accent" in first
    assert "badge--accent" not in second
    item = second.split('name="item" value="')[1].split('"')[0]
    client.post("/account/messages", {"item": item})
    assert "There is no message." in client.get("/account/messages").content.decode()


def test_an_account_without_a_membership_has_messages_and_chooses_none(window: Windows) -> None:
    assert "There is no message." in window("reader").get("/account/messages").content.decode()
    assert "Your account has no membership" in window("reader").get("/account/notices").content.decode()
