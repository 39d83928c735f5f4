"""What bookings cost: charged once, given back by the terms, refused where it cannot be paid."""

from __future__ import annotations

from datetime import date, timedelta
from datetime import time as clock
from typing import Any

import pytest

from khaneh.domains.credits import queries as ledger
from khaneh.domains.credits import services as credit
from khaneh.domains.credits.errors import BalanceShort
from khaneh.domains.credits.models import Balance, Entry
from khaneh.domains.credits.types import Holder, Means, UnitDraft
from khaneh.domains.notices.models import Notice
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Space
from khaneh.domains.spaces.types import BookingState, ClosureKind, Pattern, PriceUnit, Repeat
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid
from tests.domains.spaces.places import HOUR, NOW, Places, at, named
from tests.domains.spaces.test_booking import booked
from tests.domains.spaces.test_repeating import limit

pytestmark = pytest.mark.django_db
RIALS = 60_000


def priced(places: Places, code: str = "PAID", currency: str = "IRR", amount: int = RIALS, **facts: Any) -> Space:
    """A room that costs so much an hour."""
    return places.space(code, price=Money(amount, currency), **facts)


def mentor(places: Places, actor: Actor, amount: int, code: str = "MENTOR") -> None:
    """The centre's own credit, and so much of it for somebody."""
    if not ledger.names([code]):
        draft = UnitDraft(code, named("Mentoring hours"), "P-CENTRE", {"mentoring": 100})
        credit.define_unit(actor=SYSTEM, draft=draft)
    if amount:
        credit.adjust(
            actor=SYSTEM, holder=Holder(actor.account_id), unit=code, amount=amount, reason="start",
            house_id=places.centre.pk, now=NOW,
        )  # fmt: skip


def has(actor: Actor, unit: str = "IRR") -> int:
    return ledger.balance(Holder(actor.account_id), unit)


def sound() -> bool:
    """Whether every booking has cost what follows from its row, asked of the ledger itself."""
    for one in Booking.objects.all():
        shall = {amount.currency: amount.amount for amount in charging_cost(one)}
        assert {cost.currency: cost.amount for cost in ledger.cost(f"spaces.booking:{one.pk}")} == shall, one.state
    for row in Balance.objects.all():
        assert row.amount == sum(Entry.objects.filter(balance=row).values_list("amount", flat=True))
    return True


def charging_cost(one: Booking) -> list[Money]:
    kept = {currency: amount for amount, currency in one.terms.get("kept") or []}
    if one.price_amount and one.state in ("confirmed", "checked_in", "done", "no_show"):
        kept[one.price_currency] = max(one.price_amount, kept.get(one.price_currency, 0))
    return [Money(amount, currency) for currency, amount in kept.items()]


def test_a_booking_is_charged_and_given_back_whole_in_time(places: Places) -> None:
    sara, room = places.person(), priced(places)
    done = booked(sara, room, 10, 2)
    assert (done.price, has(sara)) == (Money(2 * RIALS, "IRR"), -2 * RIALS)
    (line,) = ledger.statement(Holder(sara.account_id), actor=sara)
    assert (line.kind, line.amount, line.after, line.source) == (
        "charge", -2 * RIALS, -2 * RIALS, f"spaces.booking:{done.booking_id}",
    )  # fmt: skip
    services.cancel(actor=sara, booking_id=done.booking_id, now=NOW)
    assert has(sara) == 0
    assert sound()


def test_what_is_free_writes_nothing(places: Places) -> None:
    done = booked(places.person(), places.room, 10)
    services.cancel(actor=SYSTEM, booking_id=done.booking_id, now=NOW)
    assert not Entry.objects.exists()


def test_credit_is_spent_and_never_owed(places: Places) -> None:
    sara = places.person()
    mentor(places, sara, 150)
    room = priced(places, currency="MENTOR", amount=100)
    booked(sara, room, 10)
    assert has(sara, "MENTOR") == 50
    quote = services.quote(actor=sara, space_id=room.pk, starts=at(12), ends=at(13), now=NOW)
    assert (quote.refusal, quote.possible, quote.price) == ("credits.balance_short", False, Money(100, "MENTOR"))
    with pytest.raises(BalanceShort) as refused:
        booked(sara, room, 12)
    assert refused.value.facts == {
        "unit": "MENTOR", "is_credit": True, "balance": 50, "needed": 100, "short": 50, "house_id": places.centre.pk,
    }  # fmt: skip
    assert (Booking.objects.count(), has(sara, "MENTOR")) == (1, 50), "nothing changed"
    assert sound()


