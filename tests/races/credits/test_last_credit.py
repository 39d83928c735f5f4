"""Two who spend the last credit, pay one form, confirm one piece of work, at one moment. Each race has its unlocked control."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from khaneh.domains.credits import queries, services
from khaneh.domains.credits.models import Entry
from khaneh.domains.credits.types import Holder, Means
from khaneh.domains.network.types import Role
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import ClosureKind
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.credits.ledgers import Ledgers, make_ledgers
from tests.domains.spaces.places import HOUR, NOW, Places, at, make_places
from tests.domains.spaces.test_charging import mentor, priced, sound
from tests.races.circulation.desks import Act, kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
LINE = "INSERT INTO credits_entry"


@pytest.fixture
def ledgers(transactional_db: None) -> Ledgers:
    """A house with a credit."""
    return make_ledgers()


def given(ledgers: Ledgers, amount: int) -> Holder:
    holder = ledgers.holder()
    services.adjust(
        actor=SYSTEM, holder=holder, unit="HOURS", amount=amount, reason="start", house_id=ledgers.centre.pk, now=NOW
    )
    return holder


def opened(ledgers: Ledgers, holder: Holder, unit: str) -> Holder:
    """With a balance of nothing: two who open one at a moment wait for each other with locks and without."""
    for amount in (1, -1):
        services.adjust(
            actor=SYSTEM, holder=holder, unit=unit, amount=amount, reason="open", house_id=ledgers.centre.pk, now=NOW
        )
    return holder


def charge(holder: Holder, number: int, **facts: Any) -> Act:
    facts = {"prices": [Money(100, "HOURS")], **facts}
    return partial(services.charge, actor=SYSTEM, holder=holder, source=f"a.thing:{number}", now=NOW, **facts)


@LOCKED
def test_two_things_and_the_last_credit(ledgers: Ledgers, locked: bool) -> None:
    sara = given(ledgers, 150)
    answers = kinds(meanwhile(charge(sara, 1), charge(sara, 2), before=LINE, locked=locked))
    # Without locks the second spends it while the first still believes what it has read; then the database stops the first.
    assert answers == (("int", "BalanceShort") if locked else ("IntegrityError", "int"))
    assert queries.balance(sara, "HOURS") == 50


@LOCKED
def test_one_thing_is_charged_once(ledgers: Ledgers, locked: bool) -> None:
    sara = given(ledgers, 500)
    answers = meanwhile(charge(sara, 1), charge(sara, 1), before=LINE, locked=locked)
    if locked:
        assert answers == (1, 0)
    else:
        assert kinds(answers) == ("IntegrityError", "int")
    assert queries.balance(sara, "HOURS") == 400


@LOCKED
def test_two_debts_and_the_limit_of_debts(ledgers: Ledgers, locked: bool) -> None:
    sara = opened(ledgers, ledgers.holder(), "IRR")
    both = [charge(sara, number, prices=[Money(100, "IRR")], may_owe=150) for number in (1, 2)]
    answers = kinds(meanwhile(*both, before=LINE, locked=locked))
    assert answers == (("int", "BalanceShort") if locked else ("IntegrityError", "int"))
    assert queries.balance(sara, "IRR") == -100


@LOCKED
def test_one_form_of_payment_sent_twice(ledgers: Ledgers, locked: bool) -> None:
    sara = opened(ledgers, ledgers.holder(), "IRR")
    paying = partial(
        services.pay,
        actor=SYSTEM, holder=sara, unit="IRR", amount=100, means=Means.CASH, house_id=ledgers.centre.pk, now=NOW, key="f1",
    )  # fmt: skip
    first, second = meanwhile(paying, paying, before=LINE, locked=locked)
    assert first == second if locked else type(first).__name__ == "IntegrityError"
    assert queries.balance(sara, "IRR") == 100


@LOCKED
def test_one_piece_of_work_confirmed_by_two(ledgers: Ledgers, locked: bool) -> None:
    sara = ledgers.person()
    opened(ledgers, Holder(sara.account_id), "HOURS")
    work = services.record_work(
        actor=sara, account_id=sara.account_id or 0, house_id=ledgers.centre.pk, kind="mentoring", minutes=60, note="",
        now=NOW,
    )  # fmt: skip
    both = [
        partial(services.confirm_work, actor=ledgers.staff(Role.LIBRARIAN), work_id=work.id, now=NOW) for _ in range(2)
    ]
    answers = kinds(meanwhile(*both, before=LINE, locked=locked))
    assert answers == (("int", "WorkDecided") if locked else ("IntegrityError", "int"))
    assert queries.balance(Holder(sara.account_id), "HOURS") == 100


def test_a_closing_gives_back_while_one_of_them_books(transactional_db: None) -> None:
    places: Places = make_places()
    sara, omid = places.person(), places.person()
    for one in (sara, omid):
        mentor(places, one, 300)
    first, second = (priced(places, code, currency="MENTOR", amount=100) for code in ("PAID1", "PAID2"))

    def book(actor: Any, space: Any, hour: int) -> Any:
        return spaces.book(actor=actor, space_id=space.pk, starts=at(hour), ends=at(hour) + HOUR, now=NOW)

    for actor, space, hour in ((sara, first, 10), (omid, first, 12), (omid, second, 10), (sara, second, 12)):
        book(actor, space, hour)

    def close(space: Any) -> Act:
        return partial(
            spaces.close_space,
            actor=SYSTEM, space_id=space.pk, kind=ClosureKind.REPAIR, starts=at(9), ends=at(14), now=NOW,
        )  # fmt: skip

    # Two closings that give back to the same two people, met in the other order; then one against a booking.
    assert kinds(meanwhile(close(first), close(second), before=LINE)) == ("Cancelled", "Cancelled")
    assert Booking.objects.filter(state="cancelled").count() == 4
    third = priced(places, "PAID3", currency="MENTOR", amount=100)
    book(sara, third, 10)
    assert kinds(meanwhile(close(third), partial(book, sara, third, 16), before=LINE)) == ("Cancelled", "Booked")
    assert (Entry.objects.filter(kind="charge").count(), sound()) == (6, True)
