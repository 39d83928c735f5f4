"""Finding, looking at, and booking a space: two steps, once, under the rules, with every refusal saying what would change it."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.spaces.models import Booking
from tests.domains.spaces.places import Places
from tests.interfaces.web.spaces.conftest import SignedIn, key, on, text_of

pytestmark = pytest.mark.django_db


def test_what_is_free_is_found_and_booked_in_two_steps(places: Places, signed_in: SignedIn) -> None:
    client = signed_in(places.person())
    found = client.get("/spaces", {"kind": "laser_cutter", "minutes": "120"})
    assert f"/spaces/{places.laser.pk}/book?" in text_of(found)
    look = client.get(f"/spaces/{places.laser.pk}/book", {"starts": key(on(9)), "minutes": "120"})
    assert look.status_code == 200
    made = client.post(f"/spaces/{places.laser.pk}/book", _form(look))
    booking = Booking.objects.get()
    assert made["Location"] == f"/account/bookings/{booking.pk}"
    assert (booking.starts, booking.ends) == (on(9), on(11))
    assert places.laser.names["en"] in text_of(client.get(made["Location"]))
    assert f"/account/bookings/{booking.pk}" in text_of(client.get("/account/bookings"))


def _form(page: Any, **changes: str) -> dict[str, str]:
    """The fields of the page's form as a browser would send them."""
    context = page.context
    return {
        "starts": context["starts_key"], "minutes": str(context["wanted"].minutes), "price": context["price_key"],
        "key": context["key"], "people": str(context["wanted"].people), "title": "", **changes,
    }  # fmt: skip
