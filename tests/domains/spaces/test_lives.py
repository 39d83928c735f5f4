"""A booking's life: approved or refused, cancelled, checked in, finished, not come; closed over; waited for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.notices.registry import event
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Member
from khaneh.domains.people.services import personal_data
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.qualifications import queries as held
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis, QualificationDraft
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.errors import (
    BookingEnded,
    ClosureEnded,
    CodeWrong,
    FreeAlready,
    NotYet,
    OthersRefused,
    QualificationLost,
    SlotTaken,
    SpaceInUse,
    StateChangeRefused,
    TooLateToCancel,
    WaitingEnded,
)
from khaneh.domains.spaces.models import Booking, Occupancy, Waiting
from khaneh.domains.spaces.services import ending
from khaneh.domains.spaces.types import BookingState, ClosureKind, EndReason, SpaceState, WaitingState
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.spaces.places import HOUR, NOW, Places, at, named
from tests.domains.spaces.test_booking import booked

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def state(number: int) -> str:
    return Booking.objects.values_list("state", flat=True).get(pk=number)


def told(name: str) -> int:
    return Notice.objects.filter(event=f"spaces.{name}").count()


# Requests


def test_a_request_holds_nothing_and_approving_warns_whom_it_refuses(places: Places) -> None:
    hall = places.space("HALL", kind="hall", approval=True)
    first, second, third = (booked(places.person(), hall, 10, 2).booking_id for _ in range(3))
    later = booked(places.person(), hall, 14).booking_id
    assert {state(number) for number in (first, second, third, later)} == {"requested"}
    assert not Occupancy.objects.exists()
    manager = places.staff()
    assert [row.id for row in queries.requests_of(places.centre.pk, actor=manager, now=NOW)] == [
        first,
        second,
        third,
        later,
    ]
    assert queries.requests_of(places.centre.pk, actor=places.person(), now=NOW) == []
    weighed = services.weigh_approval(actor=manager, booking_id=second, now=NOW)
    assert (weighed.possible, [one.booking_id for one in weighed.refuses]) == (True, [first, third])
    assert state(second) == "requested", "only weighed"
    with pytest.raises(OthersRefused) as refused:
        services.approve(actor=manager, booking_id=second, now=NOW, refusing=[first])
    assert refused.value.facts == {"bookings": [third]}
    assert state(second) == "requested"
    services.approve(actor=manager, booking_id=second, now=NOW, refusing=[first, third])
    assert [state(number) for number in (first, second, third, later)] == [
        "refused",
        "confirmed",
        "refused",
        "requested",
    ]
    assert Booking.objects.get(pk=first).end_reason == EndReason.TAKEN.value
    assert (told("confirmed"), told("ended")) == (1, 2)
    with pytest.raises(BookingEnded):
        services.approve(actor=manager, booking_id=first, now=NOW)


def test_a_counted_thing_refuses_only_those_without_a_unit(places: Places) -> None:
    pool = places.space("POOL", kind="camera", quantity=2, approval=True)
    first, second, third = (booked(places.person(), pool, 10).booking_id for _ in range(3))
    manager = places.staff()
    assert services.weigh_approval(actor=manager, booking_id=first, now=NOW).refuses == ()
    services.approve(actor=manager, booking_id=first, now=NOW)
    weighed = services.weigh_approval(actor=manager, booking_id=second, now=NOW)
    assert [one.booking_id for one in weighed.refuses] == [third]


def test_a_request_for_what_was_taken_cannot_be_approved(places: Places) -> None:
    shop = places.space("SHOP2", kind="workshop", approval=True)
    part = places.space("PART2", kind="lathe", parent_code="SHOP2")
    asked = booked(places.person(), shop, 10).booking_id
    booked(places.person(), part, 10)
    manager = places.staff()
    assert not services.weigh_approval(actor=manager, booking_id=asked, now=NOW).possible
    with pytest.raises(SlotTaken):
        services.approve(actor=manager, booking_id=asked, now=NOW)
    assert state(asked) == "requested"


def test_who_answers_requests(places: Places) -> None:
    hall = places.space("HALL", kind="hall", approval=True)
    asked = booked(places.person(), hall, 10).booking_id
    for actor in (places.staff(Role.CIRCULATION), places.staff(house=places.branch), places.person()):
        with pytest.raises((NotAllowed, NotFound)):
            services.approve(actor=actor, booking_id=asked, now=NOW)
        with pytest.raises((NotAllowed, NotFound)):
            services.refuse(actor=actor, booking_id=asked, reason="no", now=NOW)
    with pytest.raises(Invalid):
        services.refuse(actor=places.staff(), booking_id=asked, reason=" ", now=NOW)
    services.refuse(actor=places.staff(), booking_id=asked, reason="The hall is being painted", now=NOW)
    row = queries.booking(asked, actor=SYSTEM)
    assert (row.state, row.reason) == (BookingState.REFUSED, "The hall is being painted")


def test_moving_what_was_approved_asks_anew_unless_who_approves_moves_it(places: Places) -> None:
    hall = places.space("HALL", kind="hall", approval=True)
    sara, manager = places.person(), places.staff()
    asked = booked(sara, hall, 10).booking_id
    services.approve(actor=manager, booking_id=asked, now=NOW)
    services.change_booking(actor=sara, booking_id=asked, title="Choir", now=NOW)
    assert state(asked) == "confirmed", "a title asks nobody"
    services.change_booking(actor=manager, booking_id=asked, starts=at(11), ends=at(12), now=NOW)
    assert state(asked) == "confirmed"
    services.change_booking(actor=sara, booking_id=asked, starts=at(12), ends=at(13), now=NOW)
    assert state(asked) == "requested"
    assert not Occupancy.objects.exists()


# The day itself


def test_cancelling_in_time_and_too_late(places: Places) -> None:
    sara = places.person()
    number = booked(sara, places.room, 10).booking_id
    with pytest.raises(NotFound):
        services.cancel(actor=places.person(), booking_id=number, now=NOW)
    with pytest.raises(TooLateToCancel):
        services.cancel(actor=sara, booking_id=number, now=at(8, 1))
    services.cancel(actor=places.staff(Role.CIRCULATION), booking_id=number, now=at(8, 1), reason="Burst pipe")
    row = queries.booking(number, actor=sara)
    assert (row.state, row.end_reason, row.reason) == (BookingState.CANCELLED, EndReason.STAFF, "Burst pipe")
    assert told("ended") == 1
    other = booked(sara, places.room, 12).booking_id
    services.cancel(actor=sara, booking_id=other, now=at(10))
    assert told("ended") == 1, "who cancels knows"
    with pytest.raises(BookingEnded):
        services.cancel(actor=sara, booking_id=other, now=at(10))


def test_checking_in_by_the_desk_by_code_and_by_oneself(places: Places) -> None:
    locked = places.space("LOCKED", needs_code=True, self_service=True)
    sara, clerk = places.person(), places.staff(Role.CIRCULATION)
    at_desk = booked(sara, places.room, 10).booking_id
    with pytest.raises(NotAllowed):
        services.check_in(actor=sara, booking_id=at_desk, now=at(10))
    with pytest.raises(NotYet):
        services.check_in(actor=clerk, booking_id=at_desk, now=at(9, 44))
    with pytest.raises(NotYet):
        services.check_in(actor=clerk, booking_id=at_desk, now=at(11))
    services.check_in(actor=clerk, booking_id=at_desk, now=at(9, 45))
    done = booked(sara, locked, 12)
    for wrong in ("", "0", f"{(int(done.code) + 1) % 10**6:06}"):
        with pytest.raises(CodeWrong):
            services.check_in(actor=sara, booking_id=done.booking_id, code=wrong, now=at(12))
    services.check_in(actor=sara, booking_id=done.booking_id, code=f" {done.code} ", now=at(12))
    assert state(done.booking_id) == "checked_in"
    with pytest.raises(BookingEnded):
        services.check_in(actor=clerk, booking_id=at_desk, now=at(10))


def test_using_a_machine_counts_and_what_was_lost_meanwhile_keeps_it_shut(places: Places) -> None:
    qualifications.define_qualification(
        actor=SYSTEM, draft=QualificationDraft("laser", named("Laser"), disuse_months=6)
    )
    hot = places.space("HOT", kind="laser_cutter", requires=("laser",))
    sara, clerk = places.person(), places.staff()
    award = {"actor": SYSTEM, "account_id": sara.account_id, "code": "laser", "basis": Basis.COURSE, "house_id": places.far.pk}  # fmt: skip
    row = qualifications.award(now=NOW - 30 * DAY, **award)
    first = booked(sara, hot, 10).booking_id
    services.check_in(actor=clerk, booking_id=first, now=at(10))
    assert held.holding(row.id, actor=SYSTEM).last_used_at == at(10)
    services.finish(actor=clerk, booking_id=first, now=at(10, 30))
    second = booked(sara, hot, 12).booking_id
    qualifications.revoke(actor=SYSTEM, holding_id=row.id, reason="Left it burning", house_id=places.far.pk, now=at(11))
    with pytest.raises(QualificationLost) as refused:
        services.check_in(actor=clerk, booking_id=second, now=at(12))
    assert refused.value.facts == {"lacks": ["laser"]}
    with pytest.raises(PolicyRefused):
        booked(sara, hot, 15)


def test_finishing_early_frees_the_rest(places: Places) -> None:
    clerk = places.staff()
    number = booked(places.person(), places.room, 10, 4).booking_id
    services.check_in(actor=clerk, booking_id=number, now=at(10))
    services.finish(actor=clerk, booking_id=number, now=at(11))
    booked(places.person(), places.room, 12, now=at(11))
    with pytest.raises(BookingEnded):
        services.finish(actor=clerk, booking_id=number, now=at(11))


def test_the_clock_ends_what_nobody_ends(places: Places) -> None:
    hall = places.space("HALL", kind="hall", approval=True)
    missed = booked(places.person(), places.room, 10).booking_id
    here = booked(places.person(), places.laser, 10).booking_id
    asked = booked(places.person(), hall, 10).booking_id
    services.check_in(actor=SYSTEM, booking_id=here, now=at(10))
    assert services.tidy(now=at(9, 59)) == {}
    assert services.tidy(now=at(10, 14)) == {"refused": 1}
    assert (state(asked), Booking.objects.get(pk=asked).end_reason) == ("refused", "unanswered")
    assert services.tidy(now=at(10, 15)) == {"no_show": 1}
    booked(places.person(), places.room, 10, starts=at(10, 30), ends=at(11), now=at(10, 20))
    assert services.tidy(now=at(11)) == {"done": 1, "no_show": 1}
    assert (state(missed), state(here)) == ("no_show", "done")
    assert services.tidy(now=at(11)) == {}
    assert told("ended") == 3


def test_what_was_moved_while_the_clock_came_is_left_alone(places: Places) -> None:
    sara = places.person()
    seen = Booking.objects.get(pk=booked(sara, places.room, 10).booking_id)
    services.change_booking(actor=sara, booking_id=seen.pk, starts=at(15), ends=at(16), now=at(9))
    assert not ending.end(seen, state=BookingState.NO_SHOW, actor=SYSTEM, now=at(10, 15))
    assert state(seen.pk) == "confirmed"


# Closures


def test_closing_tells_everybody_and_offers_what_else_is_free(places: Places) -> None:
    other = places.space("ROOM2")
    sara = places.person()
    number = booked(sara, places.room, 10).booking_id
    after = booked(places.person(), places.room, 15).booking_id
    done = services.close_space(
        actor=places.staff(), space_id=places.room.pk, kind=ClosureKind.REPAIR, starts=at(9), ends=at(12), now=NOW,
        note="Broken window",
    )  # fmt: skip
    assert done.booking_ids == (number,)
    assert (state(number), state(after)) == ("cancelled", "confirmed")
    resolve: Any = event("spaces.ended").resolve
    (item,) = resolve([{"booking": number, "revision": 1}], "fa", NOW)
    assert item["why"] == "Broken window"
    assert item["instead"] == "ROOM2 (P-CENTRE)"
    assert [row.code for row in queries.alternatives(queries.space("ROOM"), at(10), at(11), now=NOW)] == [other.code]
    with pytest.raises(SlotTaken) as refused:
        booked(sara, places.room, 11)
    assert refused.value.facts == {"by": "closed"}
    booked(sara, places.room, 12)


def test_closing_the_whole_closes_its_parts_and_not_the_other_way(places: Places) -> None:
    part = booked(places.person(), places.laser, 10).booking_id
    shop = services.close_space(
        actor=SYSTEM, space_id=places.workshop.pk, kind=ClosureKind.MAINTENANCE, starts=at(8), ends=at(20), now=NOW
    )
    assert shop.booking_ids == (part,)
    with pytest.raises(SlotTaken):
        booked(places.person(), places.printer, 10)
    # Closures may meet; a part that is closed leaves the whole to who wants it as it is.
    services.close_space(
        actor=SYSTEM, space_id=places.laser.pk, kind=ClosureKind.REPAIR, starts=at(8), ends=None, now=NOW
    )
    assert shop.closure_id is not None
    services.lift_closure(actor=SYSTEM, closure_id=shop.closure_id, now=NOW)
    with pytest.raises(ClosureEnded):
        services.lift_closure(actor=SYSTEM, closure_id=shop.closure_id, now=NOW)
    booked(places.person(), places.workshop, 10)
    with pytest.raises(SlotTaken):
        booked(places.person(), places.laser, 15, day=4)


def test_some_units_are_closed_and_requests_without_room_refused(places: Places) -> None:
    pool = places.space("POOL", kind="camera", quantity=2, approval=True)
    asked = booked(places.person(), pool, 10).booking_id
    first = services.close_space(
        actor=SYSTEM, space_id=pool.pk, kind=ClosureKind.REPAIR, starts=at(8), ends=at(20), units=[1], now=NOW
    )
    assert first.booking_ids == ()
    second = services.close_space(
        actor=SYSTEM, space_id=pool.pk, kind=ClosureKind.REPAIR, starts=at(8), ends=at(20), units=[2], now=NOW
    )
    assert second.booking_ids == (asked,)
    assert state(asked) == "refused"
    with pytest.raises(Invalid):
        services.close_space(
            actor=SYSTEM, space_id=pool.pk, kind=ClosureKind.REPAIR, starts=at(8), ends=at(7), units=[3], now=NOW
        )


def test_what_is_under_way_is_not_cut_off(places: Places) -> None:
    number = booked(places.person(), places.room, 10).booking_id
    services.check_in(actor=SYSTEM, booking_id=number, now=at(10))
    with pytest.raises(SpaceInUse):
        services.close_space(
            actor=SYSTEM, space_id=places.room.pk, kind=ClosureKind.REPAIR, starts=at(10), ends=None, now=at(10)
        )
    services.change_space_state(actor=SYSTEM, code="ROOM", state=SpaceState.RETIRED, now=at(10))
    assert state(number) == "checked_in"


def test_taking_a_space_out_of_service_ends_what_is_to_come(places: Places) -> None:
    number = booked(places.person(), places.laser, 10).booking_id
    done = services.change_space_state(actor=SYSTEM, code="SHOP", state=SpaceState.RETIRED, now=NOW, reason="Sold")
    assert done.booking_ids == (number,)
    assert told("ended") == 1
    with pytest.raises(StateChangeRefused):
        services.change_space_state(actor=SYSTEM, code="SHOP", state=SpaceState.OUT_OF_ORDER, now=NOW)
    with pytest.raises(NotFound):
        queries.space("SHOP")
    assert queries.space("SHOP", actor=places.staff()).state is SpaceState.RETIRED


# Waiting


def waits(places: Places, actor: Actor, **facts: Any) -> int:
    facts = {
        "house_id": places.centre.pk, "space_id": places.room.pk, "first": at(10), "last": at(12), "minutes": 60,
        "now": NOW, **facts,
    }  # fmt: skip
    return services.join_waiting_list(actor=actor, **facts)


def entry(number: int) -> str:
    return Waiting.objects.values_list("state", flat=True).get(pk=number)


def test_what_becomes_free_is_offered_to_the_oldest_and_kept_for_them(places: Places) -> None:
    taken = booked(places.person(), places.room, 10, 2).booking_id
    sara, ali = places.person(), places.person()
    first, second = waits(places, sara), waits(places, ali, now=NOW + HOUR)
    assert services.offer_waiting(space_id=places.room.pk, now=NOW + HOUR) == []
    services.cancel(actor=SYSTEM, booking_id=taken, now=NOW + HOUR)
    assert services.offer_waiting(space_id=places.room.pk, now=NOW + HOUR) == [first, second]
    kept = Booking.objects.get(waiting_id=first)
    assert (kept.state, kept.starts, kept.held_until) == ("tentative", at(10), NOW + 13 * HOUR)
    assert Booking.objects.get(waiting_id=second).starts == at(11)
    assert told("offered") == 2
    with pytest.raises(SlotTaken):
        booked(places.person(), places.room, 10)
    with pytest.raises(NotFound):
        services.accept_offer(actor=ali, waiting_id=first, now=NOW + 2 * HOUR)
    (done,) = services.accept_offer(actor=sara, waiting_id=first, now=NOW + 2 * HOUR)
    assert (done.state, state(done.booking_id), entry(first)) == (BookingState.CONFIRMED, "confirmed", "accepted")
    with pytest.raises(WaitingEnded):
        services.accept_offer(actor=sara, waiting_id=first, now=NOW + 2 * HOUR)
    services.leave_waiting_list(actor=ali, waiting_id=second, now=NOW + 2 * HOUR)
    assert entry(second) == "withdrawn"
    booked(places.person(), places.room, 11)


def test_a_group_gets_all_or_nothing_and_keeps_its_place(places: Places) -> None:
    numbers = [booked(places.person(), places.desks, 10, 2).booking_id for _ in range(3)]
    group = waits(
        places, places.employee(), space_id=None, kind="desk", units=3, first=at(10), last=at(12), minutes=120,
        organisation_id=places.company.pk,
    )  # fmt: skip
    single = waits(places, places.person(), space_id=None, kind="desk", minutes=120, now=NOW + HOUR)
    services.cancel(actor=SYSTEM, booking_id=numbers[0], now=NOW + HOUR)
    assert services.offer_waiting(space_id=places.desks.pk, now=NOW + HOUR) == [single]
    assert entry(group) == "waiting"
    services.leave_waiting_list(actor=SYSTEM, waiting_id=single, now=NOW + HOUR)
    for number in numbers[1:]:
        services.cancel(actor=SYSTEM, booking_id=number, now=NOW + HOUR)
    assert services.offer_waiting(space_id=places.desks.pk, now=NOW + HOUR) == [group]
    assert sorted(Booking.objects.filter(waiting_id=group).values_list("unit", flat=True)) == [1, 2, 3]
    done = services.accept_offer(actor=SYSTEM, waiting_id=group, now=NOW + 2 * HOUR)
    assert [one.state for one in done] == [BookingState.CONFIRMED] * 3


def test_an_offer_lapses_and_goes_to_the_next(places: Places) -> None:
    taken = booked(places.person(), places.room, 10).booking_id
    first = waits(places, places.person(), last=at(11))
    second = waits(places, places.person(), last=at(11), now=NOW + HOUR)
    services.cancel(actor=SYSTEM, booking_id=taken, now=NOW + HOUR)
    services.offer_waiting(space_id=places.room.pk, now=NOW + HOUR)
    late = NOW + 14 * HOUR
    assert services.tidy_waiting(now=late) == {"lapsed": 1, "past": 0}
    assert Booking.objects.get(waiting_id=first).end_reason == EndReason.OFFER_LAPSED.value
    assert services.offer_waiting(space_id=places.room.pk, now=late) == [second], "whoever let it lapse is behind"
    services.tidy_waiting(now=at(20))
    assert WaitingState(entry(first)) is WaitingState.PAST


def test_nobody_waits_for_what_is_free_or_for_nothing(places: Places) -> None:
    with pytest.raises(FreeAlready) as refused:
        waits(places, places.person())
    assert refused.value.facts == {"space_id": places.room.pk, "starts": at(10).isoformat()}
    for wrong in (
        {"last": at(9)},
        {"minutes": 0},
        {"minutes": 500},
        {"units": 0},
        {"space_id": None, "kind": "cellar"},
    ):
        with pytest.raises(Invalid):
            waits(places, places.person(), **wrong)
    with pytest.raises(NotFound):
        waits(places, places.person(), house_id=places.branch.pk)
    assert not Waiting.objects.exists()


def test_who_may_not_book_is_offered_nothing_and_keeps_nobody_out(places: Places) -> None:
    taken = booked(places.person(), places.room, 10).booking_id
    stranger = waits(places, places.person(member=False), last=at(11))
    sara = waits(places, places.person(), last=at(11), now=NOW + HOUR)
    services.cancel(actor=SYSTEM, booking_id=taken, now=NOW + HOUR)
    assert services.offer_waiting(space_id=places.room.pk, now=NOW + HOUR) == [sara]
    assert entry(stranger) == "waiting"


# What is kept


def test_each_act_has_its_journal_entry(places: Places) -> None:
    sara = places.person()
    number = booked(sara, places.room, 10).booking_id
    services.cancel(actor=sara, booking_id=number, now=NOW)
    kinds = list(Entry.objects.filter(kind__startswith="spaces.booking").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["spaces.booking.made", "spaces.booking.cancelled"]


def test_a_member_is_told_what_is_kept_and_forgotten(places: Places) -> None:
    sara = places.person()
    over = booked(sara, places.room, 10, title="My secret club").booking_id
    services.check_in(actor=SYSTEM, booking_id=over, now=at(10))
    services.finish(actor=SYSTEM, booking_id=over, now=at(11))
    coming = booked(sara, places.room, 15).booking_id
    keeper = personal_data.keepers()["spaces"]
    member = Member.objects.get(account=sara.account_id)
    assert [line["title"] for line in keeper.exporter(member.pk)["bookings"]] == ["My secret club", ""]
    keeper.eraser(member.pk, at(12))
    assert (state(over), state(coming)) == ("done", "cancelled")
    assert not Booking.objects.filter(account__isnull=False).exists()
    assert not Booking.objects.exclude(title="").exists()
    booked(places.person(), places.room, 15)


def test_who_closes_their_account_gives_up_what_they_booked(places: Places) -> None:
    stranger = places.employee()
    coming = booked(stranger, places.room, 15, organisation_id=places.company.pk).booking_id
    people.close_account(actor=stranger, account_id=stranger.account_id or 0, now=NOW)
    assert state(coming) == "cancelled"
    assert Booking.objects.get(pk=coming).account_id is None
    booked(places.person(), places.room, 15)
