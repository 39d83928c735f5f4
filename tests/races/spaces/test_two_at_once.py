"""Two who book, ask, approve and close at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from functools import partial
from typing import Any

import pytest
from django.db import connection

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as network_services
from khaneh.domains.network.models import Holiday, House, OpeningHours
from khaneh.domains.network.types import HolidayDraft, HouseState
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, BookingPerson, Occupancy, SpaceClosure, Waiting, WaitingPerson
from khaneh.domains.spaces.services import judging
from khaneh.domains.spaces.types import ClosureKind, Pattern, Repeat
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import Label
from tests.domains.spaces.places import HOUR, NOW, Places, at, make_places
from tests.domains.spaces.test_groups import named
from tests.domains.spaces.test_repeating import limit
from tests.races.circulation.desks import Act, kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
NEW, OLD = "INSERT INTO spaces_booking", "UPDATE spaces_booking"


@pytest.fixture
def places(transactional_db: None) -> Places:
    """Houses and spaces, under the rules that ship."""
    return make_places()


def booking(actor: Actor, space: Any, hour: int = 10, **facts: Any) -> Act:
    facts = {"starts": at(hour), "ends": at(hour) + HOUR, "now": NOW, **facts}
    return partial(services.book, actor=actor, space_id=space.pk, **facts)


def overlaps() -> int:
    """Pairs of bookings that hold one unit at once, or a whole and its part: asked of the bookings themselves, not of what triggers keep."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM spaces_booking a JOIN spaces_booking b ON a.id < b.id AND a.blocks && b.blocks
               JOIN spaces_space s ON s.id = a.space_id JOIN spaces_space t ON t.id = b.space_id
               WHERE a.state IN ('tentative', 'confirmed', 'checked_in') AND b.state IN ('tentative', 'confirmed', 'checked_in')
                 AND ((a.space_id = b.space_id AND a.unit = b.unit)
                      OR (a.space_id <> b.space_id AND (s.path @> ARRAY[t.id] OR t.path @> ARRAY[s.id])))"""
        )
        return int(cursor.fetchone()[0])


@LOCKED
def test_two_and_one_room(places: Places, locked: bool) -> None:
    both = booking(places.person(), places.room), booking(places.person(), places.room)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    # Without locks only the database stops the second.
    assert answers == (("Booked", "SlotTaken") if locked else ("IntegrityError", "Booked"))
    assert (Booking.objects.count(), overlaps()) == (1, 0)


@LOCKED
def test_a_part_and_the_whole(places: Places, locked: bool) -> None:
    both = booking(places.person(), places.laser), booking(places.person(), places.workshop)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == (("Booked", "SlotTaken") if locked else ("IntegrityError", "Booked"))
    assert overlaps() == 0


def test_two_parts_wait_for_each_other_and_both_are_booked(places: Places) -> None:
    both = booking(places.person(), places.laser), booking(places.person(), places.printer)
    assert kinds(meanwhile(*both, before=NEW)) == ("Booked", "Booked")
    assert overlaps() == 0


@LOCKED
def test_two_and_the_units_of_a_counted_thing(places: Places, locked: bool) -> None:
    both = booking(places.person(), places.desks), booking(places.person(), places.desks)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    # Without locks both choose the first desk, although there are three.
    assert answers == (("Booked", "Booked") if locked else ("IntegrityError", "Booked"))
    assert sorted(Booking.objects.values_list("unit", flat=True)) == ([1, 2] if locked else [1])


@LOCKED
def test_one_person_in_two_rooms_at_once(places: Places, locked: bool) -> None:
    sara, other = places.person(), places.space("ROOM2")
    both = booking(sara, places.room), booking(sara, other)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == ("Booked", "PolicyRefused" if locked else "Booked")
    assert Booking.objects.filter(account_id=sara.account_id).count() == (1 if locked else 2), "one at a time"


@LOCKED
def test_one_person_named_in_two_groups_at_once(places: Places, locked: bool) -> None:
    reza, other = places.person(), places.space("ROOM2")
    both = [booking(places.person(), space, persons=named(reza)) for space in (places.room, other)]
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == ("Booked", "PersonOverLimit" if locked else "Booked")
    assert BookingPerson.objects.filter(account_id=reza.account_id).count() == (1 if locked else 2), "one at a time"


def test_two_who_name_each_other_do_not_wait_for_ever(places: Places) -> None:
    sara, reza, other = places.person(), places.person(), places.space("ROOM2")
    both = booking(sara, places.room, persons=named(reza)), booking(reza, other, persons=named(sara))
    # Held by number, whoever books: the one who is second is refused, since the group of the first counts for both.
    assert set(kinds(meanwhile(*both, before=NEW))) == {"Booked", "PolicyRefused"}


@LOCKED
def test_two_of_one_organisation_and_its_last_booking(places: Places, locked: bool) -> None:
    limit(organisation_day_times_max=1)
    other = places.space("ROOM2")
    both = [booking(places.employee(), space, organisation_id=places.company.pk) for space in (places.room, other)]
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == ("Booked", "PolicyRefused" if locked else "Booked")
    assert Booking.objects.filter(organisation=places.company).count() == (1 if locked else 2)


@LOCKED
def test_a_change_of_time_and_a_booking_of_one_person(places: Places, locked: bool) -> None:
    sara, other = places.person(), places.space("ROOM2")
    number = booking(sara, places.room, 14)().booking_id
    changing = partial(services.change_booking, actor=sara, booking_id=number, starts=at(10), ends=at(11), now=NOW)
    answers = kinds(meanwhile(changing, booking(sara, other), before=OLD, locked=locked))
    assert answers == ("Booked", "PolicyRefused" if locked else "Booked")


@LOCKED
def test_a_series_against_a_single_booking(places: Places, locked: bool) -> None:
    pattern = Pattern(Repeat.WEEKLY, date(2026, 3, 3), count=3)
    series = partial(
        services.book_series,
        actor=places.person(), space_id=places.room.pk, pattern=pattern, at=time(10), minutes=60, now=NOW,
    )  # fmt: skip
    single = booking(places.person(), places.room)
    answers = kinds(meanwhile(series, single, before=NEW, locked=locked))
    assert answers == (("SeriesPlan", "SlotTaken") if locked else ("IntegrityError", "Booked"))
    # All of the series or none of it.
    assert (Booking.objects.count(), overlaps()) == (3 if locked else 1, 0)


@LOCKED
def test_approving_against_booking_a_part(places: Places, locked: bool) -> None:
    shop = places.space("SHOP2", kind="workshop", approval=True)
    part = places.space("PART2", kind="lathe", parent_code="SHOP2")
    number = booking(places.person(), shop)().booking_id
    approving = partial(services.approve, actor=places.staff(), booking_id=number, now=NOW)
    answers = kinds(meanwhile(approving, booking(places.person(), part), before=OLD, locked=locked))
    assert answers == (("Booked", "SlotTaken") if locked else ("IntegrityError", "Booked"))
    assert overlaps() == 0


@LOCKED
def test_two_who_approve_requests_for_one_hall(places: Places, locked: bool) -> None:
    hall = places.space("HALL", kind="hall", approval=True)
    numbers = [booking(places.person(), hall)().booking_id for _ in range(2)]
    manager = places.staff()
    both = [
        partial(services.approve, actor=manager, booking_id=number, now=NOW, refusing=numbers) for number in numbers
    ]
    answers = kinds(meanwhile(*both, before=OLD, locked=locked))
    # Without locks the first finds, at its own request, that the second has refused it meanwhile.
    assert answers == (("Booked", "BookingEnded") if locked else ("BookingEnded", "Booked"))
    assert Booking.objects.filter(state="confirmed").count() == 1


@LOCKED
def test_closing_against_booking(places: Places, locked: bool) -> None:
    closing = partial(
        services.close_space,
        actor=SYSTEM, space_id=places.room.pk, kind=ClosureKind.REPAIR, starts=at(9), ends=at(12), now=NOW,
    )  # fmt: skip
    answers = kinds(
        meanwhile(
            closing, booking(places.person(), places.room), before="INSERT INTO spaces_spaceclosure", locked=locked
        )
    )
    assert answers == (("Cancelled", "SlotTaken") if locked else ("IntegrityError", "Booked"))
    assert SpaceClosure.objects.count() == (1 if locked else 0)


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "control"])
@pytest.mark.parametrize(
    "which", ["a day off", "a suspended house", "a region's day off", "another week", "another telephone"]
)
def test_another_process_changes_the_hours(
    places: Places, which: str, marked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written past the services, the rows change as another process changes them: nothing that this one keeps is forgotten."""
    day = {"rule": "date", "first": date(2026, 3, 3), "last": date(2026, 3, 3)}
    house = House.objects.filter(pk=places.centre.pk)
    changes: dict[str, Act] = {
        "a day off": partial(Holiday.objects.create, house=places.centre, **day),
        "a suspended house": partial(house.update, state="suspended"),
        "a region's day off": partial(Holiday.objects.create, region_id=places.centre.region_id, **day),
        "another week": lambda: OpeningHours.objects.filter(house=places.centre).delete(),
        "another telephone": partial(house.update, phone="+98"),
    }
    if not marked:
        monkeypatch.setattr(judging, "_situation", _as_kept(judging._situation))
    sara = places.person()
    network.house_facts(places.centre.pk)
    answers = meanwhile(booking(sara, places.room), changes[which], before="FROM spaces_occupancy")
    refused = {"a suspended house": "SpaceNotInService", "another telephone": "Booked"}.get(which, "PolicyRefused")
    assert kinds(answers)[0] == (refused if marked else "Booked")


