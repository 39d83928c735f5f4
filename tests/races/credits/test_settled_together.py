"""Acts made of several that settle: all their ledgers are held at the end of the whole. Without that, two of them wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from khaneh.domains.credits import services as credit
from khaneh.domains.events import services as events
from khaneh.domains.events.errors import SpaceBusy
from khaneh.domains.events.models import EventSpace
from khaneh.domains.people import services as people
from khaneh.domains.people.services import personal_data
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import ClosureKind, Override
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.events.scenes import DAY, STARTS, Scene, make_scene
from tests.domains.spaces.places import HOUR, NOW
from tests.domains.spaces.test_charging import mentor, priced, sound
from tests.races.circulation.desks import Act, kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TOGETHER = pytest.mark.parametrize("together", [True, False], ids=["together", "control"])
LINE = "INSERT INTO credits_entry"


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Houses with a hall and a room, under the rules that ship."""
    return make_scene()


@contextmanager
def _each_by_itself() -> Iterator[None]:
    """What `together` replaces: each part of an act settles where it stands, and goes on with the ledger held."""
    yield


def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit, "together", _each_by_itself)
    monkeypatch.setattr(personal_data, "_around", [])


def rented(scene: Scene, who: Actor, code: str, *, days: int = 0) -> tuple[Any, int]:
    """A room that costs something, booked by somebody."""
    room = priced(scene.places, code, currency="MENTOR", amount=100)
    starts = STARTS + days * DAY
    return room, booked(who, room, starts, 2)


def booked(who: Actor, room: Any, starts: datetime, hours: int) -> int:
    """Beyond what one person may have at once: the desk books it for them."""
    done = spaces.book(
        actor=SYSTEM, account_id=who.account_id, space_id=room.pk, starts=starts, ends=starts + hours * HOUR, now=NOW,
        override=Override(frozenset({"book_over_limit"}), "two rooms"),
    )  # fmt: skip
    return done.booking_id


def closing(room: Any, *, days: int) -> Act:
    """A closing that gives back what was booked on that day: it holds the room and then the ledgers."""
    first = STARTS + days * DAY
    return partial(
        spaces.close_space,
        actor=SYSTEM, space_id=room.pk, kind=ClosureKind.REPAIR, starts=first, ends=first + 3 * HOUR, now=NOW,
    )  # fmt: skip


def ended(answers: tuple[Any, Any], first: str, *, together: bool) -> None:
    """Both were done; where each settles by itself, PostgreSQL has ended one of the two."""
    found = kinds(answers)
    if together:
        assert found == (first, "Cancelled"), answers
    else:
        assert "OperationalError" in found, found
    assert sound()


@TOGETHER
def test_rooms_that_move_with_their_event_and_a_closing(
    scene: Scene, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sara = scene.places.person()
    mentor(scene.places, sara, 9000)
    event = scene.event()
    (_, one), (second, two) = rented(scene, sara, "PAID1"), rented(scene, sara, "PAID2")
    for number in (one, two):
        EventSpace.objects.create(event_id=event, booking_id=number)
    booked(sara, second, STARTS + 3 * DAY, 1)
    # The rooms are not held at once, so that only the ledgers decide.
    monkeypatch.setattr(spaces, "hold_bookings", lambda _numbers: None)
    if not together:
        apart(monkeypatch)
    longer = scene.draft(starts=STARTS + DAY, ends=STARTS + DAY + 3 * HOUR)
    moving = partial(events.change_event, actor=SYSTEM, event_id=event, draft=longer, now=NOW)
    # It has the first room's ledger in its hand, and still wants the second room.
    ended(meanwhile(moving, closing(second, days=3), before=LINE), "EventRow", together=together)


@TOGETHER
def test_somebody_who_is_forgotten_everywhere_and_a_closing(
    scene: Scene, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sara = scene.places.person()
    mentor(scene.places, sara, 9000)
    scene.register(scene.event(price=Money(100, "MENTOR")), sara, agreed=Money(100, "MENTOR"))
    room, _ = rented(scene, sara, "PAID1", days=3)
    if not together:
        apart(monkeypatch)
    closed = partial(people.close_account, actor=sara, account_id=sara.account_id, now=NOW)
    # The event has given back what it cost, and the room is still to be given up.
    ended(meanwhile(closed, closing(room, days=3), before=LINE), "NoneType", together=together)
    assert not Booking.objects.filter(state="confirmed").exists() or not together


def test_what_cannot_be_paid_is_refused_where_it_stands(scene: Scene) -> None:
    sara = scene.places.person()
    mentor(scene.places, sara, 250)
    _room, number = rented(scene, sara, "PAID1")
    event = scene.event()
    EventSpace.objects.create(event_id=event, booking_id=number)
    longer = scene.draft(starts=STARTS, ends=STARTS + 3 * HOUR)
    with pytest.raises(SpaceBusy) as refused:
        events.change_event(actor=SYSTEM, event_id=event, draft=longer, now=NOW)
    assert (refused.value.code, refused.value.facts["why"]) == ("events.space_busy", "credits.balance_short")
    assert Booking.objects.get(pk=number).ends == STARTS + 2 * HOUR
    assert sound()
