"""Who may make which call about registrations, and at the door of an event: each with a key of everybody."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.events import services
from khaneh.domains.network.types import Role
from khaneh.domains.people.types import TokenAccess
from khaneh.kernel.actor import SYSTEM
from tests.domains.events.scenes import STARTS, Admission, Scene, make_scene
from tests.domains.spaces.places import HOUR, NOW
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.who_may import WHO, wrong_answers

pytestmark = pytest.mark.django_db

TODAY = STARTS - 5 * HOUR
OWN = "401 200 403 403 403 403 403 403"
OWN_ACT = "401 {} 403 403 403 403 403 403"
DESK = "401 403 403 403 {} {} {} 403"
READS = "401 403 403 403 200 200 200 200"
SEEN = "401 404 404 404 200 200 200 200"
OF_DESK = "401 404 404 404 200 200 200 403"  # to others the registration is not there
ANSWERS = "401 404 404 404 403 200 200 403"


def row(pattern: str, status: int = 200) -> str:
    return pattern.format(status, status, status)


TALK: dict[str, Any] = {
    "kind": "talk", "names": {"en": "Paper"}, "starts": (STARTS + HOUR).isoformat(), "ends": (STARTS + 2 * HOUR).isoformat(),
}  # fmt: skip
CALLS: dict[str, tuple[Any, str]] = {
    "GET /events/{event}/quote": (None, OWN),
    "GET /events/{event}/registrations": (None, READS),
    "GET /events/{begun}/figures": (None, READS),
    "GET /me/registrations": (None, OWN),
    "GET /registrations/{registration}": (None, SEEN),
    "GET /houses/{house}/registration-requests": (None, "401 403 403 403 403 200 200 200"),
    "POST /me/registrations": ({"event": "event"}, row(OWN_ACT, 201)),
    "POST /me/registrations/{own_came}/feedback": ({"rating": 5}, row(OWN_ACT)),
    "POST /registrations": ({"event": "event", "guest": "Guest"}, row(DESK, 201)),
    "POST /registrations/{registration}/change": ({"note": "late"}, OF_DESK),
    "POST /registrations/{registration}/cancel": ({}, OF_DESK),
    "POST /registrations/{own}/cancel": ({}, "401 200 404 404 200 200 200 403"),
    "POST /registrations/{request}/approve": (None, ANSWERS),
    "POST /registrations/{request}/refuse": ({"reason": "full"}, ANSWERS),
    "POST /events/{event}/check-ins": ({"registration": "registration"}, row(DESK, 201)),
    "POST /events/{begun}/check-ins/undo": ({"registration": "own_came"}, row(DESK)),
    "POST /events/{event}/guests": ({"people": 2}, row(DESK, 201)),
    "GET /events/{proposed}/proposal": (None, SEEN),
    "POST /events": ({**TALK, "house": "P-CENTRE"}, row(DESK, 201)),
    "PUT /events/{event}": (TALK, ANSWERS),
    "POST /events/{proposed}/open": (None, ANSWERS),
    "POST /events/{event}/cancel": ({"reason": "snow"}, ANSWERS),
    "POST /events/{begun}/close": (None, ANSWERS),
    "POST /events/{begun}/outcome": ({"text": "Well", "counts": {"contact": 3}}, row(DESK)),
}


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def things(scene: Scene) -> dict[str, Any]:
    """One of each, of the centre; `own…` are the reader's."""
    reader = scene.places.person()
    event, later = scene.event(), scene.event(starts=STARTS + 96 * HOUR)
    begun = scene.event(starts=TODAY - HOUR)
    asked = scene.event(admission=Admission.APPROVAL, starts=STARTS + 24 * HOUR)
    found: dict[str, Any] = {
        "house": "P-CENTRE", "event": event, "begun": begun, "proposed": scene.event(proposed=True),
        "reader": reader.account_id,
        "registration": scene.register(event).registration_id, "own": scene.register(later, reader).registration_id,
        "own_came": scene.register(begun, reader).registration_id, "request": scene.register(asked).registration_id,
    }  # fmt: skip
    services.check_in(actor=SYSTEM, event_id=begun, registration_id=found["own_came"], now=TODAY)
    return found


@pytest.fixture
def callers(scene: Scene, things: dict[str, Any]) -> dict[str, Program]:
    centre = scene.centre.pk
    made = (
        NOBODY,
        program(own=True, account_id=things["reader"], now=NOW),
        program((Role.LIBRARIAN, scene.places.far.pk), now=NOW),
        program((Role.CATALOGUER, centre), now=NOW),
        program((Role.CIRCULATION, centre), now=NOW),
        program((Role.LIBRARIAN, centre), now=NOW),
        program((Role.HOUSE_MANAGER, centre), now=NOW),
        program((Role.LIBRARIAN, centre), access=TokenAccess.READ, now=NOW),
    )
    return dict(zip(WHO, made, strict=True))


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any], clock: Clock
) -> None:
    clock(TODAY)
    wrong = wrong_answers(CALLS, callers, things)
    assert not wrong, "\n".join(wrong)
