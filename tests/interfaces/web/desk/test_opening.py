"""A day off, a week, a season, a table at the desk: whose bookings they end is seen first, and done once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khaneh.domains.network.models import Holiday, OpeningHours
from khaneh.domains.notices.models import Notice
from khaneh.domains.spaces.models import Booking
from tests.domains.spaces.places import at
from tests.interfaces.web.desk.space_data import Desk, stand, text
from tests.interfaces.web.desk.test_administration import form_of

pytestmark = pytest.mark.django_db
HOUSE = "/desk/houses/P-CENTRE/"
NEW = "/desk/holidays/house/P-CENTRE/new"


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Desk:
    settings.KHANEH_HOME = tmp_path
    return stand(monkeypatch)


def ended(booking: Booking) -> bool:
    return Booking.objects.values_list("state", flat=True).get(pk=booking.pk) == "cancelled"


def test_a_day_off_asks_before_it_ends_what_is_booked_and_is_done_once(desk: Desk) -> None:
    window, booked = desk.window(), desk.booked(desk.places.room, at(10), at(11))
    sent = form_of(window, NEW) | {"rule": "date", "first": "2026-03-03", "names_en": "Inventory"}
    page = window.post(NEW, sent)
    for words in ("It ends 1 booking", "Inventory", "Save it and end them"):
        assert words in text(page), words
    assert not ended(booked)
    assert not Holiday.objects.exists()
    again = form_of_page(page)
    assert again["names_en"] == "Inventory"
    done = window.post(NEW, again | {"act": "do"}, follow=True)
    assert "1 booking ended; who booked is told." in text(done)
    assert ended(booked)
    assert Holiday.objects.count() == 1
    assert Booking.objects.get(pk=booked.pk).reason == "Inventory"
    assert "was done once" in text(window.post(NEW, again | {"act": "do"}, follow=True))
    assert Notice.objects.filter(event="spaces.ended").count() == 1
    # Nothing is booked on the next: it is done at once.
    done = window.post(NEW, sent | {"first": "2026-03-04"}, follow=True)
    assert "The day is entered." in text(done)
    assert Holiday.objects.count() == 2
    number = Holiday.objects.order_by("pk").values_list("pk", flat=True)[0]
    moved = form_of(window, f"/desk/holidays/{number}/") | {"first": "2026-03-05", "last": "2026-03-05"}
    booked = desk.booked(desk.places.room, at(10, day=5), at(11, day=5))
    assert "It ends 1 booking" in text(window.post(f"/desk/holidays/{number}/", moved))
    assert not ended(booked)


def form_of_page(page: Any) -> dict[str, Any]:
    from bs4 import BeautifulSoup

    fields = BeautifulSoup(page.content, "html.parser").select("main form input[name]")
    return {str(field["name"]): field.get("value", "") for field in fields}


def test_a_week_a_season_and_a_table_ask_too(desk: Desk) -> None:
    window, booked = desk.window(), desk.booked(desk.places.room, at(10), at(11))
    week = form_of(window, HOUSE, f"{HOUSE}hours") | {"d2_0_opens": "", "d2_0_closes": ""}
    page = window.post(f"{HOUSE}hours", week)
    assert "It ends 1 booking" in text(page)
    assert OpeningHours.objects.filter(house=desk.places.centre).count() == 7
    season = form_of(window, f"{HOUSE}season") | {
        "first": "2026-03-01",
        "last": "2026-03-09",
        "d2_0_opens": "",
        "d2_0_closes": "",
    }
    assert "It ends 1 booking" in text(window.post(f"{HOUSE}season", season))
    lines = "house_code,weekday,opens,closes,first,last\nP-CENTRE,1,08:00,20:00,,\n"
    upload = SimpleUploadedFile("opening_hours.csv", lines.encode(), "text/csv")
    table = "/desk/network/tables/opening_hours/"
    page = window.post(table, {"file": upload})
    assert "It ends 1 booking" in text(page)
    assert not ended(booked)
    kept = form_of_page(page)["kept"]
    done = window.post(table, {"kept": kept, "mode": "all_or_nothing"})
    assert "1 booking ended" in text(done)
    assert ended(booked)
    asked = desk.booked(desk.places.room, at(10, day=9), at(11, day=9))
    done = window.post(f"{HOUSE}hours", week | {"d1_0_opens": "", "d1_0_closes": "", "act": "do"}, follow=True)
    assert "1 booking ended" in text(done)
    assert ended(asked)
