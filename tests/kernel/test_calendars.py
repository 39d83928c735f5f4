"""Days in two calendars, how they are shown and read, and when a house is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.kernel import calendars as cal
from khaneh.kernel.labels import LANGUAGES, Label

DAYS = st.dates(date(1701, 1, 1), date(2200, 12, 31))
NAME = Label("Holiday", "تعطیل", "Ngày nghỉ")


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    [
        (date(2026, 11, 22), (1405, 9, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),  # a leap year's last day
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(1925, 3, 31), (1304, 1, 11)),  # the day the calendar became law
    ],
)
def test_known_days(gregorian: date, jalali: tuple[int, int, int]) -> None:
    assert cal.JalaliDate.from_gregorian(gregorian) == jalali
    assert cal.JalaliDate(*jalali).to_gregorian() == gregorian


@given(DAYS)
def test_every_day_goes_there_and_back_and_the_next_day_follows(day: date) -> None:
    jalali = cal.JalaliDate.from_gregorian(day)
    assert jalali.to_gregorian() == day
    following = cal.JalaliDate.from_gregorian(day + timedelta(days=1))
    assert following > jalali
    assert following.day == jalali.day + 1 or following.day == 1


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError):
        cal.JalaliDate(1404, 12, 30).to_gregorian()


@given(DAYS, st.sampled_from(LANGUAGES), st.sampled_from(cal.Calendar), st.booleans())
def test_what_is_shown_can_be_typed_back(day: date, language: str, calendar: cal.Calendar, in_words: bool) -> None:
    show = cal.show_date if in_words else cal.show_short_date
    assert cal.parse_date(show(day, calendar=calendar, language=language)) == day


@pytest.mark.parametrize(
    ("language", "calendar", "shown"),
    [
        ("fa", "jalali", "یکشنبه ۱ آذر ۱۴۰۵"),
        ("fa", "gregorian", "یکشنبه ۲۲ نوامبر ۲۰۲۶"),
        ("vi", "gregorian", "Chủ Nhật, 22 tháng 11, 2026"),
        ("vi", "jalali", "Chủ Nhật, 1 Azar 1405 (lịch Ba Tư)"),
        ("en", "gregorian", "Sunday, 22 November 2026"),
        ("en", "jalali", "Sunday, 1 Azar 1405 AP"),
    ],
)
def test_the_same_day_for_six_readers(language: str, calendar: str, shown: str) -> None:
    day = date(2026, 11, 22)
    assert cal.show_date(day, calendar=cal.Calendar(calendar), language=language, weekday=True) == shown


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1405/9/1", date(2026, 11, 22)),
        ("۱۴۰۵-۰۹-۰۱", date(2026, 11, 22)),
        ("١٤٠٥/٩/١", date(2026, 11, 22)),
        ("1/9/1405", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("22 Nov 2026", date(2026, 11, 22)),
        ("ngày 22 tháng 11 năm 2026", date(2026, 11, 22)),
        ("۲ ارديبهشت ۱۴۰۵", date(2026, 4, 22)),  # with an Arabic ye
        ("۵ ژانویه ۲۰۲۶", date(2026, 1, 5)),
    ],
)
def test_dates_as_people_type_them(typed: str, day: date) -> None:
    assert cal.parse_date(typed) == day


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "1404/12/30", "30/2/2026", "1/2/26", "22 Azar 2026", "1405/13/1", "2026-1"]
)
def test_what_is_not_a_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        cal.parse_date(typed)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("9", 540), ("09:30", 570), ("۰۹:۳۰", 570), ("9h30", 570), ("24:00", 1440)]
)
def test_times_as_people_type_them(typed: str, minutes: int) -> None:
    assert cal.parse_time(typed) == minutes


@pytest.mark.parametrize("typed", ["", "25", "24:01", "9:60", "nine", "-1"])
def test_what_is_not_a_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        cal.parse_time(typed)


@pytest.mark.parametrize(
    ("number", "language", "shown"),
    [(1234567, "en", "1,234,567"), (1234567, "vi", "1.234.567"), (1234567, "fa", "۱٬۲۳۴٬۵۶۷")],
)
def test_numbers_in_groups(number: int, language: str, shown: str) -> None:
    assert cal.show_number(number, language) == shown
    assert cal.show_number(-0.4, "en") == "0"
    assert cal.show_number(-1234, "fa") == "\u2066\u2212۱٬۲۳۴\u2069"


def test_the_calendar_follows_the_language_unless_the_reader_says_otherwise() -> None:
    assert cal.calendar_for("auto", "fa") is cal.Calendar.JALALI
    assert cal.calendar_for("auto", "vi") is cal.Calendar.GREGORIAN
    assert cal.calendar_for("gregorian", "fa") is cal.Calendar.GREGORIAN


def test_a_day_of_the_year_exists_in_some_year() -> None:
    assert cal.DayOfYear(cal.Calendar.JALALI, 12, 30).exists()
    assert not cal.DayOfYear(cal.Calendar.JALALI, 7, 31).exists()
    assert cal.DayOfYear(cal.Calendar.GREGORIAN, 2, 29).exists()
    assert not cal.DayOfYear(cal.Calendar.GREGORIAN, 13, 1).exists()


# Opening hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def weekly(*days: int, opens: int = 8 * 60, closes: int = 16 * 60) -> tuple[cal.WeeklySpan, ...]:
    return tuple(cal.WeeklySpan(day, cal.Span.of(opens, closes)) for day in days)


def test_open_until_the_end_of_the_span_and_then_closed_until_the_next() -> None:
    house = cal.OpeningCalendar("Asia/Tehran", weekly(6, 7, 1, 2, 3))
    assert house.status(at("2026-11-22T09:00+03:30")) == cal.Status(is_open=True, until=at("2026-11-22T16:00+03:30"))
    evening_before_the_weekend = house.status(at("2026-11-25T16:00+03:30"))
    assert evening_before_the_weekend == cal.Status(is_open=False, opens_at=at("2026-11-28T08:00+03:30"))


def test_a_jalali_holiday_closes_the_house_and_its_own_exception_opens_it() -> None:
    nowruz = cal.DayRule(cal.DayOfYear(cal.Calendar.JALALI, 1, 1), NAME)
    fair = cal.DayRule(cal.Dates(date(2027, 3, 21), date(2027, 3, 21)), NAME, (cal.Span(600, 720),), rank=9)
    now = at("2027-03-21T10:30+03:30")
    assert cal.OpeningCalendar("Asia/Tehran", weekly(7), (nowruz,)).status(now).is_open is False
    assert cal.OpeningCalendar("Asia/Tehran", weekly(7), (nowruz,)).status(now).rule == nowruz
    assert cal.OpeningCalendar("Asia/Tehran", weekly(7), (nowruz, fair)).status(now).until == at(
        "2027-03-21T12:00+03:30"
    )


def test_a_span_past_midnight_belongs_to_the_day_it_starts() -> None:
    closed_friday = cal.DayRule(cal.Dates(date(2026, 11, 27), date(2026, 11, 27)), NAME)
    house = cal.OpeningCalendar("Asia/Ho_Chi_Minh", weekly(4, opens=20 * 60, closes=2 * 60), (closed_friday,))
    status = house.status(at("2026-11-27T01:59+07:00"))
    assert (status.is_open, status.until) == (True, at("2026-11-27T02:00+07:00"))
    assert not house.status(at("2026-11-27T02:00+07:00")).is_open


def test_the_hours_follow_the_clock_when_it_changes() -> None:
    house = cal.OpeningCalendar("Europe/Paris", weekly(6, 7, opens=60, closes=5 * 60))
    spring = next(house.intervals(date(2026, 3, 29), 1))  # 02:00 becomes 03:00
    autumn = next(house.intervals(date(2026, 10, 25), 1))  # 03:00 becomes 02:00
    assert spring[1] - spring[0] == timedelta(hours=3)
    assert autumn[1] - autumn[0] == timedelta(hours=5)
    skipped = cal.OpeningCalendar("Europe/Paris", weekly(7, opens=2 * 60, closes=3 * 60))
    assert list(skipped.intervals(date(2026, 3, 29), 1)) == []


def test_tehran_in_a_summer_that_still_had_daylight_saving() -> None:
    house = cal.OpeningCalendar("Asia/Tehran", weekly(1, 2, 3, 4, 5, 6, 7))
    assert house.status(at("2021-07-01T07:59+04:30")).opens_at == at("2021-07-01T08:00+04:30")
    assert house.status(at("2023-07-01T07:59+03:30")).opens_at == at("2023-07-01T08:00+03:30")


def test_a_house_that_never_closes_and_one_without_hours() -> None:
    always = cal.OpeningCalendar("Asia/Tehran", weekly(*range(1, 8), opens=0, closes=0))
    assert always.status(at("2026-11-22T03:00+03:30")) == cal.Status(is_open=True)
    assert cal.OpeningCalendar("Asia/Tehran").status(at("2026-11-22T03:00+03:30")) == cal.Status(is_open=False)


def test_a_season_has_its_own_hours() -> None:
    summer = cal.WeeklySpan(7, cal.Span(420, 780), first=date(2026, 6, 1), last=date(2026, 8, 31))
    house = cal.OpeningCalendar("Asia/Tehran", (summer,))
    assert house.spans(date(2026, 6, 7)) == (cal.Span(420, 780),)
    assert house.spans(date(2026, 9, 6)) == ()


@pytest.mark.parametrize("bounds", [(-1, 60), (60, 60), (1440, 1500), (60, 1501)])
def test_a_span_that_makes_no_sense_is_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        cal.Span(*bounds)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 7), st.integers(0, 1439), st.integers(1, 1440)), max_size=5),
    st.lists(st.integers(0, 9), max_size=3, unique=True),
    st.sampled_from(["Asia/Tehran", "Asia/Ho_Chi_Minh", "Europe/Paris"]),
    st.integers(0, 6 * 24 * 60),
)
def test_the_status_agrees_with_asking_minute_by_minute(
    hours: list[tuple[int, int, int]], closed: list[int], zone: str, minute: int
) -> None:
    start = date(2026, 3, 25)
    week = tuple(cal.WeeklySpan(day, cal.Span(opens, opens + length)) for day, opens, length in hours)
    rules = tuple(cal.DayRule(cal.Dates(start + timedelta(days=n), start + timedelta(days=n)), NAME) for n in closed)
    house = cal.OpeningCalendar(zone, week, rules)
    now = datetime(2026, 3, 25, tzinfo=UTC) + timedelta(minutes=minute)
    status = house.status(now)
    intervals = list(house.intervals(start - timedelta(days=5), 40))
    assert status.is_open == any(first <= now < last for first, last in intervals)
    change = status.until or status.opens_at
    if change is not None:
        assert change > now
        assert house.status(change).is_open != status.is_open
        assert house.status(change - timedelta(seconds=1)).is_open == status.is_open
        assert not any(now < edge < change for interval in intervals for edge in interval)
