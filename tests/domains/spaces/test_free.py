"""Free time: the arithmetic against asking every slot, the search across the network, a house's week, the statements they cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import Range

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.models import Pending
from khaneh.domains.network.models import House
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.rules import slots
from khaneh.domains.spaces.types import ClosureKind, SpaceGroup, WeeklyHours
from khaneh.interfaces.web.results import url_of
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.calendars import OpeningCalendar, Span, WeeklySpan
from khaneh.kernel.refusal import NotFound
from tests.domains.spaces.places import HOUR, NOW, Places, at
from tests.domains.spaces.test_booking import booked

BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks in Berlin go forward in the night that follows

stretches = st.lists(
    st.tuples(st.integers(0, 48 * 12), st.integers(1, 60)).map(
        lambda pair: (START + pair[0] * 5 * MINUTE, START + (pair[0] + pair[1]) * 5 * MINUTE)
    ),
    max_size=6,
).map(sorted)


@given(
    stretches, st.dictionaries(st.integers(1, 3), stretches, max_size=3), st.integers(1, 3), st.sampled_from([15, 30, 45]),
    st.integers(1, 4), st.sampled_from([0, 10, 30]), st.sampled_from([0, 20]),
)  # fmt: skip
def test_free_starts_are_exactly_those_at_which_a_unit_is_free(
    open_: list[slots.Stretch], busy: dict[int, list[slots.Stretch]], quantity: int, slot: int, many: int, setup: int,
    cleanup: int,
) -> None:  # fmt: skip
    open_ = slots._merged(open_)
    length = many * slot * MINUTE
    found = slots.free_starts(
        open_, busy, quantity=quantity, length=length, setup=setup * MINUTE, cleanup=cleanup * MINUTE, slot=slot,
        zone=BERLIN, not_before=START + HOUR,
    )  # fmt: skip
    offered = {start for one in found for start in slots.expand(one, slot, BERLIN)}
    possible = set()
    for number in range(60 * 12):
        at_ = START + number * 5 * MINUTE
        if at_ < START + HOUR or not slots.is_on_grid(at_, slot, BERLIN) or not slots.within(open_, at_, at_ + length):
            continue
        begins, ends = at_ - setup * MINUTE, at_ + length + cleanup * MINUTE
        if any(
            not any(first < ends and begins < last for first, last in busy.get(unit, ()))
            for unit in range(1, quantity + 1)
        ):
            possible.add(at_)
    assert offered == possible


def test_the_grid_is_that_of_the_wall_on_the_day_the_clocks_change() -> None:
    # 29 March 2026: after 01:59 comes 03:00.
    assert slots.is_on_grid(datetime(2026, 3, 29, 1, tzinfo=UTC), 60, BERLIN)
    week = tuple(WeeklySpan(day, Span(0, 1440)) for day in range(1, 8))
    found = slots.open_times(OpeningCalendar(BERLIN, week), (), date(2026, 3, 29), 1)
    day = [(max(first, datetime(2026, 3, 28, 23, tzinfo=UTC)), last) for first, last in found]
    assert sum((last - first for first, last in day), timedelta()) == 23 * HOUR
    starts = slots.free_starts(
        day, {}, quantity=1, length=HOUR, setup=timedelta(), cleanup=timedelta(), slot=60, zone=BERLIN,
        not_before=datetime(2026, 3, 28, 23, tzinfo=UTC),
    )  # fmt: skip
    assert len([start for one in starts for start in slots.expand(one, 60, BERLIN)]) == 23


@given(
    st.datetimes(datetime(2026, 3, 28, 20), datetime(2026, 3, 29, 6)) | st.datetimes(datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 6)),
    st.sampled_from([5, 15, 45, 50, 60, 90, 1440]),
)  # fmt: skip
def test_the_grid_around_a_change_of_the_clocks(moment: datetime, slot: int) -> None:
    instant = moment.replace(tzinfo=UTC)
    zone = ZoneInfo(BERLIN)
    before, after = slots.on_grid(instant, slot, zone, down=True), slots.on_grid(instant, slot, zone)
    assert before <= instant <= after
    for found in (before, after):
        wall = found.astimezone(zone)
        assert (wall.hour * 60 + wall.minute) % slot == wall.second == 0
    # Nothing on the grid lies between.
    at_ = before + MINUTE
    while at_ < after and slot < 1440:
        wall = at_.astimezone(zone)
        assert (wall.hour * 60 + wall.minute) % slot or at_ == instant
        at_ += MINUTE


def test_a_space_open_over_midnight_is_booked_over_midnight() -> None:
    week = tuple(WeeklySpan(day, Span(20 * 60, 26 * 60)) for day in range(1, 8))
    own = tuple(WeeklyHours(day, 22 * 60, 26 * 60) for day in range(1, 8))
    found = slots.open_times(OpeningCalendar("UTC", week), own, date(2026, 3, 3), 1)
    assert (datetime(2026, 3, 3, 22, tzinfo=UTC), datetime(2026, 3, 4, 2, tzinfo=UTC)) in found
    assert slots.within(found, datetime(2026, 3, 3, 0, tzinfo=UTC), datetime(2026, 3, 3, 2, tzinfo=UTC)), (
        "from the day before"
    )


# Across the network

pytest_db = pytest.mark.django_db


def codes(found: Any) -> list[str]:
    return [one.space.code for one in found]


@pytest_db
def test_a_laser_cutter_for_two_hours_within_30_km(places: Places) -> None:
    places.space("LASER-B", places.branch, kind="laser_cutter")
    places.space("LASER-F", places.far, kind="laser_cutter")
    wish: dict[str, Any] = {"now": NOW, "kind": "laser_cutter", "minutes": 120, "days": 2}
    near = queries.free_spaces(near=(34.64, 50.88), within_km=30, **wish)
    assert codes(near) == ["LASER", "LASER-B"]
    assert near[0].kilometres == 0.0
    assert 10 < (near[1].kilometres or 0) < 14
    assert codes(queries.free_spaces(near=(31.9, 54.36), **wish))[0] == "LASER-F"
    assert codes(queries.free_spaces(region_id=places.far.region_id, **wish)) == ["LASER-F"]
    assert codes(queries.free_spaces(house_ids=[places.branch.pk], **wish)) == ["LASER-B"]
    assert set(codes(queries.free_spaces(now=NOW, group=SpaceGroup.MACHINE))) == {
        "LASER",
        "PRINTER",
        "LASER-B",
        "LASER-F",
    }
    assert codes(queries.free_spaces(**{**wish, "minutes": 45})) == []
    assert codes(queries.free_spaces(people=3, **wish)) == ["LASER-B", "LASER-F"]
    assert codes(queries.free_spaces(facilities=["extraction"], **wish)) == []


@pytest_db
def test_what_is_held_or_closed_is_not_free(places: Places) -> None:
    space = queries.space("LASER")
    day: dict[str, Any] = {"now": NOW, "first": date(2026, 3, 3), "days": 1, "minutes": 120}
    assert queries.free_times(space, **day) == ((at(8), at(18)),)
    booked(places.person(), places.laser, 10)
    booked(places.person(), places.workshop, 14)
    booked(places.person(), places.printer, 16)
    services.close_space(
        actor=SYSTEM, space_id=places.laser.pk, kind=ClosureKind.REPAIR, starts=at(19), ends=None, now=NOW
    )
    assert queries.free_times(space, **day) == ((at(8), at(8)), (at(11), at(12)), (at(15), at(17)))
    assert queries.starts_of(space, queries.free_times(space, **day), zone="Asia/Tehran")[:2] == [at(8), at(11)]
    assert queries.free_times(space, now=NOW, first=date(2026, 3, 4), days=1, minutes=60) == ()


@pytest_db
def test_today_begins_with_the_slot_under_way(places: Places) -> None:
    (free,) = queries.free_times(queries.space("ROOM"), now=at(10, 20), days=1, minutes=60)
    assert free == (at(10), at(19))
    booked(places.person(), places.room, 10, now=at(10, 20))


@pytest_db
def test_every_offered_start_can_be_booked_and_no_other(places: Places) -> None:
    booked(places.person(), places.desks, 9, 2)
    booked(places.person(), places.desks, 10, 2)
    booked(places.person(), places.desks, 8, 8)
    space = queries.space("DESKS")
    free = queries.free_times(space, now=NOW, first=date(2026, 3, 3), days=1, minutes=120)
    offered = set(queries.starts_of(space, free, zone="Asia/Tehran"))
    for number in range(24):
        start = at(8) + number * 30 * MINUTE
        quote = services.quote(actor=places.person(), space_id=space.id, starts=start, ends=start + 2 * HOUR, now=NOW)
        assert quote.possible == (start in offered), start


@pytest_db
def test_finding_costs_a_bounded_number_of_statements(places: Places) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.free_spaces(now=NOW, group=SpaceGroup.ROOM, near=(34.64, 50.88), region_id=places.centre.region_id)
        return len(seen)

    assert cost() <= 15
    few = cost()
    for number in range(15):
        booked(places.person(), places.space(f"R{number}", places.branch if number % 2 else places.centre), 10)
    cost()  # the other house is asked about for the first time
    assert cost() == few


# A house's week


@pytest_db
def test_the_week_shows_names_to_the_desk_and_only_that_it_is_held_to_others(places: Places) -> None:
    sara = places.person()
    number = booked(sara, places.room, 10, 2, title="Club").booking_id
    hall = places.space("HALL", kind="hall", approval=True)
    booked(sara, hall, 10)
    services.close_space(actor=SYSTEM, space_id=places.laser.pk, kind=ClosureKind.REPAIR, starts=at(9), ends=at(11), now=NOW, note="Lens")  # fmt: skip

    def seen(actor: Any) -> dict[str, Any]:
        week = queries.week(places.centre.pk, first=date(2026, 3, 2), actor=actor, now=NOW)
        return {one.space.code: one for one in week.spaces}

    desk = seen(places.staff())
    assert list(desk) == ["DESKS", "HALL", "ROOM", "SHOP", "LASER", "PRINTER"], "a part follows what it is in"
    (entry,) = desk["ROOM"].entries
    assert (entry.booking_id, entry.booker, entry.title, entry.starts) == (number, sara.name, "Club", at(10))
    assert desk["LASER"].entries[0].closure is ClosureKind.REPAIR
    assert len(desk["HALL"].entries) == 1
    assert len(desk["ROOM"].open) == 7
    others = seen(VISITOR)
    (entry,) = others["ROOM"].entries
    assert (entry.booking_id, entry.booker, entry.title, entry.state) == (None, "", "", None)
    assert others["HALL"].entries == ()
    assert others["LASER"].entries[0].title == ""
    own = seen(sara)
    assert own["ROOM"].entries[0].mine
    assert own["ROOM"].entries[0].title == "Club"
    assert len(own["HALL"].entries) == 1


@pytest_db
def test_a_week_costs_three_statements_and_two_without_names(places: Places, django_assert_num_queries: Any) -> None:
    manager = places.staff()
    for number in range(20):
        booked(places.person(), places.space(f"R{number}"), 10)
    asked: dict[str, Any] = {"first": date(2026, 3, 2), "actor": manager, "now": NOW}
    queries.week(places.centre.pk, **asked)
    with django_assert_num_queries(3):  # the spaces, what holds them, who booked
        week = queries.week(places.centre.pk, **asked)
    with django_assert_num_queries(2):
        unnamed = queries.week(places.centre.pk, **asked, with_names=False)
    assert len(week.spaces) == len(unnamed.spaces) == 25
    named = {entry.booker for one in week.spaces for entry in one.entries}
    assert len(named) == 20
    assert {entry.booker for one in unnamed.spaces for entry in one.entries} == {""}


@pytest_db
def test_a_week_shows_what_began_long_before_and_one_space_alone_the_same(
    places: Places, django_assert_num_queries: Any
) -> None:
    stand, sara = places.space("STAND"), places.person()
    made = Booking.objects.get(pk=booked(sara, places.room, 10).booking_id)
    for days in (1, 2, 12):
        made.pk, made.space_id = None, places.space(f"FOR{days}").pk
        made.starts, made.ends = at(9, day=5), at(9, day=5) + days * 24 * HOUR
        made.blocks = Range(made.starts, made.ends)
        made.save(force_insert=True)
    services.close_space(actor=SYSTEM, space_id=stand.pk, kind=ClosureKind.REPAIR, starts=at(9), ends=None, now=NOW)
    first = date(2026, 3, 7)
    week = queries.week(places.centre.pk, first=first, actor=sara, now=NOW)
    assert {one.space.code for one in week.spaces if one.entries} == {"FOR2", "FOR12", "STAND"}
    for one in week.spaces:
        with django_assert_num_queries(1):
            alone = queries.week_of(one.space, first=first, actor=sara)
        assert alone == one


@pytest_db
def test_ones_own_bookings_and_nobody_elses(places: Places, django_assert_max_num_queries: Any) -> None:
    sara = places.person()
    later = booked(sara, places.room, 15).booking_id
    sooner = booked(sara, places.laser, 10).booking_id
    gone = booked(sara, places.room, 12).booking_id
    services.cancel(actor=sara, booking_id=gone, now=NOW)
    booked(places.person(), places.room, 10)
    with django_assert_max_num_queries(8):
        assert [row.id for row in queries.bookings_of(sara.account_id or 0, now=NOW)] == [sooner, later]
    assert [row.id for row in queries.bookings_of(sara.account_id or 0, now=NOW, past=True)] == [gone]
    with pytest.raises(NotFound):
        queries.booking(later, actor=places.person())
    with pytest.raises(NotFound):
        queries.booking(10**9, actor=SYSTEM)


@pytest_db
def test_spaces_can_be_found(places: Places) -> None:
    kind = registry.kind("space")
    assert kind is not None
    (keys,) = list(kind.all_keys())
    assert places.laser.pk in keys
    (document,) = kind.documents([places.laser.pk])
    assert document.title == "LASER"
    assert "برش لیزری" in " ".join(document.subjects)
    assert document.payload["house"] == "P-CENTRE"
    assert url_of("space", places.laser.pk, document.payload).endswith(f"/spaces/{places.laser.pk}"), (
        "a find leads somewhere"
    )
    assert Pending.objects.filter(kind="space", key=places.laser.pk).exists()


@pytest_db
def test_what_a_house_has_before_it_is_shown_is_seen_by_its_desk_alone(places: Places) -> None:
    planned = House.objects.create(
        code="P-PLAN", kind="creative_house", state="assessed", region=places.far.region, names={"en": "Plan"},
        time_zone="Asia/Tehran", calendar="jalali",
    )  # fmt: skip
    hidden = places.space("HIDDEN", planned)
    desk = places.staff(house=planned)
    assert queries.space("HIDDEN", actor=desk).code == "HIDDEN"
    assert queries.week(planned.pk, first=date(2026, 3, 2), actor=desk, now=NOW).spaces
    for actor in (VISITOR, places.staff()):
        with pytest.raises(NotFound):
            queries.space("HIDDEN", actor=actor)
        with pytest.raises(NotFound):
            queries.week(planned.pk, first=date(2026, 3, 2), actor=actor, now=NOW)
    assert queries.free_spaces(now=NOW, kind="meeting_room", house_ids=[planned.pk]) == []
    assert hidden.pk not in [key for keys in queries.public_space_ids() for key in keys]
