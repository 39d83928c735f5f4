"""Groups of persons on a waiting list: all of them or nothing, by their own limits, changed without losing the place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Member
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.errors import WaitingEnded
from khaneh.domains.spaces.models import Booking, BookingPerson, Waiting, WaitingPerson
from khaneh.domains.spaces.rules.sharing import spread
from khaneh.domains.spaces.services.personal import erase_account, export_member, forget_names
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.spaces.places import HOUR, NOW, Places, at
from tests.domains.spaces.test_groups import book, named, told

pytestmark = pytest.mark.django_db


def wait(places: Places, actor: Actor, *persons: Actor | str, **facts: Any) -> int:
    facts = {"first": at(10), "last": at(11), "minutes": 60, "space_id": places.room.pk, "now": NOW, **facts}
    return services.join_waiting_list(actor=actor, house_id=places.centre.pk, persons=named(*persons), **facts)


def offered(places: Places, now: Any = NOW + HOUR) -> list[int]:
    return services.offer_waiting(space_id=places.room.pk, now=now)


def free(places: Places, number: int) -> None:
    services.cancel(actor=SYSTEM, booking_id=number, now=NOW + HOUR)


def names_of(entry: int) -> list[str]:
    return list(
        WaitingPerson.objects.filter(waiting_id=entry, left_at=None).order_by("pk").values_list("name", flat=True)
    )


@pytest.mark.parametrize(
    ("capacities", "people", "named_", "parts"),
    [
        ([4], 4, 3, [(4, 3)]), ([4], 5, 0, None), ([4], 4, 4, None), ([4, 4], 6, 0, [(4, 0), (2, 0)]),
        ([4, 4], 6, 5, [(4, 3), (3, 2)]), ([1, 1, 1], 3, 0, [(1, 0)] * 3), ([1, 1, 1], 3, 2, None), ([2, 9], 2, 0, [(1, 0)] * 2),
    ],
)  # fmt: skip
def test_everybody_has_a_place_or_nobody(capacities: list[int], people: int, named_: int, parts: Any) -> None:
    assert spread(capacities, people=people, named=named_) == parts


def test_a_group_is_offered_with_its_persons_and_they_are_told_when_it_is_taken(places: Places) -> None:
    sara, reza = places.person(), places.person()
    taken = book(places.person(), places.room)
    entry = wait(places, sara, reza, "Grandmother")
    assert Waiting.objects.get(pk=entry).people == 3
    ((who, row),) = queries.waiting_along(reza.account_id or 0, now=NOW)
    assert (bool(who), row.id, [one.name for one in row.persons]) == (True, entry, names_of(entry))
    free(places, taken)
    assert offered(places) == [entry]
    made = Booking.objects.get(waiting_id=entry)
    assert (made.people, made.state, told(reza, "spaces.named")) == (3, "tentative", 0)
    counted = BookingPerson.objects.filter(booking=made).order_by("pk").values_list("account_id", "counts")
    assert list(counted) == [(reza.account_id, True), (None, False)]
    services.accept_offer(actor=sara, waiting_id=entry, now=NOW + 2 * HOUR)
    assert told(reza, "spaces.named") == 1


def test_an_offer_that_nobody_takes_is_no_news_for_the_group(places: Places) -> None:
    reza = places.person()
    taken = book(places.person(), places.room)
    entry = wait(places, places.person(), reza)
    free(places, taken)
    offered(places)
    assert names_of(entry)
    services.withdraw(actor=reza, booking_id=Booking.objects.get(waiting_id=entry).pk, now=NOW + HOUR)
    services.tidy_waiting(now=NOW + timedelta(days=1))
    assert (names_of(entry), Waiting.objects.get(pk=entry).people) == ([], 1), "who left is not named again"
    assert Booking.objects.get(waiting_id=entry).state == "cancelled"
    assert not Notice.objects.filter(event="spaces.ended", member__account_id=reza.account_id).exists()


def test_who_has_no_room_in_the_own_limit_holds_the_group_up_until_it_is_changed(places: Places) -> None:
    sara, reza, mina, later = (places.person() for _ in range(4))
    taken = book(places.person(), places.room)
    entry, behind = wait(places, sara, mina, reza), wait(places, later)
    book(reza, places.space("ROOM2"))
    joined = Waiting.objects.get(pk=entry).joined_at
    free(places, taken)
    assert offered(places) == [behind], "a group has all or nothing, and is passed over in its place"
    assert not Booking.objects.filter(waiting_id=entry).exists()
    assert (told(sara, "spaces.group_full"), told(reza, "spaces.own_limit"), told(mina, "spaces.own_limit")) == (
        1,
        1,
        0,
    )
    assert offered(places) == []
    services.leave_waiting_list(actor=later, waiting_id=behind, now=NOW + HOUR)
    assert offered(places) == []
    assert told(sara, "spaces.group_full") == 1, "told once for the same persons"
    services.name_waiting(actor=sara, waiting_id=entry, persons=named(mina, "Grandmother"), now=NOW + HOUR)
    assert Waiting.objects.get(pk=entry).joined_at == joined
    assert offered(places) == [entry]
    with pytest.raises(WaitingEnded):
        services.name_waiting(actor=sara, waiting_id=entry, persons=[], now=NOW + HOUR)


def test_who_leaves_the_group_is_left_out_and_who_waits_is_told(places: Places) -> None:
    sara, reza = places.person(), places.person()
    taken = book(places.person(), places.room)
    entry = wait(places, sara, reza, "Grandmother")
    with pytest.raises(NotFound):
        services.leave_group(actor=places.person(), waiting_id=entry, now=NOW)
    for _ in range(2):
        services.leave_group(actor=reza, waiting_id=entry, now=NOW)
    assert (names_of(entry), Waiting.objects.get(pk=entry).people) == (["Grandmother"], 2)
    assert (told(sara, "spaces.group_left"), queries.waiting_along(reza.account_id or 0, now=NOW)) == (1, [])
    free(places, taken)
    assert offered(places) == [entry]
    assert [one.name for one in BookingPerson.objects.all()] == ["Grandmother"]


def test_what_no_place_can_hold_is_said_at_once(places: Places) -> None:
    sara = places.person()
    book(places.person(), places.room)
    capacity = places.room.capacity
    with pytest.raises(Invalid) as refused:
        wait(places, sara, *(f"Guest {number}" for number in range(capacity)))
    assert refused.value.facts == {"fields": {"people_count": "no_room"}}
    with pytest.raises(Invalid) as refused:
        wait(places, sara, "", sara)
    assert refused.value.facts == {"fields": {"persons.1": "required", "persons.2": "is_booker"}}
    entry = wait(places, sara, "Ali")
    for actor in (places.person(), sara):
        with pytest.raises(NotFound if actor is not sara else Invalid):
            services.name_waiting(
                actor=actor, waiting_id=entry, persons=named(*(f"Guest {one}" for one in range(capacity))), now=NOW
            )
    assert names_of(entry) == ["Ali"]


def test_a_group_that_waits_is_forgotten_with_whom_it_concerns(places: Places) -> None:
    sara, reza, mina = places.person(), places.person(), places.person()
    book(places.person(), places.room)
    first, second = wait(places, sara, reza, mina), wait(places, mina, "Ali")
    member = Member.objects.get(account_id=reza.account_id)
    assert [one["name"] for one in export_member(member.pk)["waits_along"]] == [f"Friend {reza.account_id}"]
    erase_account(reza.account_id or 0, NOW)
    assert Waiting.objects.get(pk=first).people == 2
    erase_account(mina.account_id or 0, NOW)
    assert (names_of(first), names_of(second)) == ([], [])
    third = wait(places, places.person(), "Ali")
    assert forget_names(now=NOW + timedelta(days=100)) == 0
    assert forget_names(now=NOW + timedelta(days=190)) == 1
    assert names_of(third) == []


def test_what_was_taken_from_the_list_is_told_when_the_house_ends_it(places: Places) -> None:
    sara = places.person()
    taken = book(places.person(), places.room)
    entry = wait(places, sara)
    free(places, taken)
    offered(places)
    (done,) = services.accept_offer(actor=sara, waiting_id=entry, now=NOW + HOUR)
    services.close_space(
        actor=SYSTEM,
        space_id=places.room.pk,
        kind="repair",
        starts=at(9),
        ends=at(12),
        now=NOW + HOUR,  # type: ignore[arg-type]
    )
    assert Booking.objects.get(pk=done.booking_id).end_reason == "closed"
    assert told(sara, "spaces.ended") == 1
