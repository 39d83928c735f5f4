"""Clocks that jump, clocks that change twice a year, and the last days of Jalali years. Spec: CIRC-DUE, CIRC-OUT, CIRC-IN, CIRC-RENEW."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Statistic, Target
from khaneh.domains.circulation.rules import due
from khaneh.domains.circulation.services import reminding
from khaneh.domains.circulation.types import RequestLevel
from khaneh.domains.network.models import Holiday, House, OpeningHours
from khaneh.domains.network.queries import facts
from khaneh.domains.people import services as people
from khaneh.domains.people.models import MemberCategory
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import Calendar, DayOfYear, DayRule, JalaliDate, OpeningCalendar, Span, WeeklySpan
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal
from tests.domains.circulation.shelves import NOW, Shelves

DAY = timedelta(days=1)
CLOSED = Label("Closed", "تعطیل", "Nghỉ")
TEHRAN, BERLIN = "Asia/Tehran", "Europe/Berlin"


def house(zone: str, opens: int = 8 * 60, closes: int = 20 * 60, *rules: DayRule) -> OpeningCalendar:
    """A house that opens every day of the week, but for the rules."""
    return OpeningCalendar(zone, tuple(WeeklySpan(day, Span.of(opens, closes)) for day in range(1, 8)), rules)


def jalali(month: int, day: int, *spans: Span) -> DayRule:
    return DayRule(DayOfYear(Calendar.JALALI, month, day), CLOSED, spans)


def noon(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)


def shown(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


# Clocks of Iran went forward at the midnight that began 22 March 2021 and back at the one that would have begun 22 September; those of
# Germany at 02:00 on 28 March and at 03:00 on 31 October.
CHANGES = [(TEHRAN, date(2021, 3, 22)), (TEHRAN, date(2021, 9, 21)), (TEHRAN, date(2021, 9, 22)),
           (BERLIN, date(2021, 3, 28)), (BERLIN, date(2021, 10, 31))]  # fmt: skip


@pytest.mark.parametrize(("zone", "changed"), CHANGES)
@pytest.mark.parametrize("days", [0, 1, 2, 14, 31])
@pytest.mark.parametrize("apart", [-1, 0, 1])
def test_circ_due_1_a_change_of_clocks_moves_no_closing(zone: str, changed: date, days: int, apart: int) -> None:
    last = changed + timedelta(days=apart)
    end = due.due_at(house(zone), now=noon(last - timedelta(days=days), zone), days=days)
    assert shown(end, zone) == f"{last} 20:00"


@pytest.mark.parametrize(("zone", "changed"), CHANGES)
def test_circ_due_4_a_change_of_clocks_makes_nobody_late(zone: str, changed: date) -> None:
    """Late is who comes after the closing, by as many days as the house was open, whatever hours the days had."""
    for apart in range(-2, 3):
        end = due.due_at(house(zone), now=noon(changed + timedelta(days=apart - 3), zone), days=3)
        assert due.late_days(house(zone), due=end, returned=end) == 0
        for late in range(1, 6):
            came = noon(changed + timedelta(days=apart + late), zone)
            assert due.late_days(house(zone), due=end, returned=came) == late


@pytest.mark.parametrize(
    ("closes", "day", "instant"),
    [
        # Half past two does not come on the night of 28 March: the house closes when as much time has gone by, at half past three.
        (2 * 60 + 30, date(2021, 3, 27), datetime(2021, 3, 28, 1, 30, tzinfo=UTC)),
        # It comes twice on 31 October: the house closes the first time.
        (2 * 60 + 30, date(2021, 10, 30), datetime(2021, 10, 31, 0, 30, tzinfo=UTC)),
        (24 * 60, date(2021, 3, 27), datetime(2021, 3, 27, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_circ_due_1_a_closing_in_the_hour_that_is_missing_or_doubled(closes: int, day: date, instant: datetime) -> None:
    calendar = house(BERLIN, 20 * 60, closes)
    assert due.due_at(calendar, now=noon(day - 7 * DAY, BERLIN), days=7) == instant


def test_circ_due_1_a_midnight_that_is_missing() -> None:
    """In Tehran 22 March 2021 begins at one o'clock: a house that closes at midnight closes at that moment."""
    calendar = house(TEHRAN, 8 * 60, 24 * 60)
    end = due.due_at(calendar, now=noon(date(2021, 3, 14), TEHRAN), days=7)
    assert end + timedelta(seconds=1) == datetime(2021, 3, 21, 20, 30, tzinfo=UTC)
    assert shown(end, TEHRAN) == "2021-03-21 23:59"
    assert due.late_days(calendar, due=end, returned=end + timedelta(hours=12)) == 1


