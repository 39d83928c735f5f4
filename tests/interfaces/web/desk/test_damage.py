"""Damage noted at a return: a note, a fee by the loan's terms for who brought it, the copy to repair and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation.models import Damage, FeeEntry, Loan
from khaneh.domains.people.models import Member
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Question
from tests.interfaces.web.desk import lending_data
from tests.interfaces.web.desk.conftest import Windows

pytestmark = pytest.mark.django_db
DESK = "/desk/circulation/"
NOTE = "Pages 40 to 44 are torn"


@pytest.fixture
def desk(window: Windows) -> Client:
    lending_data.load()
    return window("librarian")


def post(desk: Client, address: str = "", **form: Any) -> str:
    response = desk.post(f"{DESK}{address}", {"house": "NA-LIB", **form}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def brought_back(desk: Client) -> tuple[int, str]:
    """A copy was lent on terms that say what a damage costs, and has come back: its loan, and the page."""
    member = Member.objects.get().pk
    post(desk, scan="C00000000", member=member)
    loan = Loan.objects.get()
    assert loan.terms["damage_fee"] is None, "the rules that ship say nothing of damages"
    Loan.objects.update(terms={**loan.terms, "damage_fee": [20_000, "VND"]})
    return loan.pk, post(desk, scan="C00000000")


def test_a_damage_is_noted_charged_by_the_terms_and_the_copy_goes_to_repair(desk: Client) -> None:
    loan, page = brought_back(desk)
    assert 'name="amount" inputmode="decimal" value="20000"' in page
    page = post(desk, "damage", barcode="C00000000", loan=loan, note=NOTE, amount="۲۰۰۰۰", currency="VND", title="x")
    assert "Put it aside for repair" in page
    assert "desk-circulation-damage" not in page
    assert 'action="/desk/circulation/damage"' not in page, "it is offered once"
    assert 'name="loan" value' not in page, "and the return cannot be undone under it"
    assert Copy.objects.get(barcode="C00000000").state == "at_repair"
    entry = FeeEntry.objects.get()
    assert (entry.kind, entry.amount, entry.currency, entry.note, entry.house_id) == (
        "damaged", 20_000, "VND", "", None,
    )  # fmt: skip
    assert Damage.objects.get().note == NOTE
    assert NOTE in desk.get(f"{DESK}lists/repair", {"house": "NA-LIB"}).content.decode()
    post(desk, scan="C00000000")
    assert Copy.objects.get(barcode="C00000000").state == "available"
    assert NOTE not in desk.get(f"{DESK}lists/repair", {"house": "NA-LIB"}).content.decode()


def test_who_brought_it_is_charged_only_while_the_desk_knows_them(desk: Client) -> None:
    loan, _ = brought_back(desk)
    del desk.cookies["desk_undo"]
    said = post(desk, "damage", barcode="C00000000", loan=loan, note=NOTE, amount="5000", currency="VND")
    assert "not known any more" in said
    assert (FeeEntry.objects.count(), Damage.objects.count()) == (0, 0)
    post(desk, "damage", barcode="C00000000", loan=loan, note=NOTE, currency="VND")
    assert Copy.objects.get(barcode="C00000000").state == "at_repair"
    assert (FeeEntry.objects.count(), Damage.objects.count()) == (0, 1)


def test_the_rules_may_say_what_a_damage_costs(desk: Client) -> None:
    house = Copy.objects.get(barcode="C00000000").house_id
    assert house is not None
    answer = policies.decide(Question("circulation.lend", house, {}, datetime.now(UTC)), store=False)
    assert "damage_fee" in answer.terms
