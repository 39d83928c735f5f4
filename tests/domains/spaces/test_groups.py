"""Groups as lists of persons: named, counted, told, checked in one by one, gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Account, Card
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.errors import BookingEnded, CodeWrong, PersonOverLimit, TooManyPeople
from khaneh.domains.spaces.models import Booking, BookingPerson
from khaneh.domains.spaces.types import Pattern, PersonDraft, Repeat
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.spaces.places import HOUR, NOW, Places, at
from tests.domains.spaces.test_repeating import limit


def card_of(actor: Actor) -> str:
    return str(Card.objects.get(member__account_id=actor.account_id).barcode)


def named(*persons: Actor | str) -> list[PersonDraft]:
    """Those with a card by it, others by name."""
    return [
        PersonDraft(one) if isinstance(one, str) else PersonDraft(f"Friend {one.account_id}", card_of(one))
        for one in persons
    ]


def book(actor: Actor, space: Any, *persons: Actor | str, hour: int = 10, **facts: Any) -> int:
    facts = {"starts": at(hour), "ends": at(hour) + HOUR, "now": NOW, "persons": named(*persons), **facts}
    return services.book(actor=actor, space_id=space.pk, **facts).booking_id


def told(actor: Actor, event: str) -> int:
    return Notice.objects.filter(event=event, member__account_id=actor.account_id).count()


def test_a_group_is_named_counted_and_told(places: Places) -> None:
    sara, reza = places.person(), places.person()
    number = book(sara, places.room, reza, "Grandmother")
    assert Booking.objects.get(pk=number).people == 3, "whoever books is one of them"
    persons = queries.persons_of([number])[number]
    assert [(one.name, one.account_id, one.counts) for one in persons] == [
        (f"Friend {reza.account_id}", reza.account_id, True), ("Grandmother", None, False),
    ]  # fmt: skip
    assert (told(reza, "spaces.named"), told(sara, "spaces.confirmed")) == (1, 1)
    assert [row.id for row in queries.bookings_naming(reza.account_id or 0)] == [number]
    span = {"first": NOW, "last": NOW + timedelta(days=9)}
    assert [row.id for row in queries.bookings_between(reza.account_id or 0, **span)] == [number], "their calendar"
    # One at a time, also in somebody else's group: of any kind of the same sort in any house.
    with pytest.raises(PolicyRefused):
        book(reza, places.space("ROOM2"))


def test_whoever_is_taken_elsewhere_cannot_be_named(places: Places) -> None:
    sara, reza, mina = places.person(), places.person(), places.person()
    other = places.space("ROOM2")
    book(reza, other)
    with pytest.raises(PersonOverLimit) as refused:
        book(sara, places.room, mina, reza)
    # By the name that who books wrote, and without a word of what reza has booked.
    assert refused.value.facts == {"names": [f"Friend {reza.account_id}"]}
    assert not Booking.objects.filter(account_id=sara.account_id).exists()
    wish = {"space_id": places.room.pk, "starts": at(10), "ends": at(11), "now": NOW}
    assert services.quote(actor=sara, persons=named(reza), **wish).refusal == "spaces.person_over_limit"
    assert services.quote(actor=sara, persons=named(mina), **wish).possible


def test_a_limit_by_the_week_counts_groups(places: Places) -> None:
    limit(person_week_times_max=2)
    reza = places.person()
    book(places.person(), places.room, reza, hour=9)
    book(reza, places.room, hour=11)
    with pytest.raises(PersonOverLimit):
        book(places.person(), places.room, reza, hour=14)


def test_the_rules_may_say_that_groups_do_not_count(places: Places) -> None:
    limit(group_counts=False)
    reza = places.person()
    number = book(places.person(), places.room, reza)
    book(reza, places.space("ROOM2"))
    assert not BookingPerson.objects.get(booking_id=number).counts


def test_what_is_booked_for_an_organisation_counts_for_it_alone(places: Places) -> None:
    reza = places.person()
    book(places.employee(), places.room, reza, organisation_id=places.company.pk)
    book(reza, places.space("ROOM2"))


@pytest.mark.parametrize(
    ("drafts", "why"),
    [
        ([PersonDraft("")], {"persons.1": "required"}),
        ([PersonDraft("x" * 201)], {"persons.1": "too_long"}),
        ([PersonDraft("Who", "NONE")], {"persons.1": "card_unknown"}),
        ([PersonDraft("x")] * 61, {"persons": "too_many"}),
    ],
)
def test_nonsense_is_told_by_line(places: Places, drafts: list[PersonDraft], why: dict[str, str]) -> None:
    with pytest.raises(Invalid) as wrong:
        book(places.person(), places.room, persons=drafts)
    assert wrong.value.facts["fields"] == why


def test_nobody_is_named_twice_nor_oneself(places: Places) -> None:
    sara, reza = places.person(), places.person()
    with pytest.raises(Invalid) as wrong:
        book(sara, places.room, sara, reza, reza)
    assert wrong.value.facts["fields"] == {"persons.1": "is_booker", "persons.3": "twice"}
    with pytest.raises(TooManyPeople):
        book(sara, places.laser, "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K")


def test_moving_a_group_asks_for_everybody(places: Places) -> None:
    sara, reza = places.person(), places.person()
    number = book(sara, places.room, reza, hour=9)
    book(reza, places.space("ROOM2"), hour=14)
    with pytest.raises(PersonOverLimit):
        services.change_booking(actor=sara, booking_id=number, starts=at(14), ends=at(15), now=NOW)
    services.change_booking(actor=sara, booking_id=number, starts=at(11), ends=at(12), now=NOW)
    assert told(reza, "spaces.named") == 2, "of the time that it is now, too"
    with pytest.raises(Invalid):
        services.change_booking(actor=sara, booking_id=number, people_count=1, now=NOW)


def test_who_comes_is_changed(places: Places) -> None:
    sara, reza, mina = places.person(), places.person(), places.person()
    number = book(sara, places.room, reza, "Grandmother")
    # A name alone goes on standing for the member whom it stood for.
    kept = PersonDraft(f"Friend {reza.account_id}")
    services.name_persons(actor=sara, booking_id=number, persons=[kept, *named(mina)], now=NOW)
    persons = queries.persons_of([number])[number]
    assert {one.account_id for one in persons} == {reza.account_id, mina.account_id}
    assert (Booking.objects.get(pk=number).people, told(mina, "spaces.named"), told(reza, "spaces.named")) == (3, 1, 1)
    services.name_persons(actor=sara, booking_id=number, persons=[], now=NOW)
    assert Booking.objects.get(pk=number).people == 1
    book(mina, places.space("ROOM2"))
    with pytest.raises(PersonOverLimit):
        services.name_persons(actor=sara, booking_id=number, persons=named(mina), now=NOW)
    with pytest.raises(NotFound):
        services.name_persons(actor=reza, booking_id=number, persons=[], now=NOW)


def test_whoever_withdraws_is_free_and_who_booked_is_told(places: Places) -> None:
    sara, reza = places.person(), places.person()
    number = book(sara, places.room, reza, "Grandmother")
    for _ in range(2):
        services.withdraw(actor=reza, booking_id=number, now=NOW)
    assert (Booking.objects.get(pk=number).people, told(sara, "spaces.withdrawn")) == (2, 1)
    assert queries.bookings_naming(reza.account_id or 0) == []
    book(reza, places.space("ROOM2"))
    with pytest.raises(NotFound):
        services.withdraw(actor=places.person(), booking_id=number, now=NOW)
    services.cancel(actor=sara, booking_id=number, now=NOW)
    assert told(reza, "spaces.ended") == 0, "it concerns them no more"
    with pytest.raises(BookingEnded):
        services.withdraw(actor=reza, booking_id=number, now=NOW)


def test_a_group_hears_that_it_is_cancelled(places: Places) -> None:
    sara, reza = places.person(), places.person()
    number = book(sara, places.room, reza)
    services.cancel(actor=sara, booking_id=number, now=NOW)
    assert told(reza, "spaces.ended") == 1
    book(reza, places.room)


def test_each_is_checked_in(places: Places) -> None:
    door = places.space("DOOR", self_service=True, needs_code=True, capacity=5)
    sara, reza, mina = places.person(), places.person(), places.person()
    number = book(sara, door, reza, mina, "Grandmother")
    by_name = {one.account_id: one.id for one in queries.persons_of([number])[number]}
    code = Booking.objects.get(pk=number).code
    with pytest.raises(CodeWrong):
        services.check_in_person(actor=reza, booking_id=number, person_id=by_name[reza.account_id], now=at(10))
    with pytest.raises(NotFound):
        services.check_in_person(
            actor=reza, booking_id=number, person_id=by_name[mina.account_id], now=at(10), code=code
        )
    services.check_in_person(actor=reza, booking_id=number, person_id=by_name[reza.account_id], now=at(10), code=code)
    assert Booking.objects.get(pk=number).state == "checked_in", "the first checks the booking in"
    services.check_in_person(actor=places.staff(), booking_id=number, person_id=by_name[None], now=at(10, 5))
    came = {one.name for one in queries.persons_of([number])[number] if one.came_at}
    assert came == {f"Friend {reza.account_id}", "Grandmother"}
    found = queries.bookings_at_desk(
        places.centre.pk, actor=places.staff(), now=at(10), account_ids=[mina.account_id or 0]
    )
    assert [row.id for row in found] == [number], "found at the desk by any of them"


def test_a_series_counts_for_everybody_on_every_day(places: Places) -> None:
    from datetime import date, time

    sara, reza = places.person(), places.person()
    book(reza, places.space("ROOM2"), starts=at(10, day=10), ends=at(11, day=10))
    facts: dict[str, Any] = {
        "space_id": places.room.pk, "pattern": Pattern(Repeat.WEEKLY, date(2026, 3, 3), count=3), "at": time(10),
        "minutes": 60, "now": NOW, "persons": named(reza),
    }  # fmt: skip
    plan = services.plan_series(actor=sara, **facts)
    assert [one.refusal for one in plan.occurrences] == ["", "spaces.person_over_limit", ""]
    services.book_series(actor=sara, only=[1, 3], **facts)
    assert len(queries.bookings_naming(reza.account_id or 0)) == 2


def test_erased_and_told_what_is_kept(places: Places) -> None:
    sara, reza = places.person(), places.person()
    number = book(sara, places.room, reza, "Grandmother")
    member = Card.objects.get(member__account_id=reza.account_id).member_id
    told_of = services.export_member(member)
    assert [one["as"] for one in told_of["named_in"]] == [f"Friend {reza.account_id}"]
    own = services.export_member(Card.objects.get(member__account_id=sara.account_id).member_id)
    assert own["bookings"][0]["group"] == [f"Friend {reza.account_id}", "Grandmother"]
    services.erase_account(reza.account_id or 0, NOW)
    assert [one.name for one in queries.persons_of([number])[number]] == ["Grandmother"]
    assert Booking.objects.get(pk=number).people == 2
    services.erase_account(sara.account_id or 0, NOW)
    assert not BookingPerson.objects.exists(), "names of others go with who wrote them"
    assert Account.objects.filter(pk=sara.account_id).exists()


def test_names_are_forgotten_half_a_year_later(places: Places) -> None:
    book(places.person(), places.room, "Grandmother")
    assert services.forget_names(now=at(11) + timedelta(days=180)) == 0
    assert services.forget_names(now=at(11) + timedelta(days=181)) == 1
