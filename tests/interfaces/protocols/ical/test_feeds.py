"""What calendars tell, whom they tell it, and what they do not: a space's says that it is taken, never by whom."""

from __future__ import annotations

import logging
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khaneh.domains.network import services as network
from khaneh.domains.network.types import HolidayDraft, Role
from khaneh.domains.people import queries as people_queries
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, CalendarKey
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Space
from khaneh.domains.spaces.types import ClosureKind, Pattern, Repeat, SpaceState
from khaneh.formats import ical
from khaneh.interfaces.protocols.ical import registry
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import Calendar, JalaliDate
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.spaces.places import HOUR, NOW, Places, at, named
from tests.interfaces.protocols.ical.conftest import booked, key_of
from tests.kept import forget

pytestmark = pytest.mark.django_db


def told(address: str, **query: str) -> list[ical.Occurrence]:
    """What a calendar says, read from what is sent."""
    response = Client().get(address, query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    day = NOW.date()
    found = ical.read(response.content, zone="UTC", first=day - timedelta(days=400), last=day + timedelta(days=1000))
    assert not found.doubts
    return list(found.occurrences)


def space_feed(space: Space) -> str:
    return reverse("calendar-space", args=[space.pk])


def own_feed(key: str) -> str:
    return reverse("calendar-person", args=[key])


def test_a_space_is_taken_and_nobody_learns_by_whom(places: Places) -> None:
    sara = places.person()
    booked(sara, places.room, 10, 2, title="Poetry of Sara", people_count=3)
    body = Client().get(space_feed(places.room)).content.decode()
    assert "SUMMARY:ROOM: taken" in body
    assert "Sara" not in body
    assert sara.name not in body
    assert "PRIVATE" not in body
    (one,) = told(space_feed(places.room))
    assert (one.starts, one.ends) == (at(10), at(12))
    assert told(space_feed(places.room), lang="fa")[0].summary == "ROOM: گرفته‌شده"


def test_neighbours_are_one_so_that_nobody_counts_bookings(places: Places) -> None:
    booked(places.person(), places.room, 10)
    booked(places.person(), places.room, 11)
    booked(places.person(), places.room, 15)
    assert [(one.starts, one.ends) for one in told(space_feed(places.room))] == [(at(10), at(12)), (at(15), at(16))]


def test_what_is_counted_is_taken_once_all_of_it_is(places: Places) -> None:
    for _ in range(2):
        booked(places.person(), places.desks, 10, 2)
    assert told(space_feed(places.desks)) == []
    booked(places.person(), places.desks, 11, 2)
    assert [(one.starts, one.ends) for one in told(space_feed(places.desks))] == [(at(11), at(12))]


def test_a_part_takes_the_whole_and_the_whole_its_parts_but_no_neighbour(places: Places) -> None:
    booked(places.person(), places.laser, 10)
    booked(places.person(), places.workshop, 14)
    assert [one.starts for one in told(space_feed(places.workshop))] == [at(10), at(14)]
    assert [one.starts for one in told(space_feed(places.laser))] == [at(10), at(14)]
    assert [one.starts for one in told(space_feed(places.printer))] == [at(14)]


def test_setting_up_keeps_others_away_and_is_told_so(places: Places) -> None:
    hall = places.space("HALL", kind="hall", capacity=50, setup_minutes=30, cleanup_minutes=60)
    booked(places.person(), hall, 10)
    (one,) = told(space_feed(hall))
    assert (one.starts, one.ends) == (at(9, 30), at(12))


def test_what_is_cancelled_is_not_there(places: Places) -> None:
    sara = places.person()
    key = key_of(sara)
    number = booked(sara, places.room, 10)
    booked(sara, places.room, 15)
    assert len(told(own_feed(key))) == 2
    services.cancel(actor=sara, booking_id=number, now=NOW)
    assert [one.starts for one in told(own_feed(key))] == [at(15)]
    assert [one.starts for one in told(space_feed(places.room))] == [at(15)]


def test_ones_own_calendar_has_what_one_booked_and_nothing_of_others(places: Places) -> None:
    sara, other = places.person(), places.person()
    key = key_of(sara)
    booked(other, places.room, 14, title="Not mine")
    number = booked(sara, places.room, 10, title="Reading circle", people_count=4)
    (one,) = told(own_feed(key))
    row = Booking.objects.get(pk=number)
    assert one.uid == f"booking-{number}@localhost"
    assert (one.starts, one.ends, one.revision) == (row.starts, row.ends, 0)
    assert one.summary == "Reading circle — ROOM"
    assert "People: 4" in one.description
    assert one.place == (34.64, 50.88)
    assert (one.status, one.private, one.busy) == (ical.Status.CONFIRMED, True, True)
    services.change_booking(actor=sara, booking_id=number, starts=at(11), ends=at(12), now=NOW + HOUR)
    (moved,) = told(own_feed(key))
    assert (moved.uid, moved.starts) == (one.uid, at(11))
    assert moved.revision > one.revision
    assert moved.changed_at is not None
    assert one.changed_at is not None
    assert moved.changed_at > one.changed_at


def test_a_request_is_tentative_and_the_code_of_the_door_stays_in_the_account(places: Places) -> None:
    sara = places.person()
    key = key_of(sara)
    asked = places.space("ASKED", approval=True)
    locked = places.space("LOCKED", needs_code=True)
    booked(sara, asked, 10)
    number = booked(sara, locked, 15)
    code = Booking.objects.get(pk=number).code
    assert len(code) == 6
    body = Client().get(own_feed(key)).content.decode()
    assert code not in body
    first, second = told(own_feed(key))
    assert (first.status, second.status) == (ical.Status.TENTATIVE, ical.Status.CONFIRMED)
    assert first.description.startswith("State: Waits for approval")
    assert "stands in your account" in second.description


def test_a_persian_month_is_published_day_by_day(places: Places) -> None:
    sara = places.person()
    key = key_of(sara)
    pattern = Pattern(Repeat.MONTHLY, date(2026, 3, 3), count=2, calendar=Calendar.JALALI, day=30)
    services.book_series(
        actor=places.staff(), account_id=sara.account_id, space_id=places.room.pk, pattern=pattern,
        at=time(10), minutes=60, now=NOW,
    )  # fmt: skip
    body = Client().get(own_feed(key)).content.decode()
    assert "RRULE" not in body
    found = told(own_feed(key))
    days = [JalaliDate.from_gregorian(one.starts.date()) for one in found]
    # Esfand of 1404 has no 30th: that month is left out.
    assert days == [(1405, 1, 30), (1405, 2, 30)]
    assert len({one.uid for one in found}) == len(found)


def test_the_calendar_speaks_the_language_of_its_owner(places: Places) -> None:
    sara = places.person()
    Account.objects.filter(pk=sara.account_id).update(language="vi")
    body = Client().get(own_feed(key_of(sara)), headers={"Accept-Language": "fa"}).content.decode()
    assert "Lịch của tôi" in body.replace("\r\n ", "")


def test_a_house_tells_of_closed_days_and_closures_and_not_of_bookings(places: Places) -> None:
    sara = places.person()
    booked(sara, places.room, 10, title="Secret")
    network.add_holiday(
        actor=SYSTEM,
        draft=HolidayDraft(
            "house", "P-CENTRE", "date", named("Spring"), first=date(2026, 3, 21), last=date(2026, 3, 24)
        ),
    )
    services.close_space(
        actor=SYSTEM, space_id=places.laser.pk, kind=ClosureKind.MAINTENANCE, starts=at(8, day=9), ends=at(12, day=9),
        now=NOW, note="lens of Mr Ahmadi",
    )  # fmt: skip
    address = reverse("calendar-house", args=["P-CENTRE"])
    closure, spring = told(address)
    assert (closure.summary, closure.starts, closure.busy) == ("LASER: Maintenance", at(8, day=9), False)
    assert (spring.summary, spring.starts, spring.ends) == ("Closed: Spring", date(2026, 3, 21), date(2026, 3, 25))
    body = Client().get(address).content.decode()
    assert "Secret" not in body
    assert "Ahmadi" not in body


def test_an_empty_calendar_is_still_a_calendar(places: Places) -> None:
    assert told(space_feed(places.room)) == []
    body = Client().get(space_feed(places.room)).content.decode()
    assert "BEGIN:VTIMEZONE" in body  # RFC 5545, 3.6: at least one component


@pytest.mark.parametrize(
    "address", ["space/9999", "space/zero", "space/" + "9" * 30, "house/NONE", "person/kc_none", "person/x"]
)
def test_what_is_not_there_is_told_so_and_no_key_reaches_the_log(
    places: Places, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    response = Client().get(f"/calendars/{address}.ics")
    assert response.status_code == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "person" not in caplog.text


def test_a_retired_space_and_an_unseen_house_have_no_calendar(places: Places) -> None:
    services.change_space_state(actor=SYSTEM, code="ROOM", state=SpaceState.RETIRED, now=NOW)
    assert Client().get(space_feed(places.room)).status_code == 404
    type(places.far).objects.filter(pk=places.far.pk).update(state="proposed")
    forget()
    assert Client().get(reverse("calendar-house", args=["P-FAR"])).status_code == 404


def test_what_has_not_changed_is_not_sent_again(places: Places) -> None:
    sara = places.person()
    address = own_feed(key_of(sara))
    booked(sara, places.room, 10)
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, no-cache"
    packed = Client().get(address, headers={"Accept-Encoding": "gzip"})
    assert packed["ETag"].startswith("W/")
    assert Client().get(address, headers={"If-None-Match": packed["ETag"]}).status_code == 304
    booked(sara, places.room, 15)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    public = Client().get(space_feed(places.room))
    assert public["Cache-Control"] == "public, max-age=300"
    assert Client().post(address).status_code == 405


def test_a_key_that_is_ended_opens_nothing_and_is_nobody_elses_to_end(places: Places) -> None:
    sara, other = places.person(), places.person()
    number, key = people.make_calendar_key(actor=sara, name="  old\ttelephone ", now=NOW)
    assert Client().get(own_feed(key)).status_code == 200
    (row,) = people_queries.calendar_keys_of(sara)
    assert (row.name, row.used_at) == ("old telephone", NOW)
    with pytest.raises(NotFound):
        people.end_calendar_key(actor=other, key_id=number)
    people.end_calendar_key(actor=sara, key_id=number)
    assert Client().get(own_feed(key)).status_code == 404
    assert bytes(key, "ascii") not in b"".join(bytes(one.digest) for one in CalendarKey.objects.all())


def test_keys_have_names_a_bound_and_are_made_by_people(places: Places) -> None:
    sara = places.person()
    for name in ("", " ", "a\x00b", "x" * 101):
        with pytest.raises(Invalid):
            people.make_calendar_key(actor=sara, name=name, now=NOW)
    for turn in range(20):
        people.make_calendar_key(actor=sara, name=f"key {turn}", now=NOW)
    with pytest.raises(Invalid):
        people.make_calendar_key(actor=sara, name="one more", now=NOW)
    with pytest.raises(NotAllowed):
        people.make_calendar_key(actor=SYSTEM, name="nobody", now=NOW)


def test_a_closed_account_has_no_calendar_and_no_keys(places: Places) -> None:
    sara = places.person()
    key = key_of(sara)
    people.close_account(actor=sara, account_id=sara.account_id or 0, now=NOW)
    assert not CalendarKey.objects.exists()
    assert Client().get(own_feed(key)).status_code == 404


def test_whoever_guesses_is_slowed_down(places: Places) -> None:
    caller = Client(REMOTE_ADDR="203.0.113.9")
    answers = [caller.get("/calendars/person/kc_guess.ics").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_reading_costs_the_same_with_many_bookings(places: Places, django_assert_max_num_queries: Any) -> None:
    sara = places.person()
    address = own_feed(key_of(sara))
    Client().get(address)
    for hour in range(8, 18):
        booked(places.staff(), places.room, hour, account_id=sara.account_id)
    with django_assert_max_num_queries(20):
        assert len(told(address)) == 10


def test_staff_alone_see_what_a_house_expects(places: Places) -> None:
    desk = places.staff(Role.CIRCULATION)
    booked(places.person(), places.room, 10, title="Talk")
    found = registry.feed("staff", str(places.centre.pk), language="en", now=NOW, actor=desk)
    assert [one.summary.startswith("Talk — ROOM · Maker") for one in found.occurrences] == [True]
    for actor, house in ((places.person(), places.centre), (desk, places.far)):
        with pytest.raises(NotFound):
            registry.feed("staff", str(house.pk), language="en", now=NOW, actor=actor)