def test_another_kind_of_credit_is_not_this_house_to_ask(places: Places) -> None:
    mentor(places, places.person(), 0)
    with pytest.raises(Invalid) as refused:
        priced(places, currency="MENTOR", house=places.branch)
    assert refused.value.facts["fields"] == {"price": "not_in_list"}


def test_money_is_owed_down_to_what_the_rules_let(places: Places) -> None:
    limit(owed_max=Money(RIALS, "IRR"))
    sara, room = places.person(), priced(places)
    booked(sara, room, 10)
    with pytest.raises(BalanceShort) as refused:
        booked(sara, room, 12)
    assert (refused.value.facts["balance"], refused.value.facts["short"]) == (-RIALS, RIALS)
    credit.pay(
        actor=places.staff(), holder=Holder(sara.account_id), unit="IRR", amount=RIALS, means=Means.CASH,
        house_id=places.centre.pk, now=NOW,
    )  # fmt: skip
    booked(sara, room, 12)
    assert has(sara) == -RIALS


def test_late_is_kept_in_part_and_the_house_gives_all_back(places: Places) -> None:
    limit(refund_hours=24, late_refund_percent=30, cancel_hours=2)
    sara, room = places.person(), priced(places)
    late, closed = booked(sara, room, 10), booked(sara, room, 14)
    services.cancel(actor=sara, booking_id=late.booking_id, now=at(7))
    assert has(sara) == -RIALS - RIALS * 7 // 10
    services.close_space(actor=SYSTEM, space_id=room.pk, kind=ClosureKind.REPAIR, starts=at(12), ends=at(20), now=at(9))
    assert Booking.objects.get(pk=closed.booking_id).state == "cancelled"
    assert has(sara) == -RIALS * 7 // 10
    third = booked(sara, room, 10, day=4)
    services.cancel(actor=places.staff(), booking_id=third.booking_id, now=at(8, day=4), as_booker=True)
    assert has(sara) == -2 * (RIALS * 7 // 10), "the desk, because who booked asked for it"
    assert sound()


def test_moving_late_is_no_way_round_cancelling_late(places: Places) -> None:
    limit(refund_hours=24)
    sara, room = places.person(), priced(places)
    number = booked(sara, room, 10, 2).booking_id
    services.change_booking(actor=sara, booking_id=number, starts=at(10, day=20), ends=at(11, day=20), now=at(8))
    assert has(sara) == -2 * RIALS, "the shorter time costs what the time that was given up did"
    services.cancel(actor=sara, booking_id=number, now=at(9))
    assert (has(sara), sound()) == (-2 * RIALS, True)
    # In time, a longer one costs more, a shorter one less, and another space what that one does.
    number = booked(sara, room, 10, 2, day=20).booking_id
    services.change_booking(actor=sara, booking_id=number, ends=at(11, day=20), now=NOW)
    assert has(sara) == -3 * RIALS
    services.change_booking(
        actor=sara, booking_id=number, space_id=priced(places, "DEAR", amount=5 * RIALS).pk, now=NOW
    )
    assert has(sara) == -7 * RIALS
    services.change_booking(actor=sara, booking_id=number, title="Other words", now=NOW)
    services.cancel(actor=sara, booking_id=number, now=NOW)
    assert (has(sara), sound()) == (-2 * RIALS, True)


def test_one_who_does_not_come_pays_and_perhaps_more(places: Places) -> None:
    limit(no_show_fee=Money(500, "MENTOR"))
    sara = places.person()
    mentor(places, sara, 120)
    number = booked(sara, priced(places, currency="MENTOR", amount=100), 10).booking_id
    assert services.tidy(now=at(10, 20)) == {"no_show": 1}
    assert Booking.objects.get(pk=number).state == "no_show"
    # Of a credit no more than there is: nobody owes it.
    assert has(sara, "MENTOR") == 0
    assert [one.amount for one in ledger.cost(f"spaces.booking:{number}:no_show")] == [20]
    services.tidy(now=at(12))
    assert (Entry.objects.filter(kind="charge").count(), sound()) == (2, True)


def test_a_request_is_charged_when_it_is_approved(places: Places) -> None:
    sara, manager = places.person(), places.staff()
    mentor(places, sara, 100)
    hall = priced(places, "HALL", currency="MENTOR", amount=100, kind="hall", approval=True)
    first, second = (booked(sara, hall, hour, day=5).booking_id for hour in (9, 12))
    assert has(sara, "MENTOR") == 100, "a request costs nothing"
    with pytest.raises(BalanceShort):
        booked(sara, hall, 15, 3, day=5)
    services.approve(actor=manager, booking_id=first, now=NOW)
    assert has(sara, "MENTOR") == 0
    assert services.weigh_approval(actor=manager, booking_id=second, now=NOW).short
    with pytest.raises(BalanceShort):
        services.approve(actor=manager, booking_id=second, now=NOW)
    assert Booking.objects.get(pk=second).state == "requested"
    # Moved by who booked it must be approved anew: the place goes, and so does the charge.
    services.change_booking(actor=sara, booking_id=first, starts=at(16, day=5), ends=at(17, day=5), now=NOW)
    assert has(sara, "MENTOR") == 100
    services.approve(actor=manager, booking_id=first, now=NOW)
    services.refuse(actor=manager, booking_id=second, reason="No", now=NOW)
    assert (has(sara, "MENTOR"), sound()) == (0, True)


def test_a_series_shows_the_days_that_cannot_be_paid(places: Places) -> None:
    sara = places.person()
    mentor(places, sara, 250)
    room = priced(places, currency="MENTOR", amount=100)
    facts: dict[str, Any] = {
        "space_id": room.pk, "pattern": Pattern(Repeat.WEEKLY, date(2026, 3, 3), count=4), "at": clock(10), "minutes": 60,
        "now": NOW,
    }  # fmt: skip
    plan = services.plan_series(actor=sara, **facts)
    assert [one.refusal for one in plan.occurrences] == ["", "", *["credits.balance_short"] * 2]
    assert (has(sara, "MENTOR"), Entry.objects.filter(kind="charge").count()) == (250, 0), "only tried"
    services.book_series(actor=sara, only=[1, 2], **facts)
    assert (has(sara, "MENTOR"), sound()) == (50, True)


def test_an_organisation_pays_for_itself(places: Places) -> None:
    employee = places.employee()
    number = booked(employee, priced(places), 10, organisation_id=places.company.pk).booking_id
    company = Holder(organisation_id=places.company.pk)
    assert (has(employee), ledger.balance(company, "IRR")) == (0, -RIALS)
    assert [row.amount for row in ledger.balances_of(company, actor=employee)] == [-RIALS]
    assert ledger.balances_of(company, actor=places.person()) == []
    services.cancel(actor=employee, booking_id=number, now=NOW)
    assert (ledger.balance(company, "IRR"), sound()) == (0, True)


def test_an_offer_is_charged_when_it_is_accepted(places: Places) -> None:
    sara, other = places.person(), places.person()
    room = priced(places)
    number = booked(other, room, 10).booking_id
    waiting = services.join_waiting_list(
        actor=sara, house_id=places.centre.pk, space_id=room.pk, first=at(10), last=at(11), minutes=60, now=NOW
    )
    services.cancel(actor=other, booking_id=number, now=NOW)
    assert services.offer_waiting(space_id=room.pk, now=NOW) == [waiting]
    assert has(sara) == 0
    services.accept_offer(actor=sara, waiting_id=waiting, now=NOW + HOUR)
    assert (has(sara), has(other), sound()) == (-RIALS, 0, True)


def test_settling_again_changes_nothing(places: Places) -> None:
    from khaneh.domains.spaces.services import charging

    sara, room = places.person(), priced(places, price_unit=PriceUnit.BOOKING)
    number = booked(sara, room, 10, 3).booking_id
    for _ in range(2):
        charging.settle([number], actor=SYSTEM, now=NOW + timedelta(minutes=1))
    assert (has(sara), Entry.objects.count()) == (-RIALS, 1)


def test_whoever_goes_takes_no_debt_of_others_along(places: Places) -> None:
    limit(refund_hours=24)
    sara, room = places.person(), priced(places)
    booked(sara, room, 10), booked(sara, room, 10, day=20)
    services.erase_account(sara.account_id or 0, at(8))
    assert (has(sara), Booking.objects.exclude(account=None).count()) == (-RIALS, 0), "the one given up too late"
    assert BookingState.CANCELLED in set(Booking.objects.values_list("state", flat=True))


def test_whoever_is_no_member_is_told_too(places: Places) -> None:
    employee = places.employee()
    booked(employee, places.room, 10, organisation_id=places.company.pk)
    told = list(Notice.objects.values_list("event", "member_id", "account_id"))
    assert told == [("spaces.confirmed", None, employee.account_id)]
