"""Events as programs read them: the calendar with its filters, one event, and nothing that is not for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khaneh.domains.events import services
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.events.scenes import STARTS, Scene, make_scene
from tests.domains.spaces.places import HOUR, NOW
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Scene:
    """Houses with rooms."""
    return make_scene()


def read(path: str, status: int = 200, **query: Any) -> Any:
    answer = Client().get(f"/api/v1{path}", query)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_what_is_on_and_where(scene: Scene) -> None:
    talk, tour = scene.event(sectors=("J",)), scene.tour()
    shared = scene.shared(2, 2, online_url="https://example.org/room", price=Money(5, "IRR"))
    scene.event(proposed=True)
    page = read("/events")
    assert (page["total"], [one["id"] for one in page["events"]]) == (3, [tour, talk, shared])
    assert [one["id"] for one in read("/events", house="P-BRANCH")["events"]] == [tour, shared]
    assert [one["id"] for one in read("/events", region="P-YZ")["events"]] == []
    assert [one["id"] for one in read("/events", kind=["talk", "joint"])["events"]] == [talk, shared]
    assert [one["id"] for one in read("/events", sector="62")["events"]] == []
    assert [one["id"] for one in read("/events", sector="J")["events"]] == [talk]
    assert read("/events", first=STARTS.isoformat(), limit=1, offset=1)["total"] == 2
    for wrong in ({"kind": "party"}, {"first": "yesterday"}, {"limit": 0}, {"offset": -1}):
        read("/events", 422, **wrong)
    for missing in ({"house": "NOWHERE"}, {"region": "NOWHERE"}):
        read("/events", 404, **missing)


def test_an_event_is_proposed_opened_moved_and_called_off(scene: Scene, clock: Clock) -> None:
    clock(NOW)
    desk = program((Role.LIBRARIAN, scene.centre.pk), now=NOW)
    body = {
        "house": "P-CENTRE", "kind": "tour", "names": {"en": "Mills"}, "starts": STARTS.isoformat(),
        "ends": (STARTS + 3 * HOUR).isoformat(), "capacity": 8, "organisers": ["P-CO"],
        "shares": [{"house": "P-BRANCH", "places": 3}], "shares_release": (STARTS - HOUR).isoformat(),
        "stops": [
            {"arrives": STARTS.isoformat(), "leaves": (STARTS + HOUR).isoformat(), "organisation": "P-CO", "seats": 5},
        ],
    }  # fmt: skip
    event = desk.done("/events", body)["id"]
    read(f"/events/{event}", 404)
    assert desk.get(f"/events/{event}/proposal").json()["state"]["code"] == "proposed"
    assert desk.done(f"/events/{event}/open", None)["state"]["code"] == "open"
    assert [one["places"] for one in read(f"/events/{event}")["shares"]] == [3]
    scene.register(event)
    told = {**body, "names": {"en": "Water mills"}}
    told.pop("house")
    later = desk.post(f"/events/{event}", told, method="put")
    assert (later.status_code, later.json()["names"]["en"], later.json()["seats"]) == (200, "Water mills", 5)
    fewer = desk.post(f"/events/{event}", {**told, "stops": [], "capacity": None, "shares": []}, method="put")
    assert fewer.status_code == 422, "somebody has registered"
    assert desk.post("/events", {**body, "organisers": ["NOBODY"]}).status_code == 404
    assert desk.done(f"/events/{event}/cancel", {"reason": "Snow"})["registrations"] == 1
    assert read(f"/events/{event}")["reason"] == "Snow"


def test_one_event(scene: Scene) -> None:
    event = scene.shared(2, 3, online_url="https://example.org/room")
    scene.register(event)
    found = read(f"/events/{event}")
    assert (found["taken"], found["capacity"], [one["places"] for one in found["shares"]]) == (1, 10, [2, 3])
    assert (found["online"], "example.org" in str(found)) == (True, False), "the link is for those who come"
    stops = read(f"/events/{scene.tour()}")["stops"]
    assert [(one["number"], one["transport"]["code"], one["seats"]) for one in stops] == [
        (1, "minibus", 5),
        (2, "walk", None),
    ]
    services.cancel_event(actor=SYSTEM, event_id=event, reason="Snow", now=NOW)
    assert read(f"/events/{event}")["reason"] == "Snow"
    read(f"/events/{scene.event(proposed=True)}", 404)
    read("/events/999999", 404)
