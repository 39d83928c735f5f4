"""Readers who ask at one moment: never twice for one copy, and nobody waits for who wants something else. Spec: CIRC-TARGET-3."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg.errors import UniqueViolation

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Request, Target
from khaneh.domains.circulation.types import RequestLevel
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.races.circulation.desks import Act, kinds, meanwhile, sound

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
BEFORE = "UPDATE circulation_request SET state = 'targeted'"


@pytest.fixture
def shelves(transactional_db: None) -> Shelves:
    """Three houses, empty, under the rules that ship."""
    services.ensure_policies()
    return make_shelves()


def asking(shelves: Shelves, copy: Copy) -> Act:
    member = shelves.member()
    return partial(
        services.place_request,
        actor=SYSTEM, member_id=member.pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=shelves.branch.pk, now=NOW,
    )  # fmt: skip


def refusable(act: Act) -> Act:
    """The act, or what the database refused it with."""

    def tried() -> Any:
        try:
            return act()
        except UniqueViolation as refused:
            return refused

    return tried


def test_circ_target_3_two_ask_for_one_record_and_each_gets_a_copy_of_it(shelves: Shelves) -> None:
    record = shelves.record()
    near, far = shelves.copy(shelves.branch, record), shelves.copy(shelves.far, record)
    answers = meanwhile(asking(shelves, near), asking(shelves, near), before=BEFORE)
    assert kinds(answers) == ("Placed", "Placed")
    assert set(Target.objects.filter(state="asked").values_list("copy_id", flat=True)) == {near.pk, far.pk}
    assert sound()


def test_circ_target_3_one_copy_is_asked_for_once_and_without_locks_the_database_has_to_refuse(
    shelves: Shelves,
) -> None:
    copy = shelves.copy(shelves.far)
    answers = meanwhile(asking(shelves, copy), asking(shelves, copy), before=BEFORE)
    assert kinds(answers) == ("Placed", "Placed")
    assert Target.objects.filter(state="asked").count() == 1
    assert sound()
    other = shelves.copy(shelves.far)
    answers = meanwhile(refusable(asking(shelves, other)), asking(shelves, other), before=BEFORE, locked=False)
    assert kinds(answers) == ("UniqueViolation", "Placed")


def test_circ_target_3_a_round_and_a_reader_never_ask_for_one_copy(shelves: Shelves) -> None:
    record = shelves.record()
    copy = shelves.copy(shelves.far, record)
    asking(shelves, copy)()
    Target.objects.update(state="withdrawn", ended_at=NOW)
    Request.objects.update(state="placed")
    round_ = partial(services.target_waiting, now=NOW + HOUR)
    for first, second in ((round_, asking(shelves, copy)), (asking(shelves, copy), round_)):
        answers = meanwhile(first, second, before=BEFORE)
        assert {"Placed", "Targeted"} == set(kinds(answers))
        assert Target.objects.filter(state="asked").count() == 1
        assert sound()
        Target.objects.update(state="withdrawn", ended_at=NOW)
        Request.objects.update(state="placed")


def test_circ_target_3_nobody_waits_for_who_asks_for_something_else(shelves: Shelves) -> None:
    one, other = shelves.copy(shelves.far), shelves.copy(shelves.far)
    asked, done, held = asking(shelves, one), threading.Event(), threading.Event()
    answers: list[Any] = []

    def slow() -> None:
        try:
            with transaction.atomic():
                asked()
                held.set()
                answers.append(done.wait(60))
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert held.wait(60)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '60s'")
    try:
        asking(shelves, other)()
    finally:
        done.set()
        thread.join(60)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    assert answers == [True], "the first was still at it when the second had ended"
    assert Target.objects.filter(state="asked").count() == 2


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_circ_fee_6_a_lost_copy_is_found_while_its_price_is_forgiven(shelves: Shelves, locked: bool) -> None:
    copy, member = shelves.copy(price_amount=9_000), shelves.member()
    house = shelves.central.pk
    loan = services.check_out(actor=SYSTEM, house_id=house, barcode=copy.barcode, member_id=member.pk, now=NOW).loan_id
    services.declare_lost(actor=SYSTEM, loan_id=loan, now=NOW + HOUR)
    act: dict[str, Any] = {"actor": SYSTEM, "house_id": house, "now": NOW + 2 * HOUR}
    waiving = partial(services.waive, **act, member_id=member.pk, amount=Money(9_000, "IRR"), reason="a fire")
    found = partial(services.check_in, **act, barcode=copy.barcode)
    meanwhile(found, waiving, before='INSERT INTO "circulation_fee_entry"', locked=locked)
    assert sum(FeeEntry.objects.values_list("amount", flat=True)) == (0 if locked else -9_000)
