"""Who gets a place, who waits, who asks; groups, shares of houses, seats of a tour."""

from __future__ import annotations

import pytest

from khaneh.domains.events import queries, services
from khaneh.domains.events.errors import (
    AlreadyRegistered,
    ApprovedAsItIs,
    NoRoom,
    NotOpen,
    RegistrationEnded,
    TooLateToCancel,
    TooManyPeople,
)
from khaneh.domains.events.models import Event, Pool, Registration
from khaneh.domains.events.types import Admission, EventState, Override, RegistrationState
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Member, MemberBlock
from khaneh.domains.policies.types import PolicyRefused
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.events.scenes import DAY, STARTS, Scene
from tests.domains.spaces.places import HOUR, NOW

pytestmark = pytest.mark.django_db


def state(number: int) -> str:
    return Registration.objects.values_list("state", flat=True).get(pk=number)


def told(name: str) -> int:
    return Notice.objects.filter(event=f"events.{name}").count()


def taken(event_id: int) -> int:
    return sum(Pool.objects.filter(event_id=event_id).values_list("taken", flat=True))


def test_somebody_registers_and_has_a_place(scene: Scene) -> None:
    event = scene.event(price=Money(50_000, "IRR"))
    sara = scene.places.person()
    quote = services.quote(actor=sara, event_id=event, now=NOW, people_count=3)
    assert (quote.possible, quote.state, quote.price) == (True, RegistrationState.CONFIRMED, Money(150_000, "IRR"))
    assert not Registration.objects.exists(), "only asked"
    done = scene.register(event, sara, 3, names=["Ali", " ", "Mina "], agreed=quote.each)
    assert (done.state, done.ahead) == (RegistrationState.CONFIRMED, 0)
    own = queries.registrations_of(sara.account_id or 0, now=NOW)[0]
    assert own.registration.names == ("Ali", "Mina")
    assert (own.event.taken, own.event.free, own.registration.people) == (3, 7, 3)
    assert told("confirmed") == 1
    again = services.quote(actor=sara, event_id=event, now=NOW)
    assert again.refusal == AlreadyRegistered.code
    with pytest.raises(AlreadyRegistered) as refused:
        scene.register(event, sara)
    assert refused.value.facts == {"registration_id": done.registration_id}


def test_the_last_place_makes_it_full_and_a_cancellation_goes_to_who_waits(scene: Scene) -> None:
    event = scene.event(capacity=2)
    first = scene.register(event, people=2)
    assert Event.objects.get(pk=event).state == EventState.FULL
    ahead = scene.register(event)
    behind = scene.register(event)
    assert [(one.state, one.ahead) for one in (ahead, behind)] == [
        (RegistrationState.WAITING, 0),
        (RegistrationState.WAITING, 1),
    ]
    services.cancel_registration(actor=SYSTEM, registration_id=first.registration_id, now=NOW)
    assert [state(one.registration_id) for one in (ahead, behind)] == ["confirmed", "confirmed"]
    assert (told("confirmed"), told("ended"), taken(event)) == (3, 1, 2)


def test_a_group_waits_until_all_have_a_place_and_is_not_overtaken(scene: Scene) -> None:
    event = scene.event(capacity=6)
    singles = [scene.register(event) for _ in range(5)]
    group = scene.register(event, people=3)
    alone = scene.register(event)
    assert (group.state, alone.state) == (RegistrationState.WAITING, RegistrationState.WAITING)
    assert Event.objects.get(pk=event).state == EventState.FULL, "the free place is kept for the group"
    services.cancel_registration(actor=SYSTEM, registration_id=singles[0].registration_id, now=NOW)
    assert (state(group.registration_id), taken(event)) == ("waiting", 4)
    services.cancel_registration(actor=SYSTEM, registration_id=singles[1].registration_id, now=NOW)
    assert (state(group.registration_id), state(alone.registration_id), taken(event)) == ("confirmed", "waiting", 6)


def test_close_to_the_start_places_that_a_group_cannot_use_go_to_whoever_fits(scene: Scene) -> None:
    event = scene.event(capacity=3)
    scene.register(event, people=2)
    group = scene.register(event, people=2)
    alone = scene.register(event)
    assert services.tidy_places(now=STARTS - 3 * DAY) == 0
    assert services.tidy_places(now=STARTS - DAY) == 1
    assert (state(group.registration_id), state(alone.registration_id)) == ("waiting", "confirmed")