def test_circ_due_2_a_house_open_in_the_missing_hour_alone_is_closed_that_day() -> None:
    end = due.due_at(house(BERLIN, 2 * 60, 3 * 60), now=noon(date(2021, 3, 21), BERLIN), days=7)
    assert shown(end, BERLIN) == "2021-03-29 03:00"


def test_circ_due_1_a_house_without_hours_has_the_whole_doubled_hour() -> None:
    """Half past eleven comes twice on 21 September 2021 in Tehran: a day's last second is that of the second time."""
    end = due.due_at(OpeningCalendar(TEHRAN), now=noon(date(2021, 9, 14), TEHRAN), days=7)
    assert end + timedelta(seconds=1) == datetime(2021, 9, 21, 20, 30, tzinfo=UTC)


LEAP = JalaliDate(1403, 12, 30).to_gregorian()


def test_circ_due_1_a_loan_ends_on_the_leap_day() -> None:
    assert date(2025, 3, 20) == LEAP
    assert shown(due.due_at(house(TEHRAN), now=noon(LEAP - 14 * DAY, TEHRAN), days=14), TEHRAN) == "2025-03-20 20:00"
    # The same fortnight of a common year ends on the first day of the next.
    start = JalaliDate(1404, 12, 16).to_gregorian()
    end = due.due_at(house(TEHRAN), now=noon(start, TEHRAN), days=14)
    assert JalaliDate.from_gregorian(end.astimezone(ZoneInfo(TEHRAN)).date()) == (1405, 1, 1)


NOWRUZ = tuple(jalali(1, day) for day in range(1, 5))


def test_circ_due_2_a_holiday_on_the_leap_day_runs_into_nowruz() -> None:
    """Closed on 30 Esfand and the first four days of the year: what would be due then is due on 5 Farvardin."""
    calendar = house(TEHRAN, 8 * 60, 20 * 60, jalali(12, 30), *NOWRUZ)
    for last in range(5):
        end = due.due_at(calendar, now=noon(LEAP - 14 * DAY, TEHRAN), days=14 + last)
        assert shown(end, TEHRAN) == f"{JalaliDate(1404, 1, 5).to_gregorian()} 20:00"
    # In a common year the day before Nowruz is 29 Esfand, and open.
    eve = JalaliDate(1404, 12, 29).to_gregorian()
    assert shown(due.due_at(calendar, now=noon(eve - 14 * DAY, TEHRAN), days=14), TEHRAN) == f"{eve} 20:00"


def test_circ_due_4_the_leap_day_and_nowruz_cost_nothing() -> None:
    calendar = house(TEHRAN, 8 * 60, 20 * 60, jalali(12, 30), *NOWRUZ)
    end = due.due_at(calendar, now=noon(LEAP - 8 * DAY, TEHRAN), days=7)
    assert shown(end, TEHRAN) == "2025-03-19 20:00"
    came = noon(JalaliDate(1404, 1, 7).to_gregorian(), TEHRAN)
    assert due.late_days(calendar, due=end, returned=came) == 3  # 5, 6 and 7 Farvardin


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("year", [1403, 1404])
def test_circ_due_2_a_rule_for_the_last_day_of_a_month(year: int, month: int) -> None:
    """Months have 31 days until Shahrivar, then 30, and Esfand 29, or 30 in a leap year."""
    length = 31 if month <= 6 else 30 if month < 12 or year == 1403 else 29
    last = JalaliDate(year, month, length).to_gregorian()
    after = JalaliDate.from_gregorian(last + DAY)
    assert (after.month, after.day) == (month % 12 + 1, 1)
    end = due.due_at(house(TEHRAN, 480, 1200, jalali(month, length)), now=noon(last - 14 * DAY, TEHRAN), days=14)
    assert shown(end, TEHRAN) == f"{last + DAY} 20:00"


