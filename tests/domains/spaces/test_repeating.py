"""Series: the days of a pattern in two calendars, every clash shown before saving, quotas through repetition; and quotas themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.notices.models import Notice
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.models import Decision
from khaneh.domains.policies.types import Condition, Operator, PolicyRefused, Rule, Scope, TermValue
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.errors import NothingToBook, SeriesChanged
from khaneh.domains.spaces.models import Booking, Series
from khaneh.domains.spaces.rules import quotas, series
from khaneh.domains.spaces.types import BookingState, MissingDay, Pattern, Repeat
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import Calendar, JalaliDate
from khaneh.kernel.refusal import Invalid
from tests.domains.spaces.places import NOW, Places, at
from tests.domains.spaces.test_booking import booked

TUESDAY = date(2026, 3, 3)


def weekly(count: int = 4, **facts: Any) -> Pattern:
    return Pattern(**{"repeat": Repeat.WEEKLY, "first": TUESDAY, "count": count, **facts})


def test_weeks_and_weekdays() -> None:
    found = [one.day for one in series.days(weekly(5, weekdays=(2, 4), every=2))]
    assert found == [date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 17), date(2026, 3, 19), date(2026, 3, 31)]
    until = weekly(count=None, until=date(2026, 3, 17))
    assert [one.day.day for one in series.days(until)] == [3, 10, 17], "the last day counts"


@pytest.mark.parametrize(("missing", "last"), [(MissingDay.SKIP, (True, False)), (MissingDay.LAST, (False, True))])
def test_the_30th_of_each_persian_month(missing: MissingDay, last: tuple[bool, bool]) -> None:
    # Esfand 1404 has 29 days, Esfand 1403 (a leap year) has 30.
    first = JalaliDate(1404, 10, 30).to_gregorian()
    pattern = Pattern(Repeat.MONTHLY, first, count=4, calendar=Calendar.JALALI, day=30, missing=missing)
    found = series.days(pattern)
    shown = [JalaliDate.from_gregorian(one.day)[:3] for one in found]
    assert shown[:4] == [(1404, 10, 30), (1404, 11, 30), (1404, 12, 29), (1405, 1, 30)]
    assert (found[2].left_out, found[2].moved) == last
    assert sum(not one.left_out for one in found) == 4
    leap = Pattern(Repeat.MONTHLY, JalaliDate(1403, 12, 30).to_gregorian(), count=1, calendar=Calendar.JALALI)
    assert JalaliDate.from_gregorian(series.days(leap)[0].day) == (1403, 12, 30)


def test_the_31st_of_gregorian_months() -> None:
    pattern = Pattern(Repeat.MONTHLY, date(2026, 1, 31), count=3)
    assert [(one.day, one.left_out) for one in series.days(pattern)] == [
        (date(2026, 1, 31), False), (date(2026, 2, 28), True), (date(2026, 3, 31), False), (date(2026, 4, 30), True),
        (date(2026, 5, 31), False),
    ]  # fmt: skip


@given(
    st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.sampled_from(Repeat), st.sampled_from(Calendar),
    st.sampled_from(MissingDay), st.integers(0, 31), st.integers(1, 6), st.integers(1, 40),
)  # fmt: skip
def test_days_of_any_pattern_are_in_order_and_never_too_many(
    first: date, repeat: Repeat, reckoning: Calendar, missing: MissingDay, day: int, every: int, count: int
) -> None:
    pattern = Pattern(repeat, first, count=count, every=every, calendar=reckoning, day=day, missing=missing)
    found = series.days(pattern)
    assert [one.day for one in found] == sorted({one.day for one in found})
    assert all(one.day >= first for one in found)
    assert sum(not one.left_out for one in found) <= count
    assert missing is MissingDay.SKIP or not any(one.left_out for one in found)


@pytest.mark.parametrize(
    "wrong",
    [{"count": None}, {"count": 0}, {"count": 501}, {"until": date(2026, 3, 2)}, {"until": date(2040, 1, 1)},
     {"every": 0}, {"weekdays": (0,)}, {"day": 32}],
)  # fmt: skip
def test_what_is_no_pattern(wrong: dict[str, Any]) -> None:
    assert series.problems(weekly(**wrong))
    with pytest.raises(ValueError, match="problems"):
        series.days(weekly(**wrong))


def test_a_time_that_the_clocks_skip_is_none_and_one_that_comes_twice_is_the_first() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert series.instant(date(2026, 3, 29), time(2, 30), berlin) is None
    assert series.instant(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)), st.sampled_from(Calendar))
def test_an_instant_lies_in_its_day_week_month_and_year(moment: datetime, reckoning: Calendar) -> None:
    instant = moment.replace(tzinfo=UTC)
    found = quotas.spans(instant, zone="Asia/Tehran", reckoning=reckoning)
    for first, last in found:
        assert first <= instant < last
    assert found.week[1] - found.week[0] == timedelta(days=7)
    assert found.week[0].astimezone(ZoneInfo("Asia/Tehran")).isoweekday() == (6 if reckoning is Calendar.JALALI else 1)
    assert found.month[0] <= found.day[0]
    assert found.month[1] <= found.year[1]


# Saving them


def plan(places: Places, actor: Any, pattern: Pattern, **facts: Any) -> Any:
    return services.plan_series(
        actor=actor, space_id=places.room.pk, pattern=pattern, at=time(10), minutes=60, now=NOW, **facts
    )


def save(places: Places, actor: Any, pattern: Pattern, **facts: Any) -> Any:
    return services.book_series(
        actor=actor, space_id=places.room.pk, pattern=pattern, at=time(10), minutes=60, now=NOW, **facts
    )


@pytest.mark.django_db
def test_every_clash_is_shown_before_anything_is_saved(places: Places) -> None:
    sara = places.person()
    booked(places.person(), places.room, 10, day=10)
    found = plan(places, sara, weekly(4))
    assert [one.refusal for one in found.occurrences] == ["", "spaces.slot_taken", "", ""]
    assert [one.number for one in found.possible] == [1, 3, 4]
    assert (Booking.objects.count(), Series.objects.count(), Decision.objects.count()) == (1, 0, 1), "nothing stays"
    with pytest.raises(SeriesChanged) as refused:
        save(places, sara, weekly(4))
    assert refused.value.facts == {"days": [{"number": 2, "refusal": "spaces.slot_taken"}]}
    assert Booking.objects.count() == 1, "all or none"
    done = save(places, sara, weekly(4), only=[1, 3], title="Club")
    assert [one.planned.day.day for one in done.occurrences] == [3, 17]
    rows = queries.bookings_of_series(done.series_id, actor=sara)
    assert [(row.title, row.state) for row in rows] == [("Club", BookingState.CONFIRMED)] * 2
    assert Notice.objects.filter(event="spaces.confirmed").count() == 3
    services.cancel(actor=sara, booking_id=rows[0].id, now=NOW)
    assert [row.state for row in queries.bookings_of_series(done.series_id, actor=sara)][1] is BookingState.CONFIRMED
    with pytest.raises(NothingToBook):
        save(places, sara, weekly(4), only=[9])


@pytest.mark.django_db
def test_a_series_is_no_way_round_a_quota(places: Places) -> None:
    sara = places.person()
    found = plan(places, sara, weekly(12))
    # Ten to come at a time: the eleventh and twelfth are too many.
    assert [one.refusal for one in found.occurrences] == [""] * 10 + ["policies.refused"] * 2
    assert found.occurrences[10].facts["reasons"][0]["code"] == "limit.person_upcoming_max"
    with pytest.raises(SeriesChanged):
        save(places, sara, weekly(12))
    save(places, sara, weekly(10))
    with pytest.raises(PolicyRefused):
        booked(sara, places.room, 15)
    # Nor is changing a booking's day: it counts once wherever it is.
    number = Booking.objects.order_by("starts").values_list("pk", flat=True)[0]
    services.change_booking(actor=sara, booking_id=number, starts=at(15), ends=at(16), now=NOW)


@pytest.mark.django_db
def test_a_wrong_pattern_is_refused(places: Places) -> None:
    for pattern in (weekly(0), weekly(501)):
        with pytest.raises(Invalid):
            plan(places, places.person(), pattern)
    with pytest.raises(Invalid):
        services.book_series(
            actor=places.person(), space_id=places.room.pk, pattern=weekly(2), at=time(10), minutes=0, now=NOW
        )


def limit(**terms: TermValue) -> None:
    """Put one network-wide rule in force that sets quotas for meeting rooms."""
    draft = policies.open_draft(actor=SYSTEM, act="spaces.book", scope=Scope("network"), now=NOW)
    rule = Rule(0, (Condition("space.kind", Operator.IN, ("meeting_room",)),), terms=terms)
    policies.save_rule(actor=SYSTEM, draft_id=draft, revision=0, rule=rule, now=NOW)
    policies.publish(actor=SYSTEM, draft_id=draft, revision=1, note="", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "inside", "beyond"),
    [
        ({"day_times_max": 1}, (10, 4), (12, 3)),
        ({"day_minutes_max": 90}, (10, 4), (12, 3)),
        # In Qom a week begins on Saturday, the 7th.
        ({"week_times_max": 1}, (10, 7), (10, 6)),
        ({"week_minutes_max": 119}, (10, 7), (10, 6)),
        # 21 March is 1 Farvardin, the first day of month and year.
        ({"month_times_max": 1}, (10, 21), (10, 20)),
        ({"month_minutes_max": 60}, (10, 21), (10, 20)),
        ({"year_times_max": 1}, (10, 21), (10, 20)),
        ({"year_minutes_max": 60}, (10, 21), (10, 20)),
    ],
)
@pytest.mark.parametrize("subject", ["person", "organisation"])
def test_quotas_by_day_week_month_and_year(
    places: Places, subject: str, terms: dict[str, int], inside: tuple[int, int], beyond: tuple[int, int]
) -> None:
    # The last day of Esfand 1404 for months and years, 3 March for days and weeks.
    first = 3 if inside[1] < 20 else 19
    limit(**{f"{subject}_{name}": value for name, value in terms.items()})
    organisation = places.company.pk if subject == "organisation" else None
    sara = places.employee(member=True)
    booked(sara, places.room, 10, day=first, organisation_id=organisation)
    other = sara if subject == "person" else places.employee(member=True)
    with pytest.raises(PolicyRefused) as refused:
        booked(other, places.room, beyond[0], day=beyond[1], organisation_id=organisation)
    code = f"limit.{subject}_{next(iter(terms))}"
    assert [reason["code"] for reason in refused.value.facts["reasons"]] == [code]
    booked(other, places.room, inside[0], day=inside[1], organisation_id=organisation)
    # A desk is another kind of thing, and another person has a quota of their own.
    booked(other, places.desks, 10, day=beyond[1], organisation_id=organisation)
    if subject == "person":
        booked(places.person(), places.room, 16, day=beyond[1])
    else:
        booked(sara, places.room, 16, day=beyond[1])


@pytest.mark.django_db
def test_one_at_a_time_for_a_person(places: Places) -> None:
    sara = places.person()
    second = places.space("ROOM2")
    booked(sara, places.room, 10, 2)
    with pytest.raises(PolicyRefused) as refused:
        booked(sara, second, 11, 2)
    assert refused.value.facts["reasons"][0]["code"] == "limit.person_at_once_max"
    booked(sara, second, 12)
    booked(sara, places.desks, 10)


@pytest.mark.django_db
def test_changing_the_time_is_no_way_round_a_quota(places: Places) -> None:
    limit(person_day_times_max=1)
    sara = places.person()
    booked(sara, places.room, 10, day=3)
    number = booked(sara, places.room, 10, day=4).booking_id
    with pytest.raises(PolicyRefused):
        services.change_booking(actor=sara, booking_id=number, starts=at(14), ends=at(15), now=NOW)
    services.change_booking(actor=sara, booking_id=number, starts=at(14, day=4), ends=at(15, day=4), now=NOW)


@pytest.mark.django_db
def test_staff_pass_over_a_quota_by_right(places: Places) -> None:
    from khaneh.domains.spaces.types import Override

    limit(person_day_times_max=0)
    sara = places.person()
    facts = {"account_id": sara.account_id, "override": Override(frozenset({"book_over_limit"}), "Exam week")}
    with pytest.raises(PolicyRefused):
        booked(places.staff(), places.room, 10, account_id=sara.account_id)
    assert booked(places.staff(), places.room, 10, **facts).state is BookingState.CONFIRMED
