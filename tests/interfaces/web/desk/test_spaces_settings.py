"""Spaces as those who keep them see them: entered, nested, changed, closed, taken out of service, shown in photographs."""

from __future__ import annotations

from typing import Any

import pytest
import pyvips
from django.core.files.uploadedfile import SimpleUploadedFile

from khaneh.domains.network.types import Role
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.models import Booking, Space, SpaceClosure, SpacePhoto
from khaneh.domains.spaces.types import MOST_PHOTOS, BookingState, SpaceState
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid
from tests.domains.spaces.places import at, named
from tests.interfaces.web.desk.space_data import WEEK, Desk, said, stand, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Desk:
    settings.KHANEH_HOME = tmp_path
    return stand(monkeypatch)


FORM: dict[str, Any] = {
    "code": "KILN", "names_en": "Kiln", "names_fa": "کوره", "names_vi": "Lò nung", "kind": "kiln", "parent": "SHOP",
    "capacity": "۲", "quantity": "1", "slot_minutes": "60", "min_minutes": "60", "max_minutes": "240",
    "setup_minutes": "15", "cleanup_minutes": "30", "approval": "on", "needs_code": "on", "facilities": ["power"],
    "price": "150,000", "price_unit": "booking", "d6_0_opens": "9", "d6_0_closes": "13:30",
    "instructions_en": "Gloves hang beside the door.",
}  # fmt: skip


def picture(width: int = 1200, height: int = 900, *, kind: str = ".jpg", colour: int = 90) -> bytes:
    """A picture in one colour that says where it was taken."""
    image = (pyvips.Image.black(width, height, bands=3) + colour).cast("uchar").copy(interpretation="srgb")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "34/1 38/1 24/1")
    written: bytes = image.write_to_buffer(kind)
    return written


def sent(content: bytes, **alts: str) -> dict[str, Any]:
    return {"photo": SimpleUploadedFile("p.jpg", content, "image/jpeg"), "alts_en": "The kiln, open", **alts}


def test_a_space_is_entered_nested_and_changed(desk: Desk) -> None:
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("fire", named("Fire")))
    window = desk.window()
    assert "The space is entered" in said(window, f"{WEEK}new", **FORM, requires=["fire"])
    row = queries.space("KILN", actor=SYSTEM)
    assert (row.capacity, row.slot_minutes, row.cleanup_minutes, row.approval, row.self_service) == (
        2,
        60,
        30,
        True,
        False,
    )
    assert row.price is not None
    assert tuple(row.price) == (150000, "IRR")
    assert row.path == (desk.places.workshop.pk, row.id)
    assert [tuple(one) for one in row.hours] == [(6, 540, 810)]
    assert row.requires[0][1] == "fire"
    one = f"{WEEK}{row.id}/"
    assert "Gloves hang beside the door." in window.get(one).content.decode()
    change = {name: value for name, value in FORM.items() if name not in ("code", "d6_0_opens", "d6_0_closes")}
    assert "The space is changed" in said(
        window, one, **{**change, "parent": "", "names_en": "Small kiln", "price": ""}
    )
    row = queries.space("KILN", actor=SYSTEM)
    assert (row.names.en, row.price, row.hours, row.path) == ("Small kiln", None, (), (row.id,))


WRONG_FORMS: list[tuple[dict[str, str], str]] = [
    ({"code": ""}, "required"),
    ({"code": "a b"}, "Latin letters"),
    ({"code": "ROOM"}, "Another space has this code"),
    ({"names_en": "", "names_fa": "", "names_vi": ""}, "This is needed"),
    ({"capacity": "none"}, "not a number"),
    ({"capacity": "0"}, "does not fit"),
    ({"max_minutes": "30"}, "does not fit"),
    ({"min_minutes": "61", "max_minutes": "70"}, "No whole number of slots"),
    ({"price": "much"}, "not an amount"),
    ({"kind": "spaceship"}, "valid choice"),
    ({"parent": "DESKS"}, "valid choice"),
    ({"d6_0_closes": ""}, "go together"),
    ({"d6_1_opens": "10", "d6_1_closes": "11"}, "share time"),
]


def test_what_is_wrong_stands_beside_its_field(desk: Desk) -> None:
    window = desk.window()
    for wrong, told in WRONG_FORMS:
        page = window.post(f"{WEEK}new", {**FORM, **wrong})
        assert page.status_code == 422, wrong
        assert told in text(page), wrong
    assert not Space.objects.filter(code="KILN").exists()


def test_what_is_booked_neither_moves_nor_shrinks(desk: Desk) -> None:
    desk.booked(desk.places.laser, at(9), at(10))
    form = {**FORM, "parent": "", "kind": "laser_cutter"}
    page = desk.window().post(f"{WEEK}{desk.places.laser.pk}/", form)
    assert page.status_code == 422
    assert "Somebody has booked it" in text(page)


