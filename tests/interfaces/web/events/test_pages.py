"""The pages of events: the calendar, registering, one's own events, the desk and its door, on and off the line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khaneh.domains.credits import services as credit
from khaneh.domains.credits.types import UnitDraft
from khaneh.domains.events import services
from khaneh.domains.events.models import CheckIn, Event, Feedback, Outcome, Registration
from khaneh.domains.events.types import Admission
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.spaces.models import Booking
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.events.scenes import DAY, STARTS, Scene, make_scene
from tests.domains.spaces.places import HOUR, NOW, named

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Houses with rooms; the clock of the pages stands."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return make_scene()


def at_hour(monkeypatch: pytest.MonkeyPatch, when: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: when)


def browser(actor: Actor | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if actor is not None:
        account = Account.objects.get(pk=actor.account_id)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_the_calendar_as_a_list_and_as_a_month_in_three_languages(scene: Scene) -> None:
    talk, tour = scene.event(names=named("Straw paper")), scene.tour(names=named("Two workshops"))
    scene.event(proposed=True, names=named("Secret"))
    client = browser()
    text = page(client, "events")
    assert reverse("event", args=[talk]) in text
    assert text.index("Two workshops") < text.index("Straw paper"), "by time"
    assert "Secret" not in text
    assert "Straw paper" not in page(client, "events", kind="tour")
    assert "Straw paper" not in page(client, "events", house="P-BRANCH")
    assert "Two workshops" in page(client, "events", house="P-BRANCH")
    assert "Nothing like this is planned" in page(client, "events", where="P-YZ")
    assert "not known" in page(client, "events", where="NOWHERE")
    month = page(client, "events", view="month")
    assert "March 2026" in month
    assert month.count("Straw paper") == 2, "in its square, and below"
    jalali = client.get(reverse("events"), {"view": "month"}, headers={"accept-language": "fa"}).content.decode()
    assert "اسفند ۱۴۰۴" in jalali
    assert "Straw paper" in jalali
    for odd in ("2026-13", "x", "9999-99", "1404-12", "۱۴۰۵-۰۱"):
        page(client, "events", view="month", month=odd)
    vietnamese = client.get(reverse("event", args=[tour]), headers={"accept-language": "vi"})
    assert "Tham quan công nghệ" in vietnamese.content.decode()


def test_an_events_page_tells_what_there_is(scene: Scene) -> None:
    event = scene.shared(4, 3, price=Money(50_000, "IRR"), online_url="https://example.org/room")
    client = browser()
    text = page(client, "event", event)
    assert "https://example.org/room" not in text, "for those who come"
    assert "3 of 10 places are for everybody; 7 are kept" in text
    sara = scene.places.person()
    scene.register(event, sara, agreed=Money(50_000, "IRR"))
    assert "https://example.org/room" in page(browser(sara), "event", event)
    page(client, "event", scene.event(proposed=True), status=404)
    page(client, "event", 999_999, status=404)
    tour = page(client, "event", scene.tour())
    assert tour.index("P-BRANCH") < tour.rindex("Co")
    feed = reverse("calendar-event", args=[event])
    assert "STATUS:CONFIRMED" in client.get(feed).content.decode()
    listed = page(client, "events", kind="joint")
    assert "/calendars/events/kind=joint.ics" in listed
    assert f"event-{event}@" in client.get("/calendars/events/kind=joint;house=P-CENTRE;free=1.ics").content.decode()
    assert f"event-{event}@" not in client.get("/calendars/events/kind=talk.ics").content.decode()
    for nothing in ("kind=party", "house=NO", "where=no", "kind=talk;kind=tour", "a=b", ""):
        assert client.get(f"/calendars/events/{nothing}.ics").status_code == 404, nothing
    assert f"event-{event}@" in client.get(reverse("calendar-house", args=["P-BRANCH"])).content.decode(), (
        "it has a share"
    )
    services.cancel_event(actor=SYSTEM, event_id=event, reason="Snow", now=NOW)
    assert "STATUS:CANCELLED" in client.get(feed).content.decode()
    assert "Snow" in page(client, "event", event)


def test_registering_a_group_changing_it_and_giving_it_up(scene: Scene) -> None:
    event, sara = scene.event(price=Money(50_000, "IRR")), scene.places.person()
    client, address = browser(sara), reverse("event-register", args=[event])
    assert browser().get(address).status_code == 302
    shown = client.get(address, {"people": "3"}).content.decode()
    assert 'value="150000 IRR"' in shown
    assert "It is charged at once." in shown
    assert "All is given back if you cancel until" in shown
    form = {"people": "3", "names": "Ali\n\nMina", "price": "150000 IRR"}
    refused = client.post(address, {**form, "price": "1 IRR"})
    assert (refused.status_code, Registration.objects.count()) == (409, 0)
    assert client.post(address, {**form, "people": "0", "price": ""}).status_code == 409
    done = client.post(address, form)
    made = Registration.objects.get()
    assert (done["Location"], made.names, made.people) == (reverse("account-event", args=[made.pk]), ["Ali", "Mina"], 3)
    assert client.post(address, form)["Location"] == reverse("account-event", args=[made.pk]), "sent twice"
    assert Registration.objects.count() == 1
    own = page(client, "account-event", made.pk)
    assert made.code in own
    assert "Charged: 150,000 rials" in own
    ledger = page(client, "account-credits")
    assert "Place at an event" in ledger
    assert reverse("account-event", args=[made.pk]) in ledger
    assert "Talk" in page(client, "account-events")
    act = reverse("account-event-act", args=[made.pk])
    client.post(act, {"act": "change", "seen": "confirmed.3", "people": "2", "names": "Ali"})
    made.refresh_from_db()
    assert (made.people, made.names) == (2, ["Ali"])
    client.post(act, {"act": "cancel", "seen": "confirmed.3"})
    made.refresh_from_db()
    assert made.state == "confirmed", "what was seen is no longer so"
    too_many = client.post(act, {"act": "change", "seen": "confirmed.2", "people": "99"})
    assert (too_many.status_code, "At most 10 people" in too_many.content.decode()) == (409, True)
    Event.objects.filter(pk=event).update(price_amount=60_000)
    dearer = client.post(act, {"act": "change", "seen": "confirmed.2", "people": "3", "price": "50000 IRR"})
    assert (dearer.status_code, 'value="60000 IRR"' in dearer.content.decode()) == (409, True)
    client.post(act, {"act": "change", "seen": "confirmed.2", "people": "3", "price": "60000 IRR"})
    assert "Given back: 180,000 rials." in page(client, "account-event", made.pk)
    client.post(act, {"act": "cancel", "seen": "confirmed.3"})
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert "Charged:" not in page(client, "account-event", made.pk)
    assert "Nothing" not in page(client, "account-events", view="past")
    page(browser(scene.places.person()), "account-event", made.pk, status=404)


def test_who_speaks_for_an_organisation_sees_what_was_registered_for_it(scene: Scene) -> None:
    employee, other = scene.places.employee(), scene.places.person(member=False)
    done = scene.register(scene.event(), employee, 2, organisation_id=scene.places.company.pk)
    RoleAssignment.objects.create(
        account_id=other.account_id,
        role=Role.ADMINISTRATOR.value,
        organisation=scene.places.company,
        valid_from=NOW - DAY,
    )
    client = browser(other)
    assert "Talk" in page(client, "account-events")
    assert done.code in page(client, "account-event", done.registration_id)
    client.post(reverse("account-event-act", args=[done.registration_id]), {"act": "cancel", "seen": "confirmed.2"})
    assert Registration.objects.get().state == "cancelled"


def test_a_house_says_what_is_on(scene: Scene) -> None:
    client = browser()
    empty = page(client, "house", "P-CENTRE")
    assert "Nothing is planned here at present." in empty
    scene.event()
    scene.event(proposed=True, names=named("Secret"))
    shown = page(client, "house", "P-CENTRE")
    assert "What is on here" in shown
    assert reverse("events") + "?house=P-CENTRE" in shown
    assert "Secret" not in shown


def test_the_waiting_list_says_who_is_before(scene: Scene) -> None:
    event = scene.event(capacity=2)
    scene.register(event, people=2)
    scene.register(event, people=2)
    shown = page(browser(scene.places.person()), "event-register", event)
    assert "before you there wait 2 people" in shown
    assert "Join the waiting list" in shown


def test_how_it_was(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    event, sara = scene.event(), scene.places.person()
    number = scene.register(event, sara).registration_id
    at_hour(monkeypatch, STARTS + HOUR)
    client, act = browser(sara), reverse("account-event-act", args=[number])
    assert client.post(act, {"act": "rate", "seen": "confirmed.1", "rating": "9"}).status_code == 409
    client.post(act, {"act": "rate", "seen": "confirmed.1", "rating": "4", "words": "Good"})
    assert (Feedback.objects.get().rating, "Change my opinion" in page(client, "account-event", number)) == (4, True)


FORM = {
    "names_en": "Straw paper", "kind": "talk", "day": "2026-03-16", "begins": "16:00", "ends": "18:00", "admission": "register",
    "capacity": "20", "largest_group": "5", "remind_hours": "24",
}  # fmt: skip


def test_the_desk_proposes_opens_and_changes(scene: Scene) -> None:
    manager, lender = scene.places.staff(), scene.places.staff(Role.CIRCULATION)
    client = browser(manager)
    assert "Nothing is planned" in page(client, "desk-events")
    new = reverse("desk-event-new")
    page(client, "desk-event-new")
    wrong = client.post(new, {**FORM, "begins": "25:99", "names_en": "", "capacity": "many"})
    assert (wrong.status_code, Event.objects.count()) == (422, 0)
    tour = {
        **FORM, "once": "a", "share_0_house": "P-BRANCH", "share_0_places": "5", "leg_0_site": "P-CENTRE",
        "leg_0_arrives": "16:00", "leg_0_leaves": "16:30", "leg_0_transport": "bus", "leg_0_seats": "12",
        "leg_1_site": "The old bridge", "leg_1_arrives": "16:45", "leg_1_leaves": "17:30", "leg_1_transport": "walk",
        "organisers": "P-CO", "release_day": "2026-03-15",
    }  # fmt: skip
    done = client.post(new, tour)
    event = Event.objects.get()
    assert done["Location"] == reverse("desk-event", args=[event.pk])
    client.post(new, tour)
    assert Event.objects.count() == 1, "sent twice"
    assert (event.seats, event.legs.count(), event.pools.count(), event.organisers.count()) == (12, 2, 2, 1)
    unknown = client.post(new, {**FORM, "leg_0_site": "Here", "share_0_house": "Nowhere", "share_0_places": "1"})
    assert (unknown.status_code, Event.objects.count()) == (422, 1)
    act = reverse("desk-event-act", args=[event.pk])
    assert browser(lender).post(act, {"act": "open"}).status_code == 404
    client.post(act, {"act": "open", "once": "b"})
    event.refresh_from_db()
    assert event.state == "open"
    change = reverse("desk-event-change", args=[event.pk])
    shown = page(client, "desk-event-change", event.pk)
    assert "The old bridge" in shown
    moved = client.post(change, {**FORM, "day": "2026-03-17", "once": "c"})
    event.refresh_from_db()
    assert (moved.status_code, event.starts, event.legs.count()) == (302, STARTS + DAY, 0)
    page(browser(lender), "desk-event-change", event.pk, status=404)
    client.post(act, {"act": "use", "space": str(scene.places.room.pk), "once": "d"})
    booking = Booking.objects.get()
    assert (booking.state, booking.starts) == ("confirmed", event.starts)
    credit.define_unit(actor=SYSTEM, draft=UnitDraft("HOURS", named("Hours"), "P-CENTRE", {"mentoring": 100}))
    client.post(change, {**FORM, "day": "2026-03-17", "price": "1.5", "price_unit": "HOURS", "once": "k"})
    event.refresh_from_db()
    assert (event.price_amount, event.price_currency) == (150, "HOURS")
    assert 'value="1.50"' in page(client, "desk-event-change", event.pk), "as it was typed"
    refused = client.post(act, {"act": "use", "space": str(scene.places.room.pk), "once": "e"})
    assert (refused.status_code, "taken at that time" in refused.content.decode()) == (409, True)
    client.post(act, {"act": "leave", "booking": str(booking.pk), "once": "f"})
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert client.post(act, {"act": "cancel", "reason": "", "once": "g"}).status_code == 409
    client.post(act, {"act": "cancel", "reason": "Snow", "once": "h"})
    event.refresh_from_db()
    assert event.state == "cancelled"


def test_the_desk_answers_and_registers(scene: Scene) -> None:
    price = Money(50_000, "IRR")
    event, client = scene.event(admission=Admission.APPROVAL, price=price), browser(scene.places.staff())
    ask, other = scene.register(event, agreed=price), scene.register(event, agreed=price)
    assert "charged with the place: 50,000 rials" in page(client, "desk-event", event)
    assert "Wait for an answer" in page(client, "desk-events")
    act = reverse("desk-event-act", args=[event])
    client.post(act, {"act": "approve", "registration": ask.registration_id, "once": "a"})
    assert client.post(act, {"act": "refuse", "registration": other.registration_id, "once": "b"}).status_code == 409
    client.post(act, {"act": "refuse", "registration": other.registration_id, "reason": "staff only", "once": "c"})
    states = Registration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["confirmed", "refused"]
    unsaid = client.post(act, {"act": "register", "guest": "A class", "people": "5", "once": "x"})
    assert (unsaid.status_code, "The price for each person is 50,000 rials" in unsaid.content.decode()) == (409, True)
    agreed = {"act": "register", "price": "50000 IRR"}
    client.post(act, {**agreed, "guest": "A class", "people": "5", "once": "d"})
    assert Registration.objects.get(guest="A class").state == "confirmed"
    member = scene.places.person()
    address = Account.objects.get(pk=member.account_id).email
    client.post(act, {**agreed, "who": address, "people": "1", "once": "e"})
    assert Registration.objects.filter(account_id=member.account_id).exists()
    assert client.post(act, {"act": "register", "people": "1", "once": "f"}).status_code == 422
    client.post(act, {"act": "drop", "registration": ask.registration_id, "once": "g"})
    shown = page(client, "desk-event", event)
    assert "A class" in shown
    assert "to pay at the door: 250,000 rials" in shown
    assert "charged: 50,000 rials" in shown
    assert Registration.objects.get(pk=ask.registration_id).state == "cancelled"


def test_the_door_with_a_line_and_without(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    event, desk = scene.event(), scene.places.staff(Role.CIRCULATION)
    group, single = scene.register(event, people=3), scene.register(event)
    client, door = browser(desk), reverse("desk-event-door", args=[event])
    early = client.post(door, {"scanned": group.code})
    assert (early.status_code, CheckIn.objects.count()) == (409, 0)
    at_hour(monkeypatch, STARTS)
    client = browser(desk)
    for _ in range(2):
        client.post(door, {"registration": group.registration_id, "people": "2", "client": "x"})
    assert Registration.objects.get(pk=group.registration_id).came == 2, "pressed twice"
    client.post(door, {"scanned": group.code})
    client.post(door, {"act": "guest", "name": "Neighbour", "people": "2"})
    assert "Neighbour" in page(client, "desk-event-door", event)
    assert client.post(door, {"scanned": "NOBODY"}).status_code == 409
    listed = json.loads(page(client, "desk-event-list", event))
    assert ([one["came"] for one in listed["registrations"]], listed["guests"]) == ([3, 0], 2)
    assert "data-door" in page(client, "desk-event-carry", event)
    send = reverse("desk-event-send", args=[event])
    body = {
        "token": listed["token"],
        "entries": [
            {"client_id": "off-1", "at": STARTS.isoformat().replace("+00:00", "Z"), "registration": single.registration_id, "people": 1},
            {"client_id": "off-2", "at": STARTS.isoformat(), "code": "WRONG"},
        ],
    }  # fmt: skip
    for expected in ("taken", "again"):
        answer = client.post(send, body, content_type="application/json")
        assert [one["outcome"] for one in answer.json()["answers"]] == [expected, "refused"]
    assert [one["came"] for one in answer.json()["list"]["registrations"]] == [3, 1]
    assert client.post(send, {**body, "token": "x"}, content_type="application/json").status_code == 409
    for nonsense in (b"", b"[]", b'{"entries": 3, "token": "x"}', b'{"token": "x", "entries": [{"at": "now"}]}'):
        assert client.post(send, nonsense, content_type="application/json").status_code == 400
    assert browser(scene.places.person()).post(send, body, content_type="application/json").status_code == 404
    client.post(door, {"act": "undo", "registration": single.registration_id})
    assert Registration.objects.get(pk=single.registration_id).state == "confirmed"


def test_what_came_of_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    event, manager = scene.event(), scene.places.staff()
    scene.register(event)
    at_hour(monkeypatch, STARTS + 3 * HOUR)
    client = browser(manager)
    act = reverse("desk-event-act", args=[event])
    client.post(act, {"act": "close", "once": "a"})
    client.post(
        act, {"act": "outcome", "text": "Two firms will meet", "count_contact": "۴", "attendance": "30", "once": "b"}
    )
    assert (Event.objects.get().state, Outcome.objects.get().attendance) == ("held", 30)
    assert "Two firms will meet" in page(client, "desk-event", event)
    assert "Talk" in page(client, "desk-events", view="past")
    assert client.post(act, {"act": "outcome", "count_contact": "many", "once": "c"}).status_code == 409
