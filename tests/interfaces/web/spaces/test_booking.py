"""Looking at a booking and making it: two steps, once, under the rules, with every refusal saying what would change it."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Space
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.spaces.places import HOUR, Places
from tests.interfaces.web.spaces.conftest import SignedIn, key, on, text_of

pytestmark = pytest.mark.django_db


def address(space: Space, **query: str) -> tuple[str, dict[str, str]]:
    """The page where a booking of tomorrow at nine is looked at."""
    return f"/spaces/{space.pk}/book", {"starts": key(on(9)), "minutes": "60", **query}


def sent(page: Any, **changes: str) -> dict[str, str]:
    """The fields of the page's form as a browser sends them."""
    known = page.context
    return {
        "starts": known["starts_key"], "minutes": str(known["wanted"].minutes), "price": known["price_key"],
        "key": known["key"], "people": str(known["wanted"].people), "title": "", **changes,
    }  # fmt: skip


def test_what_is_free_is_found_and_booked_in_two_steps(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    found = client.get("/spaces", {"kind": "laser_cutter", "minutes": "120"})
    assert f"/spaces/{places.laser.pk}/book?" in text_of(found)
    look = client.get(*address(places.laser, minutes="120"))
    assert look.status_code == 200
    made = client.post(f"/spaces/{places.laser.pk}/book", sent(look))
    booking = Booking.objects.get()
    assert made["Location"] == f"/account/bookings/{booking.pk}"
    assert (booking.starts, booking.ends) == (on(9), on(11))
    assert places.laser.names["en"] in text_of(client.get(made["Location"]))
    assert f"/account/bookings/{booking.pk}" in text_of(client.get("/account/bookings"))


def test_a_visitor_is_asked_to_sign_in_and_comes_back(places: Places, client: Any) -> None:
    answer = client.get(*address(places.room))
    assert answer.status_code == 302
    assert "/accounts/login/?next=/spaces/" in answer["Location"]


def test_a_form_that_is_sent_again_books_once(places: Places, signed_in: SignedIn) -> None:
    # For a company, which may have several desks at one time: here only the form itself tells the second sending from a second wish.
    client = signed_in(places.employee())
    look = client.get(*address(places.desks, **{"for": "P-CO"}))
    form = sent(look, **{"for": "P-CO"})
    first, second = (client.post(f"/spaces/{places.desks.pk}/book", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1
    another = client.get(*address(places.desks, **{"for": "P-CO"}))
    client.post(f"/spaces/{places.desks.pk}/book", sent(another, **{"for": "P-CO"}))
    assert Booking.objects.count() == 2


def test_two_tabs_with_one_wish_book_once(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    tabs = [client.get(*address(places.room)) for _ in range(2)]
    answers = [client.post(f"/spaces/{places.room.pk}/book", sent(tab)) for tab in tabs]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Booking.objects.count() == 1


def test_nobody_books_at_another_price_than_was_shown(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    look = client.get(*address(places.room))
    Space.objects.filter(pk=places.room.pk).update(price_amount=50_000, price_currency="IRR")
    answer = client.post(f"/spaces/{places.room.pk}/book", sent(look))
    assert answer.status_code == 409
    assert "price" in text_of(answer)
    assert not Booking.objects.exists()
    assert client.post(f"/spaces/{places.room.pk}/book", sent(answer)).status_code == 302


def test_what_was_taken_meanwhile_is_told_with_what_else_there_is(places: Places, signed_in: SignedIn) -> None:
    other = places.space("ROOM-2", places.branch)
    client = signed_in(places.person())
    look = client.get(*address(places.room))
    services.book(
        actor=places.person(), space_id=places.room.pk, starts=on(9), ends=on(10), now=on(0, ahead=0)
    )  # fmt: skip
    answer = client.post(f"/spaces/{places.room.pk}/book", sent(look))
    assert answer.status_code == 409
    page = text_of(answer)
    assert "taken at that time" in page
    assert f"/spaces/{places.room.pk}/wait?" in page
    assert f"/spaces/{other.pk}/book?" in page
    assert Booking.objects.count() == 1


def test_what_cannot_be_is_said_with_its_rule_and_books_nothing(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    for query, said in (
        ({"minutes": "0"}, "end before it begins"),
        ({"minutes": "-60"}, "end before it begins"),
        ({"minutes": "45"}, "counted in steps of"),
        ({"minutes": "5256000"}, "at most"),
        ({"minutes": "99999999999999999999"}, "at most"),
        ({"people": "0"}, "Nobody would come"),
        ({"people": "-3"}, "Nobody would come"),
        ({"people": "۹۹"}, "people at most"),
        ({"people": "99999999999999999999"}, "people at most"),
        ({"starts": key(on(9, ahead=-9))}, "This time is over"),
        ({"starts": key(on(9, 10))}, "begin every"),
        ({"starts": "2199-12-31T23:30Z"}, "too many years"),
        ({"starts": key(on(3))}, "not open"),
    ):
        where, asked = address(places.room, **query)
        look = client.get(where, asked)
        assert look.status_code == 200, query
        assert said in text_of(look), query
        answer = client.post(where, {**asked, "people": asked.get("people", "1"), "price": "", "key": "k"})
        assert answer.status_code == 409, query
        assert said in text_of(answer), query
    assert not Booking.objects.exists()


def test_a_time_that_is_none_leads_back_to_the_space(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    for starts in ("", "tomorrow", "2026-13-45T99:99Z", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "\u202e"):
        answer = client.get(*address(places.room, starts=starts))
        assert answer["Location"] == f"/spaces/{places.room.pk}", starts


def test_a_missing_qualification_is_named_with_the_remedy(places: Places, signed_in: SignedIn) -> None:
    names = Label("Kiln safety", "ایمنی کوره", "An toàn lò nung")
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("kiln", names))
    kiln = places.space("KILN", kind="kiln", requires=("kiln",))
    for language, words in (("en", "Kiln safety"), ("fa", "ایمنی کوره"), ("vi", "An toàn lò nung")):
        page = text_of(signed_in(places.person(), language).get(*address(kiln)))
        assert words in page
    assert "Hãy tham gia khóa học" in page


def test_nobody_books_in_the_name_of_another_organisation(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    look = client.get(*address(places.room))
    answer = client.post(f"/spaces/{places.room.pk}/book", sent(look, **{"for": "P-CO"}))
    assert answer.status_code == 409
    assert not Booking.objects.exists()


def test_a_space_that_is_not_there_is_not_found(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    for page in ("", "/book", "/repeat", "/wait", "/check-in"):
        assert client.get(f"/spaces/99999999{page}").status_code == 404, page


def test_anothers_booking_is_not_there(places: Places, signed_in: SignedIn) -> None:
    made = services.book(
        actor=places.person(), space_id=places.room.pk, starts=on(9), ends=on(9) + HOUR, now=on(0, ahead=0)
    )  # fmt: skip
    for stranger in (places.person(), places.staff()):
        client = signed_in(stranger)
        for page in ("", "/change"):
            assert client.get(f"/account/bookings/{made.booking_id}{page}").status_code == 404
        for page in ("/act", "/change"):
            gone = client.post(f"/account/bookings/{made.booking_id}{page}", {"act": "cancel"})
            assert gone.status_code == 404
    assert Booking.objects.get().state == "confirmed"
