"""Balances and credits, in the account and at the desk: recorded, confirmed, paid, corrected, and what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from khaneh.domains.credits import queries
from khaneh.domains.credits import services as ledger
from khaneh.domains.credits.models import Entry, Work
from khaneh.domains.credits.types import Holder
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.interfaces.web.desk import holders
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.credits.ledgers import Ledgers, make_ledgers

pytestmark = pytest.mark.django_db
ONCE = re.compile(r'name="once" value="([^"]+)"')


@pytest.fixture
def ledgers(db: None) -> Ledgers:
    """A house with a credit."""
    return make_ledgers()


def browser(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(pk=actor.account_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_work_is_recorded_in_the_account_and_confirmed_at_the_desk(ledgers: Ledgers) -> None:
    sara, desk = ledgers.person(), browser(ledgers.staff(Role.LIBRARIAN))
    mine = browser(sara)
    empty = page(mine, "/account/credits")
    assert "You owe nothing" in empty
    assert "Mentoring: 1 × Hours an hour" in re.sub(r"\s+", " ", empty)
    form = {
        "work": f"{ledgers.centre.pk}.mentoring",
        "minutes": "۹۰",
        "note": "Two founders",
        "once": ONCE.findall(empty)[0],
    }
    for _ in range(2):
        assert mine.post("/account/credits", form).status_code == 302
    assert Work.objects.count() == 1, "the form sent twice"
    assert "Waits for confirmation" in page(mine, "/account/credits")
    waiting = page(desk, "/desk/credits/")
    assert "Two founders" in waiting
    number = Work.objects.get().pk
    refused = desk.post("/desk/credits/", {"work": number, "act": "reject", "reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert desk.post("/desk/credits/", {"work": number, "act": "confirm", "minutes": "60"}).status_code == 302
    again = desk.post("/desk/credits/", {"work": number, "act": "confirm", "minutes": "60"})
    assert (again.status_code, "answered in the meantime" in again.content.decode()) == (422, True)
    assert queries.balance(Holder(sara.account_id), "HOURS") == 100
    shown = page(mine, "/account/credits")
    assert "Earned by work" in shown
    assert "1 × Hours" in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": "0"}, "From one minute to a whole day"), ({"done_on": "yesterday"}, "A day of the last year"),
        ({"work": "0.mentoring"}, "Choose what you did"), ({"work": "nonsense"}, "Choose what you did"),
        ({"note": "x" * 1001}, "A thousand characters"),
    ],
)  # fmt: skip
def test_what_was_typed_wrong_stands_beside_its_field(ledgers: Ledgers, change: dict[str, str], said: str) -> None:
    form = {"work": f"{ledgers.centre.pk}.mentoring", "minutes": "60", "done_on": "", "note": "", **change}
    answer = browser(ledgers.person()).post("/account/credits", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Work.objects.exists()


def test_money_at_the_desk_is_taken_once(ledgers: Ledgers) -> None:
    sara, manager = ledgers.person(), ledgers.staff()
    holder = Holder(sara.account_id)
    ledger.charge(
        actor=SYSTEM, holder=holder, prices=[Money(90_000, "IRR")], source="spaces.booking:1", now=datetime.now(UTC)
    )
    assert "90,000 rials" in page(browser(sara), "/account/credits")
    desk, email = browser(manager), Account.objects.get(pk=sara.account_id).email
    found = desk.get("/desk/credits/find", {"who": email})
    address = found.headers["Location"]
    assert address == f"/desk/credits/holders/{holders.sealed(holder)}/"
    once = ONCE.findall(page(desk, address))[0]
    form = {"act": "pay", "amount": "90,000", "unit": "IRR", "means": "cash", "note": "", "once": once}
    for _ in range(2):
        assert desk.post(address, form).headers["Location"] == address
    assert (queries.balance(holder, "IRR"), Entry.objects.count()) == (0, 2)
    assert "Nothing is owed" in page(desk, address)
    taken = page(desk, "/desk/credits/taken")
    assert "90,000 rials" in taken
    short = desk.post(address, {**form, "act": "payout", "once": "other"})
    assert (short.status_code, "to pay out" in short.content.decode()) == (422, True)
    wrong = desk.post(address, {**form, "amount": "much", "once": "third"})
    assert (wrong.status_code, "An amount above zero" in wrong.content.decode()) == (422, True)
    for _ in range(2):
        desk.post(
            address,
            {"act": "correct", "way": "add", "amount": "1.50", "unit": "HOURS", "reason": "Old card", "once": "f"},
        )
    assert queries.balance(holder, "HOURS") == 150
    assert "Old card" in page(browser(sara), "/account/credits")
    page(desk, "/desk/credits/holders/a1:forged/", 404)
    clerk = browser(ledgers.staff(Role.CIRCULATION))
    assert "Correct the balance" not in page(clerk, address)
    denied = clerk.post(
        address, {"act": "correct", "way": "add", "amount": "1", "unit": "HOURS", "reason": "x", "once": "g"}
    )
    assert denied.status_code == 422
    assert queries.balance(holder, "HOURS") == 150


def test_a_house_begins_a_credit_and_changes_it(ledgers: Ledgers) -> None:
    desk = browser(ledgers.staff())
    form = {"code": "shoptime", "en": "Shop time", "fa": "", "vi": "", "rate-repairing": "0,50"}
    assert desk.post("/desk/credits/units/new", form).status_code == 302
    assert queries.unit("SHOPTIME").rates == {"repairing": 50}
    assert "0.50 × Shop time an hour" in re.sub(r"\s+", " ", page(desk, "/desk/credits/units"))
    for change, said in (
        ({}, "Another credit has this code"), ({"code": "IRR"}, "Four to twelve"), ({"code": "OTHERS", "en": ""}, "This is needed"),
        ({"code": "OTHERS", "rate-repairing": "much"}, "A number"),
    ):  # fmt: skip
        answer = desk.post("/desk/credits/units/new", {**form, **change})
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    change = {"en": "Shop", "fa": "", "vi": "", "rate-repairing": ""}
    assert desk.post("/desk/credits/units/SHOPTIME/", change).status_code == 302
    unit = queries.unit("SHOPTIME")
    assert (unit.active, unit.rates, unit.names.en) == (False, {}, "Shop")
    page(browser(ledgers.staff(Role.LIBRARIAN)), "/desk/credits/units/new", 404)
    page(desk, "/desk/credits/units/NOSUCH/", 404)


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
def test_pages_in_every_language(ledgers: Ledgers, language: str) -> None:
    sara, manager = ledgers.person(), ledgers.staff()
    holder = Holder(sara.account_id)
    for number in range(1, 31):
        ledger.charge(
            actor=SYSTEM, holder=holder, prices=[Money(number, "IRR")], source=f"spaces.booking:{number}", now=datetime.now(UTC)
        )  # fmt: skip
    mine, desk = browser(sara), browser(manager)
    for client in (mine, desk):
        client.cookies["language"] = language
    for client, address in (
        (mine, "/account/credits"), (desk, "/desk/credits/"), (desk, "/desk/credits/find?who=nobody"),
        (desk, f"/desk/credits/holders/{holders.sealed(holder)}/"), (desk, "/desk/credits/taken"), (desk, "/desk/credits/units"),
        (desk, "/desk/credits/units/HOURS/"),
    ):  # fmt: skip
        page(client, address)
    older = re.findall(r'href="(\?before=\d+)#lines"', page(mine, "/account/credits"))
    assert len(older) == 1
    assert page(mine, f"/account/credits{older[0]}").count("/account/bookings/") >= 5
