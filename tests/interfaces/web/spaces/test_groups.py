"""Groups before the pages: named a line each, seen by who is named, withdrawn from, checked in at the door."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import PersonDraft
from khaneh.interfaces.web.spaces.groups import drafts
from tests.domains.spaces.places import HOUR, Places
from tests.domains.spaces.test_groups import card_of, named
from tests.interfaces.web.spaces.conftest import SignedIn, key, on, text_of
from tests.interfaces.web.spaces.test_mine import booked, this_slot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("  Mina   Rad ", PersonDraft("Mina Rad")),
        ("Mina Rad 20012345", PersonDraft("Mina Rad", "20012345")),
        ("مینا راد، ۲۰۰۱۲۳۴۵", PersonDraft("مینا راد", "20012345")),
        ("Mina — S00000001", PersonDraft("Mina —", "S00000001")),
        ("20012345", PersonDraft("", "20012345")),
        ("Class 7b", PersonDraft("Class 7b")),
        ("گروه ۱۲", PersonDraft("گروه ۱۲")),
    ],
)
def test_a_line_is_a_name_and_perhaps_a_card(line: str, person: PersonDraft) -> None:
    assert drafts(f"\n{line}\n\n") == [person]


def test_a_group_is_booked_seen_and_left(places: Places, signed_in: SignedIn) -> None:
    sara, reza = places.person(), places.person()
    client, friend = signed_in(sara), signed_in(reza)
    where = f"/spaces/{places.room.pk}/book"
    query = {"starts": key(on(10)), "minutes": "60"}
    page = client.get(where, query)
    form = {**query, "price": "", "key": page.context["key"], "people": "1", "names": "Granny\nReza 99999999"}
    wrong = client.post(where, form)
    assert wrong.status_code == 409
    assert "Line 2: no member has this card." in text_of(wrong)
    assert "Granny" in text_of(wrong), "nothing that was written is lost"
    form["names"] = f"Granny\nReza {card_of(reza)}"
    assert client.post(where, form).status_code == 302
    booking = Booking.objects.get()
    assert booking.people == 3
    page = client.get(f"/account/bookings/{booking.pk}")
    assert "Granny" in text_of(page)
    assert card_of(reza) not in text_of(page)
    assert places.room.names["en"] in text_of(friend.get("/account/bookings"))
    seen = friend.get(f"/account/bookings/{booking.pk}/along")
    assert "It counts in them" in text_of(seen)
    # What belongs to who booked stays theirs.
    for address in ("", "/change", "/group"):
        assert friend.get(f"/account/bookings/{booking.pk}{address}").status_code == 404
    done = friend.post(f"/account/bookings/{booking.pk}/along", {"act": "withdraw"}, follow=True)
    assert "You do not come along" in text_of(done)
    assert friend.get(f"/account/bookings/{booking.pk}/along").status_code == 404
    assert "does not come" in text_of(client.get(f"/account/bookings/{booking.pk}"))


def test_the_group_is_written_anew_and_two_windows_do_not_undo_each_other(places: Places, signed_in: SignedIn) -> None:
    sara, reza = places.person(), places.person()
    booking = booked(sara, places.room, on(10))
    client = signed_in(sara)
    where = f"/account/bookings/{booking.pk}/group"
    form = {"seen": client.get(where).context["seen"], "names": f"Granny\nReza {card_of(reza)}"}
    assert client.post(where, form).status_code == 302
    late = client.post(where, {**form, "names": "Nobody"})
    assert late.status_code == 409
    assert "The group has changed" in text_of(late)
    again = client.get(where)
    assert again.context["names"] == "Granny\nReza"
    assert client.post(where, {"seen": again.context["seen"], "names": "Reza"}).status_code == 302
    assert [one.account_id for one in queries.persons_of([booking.pk])[booking.pk]] == [reza.account_id]
    booked(reza, places.room, on(14))
    busy = places.person()
    booked(busy, places.space("ROOM2"), on(10))
    seen = client.get(where).context["seen"]
    over = client.post(where, {"seen": seen, "names": f"Reza\nBusy {card_of(busy)}"})
    assert over.status_code == 409
    assert "no room left in the limits of" in text_of(over)


def test_whoever_is_busy_is_told_before_booking_and_the_form_stays(places: Places, signed_in: SignedIn) -> None:
    busy = places.person()
    booked(busy, places.space("ROOM2"), on(10))
    client = signed_in(places.person())
    form: dict[str, Any] = {
        "starts": key(on(10)), "minutes": "60", "price": "", "key": "k", "names": f"Busy {card_of(busy)}",
    }  # fmt: skip
    answer = client.post(f"/spaces/{places.room.pk}/book", form)
    assert answer.status_code == 409
    assert "no room left in the limits of" in text_of(answer)
    assert 'name="names"' in text_of(answer)


def test_one_of_a_group_checks_in_at_the_door(places: Places, signed_in: SignedIn) -> None:
    door = places.space("DOOR", self_service=True, needs_code=True, capacity=5)
    sara, reza = places.person(), places.person()
    starts = this_slot()
    booking = booked(sara, door, starts, starts + HOUR)
    services.name_persons(actor=sara, booking_id=booking.pk, persons=named(reza), now=timezone.now())
    friend = signed_in(reza)
    where = f"/spaces/{door.pk}/check-in"
    assert "I am here" in text_of(friend.get(where))
    assert friend.post(where, {"code": "000000x"}).status_code == 409
    code = Booking.objects.get(pk=booking.pk).code
    assert friend.post(where, {"code": code}).status_code == 302
    assert Booking.objects.get(pk=booking.pk).state == "checked_in"
    assert "You are checked in" in text_of(friend.get(where))
