"""Calendar files at the desk: looked at first, line by line what is nonsense in them, and done once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khaneh.domains.network.models import Holiday
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.spaces.models import Booking, SpaceClosure
from tests.domains.spaces.places import at
from tests.interfaces.web.desk.space_data import WEEK, Desk, stand, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Desk:
    settings.KHANEH_HOME = tmp_path
    return stand(monkeypatch)


FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//works//EN
X-WR-CALNAME:Machines
BEGIN:VEVENT
UID:oil@works
DTSTART;TZID=Asia/Tehran:20260303T100000
DTEND;TZID=Asia/Tehran:20260303T110000
SUMMARY:Oil the bearings
END:VEVENT
BEGIN:VEVENT
UID:all@works
DTSTART;VALUE=DATE:20260310
SUMMARY:Whole day
END:VEVENT
BEGIN:VEVENT
UID:back@works
DTSTART:20260303T110000Z
DTEND:20260303T100000Z
SUMMARY:Backwards
END:VEVENT
BEGIN:VEVENT
DTSTART:20260303T110000Z
SUMMARY:Nameless
END:VEVENT
END:VCALENDAR
"""


def test_a_space_is_closed_by_a_file_that_was_looked_at(desk: Desk) -> None:
    window, where = desk.window(), f"{WEEK}{desk.places.room.pk}/calendar"
    assert "BEGIN:VCALENDAR" in window.get(where).content.decode()
    booked = desk.booked(desk.places.room, at(10), at(11))
    upload = SimpleUploadedFile("w.ics", FILE.replace("\n", "\r\n").encode(), "text/calendar")
    page = window.post(where, {"file": upload, "kind": "repair", "act": "look"})
    said = text(page)
    for words in (
        "Oil the bearings",
        "Whole day",
        "It ends 1 booking",
        "Line 16",
        "It ends before it begins",
        "no UID",
    ):
        assert words in said, words
    assert not SpaceClosure.objects.exists()
    assert Booking.objects.get(pk=booked.pk).state == "confirmed"
    form = {name: page.context[name] for name in ("ticket", "once")} | {"kind": "repair", "act": "do"}
    done = window.post(where, form, follow=True)
    assert "2 entries taken in. 1 booking ended" in text(done)
    closed = SpaceClosure.objects.order_by("starts").values_list("uid", "starts", "ends", "kind", "note")
    assert list(closed) == [
        ("oil@works", at(10), at(11), "repair", "Oil the bearings"),
        ("all@works", at(0, day=10), at(0, day=11), "repair", "Whole day"),
    ]
    assert Booking.objects.get(pk=booked.pk).state == "cancelled"
    assert Notice.objects.filter(event="spaces.ended").count() == 1
    # The back button and a second tab; then the same file on another day.
    assert "done once" in text(window.post(where, form, follow=True))
    page = window.post(where, {"text": FILE, "kind": "repair", "act": "look"})
    assert "There is nothing new in it" in text(page)
    taken_back = FILE.replace("SUMMARY:Whole day", "STATUS:CANCELLED")
    page = window.post(where, {"text": taken_back, "kind": "repair", "act": "look"})
    assert "Taken back" in text(page)


def test_a_house_is_closed_on_the_days_of_a_file(desk: Desk) -> None:
    window, where = desk.window(), f"/desk/houses/{desk.places.centre.code}/calendar/file"
    booked = desk.booked(desk.places.room, at(10, day=10), at(11, day=10))
    page = window.post(where, {"text": FILE, "act": "look"})
    said = text(page)
    assert "It has a time of day" in said
    assert "It ends 1 booking" in said
    assert not Holiday.objects.exists()
    done = window.post(where, {name: page.context[name] for name in ("ticket", "once")} | {"act": "do"}, follow=True)
    assert "1 entry taken in. 1 booking ended" in text(done)
    assert Holiday.objects.get().names["en"] == "Whole day"
    assert Booking.objects.get(pk=booked.pk).state == "cancelled"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is nothing in it"),
        (b"<html>", "This is no calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "cut off"),
        (b"BEGIN:VCALENDAR\nSUMMARY:\xff\xfe\nEND:VCALENDAR", "Line 2: It is not written in UTF-8"),
        (FILE.replace("UID:oil@works", "UID:oil@works\nRRULE:FREQ=DAILY").encode(), "more than 400 entries"),
    ],
)
def test_nonsense_is_told_and_does_nothing(desk: Desk, content: bytes, said: str) -> None:
    where = f"{WEEK}{desk.places.room.pk}/calendar"
    sent = {"file": SimpleUploadedFile("w.ics", content, "text/calendar"), "kind": "repair", "act": "look"}
    page = desk.window().post(where, sent)
    assert page.status_code == 422
    assert said in text(page)


def test_a_ticket_of_somebody_else_and_of_nobody_opens_nothing(desk: Desk) -> None:
    where = f"{WEEK}{desk.places.room.pk}/calendar"
    page = desk.window().post(where, {"text": FILE, "kind": "repair", "act": "look"})
    for ticket in (page.context["ticket"], "forged", ""):
        answer = desk.window(Role.LIBRARIAN).post(where, {"ticket": ticket, "kind": "repair", "act": "do", "once": "x"})
        assert answer.status_code == 422
    assert not SpaceClosure.objects.exists()
    assert desk.window(Role.CIRCULATION).get(where).status_code == 404
