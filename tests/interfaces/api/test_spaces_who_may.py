"""Who may make which call about spaces, bookings and qualifications: each with a key of everybody, on things of one house."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Member
from khaneh.domains.people.types import TokenAccess
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis, QualificationDraft
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Waiting
from khaneh.domains.spaces.types import ClosureKind, Pattern, Repeat
from khaneh.kernel.actor import SYSTEM
from tests.domains.spaces.places import TEHRAN, Places, make_places, named
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.who_may import WHO, wrong_answers

pytestmark = pytest.mark.django_db

DAY = datetime.now(TEHRAN).date() + timedelta(days=1)
HERE: dict[str, Any] = {"house": "P-CENTRE"}
SPACE: dict[str, Any] = {**HERE, "kind": "meeting_room", "names": {"en": "Room"}}
OWN = "401 200 403 403 403 403 403 403"
OWN_ACT = "401 {} 403 403 403 403 403 403"
DESK = "401 403 403 403 {} {} {} 403"
OF_DESK = "401 404 404 404 {} {} {} 403"  # to others the booking is not there
SEEN_AT_DESK = "401 404 404 404 200 200 200 200"
LEADS = "401 403 403 403 403 {} {} 403"
KEEPS = "401 403 403 403 403 403 {} 403"
NOBODY_HERE = "401 403 403 403 403 403 403 403"  # whoever administers an authority


def on(hour: int, *, day: int = 0) -> datetime:
    return datetime.combine(DAY + timedelta(days=day), time(hour), TEHRAN).astimezone(UTC)


def at(hour: int, *, day: int = 0) -> dict[str, str]:
    return {"starts": on(hour, day=day).isoformat(), "ends": on(hour + 1, day=day).isoformat()}


def row(pattern: str, status: int = 200) -> str:
    return pattern.format(status, status, status)


CALLS: dict[str, tuple[Any, str]] = {
    "GET /houses/{house}/week": (None, "401 200 200 200 200 200 200 200"),
    "GET /houses/{house}/booking-requests": (None, "401 403 403 403 200 200 200 200"),
    "GET /houses/{house}/closures": (None, "401 403 403 403 200 200 200 200"),
    "GET /series/plan": (
        {
            "space": "room", "repeat": "weekly", "first": DAY.isoformat(), "count": 2, "at": "18:00", "minutes": 60,
            "member": "member",
        },
        "401 403 403 403 200 200 200 200",
    ),
    "GET /spaces/{room}/quote": (at(17), OWN),
    "GET /me/bookings": (None, OWN),
    "GET /me/waiting": (None, OWN),
    "GET /me/qualifications": (None, OWN),
    "GET /me/series/plan": (
        {"space": "room", "repeat": "weekly", "first": DAY.isoformat(), "count": 2, "at": "18:00", "minutes": 60}, OWN,
    ),
    "GET /bookings/{booking}": (None, SEEN_AT_DESK),
    "GET /bookings/{own_booking}": (None, "401 200 404 404 200 200 200 200"),
    "GET /bookings/{request}/approval": (None, "401 404 404 404 403 200 200 200"),
    "GET /series/{series}": (None, "401 200 404 404 200 200 200 200"),
    "GET /members/{member}/qualifications": (None, "401 403 403 403 403 403 200 403"),
    "POST /me/bookings": ({"space": "room", **at(17)}, row(OWN_ACT, 201)),
    "POST /me/series": (
        {
            "space": "room", "at": "18:00", "minutes": 60,
            "pattern": {"repeat": "weekly", "first": DAY.isoformat(), "count": 1},
        },
        row(OWN_ACT, 201),
    ),
    "POST /series": (
        {
            "space": "room", "member": "member", "at": "18:00", "minutes": 60,
            "pattern": {"repeat": "weekly", "first": DAY.isoformat(), "count": 1},
        },
        row(DESK, 201),
    ),
    "POST /me/waiting": (
        {**HERE, "space": "room", "first": on(10).isoformat(), "last": on(11).isoformat(), "minutes": 60},
        row(OWN_ACT, 201),
    ),
    "POST /me/waiting/{waiting}/group": ({"group": [{"name": "Reza"}]}, row(OWN_ACT)),
    "POST /me/waiting/{waiting}/withdraw": (None, row(OWN_ACT, 404)),
    "POST /me/waiting/{waiting}/accept": (None, row(OWN_ACT, 409)),
    "POST /me/waiting/{waiting}/leave": (None, row(OWN_ACT)),
    "POST /bookings": ({"space": "room", "member": "member", **at(17)}, row(DESK, 201)),
    "GET /bookings/{booking}/group": (None, SEEN_AT_DESK),
    "POST /bookings/{booking}/group": ({"group": [{"name": "Reza"}]}, row(OF_DESK)),
    "POST /bookings/{booking}/change": ({"title": "Other"}, row(OF_DESK)),
    "POST /bookings/{booking}/cancel": ({}, row(OF_DESK)),
    "POST /bookings/{own_booking}/cancel": ({}, "401 200 404 404 200 200 200 403"),
    "POST /bookings/{booking}/check-in": ({}, row(OF_DESK, 409)),
    "POST /bookings/{running}/finish": (None, row(OF_DESK)),
    "POST /bookings/{request}/approve": ({}, "401 404 404 404 403 200 200 403"),
    "POST /bookings/{request}/refuse": ({"reason": "no"}, "401 404 404 404 403 200 200 403"),
    "POST /spaces": ({**SPACE, "code": "NEW"}, row(KEEPS, 201)),
    "PUT /spaces/{room}": (SPACE, row(KEEPS)),
    "POST /spaces/{room}/state": ({"state": "out_of_order"}, row(KEEPS)),
    "POST /spaces/{room}/closures": ({"kind": "repair", **at(19)}, row(LEADS, 201)),
    "POST /closures/{closure}/lift": (None, row(LEADS)),
    "POST /qualifications": ({"code": "new", "names": {"en": "New"}}, NOBODY_HERE),
    "PUT /qualifications/{qualification}": ({"names": {"en": "Other"}}, NOBODY_HERE),
    "POST /holdings": (
        {**HERE, "member": "other_member", "qualification": "laser", "basis": "course"}, row(KEEPS, 201)
    ),
    "POST /holdings/{holding}/renew": ({**HERE, "basis": "course"}, row(KEEPS)),
    "POST /holdings/{holding}/revoke": ({**HERE, "reason": "careless"}, row(KEEPS)),
}  # fmt: skip


@pytest.fixture
def places() -> Places:
    return make_places()


def member_of(places: Places) -> Member:
    actor = places.person(expires_on=DAY + timedelta(days=400))
    return Member.objects.get(account_id=actor.account_id)


@pytest.fixture
def things(places: Places) -> dict[str, Any]:
    """One of each, of the centre; `own…` are the reader's."""
    now = datetime.now(UTC)
    own, member, other = (member_of(places) for _ in range(3))
    asked = places.space("ASKED", approval=True)

    def book(who: Member, hour: int, space: Any = None) -> int:
        return services.book(
            actor=SYSTEM, account_id=who.account_id, space_id=(space or places.room).pk, starts=on(hour),
            ends=on(hour + 1), now=now,
        ).booking_id  # fmt: skip

    found: dict[str, Any] = {
        "house": "P-CENTRE", "room": places.room.pk, "own": own, "member": member.pk, "other_member": other.pk,
        "booking": book(member, 10), "own_booking": book(own, 12), "running": book(member, 14),
        "request": book(other, 10, asked),
    }  # fmt: skip
    Booking.objects.filter(pk=found["running"]).update(state="checked_in", checked_in_at=now)
    found["series"] = services.book_series(
        actor=SYSTEM, account_id=own.account_id, space_id=asked.pk, at=time(15), minutes=60, now=now,
        pattern=Pattern(Repeat.WEEKLY, DAY, count=1),
    ).series_id  # fmt: skip
    found["waiting"] = services.join_waiting_list(
        actor=SYSTEM, account_id=own.account_id, house_id=places.centre.pk, space_id=places.room.pk, first=on(10),
        last=on(11), minutes=60, now=now,
    )  # fmt: skip
    found["closure"] = services.close_space(
        actor=SYSTEM, space_id=places.printer.pk, kind=ClosureKind.REPAIR, starts=on(8), ends=on(9), now=now
    ).closure_id
    found["qualification"] = "laser"
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("laser", named("Laser")))
    found["holding"] = qualifications.award(
        actor=SYSTEM, account_id=member.account_id or 0, code="laser", basis=Basis.COURSE, house_id=places.centre.pk,
        now=now,
    ).id  # fmt: skip
    return found


