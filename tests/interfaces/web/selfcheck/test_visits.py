"""The self-check as a browser without scripts uses it: the machine is let in, readers come and go, nothing of them stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Terminal
from khaneh.domains.circulation.types import RequestLevel, TerminalKind
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Card, Member
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import Shelves, make_shelves
from tests.interfaces.web.accounts.lending_data import lend, reader, titled

pytestmark = pytest.mark.django_db
PIN = "2468"


@pytest.fixture
def shelves(db: None) -> Shelves:
    cache.clear()
    circulation.ensure_policies()
    return make_shelves()


def made(shelves: Shelves, *, asks_pin: bool = True, kind: TerminalKind = TerminalKind.SELF_CHECK) -> tuple[int, str]:
    return circulation.add_terminal(
        actor=SYSTEM, house_id=shelves.central.pk, name="tablet-1", kind=kind, encoding="utf-8", language="fa", asks_pin=asks_pin,
        now=datetime.now(UTC),
    )  # fmt: skip


@pytest.fixture
def machine(shelves: Shelves, client: Client) -> Terminal:
    number, password = made(shelves)
    assert client.get("/selfcheck/")["Location"] == "/selfcheck/open"
    answer = client.post("/selfcheck/open", {"name": "Tablet-1", "password": password})
    assert answer["Location"] == "/selfcheck/"
    client.cookies["language"] = "en"
    return Terminal.objects.get(pk=number)


@pytest.fixture
def sara(shelves: Shelves) -> Member:
    member = reader(shelves)
    people.set_pin(actor=SYSTEM, member_id=member.pk, pin=PIN, now=datetime.now(UTC))
    return member


def card_of(member: Member) -> str:
    return Card.objects.get(member=member).barcode


def show(client: Client) -> BeautifulSoup:
    answer = client.get("/selfcheck/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return BeautifulSoup(answer.content, "html.parser")


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.select_one("main").get_text(" ").split())


def scan(client: Client, what: str) -> str:
    assert client.post("/selfcheck/scan", {"scan": what})["Location"] == "/selfcheck/"
    return text(show(client))


def test_the_browser_keeps_the_word_of_a_visit_until_it_is_closed(
    machine: Terminal, client: Client, sara: Member
) -> None:
    answer = client.post("/selfcheck/scan", {"scan": card_of(sara)})
    kept = answer.cookies["selfcheck_visit"]
    assert (bool(kept.value), kept["max-age"], kept["expires"]) == (True, "", "")
    assert (kept["path"], kept["samesite"], kept["httponly"]) == ("/selfcheck/", "Strict", True)
    wrong = client.post("/selfcheck/pin", {"pin": "1"})
    assert wrong.cookies["selfcheck_said"]["max-age"] == 30


def come(client: Client, member: Member, pin: str = PIN) -> str:
    scan(client, card_of(member))
    client.post("/selfcheck/pin", {"pin": pin})
    return text(show(client))


def test_only_a_self_check_with_its_password_is_let_in(shelves: Shelves, client: Client) -> None:
    number, password = made(shelves)
    wrong = client.post("/selfcheck/open", {"name": "tablet-1", "password": "x"})
    assert (wrong.status_code, "selfcheck" in wrong.cookies) == (422, False)
    Terminal.objects.update(kind="gate")
    assert client.post("/selfcheck/open", {"name": "tablet-1", "password": password}).status_code == 422
    Terminal.objects.update(kind="self_check")
    client.post("/selfcheck/open", {"name": "tablet-1", "password": password})
    assert client.get("/selfcheck/").status_code == 200
    assert client.cookies["language"].value == "fa"
    circulation.rotate_terminal_password(actor=SYSTEM, terminal_id=number, now=datetime.now(UTC))
    assert client.get("/selfcheck/")["Location"] == "/selfcheck/open"


def staff(house_id: int) -> Account:
    """Somebody who lends at a house and nowhere else."""
    account = Account.objects.create(email=f"desk{house_id}@example.org", name="Bình")
    people.grant_role(
        actor=SYSTEM, account_id=account.pk, role=Role.CIRCULATION, house_id=house_id, now=datetime.now(UTC)
    )
    return account


def test_who_works_at_the_desk_opens_and_closes_the_self_check_without_its_password(
    shelves: Shelves, client: Client
) -> None:
    number, _password = made(shelves)
    account = staff(shelves.central.pk)
    client.force_login(account)
    page = BeautifulSoup(client.get("/selfcheck/open").content, "html.parser")
    assert [one["value"] for one in page.select("button[name=terminal]")] == [str(number)]
    assert client.post("/selfcheck/open", {"terminal": number})["Location"] == "/selfcheck/"
    # Readers stand at this browser from here on: nobody is signed in beside the machine.
    assert client.get("/selfcheck/").status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post("/selfcheck/close").status_code == 422
    client.force_login(account)
    assert client.post("/selfcheck/close")["Location"] == "/desk/"
    assert client.get("/selfcheck/")["Location"] == "/selfcheck/open"


def test_a_self_check_opens_to_nobody_of_another_house(shelves: Shelves, client: Client) -> None:
    number, password = made(shelves)
    stranger = staff(shelves.far.pk)
    client.force_login(stranger)
    assert not BeautifulSoup(client.get("/selfcheck/open").content, "html.parser").select("button[name=terminal]")
    for wish in ("", "x", "0", str(number), str(10**12)):
        answer = client.post("/selfcheck/open", {"terminal": wish})
        assert (answer.status_code, "selfcheck" in answer.cookies) == (422, False)
    assert client.post("/selfcheck/open", {"name": "tablet-1", "password": password}).status_code == 302
    client.force_login(stranger)
    assert client.post("/selfcheck/close").status_code == 422


def test_a_machine_that_is_switched_off_opens_nothing(machine: Terminal, client: Client, sara: Member) -> None:
    come(client, sara)
    circulation.switch_terminal(actor=SYSTEM, terminal_id=machine.pk, on=False, now=datetime.now(UTC))
    assert client.post("/selfcheck/renew", {})["Location"] == "/selfcheck/open"


def test_passwords_are_not_found_by_trying(shelves: Shelves, client: Client) -> None:
    _number, password = made(shelves)
    for _ in range(20):
        client.post("/selfcheck/open", {"name": "tablet-1", "password": "x"})
    assert client.post("/selfcheck/open", {"name": "tablet-1", "password": password}).status_code == 422


def test_nobody_is_known_without_the_pin_and_guessing_ends(machine: Terminal, client: Client, sara: Member) -> None:
    copy = lend_copy = lend(make_other(sara), sara, "Kelidar", days_ago=1)
    assert "Your PIN" in scan(client, card_of(sara))
    before = show(client)
    assert "Kelidar" not in before.get_text()
    assert "Sara" not in before.get_text()
    scan(client, copy.barcode or "")
    assert Loan.objects.get(copy=lend_copy).state == "open"
    for _ in range(6):
        client.post("/selfcheck/pin", {"pin": "1357"})
    assert "quarter of an hour" in text(show(client))
    assert "Your PIN" in scan(client, card_of(sara))
    client.post("/selfcheck/pin", {"pin": PIN})
    assert "Sara" not in text(show(client))


def make_other(member: Member) -> Shelves:
    """The shelves of a member's own network."""
    from khaneh.domains.network.models import House

    return Shelves(
        central=House.objects.get(code="T-CENTRAL"),
        branch=House.objects.get(code="T-BRANCH"),
        far=House.objects.get(code="T-FAR"),
    )


