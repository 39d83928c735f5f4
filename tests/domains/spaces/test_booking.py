"""Booking: who gets what, what stands in the way, and that parts and wholes, counted things and padding keep apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from khaneh.domains.network import services as network
from khaneh.domains.network.types import HouseState, Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Member, MemberBlock
from khaneh.domains.policies.models import Decision
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis, QualificationDraft
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.errors import (
    BookingEnded,
    SlotTaken,
    SpaceNotInService,
    TooManyPeople,
    WrongTime,
)
from khaneh.domains.spaces.models import Booking, Occupancy, Space
from khaneh.domains.spaces.types import BookingState, Channel, Override, PriceUnit, SpaceState, WeeklyHours
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.spaces.places import HOUR, NOW, Places, at, named

pytestmark = pytest.mark.django_db


def booked(actor: Actor, space: Space, hour: int, hours: int = 1, **facts: Any) -> Any:
    """Book from an hour on 3 March, by the clocks in Tehran."""
    day = facts.pop("day", 3)
    facts = {"starts": at(hour, day=day), "ends": at(hour, day=day) + hours * HOUR, "now": NOW, **facts}
    return services.book(actor=actor, space_id=space.pk, **facts)


def codes(refused: Any) -> list[str]:
    return [reason["code"] for reason in refused.value.facts["reasons"]]


def test_a_member_books_and_the_place_is_held(places: Places) -> None:
    sara = places.person()
    done = booked(sara, places.room, 10, people_count=4, title="  Reading\n circle ")
    assert (done.state, done.price, done.code) == (BookingState.CONFIRMED, None, "")
    row = queries.booking(done.booking_id, actor=sara)
    assert (row.title, row.people, row.unit, row.space.code) == ("Reading circle", 4, 1, "ROOM")
    assert row.cancel_until == row.starts - 2 * HOUR
    assert Occupancy.objects.filter(booking_id=row.id).count() == 1
    assert Decision.objects.filter(pk=row.decision_id, act="spaces.book").exists()
    assert list(Notice.objects.values_list("event", flat=True)) == ["spaces.confirmed"]
    with pytest.raises(SlotTaken) as refused:
        booked(places.person(), places.room, 10)
    assert refused.value.facts == {"by": "whole"}
    booked(places.person(), places.room, 11)
    booked(places.person(), places.room, 9)


def test_a_part_blocks_the_whole_and_not_its_neighbour(places: Places) -> None:
    booked(places.person(), places.laser, 10)
    booked(places.person(), places.printer, 10)
    with pytest.raises(SlotTaken) as refused:
        booked(places.person(), places.workshop, 9, 3)
    assert refused.value.facts == {"by": "part"}
    whole = booked(places.person(), places.workshop, 12, 3)
    for part in (places.laser, places.printer):
        with pytest.raises(SlotTaken) as refused:
            booked(places.person(), part, 13)
        assert refused.value.facts == {"by": "whole"}
    services.cancel(actor=SYSTEM, booking_id=whole.booking_id, now=NOW)
    booked(places.person(), places.laser, 13)


def test_grandparts_too(places: Places) -> None:
    arm = places.space("ARM", kind="other_machine", parent_code="LASER")
    booked(places.person(), arm, 10)
    for whole in (places.laser, places.workshop):
        with pytest.raises(SlotTaken):
            booked(places.person(), whole, 10)
    booked(places.person(), places.printer, 10)


def test_counted_things_are_given_one_by_one_and_gaps_are_filled_first(places: Places) -> None:
    first = [booked(places.person(), places.desks, 9).booking_id for _ in range(3)]
    units = dict(Booking.objects.values_list("pk", "unit"))
    assert [units[number] for number in first] == [1, 2, 3]
    with pytest.raises(SlotTaken):
        booked(places.person(), places.desks, 9)
    services.cancel(actor=SYSTEM, booking_id=first[1], now=NOW)
    assert Booking.objects.get(pk=booked(places.person(), places.desks, 9).booking_id).unit == 2
    # Unit 3 has somebody before and after: the hour between them is taken rather than one with an open end.
    late = booked(places.person(), places.desks, 11)
    Booking.objects.filter(pk=late.booking_id).update(unit=3)
    assert Booking.objects.get(pk=booked(places.person(), places.desks, 10).booking_id).unit == 3


def test_setting_up_and_cleaning_keep_others_away_and_reach_beyond_opening(places: Places) -> None:
    studio = places.space("STUDIO", kind="recording_studio", setup_minutes=30, cleanup_minutes=30)
    first = booked(places.person(), studio, 10)
    blocks = Booking.objects.get(pk=first.booking_id).blocks
    assert (blocks.lower, blocks.upper) == (at(9, 30), at(11, 30))
    with pytest.raises(SlotTaken):
        booked(places.person(), studio, 11)
    with pytest.raises(SlotTaken):
        booked(places.person(), studio, 11, starts=at(11, 30), ends=at(12, 30))
    booked(places.person(), studio, 12)
    booked(places.person(), studio, 8)  # it is set up before the doors open


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [
        (at(10), at(10), "not_after_start"),
        (at(11), at(10), "not_after_start"),
        (NOW - 2 * HOUR, NOW, "past"),
        (at(10), at(10) + timedelta(minutes=15), "too_short"),
        (at(10), at(10) + timedelta(hours=9), "too_long"),
        (at(10), at(10) + timedelta(days=3652), "too_long"),
        (at(10), at(10) + timedelta(minutes=45), "not_whole_slots"),
        (at(10, 10), at(11, 10), "not_on_slot"),
        (at(10) + timedelta(days=3652), at(11) + timedelta(days=3652), "too_far"),
    ],
)
def test_a_time_that_is_none(places: Places, starts: Any, ends: Any, why: str) -> None:
    with pytest.raises(WrongTime) as refused:
        booked(places.person(), places.room, 10, starts=starts, ends=ends)
    assert refused.value.facts["why"] == why
    assert not Booking.objects.exists()


def test_the_slot_under_way_may_be_booked(places: Places) -> None:
    now = at(10, 20)
    done = booked(places.person(), places.room, 10, now=now)
    assert done.state is BookingState.CONFIRMED
    with pytest.raises(WrongTime):
        booked(places.person(), places.room, 9, now=now)


def test_closed_hours_are_refused_and_passed_over_by_right_with_a_reason(places: Places) -> None:
    with pytest.raises(PolicyRefused) as refused:
        booked(places.person(), places.room, 7)
    assert codes(refused) == ["spaces.not_open"]
    with pytest.raises(PolicyRefused):
        booked(places.person(), places.room, 19, 2)
    manager, sara = places.staff(), places.person()
    override = Override(frozenset({"book_outside_hours"}), "The choir sings early")
    with pytest.raises(NotAllowed):
        booked(sara, places.room, 7, override=override)
    with pytest.raises(Invalid):
        booked(manager, places.room, 7, account_id=sara.account_id, override=Override(override.rights))
    done = booked(manager, places.room, 7, account_id=sara.account_id, override=override, channel=Channel.DESK)
    assert Booking.objects.get(pk=done.booking_id).override == {
        "rights": ["book_outside_hours"], "reason": "The choir sings early",
    }  # fmt: skip
    refused_ones = Decision.objects.filter(act="spaces.book").count()
    assert refused_ones == 3, "what was refused by the rules is kept too"


def test_hours_of_its_own_narrow_the_houses(places: Places) -> None:
    # 3 March 2026 is a Tuesday.
    lab = places.space(
        "LAB", kind="laboratory", hours=(WeeklyHours(2, 10 * 60, 12 * 60), WeeklyHours(2, 7 * 60, 9 * 60))
    )
    booked(places.person(), lab, 10, 2)
    booked(places.person(), lab, 8)
    for hour in (7, 9, 13):
        with pytest.raises(PolicyRefused):
            booked(places.person(), lab, hour)


def test_too_many_people(places: Places) -> None:
    for people in (0, 9):
        with pytest.raises(TooManyPeople):
            booked(places.person(), places.room, 10, people_count=people)


def test_out_of_service_itself_or_what_it_is_in_or_its_house(places: Places) -> None:
    services.change_space_state(actor=SYSTEM, code="SHOP", state=SpaceState.OUT_OF_ORDER, now=NOW, reason="No power")
    with pytest.raises(SpaceNotInService):
        booked(places.person(), places.laser, 10)
    services.change_space_state(actor=SYSTEM, code="SHOP", state=SpaceState.ACTIVE, now=NOW)
    booked(places.person(), places.laser, 10)
    network.change_house_state(actor=SYSTEM, code="P-CENTRE", state=HouseState.SUSPENDED, now=NOW)
    with pytest.raises(SpaceNotInService):
        booked(places.person(), places.room, 10)


def test_who_is_blocked_expired_or_no_member(places: Places) -> None:
    sara = places.person()
    MemberBlock.objects.create(member=Member.objects.get(account=sara.account_id), reason="conduct", placed_at=NOW)
    with pytest.raises(PolicyRefused) as refused:
        booked(sara, places.room, 10)
    assert codes(refused) == ["spaces.booker_blocked"]
    with pytest.raises(PolicyRefused) as refused:
        booked(places.person(expires_on=NOW.date() - timedelta(days=1)), places.room, 10)
    assert codes(refused) == ["spaces.membership_ended"]
    with pytest.raises(PolicyRefused) as refused:
        booked(places.person(member=False), places.room, 10)
    assert codes(refused) == ["spaces.not_member"]
    with pytest.raises(NotAllowed):
        booked(VISITOR, places.room, 10)


def test_an_organisation_books_by_its_people_only(places: Places) -> None:
    done = booked(places.employee(), places.room, 10, organisation_id=places.company.pk)
    row = queries.booking(done.booking_id, actor=SYSTEM)
    assert row.organisation is not None
    assert row.organisation.code == "P-CO"
    with pytest.raises(NotAllowed):
        booked(places.person(), places.room, 12, organisation_id=places.company.pk)
    with pytest.raises(NotFound):
        booked(places.staff(), places.room, 12, organisation_id=0, account_id=places.person().account_id)


def test_nobody_books_in_anothers_name_but_the_desk_of_the_house(places: Places) -> None:
    sara = places.person()
    for actor in (places.person(), places.staff(house=places.branch), places.staff(Role.CATALOGUER)):
        with pytest.raises(NotAllowed):
            booked(actor, places.room, 10, account_id=sara.account_id)
    booked(places.staff(Role.CIRCULATION), places.room, 10, account_id=sara.account_id)
    with pytest.raises(NotFound):
        booked(places.staff(), places.room, 12, account_id=10**9)
    with pytest.raises(NotFound):
        services.book(actor=sara, space_id=10**9, starts=at(10), ends=at(11), now=NOW)


def test_a_machine_opens_by_identity_and_only_until_it_lapses(places: Places) -> None:
    for code in ("laser", "lasers"):
        qualifications.define_qualification(
            actor=SYSTEM, draft=QualificationDraft(code, named("Laser cutter"), valid_months=12)
        )
    kiln = places.space("HOT", kind="laser_cutter", requires=("laser",))
    employee = places.employee(member=True)
    award = {"actor": SYSTEM, "account_id": employee.account_id, "basis": Basis.COURSE, "house_id": places.far.pk}
    # One of the same name is another one.
    qualifications.award(code="lasers", now=NOW, **award)
    with pytest.raises(PolicyRefused) as refused:
        booked(employee, kiln, 10)
    assert codes(refused) == ["spaces.qualification_missing"]
    assert refused.value.facts["reasons"][0]["remedy"]["en"]
    assert [row.code for row in queries.lacking(kiln.pk, account_id=employee.account_id or 0, at=at(10))] == ["laser"]
    assert services.quote(actor=employee, space_id=kiln.pk, starts=at(10), ends=at(11), now=NOW).lacks == ("laser",)
    # Earned in a house far away, for so long that it ends during the second booking.
    qualifications.award(code="laser", now=NOW, expires_at=at(12, 30), **award)
    booked(employee, kiln, 10)
    with pytest.raises(PolicyRefused):
        booked(employee, kiln, 12)
    with pytest.raises(PolicyRefused):
        booked(employee, kiln, 10, day=4)


def test_what_the_workshop_asks_for_its_machines_ask_for(places: Places) -> None:
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("safety", named("Safety")))
    places.space("LOUD", kind="workshop", requires=("safety",), max_minutes=600)
    saw = places.space("SAW", kind="other_machine", parent_code="LOUD")
    assert [code for _, code in queries.space("SAW").requires] == ["safety"]
    with pytest.raises(PolicyRefused):
        booked(places.person(), saw, 10)


def test_a_quote_says_what_booking_would_and_writes_nothing(places: Places) -> None:
    sara = places.person()
    priced = places.space("PAID", price=Money(90_000, "IRR"), slot_minutes=15, min_minutes=15)
    asked = {"actor": sara, "space_id": priced.pk, "now": NOW}
    found = services.quote(starts=at(10), ends=at(10, 15), **asked)
    assert (found.possible, found.price, found.approval) == (True, Money(22_500, "IRR"), False)
    booked(places.person(), priced, 10)
    taken = services.quote(starts=at(10), ends=at(10, 15), **asked)
    assert (taken.possible, taken.refusal) == (False, "spaces.slot_taken")
    wrong = services.quote(starts=at(10), ends=at(9), **asked)
    assert (wrong.refusal, wrong.facts["why"], wrong.answer) == ("spaces.wrong_time", "not_after_start", None)
    closed = services.quote(starts=at(7), ends=at(8), **asked)
    assert closed.answer is not None
    assert not closed.possible
    assert Booking.objects.count() == 1
    assert Decision.objects.count() == 1


def test_prices_by_the_hour_and_by_the_booking(places: Places) -> None:
    hourly = places.space("HOURLY", price=Money(100, "IRR"))
    once = places.space("ONCE", price=Money(70_000, "IRR"), price_unit=PriceUnit.BOOKING)
    done = booked(places.person(), hourly, 10, starts=at(10), ends=at(11, 30))
    assert done.price == Money(150, "IRR")
    assert booked(places.person(), once, 10, 3).price == Money(70_000, "IRR")
    assert queries.booking(done.booking_id, actor=SYSTEM).price == done.price


def test_a_code_is_given_where_the_space_wants_one(places: Places) -> None:
    locked = places.space("LOCKED", needs_code=True)
    done = booked(places.person(), locked, 10)
    assert len(done.code) == 6
    assert done.code.isdecimal()


def test_a_change_does_not_stand_in_its_own_way_and_tells_who_booked(places: Places) -> None:
    sara = places.person()
    done = booked(sara, places.room, 10, 2)
    moved = services.change_booking(
        actor=sara, booking_id=done.booking_id, starts=at(11), ends=at(13), now=NOW, title="Later"
    )
    assert moved.state is BookingState.CONFIRMED
    row = queries.booking(done.booking_id, actor=sara)
    assert (row.starts, row.ends, row.title, row.revision) == (at(11), at(13), "Later", 1)
    booked(places.person(), places.room, 10)
    other = booked(places.person(), places.room, 14)
    with pytest.raises(SlotTaken):
        services.change_booking(actor=sara, booking_id=done.booking_id, starts=at(13), ends=at(15), now=NOW)
    with pytest.raises(PolicyRefused):
        services.change_booking(actor=sara, booking_id=done.booking_id, starts=at(18), ends=at(21), now=NOW)
    assert queries.booking(done.booking_id, actor=sara).starts == at(11), "nothing changed"
    with pytest.raises(NotFound):
        services.change_booking(actor=sara, booking_id=other.booking_id, starts=at(16), ends=at(17), now=NOW)
    services.change_booking(actor=places.staff(), booking_id=other.booking_id, space_id=places.laser.pk, people_count=2, now=NOW)  # fmt: skip
    assert Notice.objects.filter(event="spaces.changed").count() == 1
    booked(places.person(), places.room, 14)
    with pytest.raises(SlotTaken):
        booked(places.person(), places.laser, 14)
    services.cancel(actor=sara, booking_id=done.booking_id, now=NOW)
    with pytest.raises(BookingEnded):
        services.change_booking(actor=sara, booking_id=done.booking_id, starts=at(16), ends=at(17), now=NOW)


def test_it_costs_a_bounded_number_of_statements(places: Places, django_assert_max_num_queries: Any) -> None:
    sara = places.person()
    booked(sara, places.room, 8)
    with django_assert_max_num_queries(34):
        booked(sara, places.room, 10)


# What PostgreSQL keeps, going round the services


def row_of(places: Places, space: Space, hour: int, **facts: Any) -> Booking:
    facts = {
        "space": space, "house": places.centre, "kind": space.kind, "unit": 1, "account_id": places.person().account_id,
        "starts": at(hour), "ends": at(hour) + HOUR, "blocks": (at(hour), at(hour) + HOUR), "state": "confirmed",
        "booked_at": NOW, "changed_at": NOW, **facts,
    }  # fmt: skip
    return Booking.objects.create(**facts)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("room", "room", True), ("workshop", "laser", True), ("laser", "workshop", True), ("laser", "printer", False),
        ("desks", "desks", True),
    ],
)  # fmt: skip
def test_the_database_itself_keeps_bookings_apart(places: Places, first: str, second: str, clash: bool) -> None:
    row_of(places, getattr(places, first), 10)
    with transaction.atomic():
        if clash:
            with pytest.raises(IntegrityError), transaction.atomic():
                row_of(places, getattr(places, second), 10)
        else:
            row_of(places, getattr(places, second), 10)
    row_of(places, places.desks, 10, unit=2) if first == "desks" else row_of(places, getattr(places, second), 11)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": None},
        {"unit": 2},
        {"ends": at(9)},
        {"ends": at(10) + timedelta(days=367), "blocks": (at(10), at(10) + timedelta(days=367))},
        {"blocks": (at(10, 5), at(11))},
        {"people": 0},
        {"account_id": None},
        {"state": "tentative"},
        {"state": "cancelled"},
        {"state": "wished"},
        {"price_amount": 5},
    ],
)
def test_the_database_refuses_what_is_no_booking(places: Places, wrong: dict[str, Any]) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        row_of(places, places.room, 10, **wrong)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("confirmed", "tentative"),
        ("confirmed", "refused"),
        ("checked_in", "cancelled"),
        ("done", "confirmed"),
        ("no_show", "done"),
    ],
)
def test_the_database_keeps_the_steps_of_a_life(places: Places, before: str, after: str) -> None:
    row = row_of(places, places.room, 10, state=before, **({"ended_at": NOW} if before in {"done", "no_show"} else {}))
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=row.pk).update(state=after)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=row.pk).delete()


def test_what_is_held_is_written_by_triggers_alone(places: Places) -> None:
    row = row_of(places, places.laser, 10)
    assert list(Occupancy.objects.order_by("space_id").values_list("space_id", "holder", "unit")) == [
        (places.workshop.pk, 2, 1), (places.laser.pk, 1, 1),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.filter(booking=row).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.filter(booking=row).update(unit=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(space=places.room, unit=1, holder=1, during=(at(10), at(11)), booking=row)
    Booking.objects.filter(pk=row.pk).update(state="done", ended_at=NOW)
    assert not Occupancy.objects.exists()


def test_nothing_moves_or_shrinks_while_somebody_holds_it(places: Places) -> None:
    row = row_of(places, places.laser, 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.laser.pk).update(parent=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.workshop.pk).update(parent=places.room)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.workshop.pk).update(quantity=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.printer.pk).update(parent=places.desks)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.workshop.pk).update(parent=places.laser)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.laser.pk).update(house=places.branch)
    row_of(places, places.desks, 10, unit=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=places.desks.pk).update(quantity=2)
    Booking.objects.filter(pk=row.pk).update(state="no_show", ended_at=NOW)
    Space.objects.filter(pk=places.laser.pk).update(parent=None)
    assert Space.objects.get(pk=places.laser.pk).path == [places.laser.pk]
