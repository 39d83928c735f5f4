"""One's own bookings: seen, changed, cancelled, checked in, left; offers and waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khaneh.domains.credits import queries as ledger
from khaneh.domains.credits.models import Entry
from khaneh.domains.people.models import Card
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.models import Booking, Space, Waiting
from khaneh.domains.spaces.types import Override
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.spaces.places import HOUR, Places
from tests.interfaces.web.spaces.conftest import SignedIn, key, on, text_of

pytestmark = pytest.mark.django_db
ANYTIME = Override(frozenset({"book_outside_hours"}), "tests run at night as well")


def booked(actor: Actor, space: Space, starts: datetime, ends: datetime | None = None) -> Booking:
    """A booking by the desk, whatever the hour."""
    made = services.book(
        actor=SYSTEM, account_id=actor.account_id, space_id=space.pk, starts=starts, ends=ends or starts + HOUR,
        now=starts - timedelta(days=1), override=ANYTIME,
    )  # fmt: skip
    return Booking.objects.get(pk=made.booking_id)


def this_slot() -> datetime:
    """The half hour that is under way."""
    now = timezone.now()
    return now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)


def test_a_reader_without_bookings_is_shown_the_way(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    assert 'href="/spaces"' in text_of(client.get("/account/bookings"))
    assert "Nothing is over yet" in text_of(client.get("/account/bookings?view=past"))


def test_bookings_are_shown_on_the_clocks_of_their_house(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    booked(maker, places.room, on(9))
    for language, words in (("en", "\u206809:00\u2069"), ("fa", "\u2068۰۹:۰۰\u2069"), ("vi", "\u206809:00\u2069")):
        assert words in text_of(signed_in(maker, language).get("/account/bookings"))


def test_the_list_asks_as_often_for_one_booking_as_for_nine(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    client = signed_in(maker)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/account/bookings").status_code == 200
        return len(queries)

    booked(maker, places.room, on(9))
    statements()
    one = statements()
    for number in range(8):
        booked(maker, places.room, on(10 + number))
    assert statements() == one


def test_a_booking_is_cancelled_once(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    booking = booked(maker, places.room, on(9, ahead=3))
    client = signed_in(maker)
    page = client.get(f"/account/bookings/{booking.pk}")
    form = {"act": "cancel", "seen": page.context["one"]["changed"], "reason": "ill"}
    client.post(f"/account/bookings/{booking.pk}/act", form)
    booking.refresh_from_db()
    assert (booking.state, booking.end_reason) == ("cancelled", "booker")
    again = client.post(f"/account/bookings/{booking.pk}/act", form, follow=True)
    assert "has changed since this page was opened" in text_of(again)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_a_form_of_before_the_booking_was_moved_does_not_cancel_it(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    booking = booked(maker, places.room, on(9, ahead=3))
    client = signed_in(maker)
    old = client.get(f"/account/bookings/{booking.pk}").context["one"]["changed"]
    services.change_booking(actor=maker, booking_id=booking.pk, now=timezone.now(), starts=on(12, ahead=3), ends=on(13, ahead=3))  # fmt: skip
    client.post(f"/account/bookings/{booking.pk}/act", {"act": "cancel", "seen": old})
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_too_late_to_cancel_says_until_when_and_who_still_can(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    booking = booked(maker, places.room, this_slot() + HOUR)
    client = signed_in(maker)
    page = client.get(f"/account/bookings/{booking.pk}")
    assert "call the desk" in text_of(page)
    form = {"act": "cancel", "seen": page.context["one"]["changed"]}
    answer = client.post(f"/account/bookings/{booking.pk}/act", form, follow=True)
    assert "It could be cancelled until" in text_of(answer)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_checking_in_asks_for_the_code_and_leaving_frees_the_rest(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    door = places.space("DOOR", needs_code=True, self_service=True)
    booking = booked(maker, door, this_slot())
    client = signed_in(maker)
    where = f"/spaces/{door.pk}/check-in"
    assert booking.code not in text_of(client.get(where))
    wrong = client.post(where, {"code": "000000" if booking.code != "000000" else "000001"})
    assert wrong.status_code == 409
    assert "does not belong" in text_of(wrong)
    assert booking.code in text_of(client.get(f"/account/bookings/{booking.pk}"))
    persian = booking.code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    client.post(where, {"code": f" {persian} "})
    booking.refresh_from_db()
    assert booking.state == "checked_in"
    page = client.get(f"/account/bookings/{booking.pk}")
    client.post(f"/account/bookings/{booking.pk}/act", {"act": "leave", "seen": page.context["one"]["changed"]})
    booking.refresh_from_db()
    assert booking.state == "done"


def test_where_the_desk_checks_in_the_page_says_so(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    booked(maker, places.room, this_slot())
    client = signed_in(maker)
    assert "at the desk" in text_of(client.get(f"/spaces/{places.room.pk}/check-in"))
    refused = client.post(f"/spaces/{places.room.pk}/check-in", {})
    assert refused.status_code == 409
    assert "Here the desk checks in" in text_of(refused)
    assert "You have no booking here" in text_of(client.get(f"/spaces/{places.laser.pk}/check-in"))


def test_a_booking_is_moved_and_what_is_refused_changes_nothing(places: Places, signed_in: SignedIn) -> None:
    maker = places.person()
    booking = booked(maker, places.room, on(9))
    booked(places.person(), places.room, on(14))
    client = signed_in(maker)
    where = f"/account/bookings/{booking.pk}/change"
    page = client.get(where, {"starts": key(on(14)), "minutes": "60"})
    form = {"seen": page.context["one"]["changed"], "starts": key(on(14)), "minutes": "60", "people": "1", "title": ""}
    taken = client.post(where, form)
    assert taken.status_code == 409
    assert "taken at that time" in text_of(taken)
    for minutes in ("0", "-60", "5256000"):
        assert client.post(where, {**form, "starts": key(on(10)), "minutes": minutes}).status_code == 409
    booking.refresh_from_db()
    assert booking.starts == on(9)
    assert client.post(where, {**form, "starts": key(on(9, 30)), "minutes": "90"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.starts, booking.ends) == (on(9, 30), on(11))
    # The same form again: it shows what the booking is no longer.
    assert client.post(where, {**form, "starts": key(on(16))}).status_code == 409


def test_a_change_says_what_it_costs_before_it_is_made(places: Places, signed_in: SignedIn) -> None:
    studio = places.space("PAID", kind="recording_studio", max_minutes=480, price=Money(100_000, "IRR"))
    maker = places.person()
    booking = booked(maker, studio, on(9))
    client = signed_in(maker)
    where = f"/account/bookings/{booking.pk}/change"
    page = client.get(where, {"starts": key(on(9)), "minutes": "180"})
    assert [amount for _, amount in page.context["would"].lines] == [wording.amount(Money(200_000, "IRR"))]
    assert "To pay in addition" in text_of(page)
    before = list(Entry.objects.values_list("amount", flat=True))
    assert before == [-100_000], "looking costs nothing"
    form = {"seen": page.context["one"]["changed"], "starts": key(on(9)), "minutes": "180", "people": "1", "title": ""}
    unseen = client.post(where, form)
    assert unseen.status_code == 409
    assert "price is another" in text_of(unseen)
    assert client.post(where, {**form, "price": page.context["would"].key}).status_code == 302
    assert ledger.cost(f"spaces.booking:{booking.pk}") == [Money(300_000, "IRR")]
    shorter = client.get(where, {"starts": key(on(9)), "minutes": "60"})
    assert "Given back" in text_of(shorter)
    assert [amount for _, amount in shorter.context["would"].lines] == [wording.amount(Money(200_000, "IRR"))]
    same = client.get(where)
    assert same.context["would"] is None


def test_waiting_is_joined_once_offered_and_taken(places: Places, signed_in: SignedIn) -> None:
    maker, other = places.person(), places.person()
    blocks = booked(other, places.room, on(8), on(16))
    blocks_too = booked(other, places.room, on(16), on(20))
    client = signed_in(maker)
    where = f"/spaces/{places.room.pk}/wait"
    day = client.get(where, {"starts": key(on(9)), "minutes": "60"}).context["fields"]["first"]
    form = {
        "which": "this",
        "first": day,
        "last": day,
        "opens": "8:00",
        "closes": "20:00",
        "minutes": "60",
        "units": "1",
    }
    for _ in range(2):
        assert client.post(where, form)["Location"] == "/account/bookings"
    entry = Waiting.objects.get()
    assert places.room.names["en"] in text_of(client.get("/account/bookings"))
    services.cancel(actor=SYSTEM, booking_id=blocks.pk, now=timezone.now())
    services.offer_waiting(space_id=places.room.pk, now=timezone.now())
    page = text_of(client.get("/account/bookings"))
    assert "Take it" in page
    client.post("/account/bookings/waiting", {"waiting": str(entry.pk), "act": "accept"})
    assert Booking.objects.get(waiting=entry).state == "confirmed"
    late = client.post("/account/bookings/waiting", {"waiting": str(entry.pk), "act": "accept"}, follow=True)
    assert "Nothing is kept for you any more" in text_of(late)
    assert blocks_too.pk


def test_a_group_waits_by_its_names_and_is_changed_in_its_place(places: Places, signed_in: SignedIn) -> None:
    maker, friend = places.person(), places.person()
    booked(places.person(), places.room, on(8), on(16))
    booked(places.person(), places.room, on(16), on(20))
    client, where = signed_in(maker), f"/spaces/{places.room.pk}/wait"
    day = client.get(where, {"starts": key(on(9)), "minutes": "60"}).context["fields"]["first"]
    form = {
        "which": "this",
        "first": day,
        "last": day,
        "opens": "8:00",
        "closes": "20:00",
        "minutes": "60",
        "units": "1",
    }
    refused = client.post(where, {**form, "names": "Reza 000000"})
    assert refused.status_code == 409
    assert "no member has this card" in text_of(refused)
    assert "Reza 000000" in text_of(refused)
    crowd = "\n".join(f"Guest {one}" for one in range(places.room.capacity))
    assert "So many have no room" in text_of(client.post(where, {**form, "names": crowd}))
    card = Card.objects.get(member__account_id=friend.account_id).barcode
    client.post(where, {**form, "names": f"Reza {card}\nGrandmother"})
    entry = Waiting.objects.get()
    assert entry.people == 3
    page = f"/account/bookings/waiting/{entry.pk}/group"
    seen = client.get(page).context["seen"]
    assert "Others wait with you" in text_of(signed_in(friend).get("/account/bookings"))
    assert signed_in(friend).get(page).status_code == 404
    assert client.post(page, {"names": "Reza", "seen": "0"}).status_code == 409
    assert client.post(page, {"names": "Reza\nMina", "seen": seen})["Location"] == "/account/bookings"
    assert [one.name for one in queries.waiting_of(maker.account_id or 0, now=timezone.now())[0].persons] == [
        "Reza",
        "Mina",
    ]
    signed_in(friend).post("/account/bookings/waiting", {"waiting": str(entry.pk), "act": "withdraw"})
    assert "Mina" in text_of(client.get("/account/bookings"))
    assert client.get(page).context["names"] == "Mina"
    assert Waiting.objects.get().joined_at == entry.joined_at


def test_an_offer_is_declined_and_anothers_waiting_is_not_touched(places: Places, signed_in: SignedIn) -> None:
    maker, other = places.person(), places.person()
    booked(other, places.room, on(8), on(16))
    booked(other, places.room, on(16), on(20))
    number = services.join_waiting_list(
        actor=maker, house_id=places.centre.pk, space_id=places.room.pk, first=on(8), last=on(20), minutes=60, now=timezone.now()
    )  # fmt: skip
    signed_in(other).post("/account/bookings/waiting", {"waiting": str(number), "act": "leave"})
    assert Waiting.objects.get().state == "waiting"
    signed_in(maker).post("/account/bookings/waiting", {"waiting": str(number), "act": "leave"})
    assert Waiting.objects.get().state == "withdrawn"


def test_what_is_free_needs_no_waiting(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    where = f"/spaces/{places.room.pk}/wait"
    day = client.get(where, {"starts": key(on(9)), "minutes": "60"}).context["fields"]["first"]
    form = {
        "which": "kind",
        "first": day,
        "last": day,
        "opens": "8:00",
        "closes": "20:00",
        "minutes": "60",
        "units": "1",
    }
    answer = client.post(where, form)
    assert answer.status_code == 409
    assert f"/spaces/{places.room.pk}/book?" in text_of(answer)


def test_a_wish_that_cannot_be_waited_for_is_told(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    where = f"/spaces/{places.room.pk}/wait"
    day = client.get(where, {"starts": key(on(9))}).context["fields"]["first"]
    form = {
        "which": "this",
        "first": day,
        "last": day,
        "opens": "8:00",
        "closes": "20:00",
        "minutes": "60",
        "units": "1",
    }
    cases: tuple[dict[str, str], ...] = (
        {"units": "0"}, {"units": "-1"}, {"units": "9999"}, {"minutes": "0"}, {"minutes": "99999"}, {"first": "nonsense"},
        {"last": "2099-01-01"}, {"opens": "25:00"}, {"opens": "20:00", "closes": "8:00"}, {"people": "0"},
        {"first": "2020-01-01", "last": "2020-01-02"},
    )  # fmt: skip
    for changes in cases:
        answer = client.post(where, {**form, **changes})
        assert answer.status_code == 409, changes
        assert answer.context["why"] or answer.context["form"].problems, changes
    assert not Waiting.objects.exists()
