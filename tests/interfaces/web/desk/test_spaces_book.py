"""Booking for who stands at the desk: who, where and when; what it meets; what is passed over, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Card, Member
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.spaces.models import Booking
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.spaces.places import at, named
from tests.interfaces.web.desk.space_data import WEEK, Desk, said, stand, text

pytestmark = pytest.mark.django_db
BOOK = f"{WEEK}book"


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return stand(monkeypatch)


def card_of(actor: Actor) -> str:
    return Card.objects.get(member__account_id=actor.account_id).barcode


def asked(desk: Desk, who: str, **more: Any) -> dict[str, Any]:
    return {
        "who": who, "space": desk.places.room.pk, "day": "2026-03-03", "start": "9:00", "minutes": "60", "people": "2",
        "act": "look", **more,
    }  # fmt: skip


def test_by_card_in_two_steps_and_a_second_sending_books_nothing_more(desk: Desk) -> None:
    window = desk.window(Role.LIBRARIAN)
    told = asked(desk, card_of(desk.named(desk.places.person(), "Sara Amini")))
    look = window.post(BOOK, told)
    assert "the rules permit it" in text(look)
    assert not Booking.objects.exists()
    told |= {"act": "book", "once": look.context["once"], "account": str(look.context["person"].account_id)}
    assert "Sara Amini" in said(window, BOOK, **told)
    made = Booking.objects.get()
    assert (made.starts, made.people, made.channel, made.state) == (at(9), 2, "desk", "confirmed")
    assert "was done once" in said(window, BOOK, **told)
    assert Booking.objects.count() == 1


def test_by_name_where_several_answer(desk: Desk) -> None:
    for given in ("Sara", "Reza"):
        actor = desk.places.person()
        Member.objects.filter(account_id=actor.account_id).update(
            given_name=given, family_name="Amini", search_key=f" {given.lower()} amini "
        )
    window = desk.window(Role.LIBRARIAN)
    page = window.post(BOOK, asked(desk, "amini"))
    assert "Several people answer" in text(page)
    sara = Member.objects.get(given_name="Sara").account_id
    look = window.post(BOOK, asked(desk, "amini", account=sara))
    assert look.context["person"].account_id == sara


def test_for_an_organisation_by_somebody_without_a_membership(desk: Desk) -> None:
    employee = desk.places.employee()
    address = Account.objects.get(pk=employee.account_id).email
    window = desk.window(Role.LIBRARIAN)
    look = window.post(BOOK, asked(desk, address, organisation="P-CO"))
    assert "the rules permit it" in text(look), text(look)
    window.post(BOOK, asked(desk, address, organisation="P-CO", act="book"))
    assert Booking.objects.get().organisation_id == desk.places.company.pk
    assert "No organisation has this name" in text(window.post(BOOK, asked(desk, address, organisation="nobody")))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"who": "nobody at all"}, "Nobody answers this"),
    ({"day": "someday"}, "not a date"),
    ({"start": "25:99"}, "not a time of day"),
    ({"minutes": "7"}, "for 30 minutes at least"),
    ({"minutes": "-60"}, "Select a valid choice"),
    ({"people": "many"}, "not a number"),
    ({"space": "999999999"}, "Select a valid choice"),
    ({"people": "0"}, "Nobody would come"),
    ({"people": "99"}, "8 people at most"),
    ({"day": "2020-01-01"}, "This time is over"),
    ({"start": "9:07"}, "begin every 30 minutes"),
]


def test_what_is_wrong_is_said(desk: Desk) -> None:
    card, window = card_of(desk.places.person()), desk.window(Role.LIBRARIAN)
    for wrong, told in WRONG:
        assert told in text(window.post(BOOK, {**asked(desk, card), **wrong})), wrong
    assert not Booking.objects.exists()


def test_a_member_without_an_account_is_told_how_to_get_one(desk: Desk) -> None:
    person = desk.places.person()
    card = card_of(person)
    Member.objects.filter(account_id=person.account_id).update(account=None)
    page = desk.window(Role.LIBRARIAN).post(BOOK, asked(desk, card))
    assert page.status_code == 422
    assert "no account yet" in text(page)


def test_what_the_rules_refuse_is_passed_over_by_who_may_and_with_a_reason(desk: Desk) -> None:
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("laser", named("Laser safety")))
    saw = desk.places.space("SAW", kind="other_machine", requires=("laser",))
    told = asked(desk, card_of(desk.places.person()), space=saw.pk)
    below = desk.window(Role.LIBRARIAN)
    page = text(below.post(BOOK, told))
    assert "A qualification is missing" in page
    assert "Take the course" in page
    assert "May be passed over by" in page
    assert below.post(BOOK, {**told, "act": "book", "right": "book_unqualified", "why": "mine"}).status_code in (
        404,
        422,
    )
    assert not Booking.objects.exists()
    window = desk.window(Role.HOUSE_MANAGER)
    assert "Pass over it" in text(window.post(BOOK, told))
    assert "Say why" in text(window.post(BOOK, {**told, "act": "book", "right": "book_unqualified"}))
    window.post(BOOK, {**told, "act": "book", "right": "book_unqualified", "why": "The master stands beside them"})
    assert (Booking.objects.get().override or {})["reason"] == "The master stands beside them"


def test_a_taken_time_is_said_before_and_after(desk: Desk) -> None:
    told = asked(desk, card_of(desk.places.person()))
    window = desk.window(Role.LIBRARIAN)
    assert "the rules permit it" in text(window.post(BOOK, told))
    desk.booked(desk.places.room, at(9), at(10))
    late = window.post(BOOK, {**told, "act": "book"})
    assert late.status_code == 422
    assert "taken at that time" in text(late)
    assert Booking.objects.count() == 1
