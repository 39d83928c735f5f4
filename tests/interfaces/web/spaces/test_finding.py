"""Finding what is free, and a space's own page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.spaces import services
from khaneh.domains.spaces.types import ClosureKind, SpaceState
from khaneh.interfaces.web.results import url_of
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.spaces.places import TEHRAN, Places
from tests.interfaces.web.spaces.conftest import SignedIn, on, text_of

pytestmark = pytest.mark.django_db


def test_before_anything_is_asked_the_page_shows_what_there_is(places: Places, client: Client) -> None:
    page = text_of(client.get("/spaces"))
    for kind in ("laser_cutter", "printer_3d", "desk", "meeting_room", "workshop"):
        assert f"kind={kind}" in page
    assert "kind=kiln" not in page


def test_a_network_without_spaces_says_so(own_index: None, client: Client) -> None:
    page = text_of(client.get("/spaces"))
    assert "Nothing can be booked yet" in page


def test_a_machine_is_found_within_so_many_kilometres(places: Places, client: Client) -> None:
    near = places.space("LASER-2", places.branch, kind="laser_cutter")
    far = places.space("LASER-3", places.far, kind="laser_cutter")
    here = {"kind": "laser_cutter", "near": "34.64,50.88", "minutes": "120"}
    page = text_of(client.get("/spaces", {**here, "km": "30"}))
    assert page.index(f"/spaces/{places.laser.pk}?") < page.index(f"/spaces/{near.pk}?")
    assert f"/spaces/{far.pk}?" not in page
    assert f"/spaces/{far.pk}?" in text_of(client.get("/spaces", here))
    offered = client.get("/spaces", {**here, "km": "30", "first": on(9).date().isoformat()}).context["cards"][0].days[0]
    assert [start.clock.strip("\u2068\u2069") for start in offered.starts] == ["08:00", "09:00", "13:00", "18:00"]
    assert f"/spaces/{near.pk}?" not in text_of(client.get("/spaces", {**here, "near": "", "where": "P-YZ"}))


def test_nonsense_is_answered_with_a_page(places: Places, client: Client) -> None:
    for number, query in enumerate(
        (
            {"minutes": "0"}, {"minutes": "-1"}, {"minutes": "99999999999"}, {"people": "0"}, {"people": "-2"},
            {"days": "-7"}, {"days": "100000"}, {"first": "30/30/30"}, {"first": "1999-01-01"}, {"first": "2199-12-31"},
            {"where": "nowhere"}, {"house": "nowhere"}, {"near": "nan,nan"}, {"near": "1e999,0"}, {"km": "-5", "near": "34,50"},
            {"page": "999999"}, {"facility": "moat"}, {"kind": "group:moat"},
        )
    ):  # fmt: skip
        language = ("fa", "vi", "en")[number % 3]
        asked = {"kind": "laser_cutter", "lang": language, **query}
        assert client.get("/spaces", asked).status_code == 200, query


def test_where_nothing_is_free_the_page_says_what_to_leave_out(places: Places, client: Client) -> None:
    page = text_of(client.get("/spaces", {"kind": "laser_cutter", "people": "2", "facility": "water", "days": "1"}))
    assert "Nothing is free like this" in page
    assert "Leave out what it must have" in page


def test_the_list_asks_as_often_for_one_space_as_for_twenty(places: Places, client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/spaces", {"kind": "kiln"})
        return len(queries)

    places.space("K-0", kind="kiln")
    statements()
    one = statements()
    for number in range(1, 11):
        places.space(f"K-{number}", kind="kiln")
    statements()
    assert statements() == one


def test_a_space_shows_its_week_and_the_times_of_a_day(places: Places, client: Client) -> None:
    day = on(9).astimezone(TEHRAN).date()
    services.book(actor=places.person(), space_id=places.laser.pk, starts=on(9), ends=on(12), now=on(0, ahead=0))
    page = client.get(f"/spaces/{places.laser.pk}", {"day": day.isoformat(), "minutes": "120"})
    clocks = [start.clock.strip("\u2068\u2069") for _name, starts in page.context["glance"].starts for start in starts]
    assert clocks[:2] == ["12:00", "12:30"]
    assert clocks[-1] == "18:00"
    strip = page.context["glance"].picture.strips[1]
    assert strip.free.replace("\u2068", "").replace("\u2069", "") == "08:00–09:00, 12:00–20:00"


def test_a_part_that_is_booked_takes_its_whole_too(places: Places, client: Client) -> None:
    services.book(actor=places.person(), space_id=places.laser.pk, starts=on(9), ends=on(12), now=on(0, ahead=0))
    for space, free in ((places.workshop, 2), (places.printer, 1)):
        glance = client.get(f"/spaces/{space.pk}").context["glance"]
        assert glance.picture.strips[1].free.count("–") == free


def test_a_space_out_of_order_cannot_be_booked_and_shows_another_way(places: Places, client: Client) -> None:
    services.change_space_state(
        actor=SYSTEM, code="LASER", state=SpaceState.OUT_OF_ORDER, reason="broken", now=timezone.now()
    )  # fmt: skip
    page = text_of(client.get(f"/spaces/{places.laser.pk}"))
    assert "It cannot be booked at present" in page
    assert "/spaces?kind=laser_cutter" in page


def test_a_closed_week_leads_to_the_next_free_time(places: Places, client: Client) -> None:
    services.close_space(
        actor=SYSTEM, space_id=places.laser.pk, kind=ClosureKind.REPAIR, starts=timezone.now(), ends=on(12, ahead=20),
        now=timezone.now(), note="secret note",
    )  # fmt: skip
    page = client.get(f"/spaces/{places.laser.pk}")
    assert page.context["glance"].next_free is not None
    assert "secret note" not in text_of(page)


def test_an_edited_address_of_a_space_shows_the_space(places: Places, client: Client) -> None:
    for query in ({"from": "0"}, {"from": "2199-01-01"}, {"day": "1400/13/40"}, {"minutes": "-5"}, {"people": "0"}):
        assert client.get(f"/spaces/{places.room.pk}", query).status_code == 200, query


def test_a_house_shows_its_spaces_and_the_search_leads_to_them(places: Places, signed_in: SignedIn) -> None:
    page = text_of(signed_in(places.person()).get("/houses/P-CENTRE"))
    assert f"/spaces/{places.laser.pk}" in page
    assert "/spaces?house=P-CENTRE" in page
    assert url_of("space", places.laser.pk, {}) == f"/spaces/{places.laser.pk}"
    assert f"/spaces/{places.laser.pk}" in text_of(signed_in(places.person()).get("/sitemap/spaces/0.xml"))


def test_a_house_that_is_closed_shows_no_spaces(places: Places, client: Client) -> None:
    house = places.branch
    made = places.space("B-1", house)
    house.state = "suspended"
    house.save()
    assert f"/spaces/{made.pk}" not in text_of(client.get("/houses/P-BRANCH"))


def test_a_page_that_browsers_keep_says_nothing_of_its_reader(places: Places, signed_in: SignedIn) -> None:
    names = Label("Kiln safety", "ایمنی کوره", "An toàn lò nung")
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("kiln", names))
    places.space("KILN", kind="kiln", requires=("kiln",))
    client = signed_in(places.person())
    assert "badge--warn" in text_of(client.get("/spaces", {"kind": "kiln"}))
    house = text_of(client.get("/houses/P-CENTRE"))
    assert "Needs: Kiln safety" in house
    assert "badge--warn" not in house