def test_fewer_keep_their_place_in_the_queue_and_more_go_to_its_end(scene: Scene) -> None:
    event = scene.event(capacity=3)
    first = scene.register(event, people=2)
    group, other = scene.register(event, people=3), scene.register(event, people=2)
    services.change_registration(actor=SYSTEM, registration_id=group.registration_id, people_count=1, now=NOW)
    assert (state(group.registration_id), state(other.registration_id)) == ("confirmed", "waiting")
    with pytest.raises(NoRoom):
        services.change_registration(actor=SYSTEM, registration_id=first.registration_id, people_count=3, now=NOW)
    assert Registration.objects.get(pk=first.registration_id).people == 2
    third = scene.register(event)
    services.change_registration(actor=SYSTEM, registration_id=other.registration_id, people_count=3, now=NOW + HOUR)
    services.cancel_registration(actor=SYSTEM, registration_id=first.registration_id, now=NOW + HOUR)
    assert (state(third.registration_id), state(other.registration_id)) == ("confirmed", "waiting")
    assert taken(event) == 2


def test_who_must_be_approved_holds_nothing_before(scene: Scene) -> None:
    event = scene.event(capacity=1, admission=Admission.APPROVAL)
    sara, ali = scene.places.person(), scene.places.person()
    first, second = scene.register(event, sara), scene.register(event, ali)
    assert (first.state, taken(event)) == (RegistrationState.REQUESTED, 0)
    manager = scene.places.staff()
    assert [one.registration.id for one in queries.requests_of([scene.centre.pk], actor=manager, now=NOW)] == [
        first.registration_id,
        second.registration_id,
    ]
    assert queries.requests_of([scene.centre.pk], actor=sara, now=NOW) == []
    for nobody in (sara, scene.places.staff(Role.CIRCULATION), scene.places.staff(house=scene.places.far)):
        with pytest.raises((NotAllowed, NotFound)):
            services.approve_registration(actor=nobody, registration_id=first.registration_id, now=NOW)
    services.approve_registration(actor=manager, registration_id=second.registration_id, now=NOW)
    done = services.approve_registration(actor=manager, registration_id=first.registration_id, now=NOW)
    assert (state(second.registration_id), done.state) == ("confirmed", RegistrationState.WAITING)
    assert (told("confirmed"), told("waiting")) == (1, 1)
    with pytest.raises(RegistrationEnded):
        services.refuse_registration(actor=manager, registration_id=first.registration_id, reason="no", now=NOW)
    more = scene.draft(capacity=5, admission=Admission.APPROVAL)
    services.change_event(actor=manager, event_id=event, draft=more, now=NOW)
    assert state(first.registration_id) == "confirmed", "more places go to who waits"
    with pytest.raises(ApprovedAsItIs):
        services.change_registration(actor=ali, registration_id=second.registration_id, people_count=2, now=NOW)
    third = scene.register(event)
    services.refuse_registration(actor=manager, registration_id=third.registration_id, reason="for staff", now=NOW)
    assert (state(third.registration_id), told("ended"), taken(event)) == ("refused", 1, 2)


def test_the_share_of_a_house_is_for_its_members_until_it_is_released(scene: Scene) -> None:
    event = scene.shared(2, 5, capacity=8)
    at_centre = [scene.register(event) for _ in range(3)]
    assert {one.state for one in at_centre} == {RegistrationState.CONFIRMED}, "two of the share, one that is common"
    assert scene.register(event).state is RegistrationState.WAITING
    assert Event.objects.get(pk=event).state == EventState.OPEN, "for the branch it is not full"
    branch = scene.places.branch
    assert scene.register(event, scene.places.person(home=branch), 4).state is RegistrationState.CONFIRMED
    row = queries.event(event)
    assert [(one.house.id, one.promised, one.taken) for one in row.shares] == [
        (scene.centre.pk, 2, 2),
        (branch.pk, 5, 4),
    ]
    assert services.tidy_places(now=STARTS - 3 * DAY) == 0
    services.tidy_places(now=STARTS - 2 * DAY)
    assert (taken(event), Event.objects.get(pk=event).state) == (8, EventState.FULL)
    row = queries.event(event)
    assert [(one.promised, one.places) for one in row.shares] == [(2, 2), (5, 4)]
    # What becomes free in a share that was released is common as well.
    there = Registration.objects.get(people=4)
    services.change_registration(actor=SYSTEM, registration_id=there.pk, people_count=3, now=STARTS - DAY)
    assert scene.register(event, now=STARTS - DAY).state is RegistrationState.CONFIRMED


