"""One's own loans, requests, fees and history, as a browser without scripts does it: every form is one that the page showed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue.models import Work
from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.models import FeeEntry, Loan, Request
from khaneh.domains.circulation.types import FeeKind, RequestLevel
from khaneh.domains.people.models import Member
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.money import Money
from tests.interfaces.web.accounts.lending_data import SYSTEM, Shelves, lend, let_act, make_shelves, reader, titled

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves(db: None) -> Shelves:
    cache.clear()
    circulation.ensure_policies()
    return make_shelves()


@pytest.fixture
def sara(shelves: Shelves, client: Client) -> Member:
    member = reader(shelves)
    client.force_login(member.account, backend="django.contrib.auth.backends.ModelBackend")
    return member


def page(client: Client, path: str, language: str = "en") -> BeautifulSoup:
    client.cookies["language"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer["Cache-Control"] == "private, no-store"
    return BeautifulSoup(answer.content, "html.parser")


def press(client: Client, soup: BeautifulSoup, name: str, value: str = "", **values: Any) -> Any:
    """Press a button of the page: its form is sent with what it holds."""
    button = next(one for one in soup.find_all("button", {"name": name}) if not value or one.get("value") == value)
    form = button.find_parent("form")
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "select"]):
        if field.name == "select":
            sent[field["name"]] = field.find("option", selected=True)["value"]
        elif field.get("name"):
            sent.setdefault(field["name"], []).append(field.get("value", ""))
    return client.post(form["action"], sent | {name: button.get("value", "")} | values)


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.select_one("main").get_text(" ").split())


def wait_for(shelves: Shelves, member: Member, *, record: Any = None, **more: Any) -> Request:
    record = record or titled(shelves, "Kelidar")
    if not more.pop("no_copy", False):
        shelves.copy(shelves.far, record=record)
    placed = circulation.place_request(
        actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=record.pk,
        pickup_house_id=shelves.central.pk, now=datetime.now(UTC), **more,
    )  # fmt: skip
    return Request.objects.get(pk=placed.request_id)


def test_loans_stand_with_their_day_in_words_and_in_the_readers_calendar(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    lend(shelves, sara, "The Blind Owl")
    lend(shelves, sara, "Savushun", days_ago=40)
    said = text(page(client, "/account/loans"))
    assert said.index("Savushun") < said.index("The Blind Owl")
    assert "days late" in said
    assert "due in 14 days" in said
    assert "Monday" in said or "day, " in said
    persian = page(client, "/account/loans", "fa")
    assert persian.html["dir"] == "rtl"
    assert "۱۴ روز" in text(persian)
    assert "14" not in text(persian)


def test_renewing_one_tells_the_day_beside_it_and_a_second_press_of_the_old_page_does_nothing(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    lend(shelves, sara, days_ago=5)
    old = page(client, "/account/loans")
    assert press(client, old, "loan")["Location"] == "/account/loans"
    loan = Loan.objects.get()
    assert loan.renewals == 1
    assert "Renewed." in text(page(client, "/account/loans"))
    assert "Renewed." not in text(page(client, "/account/loans"))
    press(client, old, "loan")
    assert Loan.objects.get().renewals == 1


def test_renewing_all_renews_what_may_and_says_of_each_other_why_not(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    lend(shelves, sara, "Free", days_ago=3)
    wanted = lend(shelves, sara, "Wanted", days_ago=2)
    other = shelves.member()
    circulation.place_request(
        actor=SYSTEM, member_id=other.pk, for_member_id=other.pk, level=RequestLevel.RECORD, target_id=wanted.record_id,
        pickup_house_id=shelves.central.pk, now=datetime.now(UTC),
    )  # fmt: skip
    before = page(client, "/account/loans")
    form = next(one for one in before.find_all("form") if one.get("action") == "/account/loans/renew" and not one.find("button", {"name": "loan"}))  # fmt: skip
    client.post("/account/loans/renew", {"seen": [one["value"] for one in form.find_all("input", {"name": "seen"})]})
    renewals = dict(Loan.objects.values_list("copy_id", "renewals"))
    assert renewals[wanted.pk] == 0
    assert sum(renewals.values()) == 1
    soup = page(client, "/account/loans")
    line = next(one for one in soup.select(".lent") if "Wanted" in one.get_text())
    assert line.select_one("[role=alert]") is not None
    assert "Renewed." in next(one for one in soup.select(".lent") if "Free" in one.get_text()).get_text()


def test_nobody_renews_anothers_loan(client: Client, shelves: Shelves, sara: Member) -> None:
    lend(shelves, shelves.member(), days_ago=3)
    other = Loan.objects.get()
    client.post("/account/loans/renew", {"loan": other.pk})
    other.refresh_from_db()
    assert other.renewals == 0


def test_two_hundred_loans_cost_as_many_statements_as_two(client: Client, shelves: Shelves, sara: Member) -> None:
    counts = []
    for wanted in (2, 40):
        for number in range(Loan.objects.count(), wanted):
            copy = shelves.copy(record=titled(shelves, f"Book {number}"))
            Loan.objects.create(
                copy=copy, member=sara, house=shelves.central, item_type="book", lent_at=datetime.now(UTC),
                due_at=datetime.now(UTC) + timedelta(days=number),
            )  # fmt: skip
        page(client, "/account/loans")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(client, "/account/loans")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_parent_sees_and_renews_a_childs_loans_and_a_proxy_without_the_right_does_not(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    child = shelves.member(given_name="Nima", family_name="Mohammadi", category="adult")
    bound = let_act(sara, child)
    lend(shelves, child, "The Little Black Fish", days_ago=4)
    assert "The Little Black Fish" not in text(page(client, "/account/loans"))
    theirs = page(client, f"/account/loans?for={child.pk}")
    assert "The Little Black Fish" in text(theirs)
    assert press(client, theirs, "loan")["Location"].endswith(f"?for={child.pk}")
    assert Loan.objects.get().renewals == 1
    type(bound).objects.update(may_see_loans=False)
    assert client.get(f"/account/loans?for={child.pk}").status_code == 404
    lend(shelves, sara, "Mine", days_ago=4)
    # What was meant for somebody else is never done to one's own.
    assert client.post("/account/loans/renew", {"for": child.pk}).status_code == 404
    assert not Loan.objects.filter(member=sara, renewals__gt=0).exists()


def test_whoever_is_no_member_is_told_how_to_become_one(client: Client, shelves: Shelves) -> None:
    account = reader(shelves).account
    Member.objects.update(account=None)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("loans", "requests", "fees", "history"):
        assert page(client, f"/account/{path}").select_one("a.button--primary[href='/account/membership']")


def test_a_request_is_cancelled_once_and_the_second_window_is_told_so(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    wait_for(shelves, sara)
    first, second = page(client, "/account/requests"), page(client, "/account/requests")
    press(client, first, "act", "cancel")
    press(client, second, "act", "cancel")
    assert Request.objects.get().state == "cancelled"
    assert Entry.objects.filter(kind="circulation.request.cancelled").count() == 1
    said = text(page(client, "/account/requests"))
    assert "The request is cancelled." in said
    assert "This has ended in the meantime." in said


def test_a_request_waits_and_waits_again_and_keeps_its_place(client: Client, shelves: Shelves, sara: Member) -> None:
    request = wait_for(shelves, sara)
    soup = page(client, "/account/requests")
    press(client, soup, "act", "suspend", until="yesterday")
    assert "This is not a date." in text(page(client, "/account/requests"))
    until = (datetime.now(UTC) + timedelta(days=20)).date()
    press(client, soup, "act", "suspend", until=until.isoformat())
    request.refresh_from_db()
    assert (request.state, request.suspended_until is not None) == ("suspended", True)
    press(client, page(client, "/account/requests"), "act", "resume")
    request.refresh_from_db()
    assert request.state in ("placed", "targeted")


def test_circ_req_6_a_request_is_collected_elsewhere_until_its_copy_is_under_way(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    request = wait_for(shelves, sara)
    placed_at = request.placed_at
    press(client, page(client, "/account/requests"), "act", "pickup", house="T-BRANCH")
    request.refresh_from_db()
    assert (request.pickup_house_id, request.placed_at) == (shelves.branch.pk, placed_at)
    press(client, page(client, "/account/requests"), "act", "pickup", house="NOWHERE")
    request.refresh_from_db()
    assert request.pickup_house_id == shelves.branch.pk
    soup = page(client, "/account/requests")
    circulation.check_in(
        actor=SYSTEM, house_id=shelves.far.pk, barcode=request.targets.get(state="asked").copy.barcode or "", now=datetime.now(UTC)
    )  # fmt: skip
    press(client, soup, "act", "pickup", house="T-CENTRAL")
    request.refresh_from_db()
    assert (request.pickup_house_id, request.state) == (shelves.branch.pk, "in_transit")


def test_the_ledger_tells_each_sum_and_what_was_owed_after_it(client: Client, shelves: Shelves, sara: Member) -> None:
    now = datetime.now(UTC)
    facts = {"actor": SYSTEM, "house_id": shelves.central.pk, "member_id": sara.pk, "now": now}
    circulation.charge(kind=FeeKind.DAMAGED, amount=Money(90_000, "IRR"), note="wet pages", **facts)
    circulation.waive(amount=Money(40_000, "IRR"), reason="old already", **facts)
    said = text(page(client, "/account/fees"))
    assert "To pay: 50,000 rials" in said
    assert "wet pages" in said
    assert FeeEntry.objects.count() == 2
    assert "۵۰٬۰۰۰" in text(page(client, "/account/fees", "fa"))


def test_history_is_kept_when_asked_for_and_forgotten_line_by_line_or_whole(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    now = datetime.now(UTC)

    def read(title: str) -> None:
        copy = lend(shelves, sara, title, days_ago=3)
        circulation.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode or "", now=now)

    read("Before it was kept")
    press(client, page(client, "/account/history"), "keep", "1")
    for title in ("One", "Two", "Three"):
        read(title)
    said = text(page(client, "/account/history"))
    assert "Before it was kept" not in said
    assert said.index("Three") < said.index("One")
    table = client.get("/account/history.csv").content.decode("utf-8-sig")
    assert len(table.splitlines()) == 4
    asked = wait_for(shelves, sara)
    circulation.cancel_request(actor=SYSTEM, request_id=asked.pk, for_member_id=sara.pk, now=now)
    latest = Loan.objects.filter(member=sara).latest("pk")
    FeeEntry.objects.create(
        member=sara, kind="overdue", amount=1000, currency="IRR", loan=latest, at=now, house=shelves.central
    )
    press(client, page(client, "/account/history"), "loan", str(latest.pk))
    assert Loan.objects.filter(member=sara).count() == 2
    assert not FeeEntry.objects.filter(loan__isnull=False).exists()
    press(client, page(client, "/account/history"), "all")
    assert not Loan.objects.filter(member=sara).exists()
    assert not Request.objects.filter(member=sara).exists()
    assert Loan.objects.count() == 4
    assert all("loan_id" not in entry.facts for entry in Entry.objects.filter(kind="circulation.history.forgotten"))


def test_a_formula_in_a_title_is_text_in_the_table(client: Client, shelves: Shelves, sara: Member) -> None:
    Member.objects.update(keep_history=True)
    copy = lend(shelves, sara, '=HYPERLINK("x")', days_ago=1)
    circulation.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode or "", now=datetime.now(UTC))
    assert "'=HYPERLINK" in client.get("/account/history.csv").content.decode()


def test_the_record_has_a_button_that_asks_who_one_is_and_comes_back(client: Client, shelves: Shelves) -> None:
    member = reader(shelves)
    record = titled(shelves, "Kelidar")
    copy = shelves.copy(shelves.far, record=record)
    answer = client.get(f"/account/requests/new?record={record.pk}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/account/requests/new%3Frecord")
    client.post(answer["Location"], {"login": "sara@example.org", "password": "a-calm-turquoise-door"})
    soup = page(client, f"/account/requests/new?record={record.pk}")
    assert [one["value"] for one in soup.select("input[name=level]")] == ["record"]
    done = client.post(
        f"/account/requests/new?record={record.pk}", {"level": "record", "house": "T-BRANCH", "note": "please"}
    )
    assert done["Location"] == "/account/requests"
    made = Request.objects.get()
    assert (made.member_id, made.record_id, made.pickup_house_id) == (member.pk, record.pk, shelves.branch.pk)
    assert (made.state, made.targets.get().copy_id, made.note) == ("targeted", copy.pk, "please")


def test_the_whole_work_one_edition_or_one_copy_can_be_asked_for(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    work = Work.objects.create()
    first, second = (titled(shelves, "Kelidar", work=work) for _ in range(2))
    copy = shelves.copy(shelves.far, record=first)
    shelves.copy(shelves.branch, record=second)
    for query, levels in ((f"copy={copy.pk}", ["copy", "record", "work"]), (f"record={first.pk}", ["record", "work"]), (f"work={work.pk}", ["work"])):  # fmt: skip
        soup = page(client, f"/account/requests/new?{query}")
        assert [one["value"] for one in soup.select("input[name=level]")] == levels
        level = levels[-1]
        client.post(f"/account/requests/new?{query}", {"level": level, "house": "T-CENTRAL"})
    assert [one.level for one in Request.objects.all()] == ["work"]
    client.post(f"/account/requests/new?copy={copy.pk}", {"level": "copy", "house": "T-CENTRAL"})
    assert Request.objects.get(level="copy").wanted_copy_id == copy.pk


def test_a_refused_request_tells_every_reason_with_what_would_change_it_and_keeps_the_form(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    record = titled(shelves, "Kelidar")
    shelves.copy(shelves.far, record=record)
    Member.objects.filter(pk=sara.pk).update(expires_on="2025-06-01")
    sara.blocks.create(reason="conduct", placed_at=datetime.now(UTC), house=shelves.central)
    answer = client.post(
        f"/account/requests/new?record={record.pk}", {"level": "record", "house": "T-BRANCH", "note": "for school"}
    )
    assert answer.status_code == 409
    soup = BeautifulSoup(answer.content, "html.parser")
    alert = soup.select_one("main [role=alert]").get_text(" ")
    assert "The membership is blocked" in alert
    assert "Speak to the desk" in alert
    assert "The membership has ended" in alert
    assert "Renew the membership" in alert
    assert soup.select_one("#house option[selected]")["value"] == "T-BRANCH"
    assert soup.select_one("#note")["value"] == "for school"
    assert not Request.objects.exists()


def test_who_waits_already_is_told_so(client: Client, shelves: Shelves, sara: Member) -> None:
    request = wait_for(shelves, sara)
    answer = client.post(f"/account/requests/new?record={request.record_id}", {"level": "record", "house": "T-BRANCH"})
    assert (answer.status_code, "You wait for it already." in answer.content.decode()) == (409, True)


def test_a_parent_asks_for_a_child_only_with_the_right(client: Client, shelves: Shelves, sara: Member) -> None:
    child = shelves.member()
    bound = let_act(sara, child)
    record = titled(shelves, "Kelidar")
    shelves.copy(shelves.far, record=record)
    client.post(f"/account/requests/new?record={record.pk}", {"level": "record", "house": "T-BRANCH", "for": child.pk})
    assert Request.objects.get().member_id == child.pk
    type(bound).objects.update(may_request=False)
    answer = client.post(
        f"/account/requests/new?record={record.pk}", {"level": "record", "house": "T-BRANCH", "for": child.pk}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("query", ["", "record=999999", "record=x", "copy=0", f"work={10**17}"])
def test_what_is_not_there_cannot_be_asked_for(client: Client, shelves: Shelves, sara: Member, query: str) -> None:
    assert client.get(f"/account/requests/new?{query}").status_code == 404


def test_a_proxy_is_asked_on_the_page_says_yes_on_theirs_and_then_sees_what_was_ticked(
    client: Client, shelves: Shelves, sara: Member
) -> None:
    friend = reader(shelves, "lan@example.org", given_name="Lan", family_name="Tran")
    theirs = Client()
    theirs.force_login(friend.account, backend="django.contrib.auth.backends.ModelBackend")
    lend(shelves, sara, "Kelidar", days_ago=3)
    card = friend.cards.get().barcode
    asked = {"act": "proxy", "card": card, "may_see_loans": "on", "may_borrow": "on"}
    client.post("/account/membership", asked)
    mine = text(page_of(client, "/account/membership"))
    assert f"…{card[-4:]}" in mine
    assert "Lan" not in mine
    assert theirs.get(f"/account/loans?for={sara.pk}").status_code == 404
    soup = page_of(theirs, "/account/membership")
    assert "asks you to act for them" in text(soup)
    press(theirs, soup, "act", "accept")
    assert "Lan" in text(page_of(client, "/account/membership"))
    their_view = page(theirs, f"/account/loans?for={sara.pk}")
    assert "Kelidar" in text(their_view)
    press(theirs, their_view, "loan")
    assert Loan.objects.get().renewals == 1
    # What was not ticked is not there.
    assert theirs.get(f"/account/requests?for={sara.pk}").status_code == 404
    assert theirs.get(f"/account/fees?for={sara.pk}").status_code == 404
    press(client, page_of(client, "/account/membership"), "act", "end")
    assert theirs.get(f"/account/loans?for={sara.pk}").status_code == 404
    assert [entry.kind for entry in Entry.objects.filter(kind__startswith="people.").order_by("pk")][-3:] == [
        "people.proxy.asked",
        "people.guardian.added",
        "people.guardian.ended",
    ]


def page_of(client: Client, path: str) -> BeautifulSoup:
    client.cookies["language"] = "en"
    return BeautifulSoup(client.get(path).content, "html.parser")
