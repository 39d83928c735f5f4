"""Spaces and bookings through the API: found, quoted, booked once, changed, approved, repeated, waited for, refused with every reason."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Card, Member
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Space
from khaneh.kernel.actor import SYSTEM
from tests.domains.spaces.places import TEHRAN, Places, make_places, named
from tests.interfaces.api.keys import NOBODY, Program, program

pytestmark = pytest.mark.django_db

DAY = datetime.now(TEHRAN).date() + timedelta(days=2)


def on(hour: int, minute: int = 0) -> str:
    return datetime.combine(DAY, time(hour, minute), TEHRAN).astimezone(UTC).isoformat()


def wish(space: Space, hour: int, hours: int = 1, **more: Any) -> dict[str, Any]:
    return {"space": space.pk, "starts": on(hour), "ends": on(hour + hours), **more}


@pytest.fixture
def places() -> Places:
    return make_places()


def reader(places: Places) -> Program:
    actor = places.person(expires_on=DAY + timedelta(days=400))
    return program(own=True, member=Member.objects.get(account_id=actor.account_id))


@pytest.fixture
def sara(places: Places) -> Program:
    return reader(places)


@pytest.fixture
def lead(places: Places) -> Program:
    return program((Role.LIBRARIAN, places.centre.pk))


@pytest.fixture
def manager(places: Places) -> Program:
    return program((Role.HOUSE_MANAGER, places.centre.pk))


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json()["code"]) == (status, code), response.content.decode()
    return response.json()


def test_everybody_sees_what_there_is_and_when_it_is_free(places: Places, sara: Program) -> None:
    listed = NOBODY.read("/houses/P-CENTRE/spaces")["spaces"]
    assert [one["code"] for one in listed] == ["DESKS", "ROOM", "SHOP", "LASER", "PRINTER"]
    shop = NOBODY.read(f"/spaces/{places.workshop.pk}")
    assert [one["code"] for one in shop["parts"]] == ["LASER", "PRINTER"]
    assert shop["calendar"] == f"/calendars/space/{places.workshop.pk}.ics"
    sara.done("/me/bookings", wish(places.room, 10, 2))
    asked = {"first": DAY.isoformat(), "days": 1, "minutes": 120}
    free = NOBODY.read(f"/spaces/{places.room.pk}/free", **asked)["free"]
    assert not any(one["first"] <= on(10) <= one["last"] for one in free)
    found = NOBODY.read("/spaces/free", kind="laser_cutter", near="34.64,50.88", within_km=30, **asked)["spaces"]
    assert [(one["space"]["code"], one["kilometres"]) for one in found] == [("LASER", 0.0)]
    assert NOBODY.read("/spaces/free", house="P-FAR", **asked)["spaces"] == []
    assert NOBODY.get("/spaces/999999").status_code == 404
    assert NOBODY.get("/spaces/free", region="nowhere").status_code == 404
    assert "printer_3d" in {one["code"] for one in NOBODY.read("/spaces/kinds")["kinds"]}


def test_a_booking_is_made_once_however_often_it_is_told(places: Places, sara: Program) -> None:
    first = sara.done("/me/bookings", wish(places.room, 10, title="Circle", people=3), call="one")
    again = sara.post("/me/bookings", wish(places.room, 10, title="Circle", people=3), call="one")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first
    assert Booking.objects.count() == 1
    row = sara.read(f"/bookings/{first['booking']}")
    assert (row["title"], row["people"], row["state"]["code"], row["space"]["code"]) == (
        "Circle",
        3,
        "confirmed",
        "ROOM",
    )
    assert Booking.objects.get().channel == "api"
    assert [one["id"] for one in sara.read("/me/bookings")["bookings"]] == [first["booking"]]
    taken = problem(sara.post("/me/bookings", wish(places.room, 10)), 409, "spaces.slot_taken")
    assert taken["reasons"][0]["message"] == "Somebody has it at that time, or it is closed."


def test_what_is_no_time_is_told_which_way(places: Places, sara: Program) -> None:
    def why(starts: str, ends: str) -> str:
        body = {"space": places.room.pk, "starts": starts, "ends": ends}
        told = problem(sara.post("/me/bookings", body), 422, "spaces.wrong_time")
        return str(told["facts"]["why"])

    assert why(on(12), on(12)) == why(on(12), on(11)) == "not_after_start"
    assert why(on(10), on(20, 30)) == "too_long"
    assert why(on(10, 10), on(11, 10)) == "not_on_slot"
    assert why("2020-01-01T10:00:00+03:30", "2020-01-01T11:00:00+03:30") == "past"
    assert sara.post("/me/bookings", {"space": places.room.pk, "starts": "soon", "ends": on(11)}).status_code == 422
    assert not Booking.objects.exists()


def test_a_quote_has_every_reason_and_keeps_nothing(places: Places, sara: Program, manager: Program) -> None:
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("laser", named("Laser safety")))
    gated = places.space("GATED", kind="laser_cutter", requires=("laser",))
    told = sara.read(f"/spaces/{gated.pk}/quote", starts=on(10), ends=on(11))
    assert (told["possible"], told["lacks"]) == (False, ["laser"])
    assert told["reasons"][0]["right"] == "book_unqualified"
    member = Member.objects.get(account_id=sara.account_id)
    held = manager.done(
        "/holdings", {"house": "P-CENTRE", "member": member.pk, "qualification": "laser", "basis": "course"}
    )
    assert held["valid"] is True
    assert sara.read(f"/spaces/{gated.pk}/quote", starts=on(10), ends=on(11))["possible"] is True
    assert [one["qualification"]["code"] for one in sara.read("/me/qualifications")["holdings"]] == ["laser"]
    manager.done(f"/holdings/{held['id']}/revoke", {"house": "P-CENTRE", "reason": "careless"})
    problem(sara.post("/me/bookings", wish(gated, 10)), 403, "policies.refused")
    assert not Booking.objects.exists()


def test_a_request_is_approved_with_the_eyes_open(places: Places, sara: Program, lead: Program) -> None:
    asked = places.space("ASKED", approval=True)
    other = reader(places)
    first, second = (one.done("/me/bookings", wish(asked, 10))["booking"] for one in (sara, other))
    waiting = lead.read("/houses/P-CENTRE/booking-requests")["bookings"]
    assert [one["id"] for one in waiting] == [first, second]
    weighed = lead.read(f"/bookings/{first}/approval")
    assert (weighed["possible"], [one["booking"] for one in weighed["refuses"]]) == (True, [second])
    problem(lead.post(f"/bookings/{first}/approve", {}), 409, "spaces.others_refused")
    assert lead.done(f"/bookings/{first}/approve", {"refusing": [second]})["state"]["code"] == "confirmed"
    assert other.read(f"/bookings/{second}")["end_reason"]["code"] == "taken"


def test_a_booking_is_moved_and_given_up(places: Places, sara: Program, lead: Program) -> None:
    number = sara.done("/me/bookings", wish(places.room, 10))["booking"]
    sara.done(f"/bookings/{number}/change", {"starts": on(12), "ends": on(13)})
    assert sara.read(f"/bookings/{number}")["revision"] == 1
    problem(reader(places).post(f"/bookings/{number}/cancel", {}), 404, "kernel.not_found")
    lead.done(f"/bookings/{number}/cancel", {"reason": "burst pipe"})
    row = sara.read(f"/bookings/{number}")
    assert (row["state"]["code"], row["reason"]) == ("cancelled", "burst pipe")
    problem(sara.post(f"/bookings/{number}/cancel", {}), 409, "spaces.booking_ended")
    assert sara.read("/me/bookings")["bookings"] == []
    assert [one["id"] for one in sara.read("/me/bookings", past=True)["bookings"]] == [number]


def test_a_series_shows_every_clash_and_is_saved_as_chosen(places: Places, sara: Program) -> None:
    services.book(
        actor=SYSTEM, account_id=places.person(expires_on=DAY + timedelta(days=400)).account_id, space_id=places.room.pk,
        starts=datetime.fromisoformat(on(10)) + timedelta(days=7),
        ends=datetime.fromisoformat(on(11)) + timedelta(days=7), now=datetime.now(UTC),
    )  # fmt: skip
    pattern = {"repeat": "weekly", "first": DAY.isoformat(), "count": 3}
    plan = sara.read("/me/series/plan", space=places.room.pk, at="10:00", minutes=60, **pattern)
    assert [[reason["code"] for reason in one["reasons"]] for one in plan["days"]] == [[], ["spaces.slot_taken"], []]
    body = {"space": places.room.pk, "pattern": pattern, "at": "10:00", "minutes": 60}
    changed = problem(sara.post("/me/series", body), 409, "spaces.series_changed")
    assert changed["facts"]["days"] == [{"number": 2, "refusal": "spaces.slot_taken"}]
    saved = sara.done("/me/series", {**body, "only": [1, 3]})
    listed = sara.read(f"/series/{saved['series']}")["bookings"]
    assert [one["id"] for one in listed] == [one["booking"] for one in saved["days"]]
    jalali = {"repeat": "monthly", "first": DAY.isoformat(), "count": 2, "calendar": "jalali", "day": 30}
    days = sara.read("/me/series/plan", space=places.room.pk, at="10:00", minutes=60, **jalali)["days"]
    assert len([one for one in days if not one["left_out"]]) == 2


def test_the_desk_books_a_series_for_somebody_under_their_own_rules(
    places: Places, sara: Program, lead: Program
) -> None:
    member = Member.objects.get(account_id=sara.account_id)
    sara.done("/me/bookings", wish(places.room, 10))
    pattern = {"repeat": "weekly", "first": DAY.isoformat(), "count": 2}
    asked = {"space": places.room.pk, "at": "10:00", "minutes": 60, "member": member.pk}
    plan = lead.read("/series/plan", **asked, **pattern)
    assert [[one["code"] for one in day["reasons"]] for day in plan["days"]] == [["spaces.slot_taken"], []]
    body = {**asked, "pattern": pattern, "only": [2], "title": "Circle"}
    saved = lead.done("/series", body, call="one")
    assert lead.post("/series", body, call="one").json() == saved
    (booked,) = sara.read(f"/series/{saved['series']}")["bookings"]
    assert (booked["title"], booked["account"]) == ("Circle", sara.account_id)
    assert lead.post("/series", {**body, "account": sara.account_id}).status_code == 422


def test_who_waits_is_offered_what_becomes_free(places: Places, sara: Program) -> None:
    holder = reader(places)
    number = holder.done("/me/bookings", wish(places.room, 10, 2))["booking"]
    body = {"house": "P-CENTRE", "space": places.room.pk, "first": on(10), "last": on(12), "minutes": 120}
    along = reader(places)
    group = [{"name": "Reza", "card": Card.objects.get(member__account_id=along.account_id).barcode}]
    entry = sara.done("/me/waiting", {**body, "group": group})["id"]
    (waits,) = sara.read("/me/waiting")["waiting"]
    assert (waits["state"]["code"], waits["people"]) == ("waiting", 2)
    assert waits["group"] == [{"name": "Reza", "account": along.account_id}]
    along.done(f"/me/waiting/{entry}/withdraw", {})
    sara.done(f"/me/waiting/{entry}/group", {"group": [{"name": "Mina"}]})
    assert [one["name"] for one in sara.read("/me/waiting")["waiting"][0]["group"]] == ["Mina"]
    holder.done(f"/bookings/{number}/cancel", {})
    services.offer_waiting(space_id=places.room.pk, now=datetime.now(UTC))
    (offered,) = sara.read("/me/waiting")["waiting"]
    assert offered["state"]["code"] == "offered"
    problem(holder.post(f"/me/waiting/{entry}/accept"), 404, "kernel.not_found")
    (taken,) = sara.done(f"/me/waiting/{entry}/accept")["bookings"]
    assert (taken["booking"], taken["state"]["code"]) == (offered["bookings"][0], "confirmed")
    problem(sara.post("/me/waiting", {**body, "first": on(15), "last": on(18)}), 409, "spaces.free_already")


def test_a_space_is_entered_changed_and_closed_and_who_booked_is_named(
    places: Places, sara: Program, manager: Program
) -> None:
    body = {
        "house": "P-CENTRE", "kind": "hall", "names": {"fa": "تالار", "en": "Hall"}, "capacity": 40,
        "price": {"amount": 50000, "currency": "IRR"}, "hours": [{"weekday": 1, "opens": 540, "closes": 1020}],
    }  # fmt: skip
    made = manager.done("/spaces", {**body, "code": "HALL"})
    assert made["price"] == {"amount": 50000, "currency": "IRR"}
    problem(manager.post("/spaces", {**body, "code": "HALL"}), 409, "spaces.code_taken")
    changed = manager.done(f"/spaces/{made['id']}", {**body, "capacity": 60}, method="put")
    assert (changed["code"], changed["capacity"]) == ("HALL", 60)
    assert manager.post("/spaces", {**body, "code": "X", "colour": "red"}).status_code == 422
    assert manager.post("/spaces", {**body, "code": "X", "kind": "castle"}).status_code == 422
    number = sara.done("/me/bookings", wish(places.room, 10))["booking"]
    done = manager.done(
        f"/spaces/{places.room.pk}/closures", {"kind": "repair", "starts": on(9), "ends": on(12), "note": "lamp"}
    )
    assert done["bookings"] == [number]
    assert [one["id"] for one in NOBODY.read(f"/spaces/{places.room.pk}")["closures"]] == [done["closure"]]
    week = manager.read("/houses/P-CENTRE/week", first=DAY.isoformat(), days=1)
    room = next(one for one in week["spaces"] if one["space"]["code"] == "ROOM")
    assert [one["closure"]["code"] for one in room["held"]] == ["repair"]
    (noted,) = manager.read("/houses/P-CENTRE/closures")["closures"]
    assert (noted["id"], noted["space"], noted["note"]) == (done["closure"], places.room.pk, "lamp")
    assert manager.read("/houses/P-CENTRE/closures", first="9999-12-31T00:00:00Z")["closures"] == []
    manager.done(f"/closures/{done['closure']}/lift")
    assert NOBODY.read(f"/spaces/{places.room.pk}")["closures"] == []
    assert manager.done(f"/spaces/{places.room.pk}/state", {"state": "out_of_order"})["bookings"] == []


def test_others_see_that_it_is_held_and_not_by_whom(places: Places, sara: Program) -> None:
    sara.done("/me/bookings", wish(places.room, 10, title="Secret"))
    week = reader(places).read("/houses/P-CENTRE/week", first=DAY.isoformat(), days=1)
    (held,) = next(one for one in week["spaces"] if one["space"]["code"] == "ROOM")["held"]
    assert (held["booking"], held["booker"], held["title"], held["mine"]) == (None, "", "", False)


@pytest.mark.parametrize("body", [{"member": 1, "account": 1}, {}])
def test_who_books_for_others_says_for_whom(places: Places, lead: Program, body: dict[str, int]) -> None:
    assert lead.post("/bookings", wish(places.room, 10, **body)).status_code == 422


def test_a_group_comes_by_name(places: Places, sara: Program) -> None:
    friend = places.person(expires_on=DAY + timedelta(days=400))
    card = Card.objects.get(member__account_id=friend.account_id).barcode
    group = [{"name": "Friend", "card": card}, {"name": "Child"}]
    told = wish(places.room, 10, group=group)
    number = sara.done("/me/bookings", told)["booking"]
    assert sara.read(f"/bookings/{number}")["people"] == 3
    said = sara.read(f"/bookings/{number}/group")["persons"]
    assert [(one["name"], one["account"]) for one in said] == [("Friend", friend.account_id), ("Child", None)]
    sara.done(f"/bookings/{number}/group", {"group": group[:1]})
    assert len(sara.read(f"/bookings/{number}/group")["persons"]) == 1
    unknown = sara.post("/me/bookings", {**told, "group": [{"name": "Nobody", "card": "X-0"}]})
    assert unknown.status_code == 422