def test_a_reader_borrows_renews_and_gives_back(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    old = lend(shelves, sara, "Savushun", days_ago=4)
    fresh = shelves.copy(record=titled(shelves, "Kelidar"))
    assert "Welcome, Sara" in come(client, sara)
    said = scan(client, fresh.barcode or "")
    assert "Kelidar" in said
    assert "Yours until" in said
    loan = Loan.objects.get(copy=fresh)
    assert (loan.channel, loan.member_id, loan.house_id) == ("self_check", sara.pk, shelves.central.pk)
    # The same copy under the scanner twice is one loan, and no question.
    assert "Yours until" in scan(client, fresh.barcode or "")
    client.post("/selfcheck/renew", {"loan": Loan.objects.get(copy=old).pk})
    assert Loan.objects.get(copy=old).renewals == 1
    assert "What shall be done with it?" in scan(client, old.barcode or "")
    client.post("/selfcheck/own", {"barcode": old.barcode, "act": "return"})
    assert "Taken back" in text(show(client))
    returned = Loan.objects.get(copy=old)
    assert (returned.state, returned.member_id) == ("returned", None)


def test_a_book_comes_back_without_a_card_and_tells_nothing_of_who_had_it(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    copy = lend(shelves, sara, "Kelidar", days_ago=2)
    said = scan(client, copy.barcode or "")
    assert "Taken back" in said
    assert "Sara" not in said
    assert Loan.objects.get().state == "returned"
    assert "Kelidar" not in text(show(client))


def test_what_waits_for_a_reader_goes_into_the_box_and_is_shown_to_them(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    copy = lend(shelves, shelves.member(), "Kelidar", days_ago=2)
    circulation.place_request(
        actor=SYSTEM, member_id=sara.pk, for_member_id=sara.pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=shelves.central.pk, now=datetime.now(UTC),
    )  # fmt: skip
    assert "box" in scan(client, copy.barcode or "")
    assert "Ready for you" in come(client, sara)
    assert "Yours until" in scan(client, copy.barcode or "")
    assert Request.objects.get().state == "fulfilled"


def test_a_refusal_says_why_and_what_would_change_it(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    sara.blocks.create(reason="conduct", placed_at=datetime.now(UTC), house=shelves.central)
    copy = shelves.copy()
    assert "The membership is blocked" in come(client, sara)
    said = scan(client, copy.barcode or "")
    assert "Speak to the desk" in said
    assert not Loan.objects.exists()


def test_nobody_renews_a_loan_of_somebody_else(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    copy = lend(shelves, shelves.member(), days_ago=3)
    come(client, sara)
    loan = Loan.objects.get()
    client.post("/selfcheck/renew", {"loan": loan.pk})
    client.post("/selfcheck/own", {"barcode": copy.barcode, "act": "renew"})
    loan.refresh_from_db()
    assert loan.renewals == 0


def test_nothing_of_the_reader_is_left_behind(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    copy = shelves.copy(record=titled(shelves, "Kelidar"))
    come(client, sara)
    word = client.cookies["selfcheck_visit"].value
    client.post("/selfcheck/language", {"language": "vi"})
    client.post("/selfcheck/scan", {"scan": copy.barcode})
    answer = client.post("/selfcheck/finish", {"receipt": "none"})
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not client.cookies["selfcheck_visit"].value
    assert not client.cookies["selfcheck_said"].value
    assert client.cookies["language"].value == "fa"
    client.cookies["language"] = "en"
    page = show(client)
    assert "Kelidar" not in str(page)
    assert "Sara" not in str(page)
    # Whoever kept the word from the cookie opens nothing with it.
    client.cookies["selfcheck_visit"] = word
    assert "Sara" not in text(show(client))
    assert cache.get(f"selfcheck.visit.{word}") is None


def test_who_walks_away_is_forgotten_by_the_server_too(
    machine: Terminal, client: Client, sara: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from khaneh.interfaces.web.selfcheck import visit

    monkeypatch.setattr(visit, "IDLE", 0)
    assert "Sara" not in come(client, sara)


def test_a_visit_at_one_machine_opens_nothing_at_another(
    machine: Terminal, client: Client, shelves: Shelves, sara: Member
) -> None:
    come(client, sara)
    word = client.cookies["selfcheck_visit"].value
    _number, password = circulation.add_terminal(
        actor=SYSTEM, house_id=shelves.branch.pk, name="tablet-2", kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="en",
        asks_pin=True, now=datetime.now(UTC),
    )  # fmt: skip
    other = Client()
    other.post("/selfcheck/open", {"name": "tablet-2", "password": password})
    other.cookies["selfcheck_visit"] = word
    assert "Sara" not in text(show(other))


def test_receipts_on_paper_and_by_letter(machine: Terminal, client: Client, shelves: Shelves, sara: Member) -> None:
    copy = shelves.copy(record=titled(shelves, "Kelidar"))
    come(client, sara)
    client.post("/selfcheck/scan", {"scan": copy.barcode})
    paper = client.post("/selfcheck/finish", {"receipt": "print"})
    soup = BeautifulSoup(paper.content, "html.parser")
    assert "Kelidar" in text(soup)
    assert "Sara" not in str(soup)
    assert not client.cookies["selfcheck_visit"].value
    come(client, sara)
    client.post("/selfcheck/renew", {})
    client.post("/selfcheck/finish", {"receipt": "letter"})
    notice = Notice.objects.get(event="circulation.receipt_asked")
    assert (notice.member_id, notice.facts) == (sara.pk, {"loan": Loan.objects.get().pk})


def test_a_terminal_that_asks_no_pin_needs_the_card_alone(shelves: Shelves, client: Client, sara: Member) -> None:
    _number, password = made(shelves, asks_pin=False)
    client.post("/selfcheck/open", {"name": "tablet-1", "password": password})
    client.cookies["language"] = "en"
    assert "Welcome, Sara" in scan(client, card_of(sara))


@pytest.mark.parametrize("what", ["", "nothing", "۱۲۳", "x" * 500, "'; DROP TABLE", "\x00"])
def test_what_is_neither_card_nor_copy_does_no_harm(machine: Terminal, client: Client, what: str) -> None:
    client.post("/selfcheck/scan", {"scan": what})
    show(client)


def test_the_staff_close_it_with_the_password(shelves: Shelves, client: Client) -> None:
    _number, password = made(shelves)
    client.post("/selfcheck/open", {"name": "tablet-1", "password": password})
    assert client.post("/selfcheck/close", {"password": "x"}).status_code == 422
    assert client.post("/selfcheck/close", {"password": password})["Location"] == "/selfcheck/open"
    assert client.get("/selfcheck/")["Location"] == "/selfcheck/open"


def test_late_return_tells_the_sum(machine: Terminal, client: Client, shelves: Shelves, sara: Member) -> None:
    copy = lend(shelves, sara, "Kelidar", days_ago=60)
    Loan.objects.update(
        terms={"fee_per_day": [1000, "IRR"], "grace_days": 0}, due_at=datetime.now(UTC) - timedelta(days=20)
    )
    said = scan(client, copy.barcode or "")
    assert "to be paid at the desk" in said
    assert FeeEntry.objects.get().member_id == sara.pk
