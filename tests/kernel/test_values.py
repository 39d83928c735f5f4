"""The kernel's small values: who may what where, spans of time, amounts, names in three languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.kernel.actor import SYSTEM, VISITOR, Actor, Grant, Place
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.period import Period

instants = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


def test_a_role_covers_its_house_and_what_is_below_it_and_nothing_beside() -> None:
    library, hall_in_it, elsewhere = 1, 2, 3
    actor = Actor(account_id=7, grants=(Grant("librarian", house_id=library),))
    assert actor.holds({"librarian"}, Place(houses=(library,)))
    assert actor.holds({"librarian"}, Place(houses=(hall_in_it, library)))
    assert not actor.holds({"librarian"}, Place(houses=(elsewhere,)))
    assert not actor.holds({"cataloguer"}, Place(houses=(library,)))


def test_a_role_at_an_organisation_covers_the_houses_it_runs() -> None:
    actor = Actor(account_id=7, grants=(Grant("administrator", organisation_id=5),))
    assert actor.holds({"administrator"}, Place(houses=(1,), organisations=(4, 5)))
    assert not actor.holds({"administrator"}, Place(houses=(5,), organisations=(4,)))


def test_a_visitor_holds_nothing_and_the_system_everything() -> None:
    assert not VISITOR.holds({"administrator"}, Place(houses=(1,)))
    assert SYSTEM.holds({"administrator"}, Place())


@given(instants, instants, instants, instants)
def test_two_periods_overlap_if_and_only_if_one_starts_inside_the_other(
    a: datetime, b: datetime, c: datetime, d: datetime
) -> None:
    tick = timedelta(microseconds=1)
    one, other = Period(min(a, b), max(a, b) + tick), Period(min(c, d), max(c, d) + tick)
    assert one.overlaps(other) == (one.start in other or other.start in one)
    assert one.overlaps(other) == other.overlaps(one)


def test_a_period_must_end_after_it_starts() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="end after"):
        Period(now, now)
    with pytest.raises(ValueError, match="time zone"):
        Period(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("45000", "VND", 45000),
        ("12.50", "EUR", 1250),
        ("12.5", "EUR", 1250),
        ("۱۲۰۰۰۰", "IRR", 120000),
        ("45000.00", "VND", 45000),
    ],
)
def test_prices_are_read_as_catalogues_write_them(text: str, currency: str, amount: int) -> None:
    assert Money.parse(text, currency) == Money(amount, currency)


@pytest.mark.parametrize("text", ["", "free", "-5", "1.234", "1,5", "1.2.3"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Money.parse(text, "EUR")


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(ValueError, match="cannot add"):
        Money(1, "IRR").plus(Money(1, "VND"))


def test_a_name_falls_back_to_a_language_that_has_one() -> None:
    name = Label(en="Library", fa="کتابخانه", vi="")
    assert name.pick("fa-IR") == "کتابخانه"
    assert name.pick("vi") == "Library"
    assert Label.from_dict(name.to_dict()) == name