@LOCKED
def test_hours_that_change_while_a_booking_is_written(places: Places, locked: bool) -> None:
    """The booking has been judged by the hours that were, and is not there yet when the day is taken off."""
    day = HolidayDraft("house", "P-CENTRE", rule="date", names=Label("Off", "", ""), first=date(2026, 3, 3))
    off = partial(network_services.add_holiday, actor=SYSTEM, draft=day)
    answers = meanwhile(
        booking(places.person(), places.room), partial(services.change_opening, actor=SYSTEM, change=off, now=NOW),
        before=NEW, locked=locked,
    )  # fmt: skip
    assert kinds(answers) == ("Booked", "OpeningChanged")
    assert Booking.objects.get().state == ("cancelled" if locked else "confirmed"), "nobody is let into a closed house"


@LOCKED
def test_a_booking_that_moves_to_hours_that_change(places: Places, locked: bool) -> None:
    sara = places.person()
    number = booking(sara, places.room, 14)().booking_id
    day = HolidayDraft(
        "house", "P-CENTRE", rule="date", names=Label("Short", "", ""), first=date(2026, 3, 3), spans=(Span(780, 960),)
    )
    off = partial(network_services.add_holiday, actor=SYSTEM, draft=day)
    moving = partial(services.change_booking, actor=sara, booking_id=number, starts=at(10), ends=at(11), now=NOW)
    changing = partial(services.change_opening, actor=SYSTEM, change=off, now=NOW)
    assert kinds(meanwhile(moving, changing, before=OLD, locked=locked)) == ("Booked", "OpeningChanged")
    assert Booking.objects.get().state == ("cancelled" if locked else "confirmed")


