"""Repeating a booking: every day shown before anything is saved, all that are ticked or none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Series
from khaneh.kernel.calendars import Calendar, DayOfYear, JalaliDate
from tests.domains.spaces.places import HOUR, TEHRAN, Places
from tests.interfaces.web.spaces.conftest import SignedIn, on, text_of

pytestmark = pytest.mark.django_db


def pattern(**changes: Any) -> dict[str, Any]:
    """The form of a weekly booking from tomorrow on, four times at ten."""
    day = timezone.now().astimezone(TEHRAN).date() + timedelta(days=1)
    return {
        "first": day.isoformat(), "at": "10:00", "minutes": "60", "people": "1", "repeat": "weekly", "every": "1",
        "weekday": str(day.isoweekday()), "day": str(day.day), "calendar": "gregorian", "missing": "skip",
        "ending": "count", "count": "4", "look": "1", **changes,
    }  # fmt: skip


def test_every_clash_is_shown_and_the_rest_is_booked(places: Places, signed_in: SignedIn) -> None:
    services.book(
        actor=places.person(), space_id=places.room.pk, starts=on(10, ahead=8), ends=on(11, ahead=8), now=on(0, ahead=0)
    )  # fmt: skip
    client = signed_in(places.person())
    where = f"/spaces/{places.room.pk}/repeat"
    looked = client.get(where, pattern())
    days = looked.context["plan"]["days"]
    assert [day["possible"] for day in days] == [True, False, True, True]
    assert "taken at that time" in text_of(looked)
    assert Booking.objects.count() == 1
    made = client.post(where, {**pattern(), "only": ["1", "4"]})
    series = Series.objects.get()
    assert made["Location"] == f"/account/bookings/series/{series.pk}"
    found = list(series.bookings.order_by("starts").values_list("starts", flat=True))
    assert found == [on(10, ahead=1), on(10, ahead=22)]


def test_a_day_that_was_taken_meanwhile_books_none_and_is_shown(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    where = f"/spaces/{places.room.pk}/repeat"
    client.get(where, pattern())
    services.book(
        actor=places.person(), space_id=places.room.pk, starts=on(10, ahead=8), ends=on(11, ahead=8), now=on(0, ahead=0)
    )  # fmt: skip
    answer = client.post(where, {**pattern(), "only": ["1", "2", "3", "4"]})
    assert answer.status_code == 409
    assert "Nothing has been booked" in text_of(answer)
    assert [day["ticked"] for day in answer.context["plan"]["days"]] == [True, False, True, True]
    assert Booking.objects.count() == 1


def test_a_form_that_is_sent_again_books_no_second_series(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    where = f"/spaces/{places.room.pk}/repeat"
    form = {**pattern(), "only": ["1", "2"]}
    assert client.post(where, form).status_code == 302
    assert client.post(where, form).status_code == 409
    assert Series.objects.count() == 1


def test_the_30th_of_each_persian_month_is_said_where_there_is_none(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person(), "fa")
    where = f"/spaces/{places.room.pk}/repeat"
    this = JalaliDate.from_gregorian(timezone.now().astimezone(TEHRAN).date()).year
    common = next(
        year for year in range(this + 1, this + 4) if not DayOfYear(Calendar.JALALI, 12, 30).matches(_last(year))
    )
    first = f"{common}/12/01".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    form = pattern(first=first, repeat="monthly", day="۳۰", calendar="jalali", count="2")
    looked = client.get(where, form)
    days = looked.context["plan"]["days"]
    assert [day["left_out"] for day in days] == [True, False, False]
    assert ["۲۹ اسفند" in days[0]["words"], "۳۰ فروردین" in days[1]["words"]] == [True, True]
    assert "چنین روزی ندارد" in text_of(looked)
    moved = client.get(where, {**form, "missing": "last"}).context["plan"]["days"]
    assert [day["moved"] for day in moved] == [True, False]


def _last(year: int) -> date:
    """The last day of a Jalali year."""
    return JalaliDate(year + 1, 1, 1).to_gregorian() - timedelta(days=1)


def test_a_pattern_that_is_none_is_told_beside_its_field(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    where = f"/spaces/{places.room.pk}/repeat"
    cases: tuple[tuple[dict[str, str], str], ...] = (
        ({"count": "0"}, "count"), ({"count": "501"}, "count"), ({"count": "-1"}, "count"), ({"every": "0"}, "every"),
        ({"every": "99"}, "every"), ({"minutes": "0"}, "minutes"), ({"minutes": "-30"}, "minutes"),
        ({"minutes": "5256000"}, "minutes"), ({"first": "32/13/2026"}, "first"), ({"first": "2020-01-01"}, "first"),
        ({"at": "25:61"}, "at"), ({"ending": "until", "until": ""}, "until"),
        ({"ending": "until", "until": "2150-01-01"}, "until"), ({"repeat": "monthly", "day": "0"}, "day"),
        ({"repeat": "monthly", "day": "32"}, "day"), ({"weekday": "9"}, "weekdays"),
    )  # fmt: skip
    for changes, field in cases:
        for answer in (client.get(where, pattern(**changes)), client.post(where, {**pattern(**changes), "only": "1"})):
            assert answer.context["form"].problems.keys() >= {field}, changes
            assert answer.context["plan"] is None, changes
    assert not Booking.objects.exists()


def test_days_of_a_series_are_cancelled_by_themselves(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    client = signed_in(maker)
    client.post(f"/spaces/{places.room.pk}/repeat", {**pattern(), "only": ["2", "3", "4"]})
    series = Series.objects.get()
    first, second, third = series.bookings.order_by("starts")
    where = f"/account/bookings/series/{series.pk}"
    assert client.get(where).context["can_cancel"]
    client.post(where, {"only": [str(second.pk), "99999999"]})
    states = dict(series.bookings.values_list("pk", "state"))
    assert states == {first.pk: "confirmed", second.pk: "cancelled", third.pk: "confirmed"}
    for stranger in (places.person(), places.staff()):
        assert signed_in(stranger).post(where, {"only": str(first.pk)}).status_code == 404
    assert first.ends - first.starts == HOUR