def test_closing_tells_first_whom_it_ends_and_what_else_is_free(desk: Desk) -> None:
    other = desk.places.space("ROOM2", desk.places.branch)
    booking = desk.booked(desk.places.room, at(9), at(10), desk.named(desk.places.person(), "Sara Amini"))
    window, close = desk.window(Role.LIBRARIAN), f"{WEEK}{desk.places.room.pk}/close"
    told = {
        "kind": "repair",
        "first": "2026-03-03",
        "first_time": "8:00",
        "last": "2026-03-03",
        "last_time": "12:00",
        "note": "Leak",
    }
    page = window.post(close, {**told, "act": "look"})
    assert "It ends 1 booking" in text(page)
    assert "Sara Amini" in text(page)
    assert other.names["en"] in text(page)
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    assert not SpaceClosure.objects.exists()
    done = {**told, "act": "do", "once": page.context["once"]}
    assert "1 booking ended" in said(window, close, **done)
    booking.refresh_from_db()
    assert (booking.state, booking.reason) == (BookingState.CANCELLED, "Leak")
    # The same form from a second tab closes nothing more.
    said(window, close, **done)
    assert SpaceClosure.objects.count() == 1
    closure = SpaceClosure.objects.get()
    assert (closure.starts, closure.ends) == (at(8), at(12))
    page_of = text(window.get(f"{WEEK}{desk.places.room.pk}/"))
    assert "Leak" in page_of
    assert "open again" in said(window, f"{WEEK}closures/{closure.pk}/lift")
    assert "is over" in said(window, f"{WEEK}closures/{closure.pk}/lift")


def test_the_parts_of_what_is_closed_are_not_offered_instead(desk: Desk) -> None:
    desk.places.space("LASER2", kind="laser_cutter", parent_code="SHOP", capacity=2)
    desk.booked(desk.places.laser, at(9), at(10))
    touched = services.weigh_state(
        actor=desk.places.staff(), code="SHOP", state=SpaceState.OUT_OF_ORDER, now=desk.clock.at
    )
    assert [one.instead for one in touched] == [()]


WRONG_CLOSURES: list[tuple[dict[str, str], str]] = [
    ({"first": "x"}, "not a date"),
    ({"first_time": "x"}, "not a time of day"),
    ({"first": "2026-03-05", "last": "2026-03-04"}, "end must lie after"),
    ({"first": "2026-02-01", "last": "2026-02-02"}, "time is over"),
    ({"units": "1 9"}, "does not fit"),
    ({"units": "one"}, "not a number"),
]


def test_a_closure_that_cannot_be_says_why(desk: Desk) -> None:
    window, close = desk.window(), f"{WEEK}{desk.places.desks.pk}/close"
    for wrong, told in WRONG_CLOSURES:
        page = window.post(close, {"kind": "repair", "first": "2026-03-03", "act": "do", **wrong})
        assert page.status_code == 422, wrong
        assert told in text(page), wrong
    assert not SpaceClosure.objects.exists()


def test_two_of_the_desks_are_closed_until_further_notice(desk: Desk) -> None:
    window, close = desk.window(), f"{WEEK}{desk.places.desks.pk}/close"
    said(window, close, kind="repair", first="۱۴۰۴/۱۲/۱۲", units="۲، 3", act="do")
    closure = SpaceClosure.objects.get()
    assert (closure.units, closure.ends) == ([2, 3], None)
    assert window.get(f"{WEEK}day?day=2026-03-03").status_code == 200


def test_a_state_is_weighed_before_it_is_changed(desk: Desk) -> None:
    booking = desk.booked(desk.places.laser, at(9), at(10), desk.named(desk.places.person(), "Sara Amini"))
    window, state = desk.window(), f"{WEEK}{desk.places.workshop.pk}/state"
    page = text(window.post(state, {"state": "out_of_order", "act": "look"}))
    assert "Sara Amini" in page
    said(window, state, state="out_of_order", reason="Power cut", act="do")
    booking.refresh_from_db()
    assert (booking.state, booking.reason) == (BookingState.CANCELLED, "Power cut")
    assert "out of service" in text(window.get(WEEK))
    said(window, state, state="active")
    assert Space.objects.get(code="SHOP").state == SpaceState.ACTIVE
    assert window.post(state, {"state": "active", "act": "do"}).status_code == 422


def test_who_leads_closes_and_only_who_manages_changes(desk: Desk) -> None:
    librarian, lender, room = desk.window(Role.LIBRARIAN), desk.window(Role.CIRCULATION), desk.places.room.pk
    assert librarian.get(f"{WEEK}{room}/close").status_code == 200
    assert lender.get(f"{WEEK}{room}/").status_code == 200
    for address in (f"{WEEK}{room}/close", f"{WEEK}{room}/state", f"{WEEK}new"):
        assert lender.get(address).status_code == 404
    before = Space.objects.get(pk=room).names
    for window in (librarian, lender):
        assert window.post(f"{WEEK}{room}/", FORM).status_code == 404
        assert window.post(f"{WEEK}{room}/photos", sent(picture())).status_code == 404
    assert Space.objects.get(pk=room).names == before