def test_a_house_that_another_process_opens_again_is_open_at_once(places: Places) -> None:
    house = House.objects.filter(pk=places.centre.pk)
    house.update(state="suspended")
    network.forget_facts()
    assert network.house_facts(places.centre.pk).state is HouseState.SUSPENDED
    house.update(state="open")
    booking(places.person(), places.room)()
    assert network.house_facts(places.centre.pk).state is HouseState.OPEN


def _as_kept(situation: Any) -> Any:
    def unmarked(wish: Any, now: Any) -> Any:
        return replace(situation(wish, now), house=network.house_facts(wish.space.house.id).mark)

    return unmarked


def test_cancelling_against_checking_in(places: Places) -> None:
    sara = places.person()
    number = booking(sara, places.room)().booking_id
    cancelling = partial(services.cancel, actor=SYSTEM, booking_id=number, now=at(10))
    coming = partial(services.check_in, actor=places.staff(), booking_id=number, now=at(10))
    assert kinds(meanwhile(cancelling, coming, before=OLD)) == ("NoneType", "BookingEnded")
    assert (Booking.objects.get().state, Occupancy.objects.count()) == ("cancelled", 0)


@LOCKED
def test_what_became_free_is_offered_to_one_only(places: Places, locked: bool) -> None:
    taken = booking(places.person(), places.room)().booking_id
    for _ in range(2):
        services.join_waiting_list(
            actor=places.person(), house_id=places.centre.pk, space_id=places.room.pk, first=at(10), last=at(11),
            minutes=60, now=NOW,
        )  # fmt: skip
    services.cancel(actor=SYSTEM, booking_id=taken, now=NOW)
    offering = partial(services.offer_waiting, space_id=places.room.pk, now=NOW)
    first, second = meanwhile(offering, offering, before=NEW, locked=locked)
    if locked:
        assert (len(first), second) == (1, [])
    else:
        assert type(first).__name__ == "IntegrityError"
    assert Waiting.objects.filter(state="offered").count() == 1
    assert overlaps() == 0


@LOCKED
def test_one_person_in_two_groups_that_are_offered_at_once(places: Places, locked: bool) -> None:
    reza, other = places.person(), places.space("ROOM2")
    rooms = (places.room, other)
    taken = [booking(places.person(), room)().booking_id for room in rooms]
    for room in rooms:
        services.join_waiting_list(
            actor=places.person(), house_id=places.centre.pk, space_id=room.pk, first=at(10), last=at(11), minutes=60,
            now=NOW, persons=named(reza),
        )  # fmt: skip
    for number in taken:
        services.cancel(actor=SYSTEM, booking_id=number, now=NOW)
    offering = [partial(services.offer_waiting, space_id=room.pk, now=NOW) for room in rooms]
    first, second = meanwhile(*offering, before=NEW, locked=locked)
    assert (len(first), len(second)) == ((1, 0) if locked else (1, 1)), "one at a time"


@LOCKED
def test_a_group_is_named_anew_while_it_is_offered(places: Places, locked: bool) -> None:
    sara, reza, mina = (places.person() for _ in range(3))
    taken = booking(places.person(), places.room)().booking_id
    entry = services.join_waiting_list(
        actor=sara, house_id=places.centre.pk, space_id=places.room.pk, first=at(10), last=at(11), minutes=60, now=NOW,
        persons=named(reza),
    )  # fmt: skip
    services.cancel(actor=SYSTEM, booking_id=taken, now=NOW)
    offering = partial(services.offer_waiting, space_id=places.room.pk, now=NOW)
    naming = partial(services.name_waiting, actor=sara, waiting_id=entry, persons=named(mina), now=NOW)
    answers = kinds(meanwhile(offering, naming, before=NEW, locked=locked))
    # Without locks the places are for somebody who is not named any more.
    assert answers == ("list", "WaitingEnded" if locked else "NoneType")
    kept = BookingPerson.objects.values_list("account_id", flat=True)
    waits = WaitingPerson.objects.values_list("account_id", flat=True)
    assert (list(kept) == list(waits)) is locked