@pytest.mark.django_db
def test_a_membership_that_ends_on_the_leap_day_lasts_that_day_and_is_renewed_for_a_year(shelves: Shelves) -> None:
    member = shelves.member(joined_on=date(2024, 3, 20), expires_on=LEAP)
    MemberCategory.objects.filter(pk=member.category_id).update(membership_months=12)
    act: dict[str, Any] = {"actor": SYSTEM, "house_id": shelves.central.pk, "member_id": member.pk}
    with pytest.raises(Refusal):
        services.check_out(**act, barcode=shelves.copy().barcode, now=noon(LEAP + DAY, TEHRAN))
    services.check_out(**act, barcode=shelves.copy().barcode, now=noon(LEAP, TEHRAN))
    people.renew_membership(actor=SYSTEM, house_id=shelves.central.pk, member_id=member.pk, now=noon(LEAP, TEHRAN))
    member.refresh_from_db()
    # 1404 has no 30 Esfand; the year is over on its last day.
    assert JalaliDate.from_gregorian(member.expires_on) == (1404, 12, 29)


@pytest.mark.django_db
class TestClocksThatJump:
    """What an act sees before another one, by the clock, is done all the same: a desk's clock is set, not a reader's fault."""

    def lent(self, shelves: Shelves, **facts: Any) -> Loan:
        copy = shelves.copy()
        facts = {"member_id": shelves.member().pk, "now": NOW, **facts}
        lent = services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, **facts)
        return Loan.objects.get(pk=lent.loan_id)

    @pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=5), 400 * DAY])
    def test_circ_in_2_a_return_before_the_loan(self, shelves: Shelves, back: timedelta) -> None:
        loan = self.lent(shelves)
        came = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=loan.copy.barcode, now=NOW - back)
        loan.refresh_from_db()
        assert (loan.state, loan.ended_at, came.was_late_days, came.fee) == ("returned", NOW, 0, 0)
        assert not FeeEntry.objects.exists()

    def test_circ_out_1_a_loan_before_the_one_that_ended(self, shelves: Shelves) -> None:
        loan = self.lent(shelves)
        act: dict[str, Any] = {"actor": SYSTEM, "house_id": shelves.central.pk, "barcode": loan.copy.barcode}
        services.check_in(**act, now=NOW + DAY)
        services.check_out(**act, member_id=shelves.member().pk, now=NOW - 3 * DAY)
        services.check_in(**act, now=NOW - 2 * DAY)
        assert set(Loan.objects.values_list("state", flat=True)) == {"returned"}
        assert Statistic.objects.count() == 4

    def test_circ_renew_2_a_renewal_before_the_loan_takes_nothing_away(self, shelves: Shelves) -> None:
        loan = self.lent(shelves)
        renewed = services.renew(actor=SYSTEM, loan_id=loan.pk, now=NOW - 30 * DAY)
        assert renewed.due_at == loan.due_at
        # And after the clock is right again it counts from the right day.
        again = services.renew(actor=SYSTEM, loan_id=loan.pk, now=NOW + 7 * DAY)
        assert again.due_at == loan.due_at + 7 * DAY

    def test_circ_due_another_day_before_the_loan_is_refused(self, shelves: Shelves) -> None:
        loan = self.lent(shelves)
        act: dict[str, Any] = {"house_id": shelves.central.pk, "loan_id": loan.pk, "reason": "a journey"}
        with pytest.raises(Invalid):
            services.change_due_date(actor=SYSTEM, due_on=date(2026, 2, 2), now=NOW - 30 * DAY, **act)

    def test_a_believed_claim_before_the_loan(self, shelves: Shelves) -> None:
        loan = self.lent(shelves)
        services.claim_returned(actor=SYSTEM, loan_id=loan.pk, now=NOW - DAY)
        believed = services.ClaimOutcome.BELIEVED
        services.settle_claim(actor=SYSTEM, loan_id=loan.pk, outcome=believed, now=NOW - DAY)
        loan.refresh_from_db()
        assert (loan.state, loan.ended_at) == ("returned", NOW)

    def test_circ_in_3_a_box_that_was_emptied_before_the_loan(self, shelves: Shelves) -> None:
        loan = self.lent(shelves)
        act: dict[str, Any] = {"actor": SYSTEM, "house_id": shelves.central.pk, "barcode": loan.copy.barcode}
        came = services.check_in(**act, now=NOW + 90 * DAY, returned_at=NOW - DAY)
        assert came.was_late_days == 0

    def test_circ_undo_within_ten_minutes_by_a_clock_that_was_set_back(self, shelves: Shelves) -> None:
        loan = self.lent(shelves)
        services.undo_loan(actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, now=NOW - 2 * DAY)
        again = services.undo_return(
            actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, member_id=loan.member_id or 0, now=NOW - 2 * DAY
        )
        assert Loan.objects.get(pk=again).due_at == loan.due_at

    def test_circ_target_2_a_clock_that_leaps_ahead_and_back(self, shelves: Shelves) -> None:
        """A year ahead everything is too late; back again the reader who waits is served as before, and nothing stands in between."""
        copy = shelves.copy()
        number = services.place_request(
            actor=SYSTEM, member_id=shelves.member().pk, level=RequestLevel.RECORD, target_id=copy.record_id,
            pickup_house_id=shelves.central.pk, now=NOW + 100 * DAY,
        ).request_id  # fmt: skip
        services.target_waiting(now=NOW)
        services.target_waiting(now=NOW - 300 * DAY)
        assert Request.objects.get(pk=number).state == "targeted"
        assert Target.objects.filter(state="asked").count() == 1
        came = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW)
        assert came.request_id == number
        assert services.expire_shelf(now=NOW - DAY) == 0

    @pytest.mark.parametrize("jump", [-30 * DAY, timedelta(hours=-3), timedelta(hours=3)])
    def test_circ_tell_1_a_reminder_is_told_once_whatever_the_clock_does(
        self, shelves: Shelves, jump: timedelta
    ) -> None:
        loan = self.lent(shelves)
        morning = loan.due_at.replace(hour=6, minute=0) - 2 * DAY
        assert reminding.remind(house_id=shelves.central.pk, now=morning) == 1
        reminding.remind(house_id=shelves.central.pk, now=morning + jump)
        assert reminding.remind(house_id=shelves.central.pk, now=morning) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "changed"), [(TEHRAN, date(2021, 3, 22)), (BERLIN, date(2021, 3, 28))])