def test_photographs_are_shown_described_moved_and_taken_away(desk: Desk) -> None:
    window, room = desk.window(), desk.places.room.pk
    assert "shown" in said(window, f"{WEEK}{room}/photos", **sent(picture(colour=10)))
    assert "shown" in said(window, f"{WEEK}{room}/photos", **sent(picture(kind=".png", colour=200), alts_fa="کوره"))
    # The same file again is no second photograph.
    said(window, f"{WEEK}{room}/photos", **sent(picture(colour=10)))
    first, second = queries.photos_of([room])[room]
    assert (first.alts, first.width, first.height) == (Label("The kiln, open", "", ""), 1200, 900)
    assert "GPS" not in queries.picture(first.id, "large").decode("latin-1")  # type: ignore[arg-type]
    shown = window.get(f"/spaces/photos/{first.id}/{first.version}/small.webp")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert "immutable" in shown["Cache-Control"]
    small = pyvips.Image.new_from_buffer(shown.content, "")
    assert (small.width, small.height) == (480, 360)
    assert window.get(f"/spaces/photos/{first.id}/{first.version}/huge.webp").status_code == 404
    said(window, f"{WEEK}photos/{second.id}/", act="earlier")
    assert [one.id for one in queries.photos_of([room])[room]] == [second.id, first.id]
    said(window, f"{WEEK}photos/{second.id}/", act="describe", alts_vi="Lò nung đang mở")
    assert queries.photo(second.id).alts.vi == "Lò nung đang mở"
    assert window.post(f"{WEEK}photos/{second.id}/", {"act": "describe"}).status_code == 422
    said(window, f"{WEEK}photos/{second.id}/", act="remove")
    assert [one.position for one in queries.photos_of([room])[room]] == [2]
    services.change_space_state(actor=SYSTEM, code="ROOM", state=SpaceState.RETIRED, now=desk.clock.at)
    hidden = desk.window(Role.LIBRARIAN, desk.places.far)
    assert hidden.get(f"/spaces/photos/{first.id}/{first.version}/small.webp").status_code == 404
    assert window.get(f"/spaces/photos/{first.id}/{first.version}/small.webp")["Cache-Control"] == "private, no-store"


def test_what_is_no_picture_is_refused_and_leaves_nothing(desk: Desk) -> None:
    window, room = desk.window(), desk.places.room.pk
    for content in [b"no picture", b"GIF89a" + b"0" * 50, b"\xff\xd8\xff" + b"x" * 90, b"<svg/>"]:
        page = window.post(f"{WEEK}{room}/photos", sent(content))
        assert page.status_code == 422
        assert "no picture that can be read" in text(page)
    assert not SpacePhoto.objects.exists()


def test_a_photograph_says_what_is_to_be_seen(desk: Desk) -> None:
    page = desk.window().post(f"{WEEK}{desk.places.room.pk}/photos", {**sent(picture()), "alts_en": " "})
    assert page.status_code == 422
    assert "at least one language" in text(page)


def test_a_space_shows_twelve_photographs_at_most(desk: Desk) -> None:
    for number in range(MOST_PHOTOS):
        services.add_photo(
            actor=SYSTEM,
            space_id=desk.places.room.pk,
            content=picture(9, 9, colour=number * 9),
            alts=named("x"),
            now=desk.clock.at,
        )
    with pytest.raises(Invalid) as refused:
        services.add_photo(
            actor=SYSTEM,
            space_id=desk.places.room.pk,
            content=picture(9, 9, colour=255),
            alts=named("x"),
            now=desk.clock.at,
        )
    assert refused.value.facts["fields"] == {"photo": "too_many"}


def test_a_picture_as_large_as_a_field_is_not_decoded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khaneh.infrastructure.pictures.MOST_PIXELS", 100)
    page = desk.window().post(f"{WEEK}{desk.places.room.pk}/photos", sent(picture(20, 20)))
    assert "too large" in text(page)


def test_every_page_speaks_every_language(desk: Desk) -> None:
    booking = desk.booked(desk.places.space("HALL", approval=True), at(9), at(10))
    window, room = desk.window(), desk.places.room.pk
    services.add_photo(actor=SYSTEM, space_id=room, content=picture(90, 60), alts=named("x"), now=desk.clock.at)
    pages = (
        "",
        "day",
        "requests",
        "missed",
        "book",
        "list",
        "new",
        f"{room}/",
        f"{room}/close",
        f"{room}/state",
        f"bookings/{booking.pk}/",
    )
    for language in ("fa", "vi", "en"):
        for address in pages:
            page = window.get(f"{WEEK}{address}", {"lang": language})
            assert page.status_code == 200, address
            assert f'lang="{language}"' in page.content.decode()
    assert Booking.objects.count() == 1