@pytest.fixture
def callers(places: Places, things: dict[str, Any]) -> dict[str, Program]:
    centre = places.centre.pk
    before = things["own"].account_id
    reader = program(own=True, member=things["own"])
    # What the reader has was booked by the account that they had before the key was made.
    for rows in (Booking.objects.filter(account_id=before), Waiting.objects.filter(account_id=before)):
        rows.update(account_id=reader.account_id)
    made = (
        NOBODY,
        reader,
        program((Role.LIBRARIAN, places.far.pk)),
        program((Role.CATALOGUER, centre)),
        program((Role.CIRCULATION, centre)),
        program((Role.LIBRARIAN, centre)),
        program((Role.HOUSE_MANAGER, centre)),
        program((Role.LIBRARIAN, centre), access=TokenAccess.READ),
    )
    return dict(zip(WHO, made, strict=True))


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any]
) -> None:
    wrong = wrong_answers(CALLS, callers, things)
    assert not wrong, "\n".join(wrong)


def test_a_key_that_is_not_for_its_makers_account_does_not_touch_what_the_maker_booked(places: Places) -> None:
    """Somebody who works at another house gave a program their role there: their own bookings are none of its business."""
    program_ = program((Role.LIBRARIAN, places.far.pk), member=member_of(places))
    number = services.book(
        actor=SYSTEM, account_id=program_.account_id, space_id=places.room.pk, starts=on(10), ends=on(11),
        now=datetime.now(UTC),
    ).booking_id  # fmt: skip
    for response in (program_.get(f"/bookings/{number}"), program_.post(f"/bookings/{number}/cancel", {})):
        assert response.status_code == 403
        assert response.json()["code"] == "people.token_not_for_account"
    assert Booking.objects.get(pk=number).state == "confirmed"