def test_a_house_whose_clocks_change_lends_reminds_and_charges_by_its_own_days(
    shelves: Shelves, zone: str, changed: date
) -> None:
    House.objects.filter(pk=shelves.central.pk).update(time_zone=zone)
    OpeningHours.objects.filter(house=shelves.central).update(closes=24 * 60)
    holiday = changed + DAY
    Holiday.objects.create(
        house=shelves.central, rule="date", first=holiday, last=holiday, names={"en": "x", "fa": "x", "vi": "x"}
    )
    facts._kept.clear()
    member, copy = shelves.member(joined_on=date(2020, 1, 1), expires_on=date(2030, 1, 1)), shelves.copy()
    act: dict[str, Any] = {"actor": SYSTEM, "house_id": shelves.central.pk, "barcode": copy.barcode}
    lent = services.check_out(**act, member_id=member.pk, now=noon(changed - 14 * DAY, zone))
    # Due when the day on which clocks changed is over, and not on the day that begins then.
    assert lent.due_at + timedelta(seconds=1) == datetime.combine(changed + DAY, time(0), ZoneInfo(zone)).astimezone(
        UTC
    )
    assert reminding.remind(house_id=shelves.central.pk, now=noon(changed - 2 * DAY, zone)) == 1
    came = services.check_in(**act, now=noon(changed + 4 * DAY, zone))
    assert came.was_late_days == 3  # four days, of which the house was closed on one
