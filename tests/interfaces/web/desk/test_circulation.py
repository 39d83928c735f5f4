"""The circulation desk without JavaScript: card, loan, return, undo, refusal, override, money, lists."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.circulation.types import Override, RequestLevel
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Member, MemberBlock
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web.desk import desk_data, lending_data

pytestmark = pytest.mark.django_db
DESK = "/desk/circulation/"


@pytest.fixture
def desk(library: object) -> Client:
    """A librarian of NA-LIB at work, a member with the card M1, three copies."""
    lending_data.load()
    client = Client()
    client.force_login(
        Account.objects.get(email="librarian@example.org"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def library(db: None) -> None:
    from tests.interfaces.web import network_data

    network_data.load()
    desk_data.staff()


def _scan(desk: Client, scan: str, **more: str) -> str:
    response = desk.post(
        DESK, {"house": "NA-LIB", "scan": scan, **more}, follow=True, headers={"accept-language": "en"}
    )
    assert response.status_code == 200
    return str(response.content.decode())


def test_card_loan_return_undo(desk: Client) -> None:
    member = str(Member.objects.get().pk)
    assert "Lan" in _scan(desk, "M00000001")
    assert "Lent until" in _scan(desk, "C00000000", member=member)
    loan = Loan.objects.get()
    assert "back on the shelf" in _scan(desk, "C00000000")
    assert Loan.objects.filter(state="open").count() == 0
    answer = desk.post(f"{DESK}undo", {"house": "NA-LIB", "loan": loan.pk}, follow=True)
    assert "lent as it was" in answer.content.decode()
    again = Loan.objects.get(state="open")
    assert (again.member_id, again.due_at) == (int(member), loan.due_at)


def test_a_cookie_that_somebody_else_wrote_undoes_nothing(desk: Client) -> None:
    member = str(Member.objects.get().pk)
    _scan(desk, "C00000000", member=member)
    desk.cookies["desk_undo"] = "x" + desk.cookies["desk_undo"].value
    answer = desk.post(f"{DESK}undo", {"house": "NA-LIB", "loan": Loan.objects.get().pk}, follow=True)
    assert "cannot be undone" in answer.content.decode()
    assert Loan.objects.filter(state="open").count() == 1


def test_a_refusal_names_its_reason_and_a_right_passes_over_it(desk: Client) -> None:
    member = Member.objects.get()
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=datetime.now(UTC))
    said = _scan(desk, "C00000000", member=str(member.pk))
    assert "Refused, and not done yet" in said
    assert 'name="right" value="lend_to_blocked"' in said
    assert not Loan.objects.exists()
    _scan(desk, "C00000000", member=str(member.pk), right="lend_to_blocked", reason="a mistake of ours")
    assert Loan.objects.get().override["reason"] == "a mistake of ours"


def test_many_at_once(desk: Client) -> None:
    desk.post(
        DESK, {"house": "NA-LIB", "member": Member.objects.get().pk, "many": "C00000000\nC00000001 C00000002 nothing"}
    )
    assert Loan.objects.filter(state="open").count() == 3


def test_a_word_among_many_barcodes_opens_nobody(desk: Client) -> None:
    desk.post(DESK, {"house": "NA-LIB", "many": "Nguyễn\nC00000000"})
    assert not Loan.objects.exists()


def test_money_is_taken_once(desk: Client) -> None:
    member = Member.objects.get()
    FeeEntry.objects.create(
        member=member, kind="other", amount=5000, currency="IRR", at=datetime.now(UTC),
        house_id=network.house_ids_by_code(["NA-LIB"])["NA-LIB"],
    )  # fmt: skip
    paid = {"house": "NA-LIB", "member": member.pk, "amount": "۲۰۰۰", "currency": "IRR", "method": "cash", "key": "k"}
    for _ in range(2):
        desk.post(f"{DESK}fees", paid)
    assert sum(FeeEntry.objects.values_list("amount", flat=True)) == 3000


@pytest.mark.parametrize("which", ["pull", "shelf", "coming", "sent", "overdue"])
def test_lists_open(desk: Client, which: str) -> None:
    assert desk.get(f"{DESK}lists/{which}").status_code == 200


def test_an_answer_that_was_lost_on_the_line_is_not_done_again(desk: Client) -> None:
    member = Member.objects.get().pk
    scan = {"house": "NA-LIB", "member": member, "scan": "C00000000", "key": "once", "turn": "0badcafe"}
    answers = [desk.post(DESK, scan, headers={"x-requested-with": "fetch"}).content.decode() for _ in range(2)]
    assert all("circ-said--good" in answer for answer in answers)
    assert Loan.objects.count() == 1


def test_a_members_page_costs_no_more_with_many_loans(desk: Client) -> None:
    member = Member.objects.get().pk
    house = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    address, sent = f"{DESK}?member={member}", {"x-requested-with": "fetch"}
    lending_data.copies_of(40, house=house, first=100)
    for number in range(40):
        services.check_out(
            actor=SYSTEM, house_id=house, barcode=f"C{100 + number:08}", member_id=member, now=datetime.now(UTC),
            override=Override(frozenset({"lend_over_limit"}), "a test"),
        )  # fmt: skip
    desk.get(address, headers=sent)
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(address, headers=sent)
    who_asks = re.compile("django_session|usersessions_|people_account|people_roleassignment|SAVEPOINT")
    assert len([query for query in asked.captured_queries if not who_asks.search(query["sql"])]) <= 12
    assert answer.content.decode().count("circ-loan__tick") == 40


def test_whoever_only_lends_finds_the_desk_with_the_days_figures(desk: Client) -> None:
    account = Account.objects.create_user("counter@example.org")
    house = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    people.grant_role(actor=SYSTEM, account_id=account.pk, role=Role.CIRCULATION, house_id=house, now=datetime.now(UTC))
    desk.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get("/desk/").content.decode()
    assert 'href="/desk/circulation/"' in page
    for which in ("pull", "shelf", "coming", "sent", "overdue"):
        assert f'href="/desk/circulation/lists/{which}"' in page
    assert 'href="/desk/imports/"' not in page


def test_a_slip_names_nobody_and_a_receipt_speaks_the_readers_language(desk: Client) -> None:
    member = Member.objects.get()
    house = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    now = datetime.now(UTC)
    record = Copy.objects.get(barcode="C00000000").record_id
    services.place_request(
        actor=SYSTEM, member_id=member.pk, level=RequestLevel.RECORD, target_id=record, pickup_house_id=house, now=now
    )
    back = services.check_in(actor=SYSTEM, house_id=house, barcode="C00000000", now=now)
    slip = desk.get(f"{DESK}slips/hold/{back.request_id}").content.decode()
    paper = slip[slip.index('<article class="paper"') : slip.index("</article>")]
    assert "0001" in paper
    assert 'class="barcode"' in paper
    assert "Lan" not in paper
    assert "Nguyễn" not in paper
    assert 'lang="vi"' in paper
    assert "Giữ cho bạn đọc" in paper
    assert desk.get(f"{DESK}slips/hold/{back.request_id + 1}").status_code == 404
