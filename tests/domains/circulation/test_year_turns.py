"""The last hour of a year and the first of the next, on the house's own clocks: the server's day is another one by then or will be.

Half past eleven at night on 29 Esfand (the last day of a common year, the last but one of a leap year), on 30 Esfand and on 31 December, in
houses east and west of Greenwich, and an hour later. Spec: CIRC-DUE, CIRC-FEE, CIRC-OUT.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, RunStop, Statistic
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.services import reminding
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.circulation.types import RequestLevel
from khaneh.domains.network.models import Holiday, House
from khaneh.domains.network.queries import facts
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Member
from khaneh.domains.people.types import MemberDraft
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import JalaliDate
from khaneh.kernel.refusal import Refusal
from tests.domains.circulation.shelves import Shelves

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAST = (23, 30)
# The zone, the day that ends, and when a house opens again for what would be due one day and two days after it, the holidays being as below.
NIGHTS = {
    "29 Esfand of a leap year": ("Asia/Tehran", JalaliDate(1403, 12, 29).to_gregorian(), {1: 1, 2: 6}),
    "30 Esfand": ("Asia/Tehran", JalaliDate(1403, 12, 30).to_gregorian(), {1: 5, 2: 5}),
    "29 Esfand of a common year": ("Asia/Tehran", JalaliDate(1404, 12, 29).to_gregorian(), {1: 5, 2: 5}),
    "31 December in Tehran": ("Asia/Tehran", date(2026, 12, 31), {1: 2, 2: 2}),
    "31 December in Vinh": ("Asia/Ho_Chi_Minh", date(2026, 12, 31), {1: 2, 2: 2}),
    "31 December in New York": ("America/New_York", date(2026, 12, 31), {1: 2, 2: 2}),
}


class Night:
    """One of the nights: its last hour, the first of the next day, and the house that lives through it."""

    def __init__(self, shelves: Shelves, zone: str, day: date, opens: dict[int, int]) -> None:
        self.shelves, self.zone, self.day, self.opens = shelves, ZoneInfo(zone), day, opens
        House.objects.update(time_zone=zone)
        facts._kept.clear()
        self.before = self.at(0, *LAST)
        self.after = self.before + HOUR
        assert (self.local(self.before), self.local(self.after)) == (day, day + DAY)

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        day = self.day + days * DAY
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).astimezone(UTC)

    def local(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def lend(self, now: datetime, **more: Any) -> Loan:
        more.setdefault("member_id", self.member().pk)
        lent = services.check_out(
            actor=SYSTEM, house_id=self.shelves.central.pk, barcode=str(self.shelves.copy().barcode), now=now, **more
        )
        return Loan.objects.get(pk=lent.loan_id)

    def take_back(self, loan: Loan, now: datetime) -> Any:
        Loan.objects.filter(pk=loan.pk).update(terms={**loan.terms, "fee_per_day": [1_000, "IRR"], "grace_days": 0})
        return services.check_in(
            actor=SYSTEM, house_id=self.shelves.central.pk, barcode=str(loan.copy.barcode), now=now
        )

    def member(self, **more: Any) -> Member:
        return self.shelves.member(joined_on=self.day - 300 * DAY, expires_on=self.day + 400 * DAY, **more)


@pytest.fixture(params=NIGHTS.values(), ids=list(NIGHTS))
def night(request: pytest.FixtureRequest, shelves: Shelves) -> Night:
    return Night(shelves, *request.param)


def test_circ_due_1_days_are_counted_from_the_houses_own_day(night: Night) -> None:
    for now, first in ((night.before, 0), (night.after, 1)):
        assert night.lend(now).due_at == night.at(first + 14, 20)


def test_circ_due_2_holidays_of_the_new_year_are_those_of_the_houses_calendar(night: Night) -> None:
    """Closed on the first four days of the Jalali year and the first of the Gregorian one."""
    new_year = [("jalali", day) for day in range(1, 5)] + [("gregorian", 1)]
    for rule, day in new_year:
        Holiday.objects.create(
            house=night.shelves.central, rule=rule, month=1, day=day, names={"en": "x", "fa": "x", "vi": "x"}
        )
    facts._kept.clear()
    for days, opens in night.opens.items():
        for now in (night.before, night.after):
            shift = 0 if now == night.before else 1
            assert night.lend(now - (14 - days + shift) * DAY).due_at == night.at(opens, 20)


def test_circ_fee_only_open_days_of_the_house_are_late(night: Night) -> None:
    """Due yesterday: late by a day until midnight and by two after it, whatever day the server has."""
    late = {}
    for now in (night.before, night.after):
        loan = night.lend(night.at(-15, 12))
        assert loan.due_at == night.at(-1, 20)
        back = night.take_back(loan, now)
        late[now] = back.was_late_days
        fee = FeeEntry.objects.latest("pk")
        assert (back.fee, fee.amount) == (late[now] * 1_000, late[now] * 1_000)
        # The line says the house's day and no hour.
        assert fee.at == night.at(0 if now == night.before else 1, 0)
    assert list(late.values()) == [1, 2]


def test_circ_fee_what_is_due_that_evening_is_late_from_midnight_on(night: Night) -> None:
    loans = [night.lend(night.at(-14, 12)) for _ in range(2)]
    assert {loan.due_at for loan in loans} == {night.at(0, 20)}
    assert night.take_back(loans[0], night.before).was_late_days == 0
    assert night.take_back(loans[1], night.after).was_late_days == 1


def test_a_card_lends_to_the_last_minute_of_its_last_day(night: Night) -> None:
    member = night.shelves.member(expires_on=night.day, joined_on=night.day - 300 * DAY)
    night.lend(night.before, member_id=member.pk)
    with pytest.raises(Refusal):
        night.lend(night.after, member_id=member.pk)
    people.renew_membership(actor=SYSTEM, house_id=night.shelves.central.pk, member_id=member.pk, now=night.after)
    night.lend(night.after, member_id=member.pk)


def test_who_joins_that_night_joins_on_the_houses_day(night: Night) -> None:
    night.member()
    for now, day in ((night.before, night.day), (night.after, night.day + DAY)):
        draft = MemberDraft(
            family_name=f"Nowruzi {day}", category="adult", home_house_id=night.shelves.central.pk, language="fa",
            birth_date=day,
        )  # fmt: skip
        if now == night.before:
            with pytest.raises(Refusal):  # who is born tomorrow is nobody yet
                people.register_member(actor=SYSTEM, draft=replace(draft, birth_date=day + DAY), now=now)
        made = people.register_member(actor=SYSTEM, draft=draft, now=now)
        joined = Member.objects.get(pk=made.member_id)
        assert joined.joined_on == day
        assert joined.expires_on is not None
        assert joined.expires_on > day + 300 * DAY


def test_the_years_figures_end_with_the_houses_year(night: Night) -> None:
    loans = [night.lend(now) for now in (night.before, night.after)]
    for loan, now in zip(loans, (night.before, night.after), strict=True):
        night.take_back(loan, now + HOUR / 4)
    days = [night.day, night.day + DAY]
    for act in ("loan", "return"):
        assert list(Statistic.objects.filter(act=act).order_by("pk").values_list("day", flat=True)) == days


def test_readers_are_told_the_houses_days(night: Night) -> None:
    """What is due the next evening is due tomorrow until midnight and today after it."""
    loan = night.lend(night.at(-13, 12))
    assert loan.due_at == night.at(1, 20)
    for now, days in ((night.before, 1), (night.after, 0)):
        (row,) = own.own_loans(loan.member_id or 0, now=now)
        assert row.days == days
    assert reminding.remind(house_id=night.shelves.central.pk, now=night.before) == 1
    assert reminding.remind(house_id=night.shelves.central.pk, now=night.after) == 0, "told once, whatever day it is"


def test_circ_shelf_a_reader_has_whole_days_to_collect(night: Night) -> None:
    copy, member = night.shelves.copy(), night.member()
    placed = services.place_request(
        actor=SYSTEM, member_id=member.pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=night.shelves.central.pk, now=night.before,
    )  # fmt: skip
    services.check_in(actor=SYSTEM, house_id=night.shelves.central.pk, barcode=str(copy.barcode), now=night.after)
    request = Request.objects.get(pk=placed.request_id)
    days = int(request.terms["shelf_days"])
    assert request.shelf_until == night.at(1 + days, 20)


def test_circ_run_7_a_round_through_the_night_is_repeated_through_a_night(night: Night) -> None:
    stops = [
        StopDraft(night.shelves.central.pk, "", night.before),
        StopDraft(night.shelves.branch.pk, "", night.after),
    ]
    run = services.plan_run(
        actor=SYSTEM, day=night.day, stops=stops, now=night.before, base_house_id=night.shelves.central.pk
    )
    again = services.repeat_run(actor=SYSTEM, run_id=run, day=night.day + 7 * DAY, now=night.after)
    planned = list(RunStop.objects.filter(run_id=again).order_by("position").values_list("planned_at", flat=True))
    assert planned == [night.at(7, *LAST), night.at(8, 0, 30)]
