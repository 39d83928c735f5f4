"""What stands of a charge, and what falls away with it: nothing that was forgiven is ever given back. Spec: CIRC-FEE."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.circulation.rules.charges import Line, charges
from khaneh.domains.circulation.services.ledger import balance
from khaneh.domains.circulation.types import FeeKind, PaymentMethod
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.circulation.shelves import NOW, Shelves

DAY = timedelta(days=1)
PRICE = 450_000


@given(st.lists(st.tuples(st.sampled_from(list(FeeKind)), st.integers(1, 500), st.integers(0, 12)), max_size=30))
def test_circ_fee_6_what_stands_less_the_credit_is_the_balance(drawn: list[tuple[FeeKind, int, int]]) -> None:
    down = {FeeKind.PAYMENT, FeeKind.WAIVER, FeeKind.REFUND}
    lines = [
        Line(number, kind, -amount if kind in down else amount, settles if kind in down else None)
        for number, (kind, amount, settles) in enumerate(drawn, 1)
    ]
    found, credit = charges(lines)
    assert sum(charge.stands for charge in found.values()) - credit == sum(line.amount for line in lines)
    assert credit >= 0
    for charge in found.values():
        assert min(charge.paid, charge.forgiven, charge.refunded, charge.stands, charge.refundable) >= 0


def test_circ_fee_6_money_goes_to_the_oldest_charge_and_what_a_refund_frees_to_the_next() -> None:
    late, lost, paid = (
        Line(1, FeeKind.OVERDUE, 100),
        Line(2, FeeKind.LOST, PRICE),
        Line(3, FeeKind.PAYMENT, -100),
    )
    found, credit = charges([late, lost, paid, Line(4, FeeKind.WAIVER, -PRICE)])
    assert (found[1].paid, found[2].forgiven, found[2].refundable, credit) == (100, PRICE, 0, 0)
    found, credit = charges([late, lost, Line(3, FeeKind.PAYMENT, -PRICE), Line(4, FeeKind.REFUND, -PRICE, 2)])
    assert (found[1].stands, found[2].stands, credit) == (0, 0, PRICE - 100)


@pytest.fixture
def lost(shelves: Shelves) -> tuple[int, str]:
    """A member whose loan is lost and charged; and the barcode."""
    copy, member = shelves.copy(price_amount=PRICE), shelves.member()
    loan = services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=NOW
    ).loan_id
    services.declare_lost(actor=SYSTEM, loan_id=loan, now=NOW + DAY)
    return member.pk, str(copy.barcode)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forgiven", "paid", "refunded", "owed"),
    [
        (PRICE, 0, 0, 0),
        (PRICE - 50_000, 0, 50_000, 0),
        (PRICE - 50_000, 50_000, 50_000, -50_000),
        (0, PRICE, PRICE, -PRICE),
        (0, 0, PRICE, 0),
    ],
)
def test_circ_fee_6_a_found_copy_gives_back_what_was_paid_and_never_what_was_forgiven(
    shelves: Shelves, lost: tuple[int, str], forgiven: int, paid: int, refunded: int, owed: int
) -> None:
    member, barcode = lost
    act = {"actor": SYSTEM, "house_id": shelves.central.pk, "member_id": member, "now": NOW + 2 * DAY}
    if forgiven:
        services.waive(amount=Money(forgiven, "IRR"), reason="a fire", **act)  # type: ignore[arg-type]
    if paid:
        services.pay(amount=Money(paid, "IRR"), method=PaymentMethod.CASH, **act)  # type: ignore[arg-type]
    found = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=barcode, now=NOW + 3 * DAY)
    assert (found.refunded, balance(member, "IRR")) == (refunded, owed)


@pytest.mark.django_db
def test_circ_fee_6_another_charge_that_was_forgiven_leaves_the_price_as_it_stands(
    shelves: Shelves, lost: tuple[int, str]
) -> None:
    member, barcode = lost
    act = {"actor": SYSTEM, "house_id": shelves.central.pk, "member_id": member, "now": NOW + 2 * DAY}
    services.charge(kind=FeeKind.OTHER, amount=Money(30_000, "IRR"), **act)  # type: ignore[arg-type]
    services.pay(amount=Money(PRICE, "IRR"), method=PaymentMethod.CARD, **act)  # type: ignore[arg-type]
    services.waive(amount=Money(30_000, "IRR"), reason="a copy card", **act)  # type: ignore[arg-type]
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=barcode, now=NOW + 3 * DAY)
    assert balance(member, "IRR") == -PRICE


@pytest.mark.django_db
def test_circ_keep_3_a_line_that_a_loan_caused_says_no_more_than_the_day(
    shelves: Shelves, lost: tuple[int, str]
) -> None:
    member, barcode = lost
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=barcode, now=NOW + 3 * DAY)
    for line in FeeEntry.objects.filter(member_id=member):
        assert (line.loan_id, line.key, line.house_id, line.by_id) == (None, None, None, None)
        # Midnight in Tehran.
        assert (line.at.hour, line.at.minute, line.at.second, line.at.microsecond) == (20, 30, 0, 0)
    assert "lost_entry" not in Loan.objects.get().terms


@pytest.mark.django_db
def test_circ_fee_3_a_line_may_lose_its_words_and_nothing_else(shelves: Shelves) -> None:
    member, other = shelves.member(), shelves.member()
    number = services.charge(
        actor=SYSTEM, house_id=shelves.central.pk, member_id=member.pk, kind=FeeKind.OTHER, amount=Money(10, "IRR"),
        now=NOW, note="for Ms Karimi",
    )  # fmt: skip
    for change in ("amount = 11", "at = now()", "kind = 'lost'", "note = 'x'", f"member_id = {other.pk}", "key = 'k'"):
        with (
            pytest.raises(IntegrityError, match="kept as it is"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE circulation_fee_entry SET {change} WHERE id = %s", [number])
    with pytest.raises(IntegrityError, match="kept as it is"), transaction.atomic():
        FeeEntry.objects.filter(pk=number).delete()
    FeeEntry.objects.filter(pk=number).update(note="")
    assert FeeEntry.objects.get(pk=number).note == ""
