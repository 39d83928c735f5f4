"""Coming to an event through the API: registered alone, with a group, for a company; approved, checked in, asked what one thought of it."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.events import services
from khaneh.domains.events.models import Registration
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.events.scenes import STARTS, Admission, Scene, make_scene
from tests.domains.spaces.places import HOUR, NOW
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import Program, program
from tests.interfaces.api.test_spaces import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock: Clock) -> Scene:
    clock(NOW)
    return make_scene()


@pytest.fixture
def lead(scene: Scene) -> Program:
    return program((Role.LIBRARIAN, scene.centre.pk), now=NOW)


def reader(actor: Actor) -> Program:
    return program(own=True, account_id=actor.account_id, now=NOW)


def test_an_event_is_registered_for_and_attended(scene: Scene, lead: Program, clock: Clock) -> None:
    event = scene.event(capacity=4, online_url="https://example.org/room")
    sara, other = reader(scene.places.person()), reader(scene.places.person())
    assert sara.read(f"/events/{event}/quote", people=3)["state"]["code"] == "confirmed"
    body: dict[str, Any] = {"event": event, "people": 3, "names": ["Ali", "Mina"], "note": "With a wheelchair"}
    made = sara.done("/me/registrations", body, call="one")
    again = sara.post("/me/registrations", body, call="one")
    assert (again["Idempotent-Replayed"], again.json()) == ("true", made)
    assert Registration.objects.count() == 1
    twice = problem(sara.post("/me/registrations", body), 409, "events.already_registered")
    assert twice["reasons"][0]["remedy"] == "Look at your registration: you can change it there."
    assert sara.read(f"/registrations/{made['registration']}")["online"] == "https://example.org/room"
    # Two find no room where one place is left: they wait together.
    assert other.read(f"/events/{event}/quote", people=2)["state"]["code"] == "waiting"
    waits = other.done("/me/registrations", {"event": event, "people": 2})
    assert (waits["state"]["code"], waits["ahead"]) == ("waiting", 0)
    sara.done(f"/registrations/{made['registration']}/change", {"people": 2, "names": ["Ali"]})
    assert other.read(f"/registrations/{waits['registration']}")["state"]["code"] == "confirmed"
    other.done(f"/registrations/{waits['registration']}/cancel", {})
    problem(other.post(f"/registrations/{made['registration']}/cancel", {}), 404, "kernel.not_found")
    early = problem(lead.post(f"/events/{event}/check-ins", {"scanned": made["code"]}), 409, "events.not_then")
    assert early["facts"]["from"].startswith("2026-03-16")
    clock(STARTS)
    came = lead.done(f"/events/{event}/check-ins", {"scanned": made["code"].lower(), "people": 1}, call="door")
    assert (
        lead.post(f"/events/{event}/check-ins", {"scanned": made["code"].lower(), "people": 1}, call="door").json()
        == came
    )
    assert (came["came"], came["people"]) == (1, 2)
    lead.done(f"/events/{event}/check-ins", {"registration": made["registration"]})
    all_came = problem(lead.post(f"/events/{event}/check-ins", {"scanned": made["code"]}), 409, "events.all_came")
    assert all_came["detail"] == "All of them are checked in already."
    guest = lead.done(f"/events/{event}/guests", {"name": "Somebody", "people": 2})["check_in"]
    lead.done(f"/events/{event}/check-ins/undo", {"check_in": lead.done(f"/events/{event}/guests", {})["check_in"]})
    door = lead.read(f"/events/{event}/registrations")
    assert [(one["check_in"], one["people"]) for one in door["guests"]] == [(guest, 2)]
    assert [one["state"]["code"] for one in door["registrations"]] == ["attended", "cancelled"]
    sara.done(f"/me/registrations/{made['registration']}/feedback", {"rating": 4, "words": "Good"})
    lead.done(f"/events/{event}/outcome", {"text": "Two firms met.", "counts": {"contact": 2}})
    assert lead.post(f"/events/{event}/outcome", {"counts": {"gold": 1}}).status_code == 422
    figures = lead.read(f"/events/{event}/figures")
    assert (figures["came"], figures["guests"], figures["marks"], figures["counts"]) == (
        4,
        2,
        [0, 0, 0, 1, 0],
        {"contact": 2},
    )


def test_who_must_be_approved_asks_and_is_answered(scene: Scene, lead: Program) -> None:
    event = scene.event(admission=Admission.APPROVAL)
    sara, other = reader(scene.places.person()), reader(scene.places.person())
    asked = sara.done("/me/registrations", {"event": event})
    refused = other.done("/me/registrations", {"event": event})
    assert asked["state"]["code"] == "requested"
    listed = lead.read("/houses/P-CENTRE/registration-requests")["registrations"]
    assert [(one["id"], one["about"]["id"]) for one in listed] == [
        (asked["registration"], event),
        (refused["registration"], event),
    ]
    assert lead.done(f"/registrations/{asked['registration']}/approve")["state"]["code"] == "confirmed"
    lead.done(f"/registrations/{refused['registration']}/refuse", {"reason": "For members of the club"})
    assert other.read(f"/registrations/{refused['registration']}")["reason"] == "For members of the club"
    ended = lead.post(f"/registrations/{refused['registration']}/approve", **{"Accept-Language": "fa"})
    said = problem(ended, 409, "events.registration_ended")
    assert said["reasons"][0]["message"] == "این ثبت‌نام پایان یافته یا از این مرحله گذشته است."


def test_the_desk_and_a_company_register_others(scene: Scene, lead: Program) -> None:
    event = scene.event()
    employee = scene.places.employee()
    company = program(own=True, account_id=employee.account_id, now=NOW, employs=scene.places.company.pk)
    body = {"event": event, "people": 4, "organisation": scene.places.company.pk}
    made = company.done("/me/registrations", body)
    assert company.read(f"/registrations/{made['registration']}")["organisation"]["code"] == "P-CO"
    stranger = reader(scene.places.person())
    problem(stranger.post("/me/registrations", body), 403, "kernel.not_allowed")
    lead.done("/registrations", {"event": event, "guest": "Mrs Karimi", "people": 2})
    assert lead.post("/registrations", {"event": event, "guest": "Both", "account": 1}).status_code == 422
    names = [one["name"] for one in lead.read(f"/events/{event}/registrations")["registrations"]]
    assert "Mrs Karimi" in names
    services.cancel_event(actor=SYSTEM, event_id=event, reason="Snow", now=NOW)
    gone = problem(stranger.post("/me/registrations", {"event": event}), 409, "events.not_open")
    assert gone["reasons"][0]["remedy"] == "Look for another event."


def test_nobody_is_charged_more_than_they_agreed_to(scene: Scene) -> None:
    event = scene.event(price=Money(50_000, "IRR"))
    sara = reader(scene.places.person())
    quote = sara.read(f"/events/{event}/quote", people=2)
    assert (quote["price"]["amount"], quote["each"]["amount"]) == (100_000, 50_000)
    for agreed in (None, {"amount": 40_000, "currency": "IRR"}):
        body = {"event": event, "people": 2, "agreed": agreed}
        said = problem(sara.post("/me/registrations", body), 409, "events.price_not_agreed")
        assert said["reasons"][0]["remedy"] == "Look at it, and do it again if you agree."
    made = sara.done("/me/registrations", {"event": event, "people": 2, "agreed": quote["each"]})
    assert made["price"] == {"amount": 100_000, "currency": "IRR"}
    assert sara.read(f"/registrations/{made['registration']}")["costs"] == [made["price"]]


def test_a_key_that_is_not_for_its_makers_account_does_not_touch_what_the_maker_registered(scene: Scene) -> None:
    actor = scene.places.person()
    number = scene.register(scene.event(starts=STARTS + HOUR), actor).registration_id
    calls = program((Role.LIBRARIAN, scene.places.far.pk), account_id=actor.account_id, now=NOW)
    for response in (
        calls.get(f"/registrations/{number}"),
        calls.post(f"/registrations/{number}/cancel", {}),
        calls.post(f"/me/registrations/{number}/feedback", {"rating": 1}),
    ):
        problem(response, 403, "people.token_not_for_account")
    assert Registration.objects.get(pk=number).state == "confirmed"