def test_the_desk_says_by_whose_share_somebody_comes_and_writes_guests_down(scene: Scene) -> None:
    event, desk = scene.shared(1, 6, capacity=8), scene.places.staff(Role.CIRCULATION, scene.places.branch)
    done = scene.register(event, desk, 4, guest="A class", house_id=scene.places.branch.pk)
    assert done.state is RegistrationState.CONFIRMED
    row = queries.roster(event, actor=desk).registrations[0]
    assert (row.name, row.house and row.house.id, row.account_id) == ("A class", scene.places.branch.pk, None)
    ali = scene.places.person()
    for facts in ({"guest": "A"}, {"house_id": scene.places.branch.pk}, {"account_id": desk.account_id}):
        with pytest.raises(NotAllowed):
            scene.register(event, ali, **facts)
    with pytest.raises(Invalid):
        scene.register(event, desk, guest="B", house_id=scene.places.far.pk)


def test_seats_of_a_tour_are_counted_and_whoever_drives_needs_none(scene: Scene) -> None:
    event = scene.tour(seats=5)
    scene.register(event, people=4)
    assert scene.register(event, people=2).state is RegistrationState.WAITING
    assert scene.register(event, people=2, own_transport=True).state is RegistrationState.CONFIRMED
    row = queries.event(event)
    assert (row.seats, row.riding, row.taken, [leg.number for leg in row.legs]) == (5, 4, 6, [1, 2])


def test_for_an_organisation_and_not_for_another(scene: Scene) -> None:
    event, employee = scene.event(), scene.places.employee()
    company = scene.places.company.pk
    scene.register(event, employee)
    done = scene.register(event, employee, 3, organisation_id=company)
    row = queries.registration(done.registration_id, actor=employee).registration
    assert [row.organisation and row.organisation.id, row.people] == [company, 3]
    assert len(queries.own(event, account_id=employee.account_id or 0)) == 2
    with pytest.raises(NotAllowed):
        scene.register(event, scene.places.person(), organisation_id=company)


@pytest.mark.parametrize(
    ("facts", "when", "why"),
    [
        ({"proposed": True}, NOW, None),
        ({"admission": Admission.FREE, "capacity": None}, NOW, "just_come"),
        ({"opens_at": NOW + DAY}, NOW, "too_early"),
        ({"closes_at": NOW + DAY}, NOW + DAY, "closed"),
        ({}, STARTS, "closed"),
    ],
    ids=["proposed", "free", "early", "closed", "begun"],
)
def test_when_nobody_registers(scene: Scene, facts: dict[str, object], when: object, why: str | None) -> None:
    event = scene.event(**facts)
    with pytest.raises(NotFound if why is None else NotOpen) as refused:
        scene.register(event, now=when)
    if why is not None:
        assert refused.value.facts["why"] == why


def test_how_many_may_come_together(scene: Scene) -> None:
    event, desk = scene.event(capacity=9, largest_group=4), scene.places.staff(Role.CIRCULATION)
    for people in (0, -1, 5):
        with pytest.raises(TooManyPeople):
            scene.register(event, people=people)
    with pytest.raises(Invalid):
        scene.register(event, people=2, names=["a", "b", "c"])
    assert scene.register(event, desk, 9, guest="School").state is RegistrationState.CONFIRMED
    with pytest.raises(TooManyPeople):
        scene.register(event, desk, 10, guest="School")


def test_what_the_policies_refuse_and_who_passes_over_it(scene: Scene) -> None:
    event, sara = scene.event(), scene.places.person()
    member = Member.objects.get(account_id=sara.account_id)
    MemberBlock.objects.create(member=member, house=scene.centre, reason="conduct", placed_at=NOW)
    with pytest.raises(PolicyRefused):
        scene.register(event, sara)
    manager = scene.places.staff()
    override = Override(frozenset({"register_for_blocked"}), "with the school")
    done = scene.register(event, manager, account_id=sara.account_id, override=override)
    assert done.state is RegistrationState.CONFIRMED
    with pytest.raises(NotAllowed):
        scene.register(event, scene.places.staff(Role.CIRCULATION), account_id=sara.account_id, override=override)
    with pytest.raises(NotAllowed):
        scene.register(event, VISITOR)


def test_until_when_one_cancels(scene: Scene) -> None:
    tour = scene.tour()
    sara = scene.places.person()
    number = scene.register(tour, sara).registration_id
    day = Event.objects.get(pk=tour).starts - HOUR
    with pytest.raises(TooLateToCancel):
        services.cancel_registration(actor=sara, registration_id=number, now=day)
    with pytest.raises(NotFound):
        services.cancel_registration(actor=scene.places.person(), registration_id=number, now=NOW)
    services.cancel_registration(actor=scene.places.staff(), registration_id=number, now=day, reason="ill")
    assert (state(number), told("ended")) == ("cancelled", 1)
    with pytest.raises(RegistrationEnded):
        services.cancel_registration(actor=sara, registration_id=number, now=NOW)
    assert scene.register(tour, sara).state is RegistrationState.CONFIRMED, "and may come after all"
