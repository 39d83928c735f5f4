"""What booking judges a space by: as this process saw it lately, and anew where somebody has changed it since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.spaces import services
from khaneh.domains.spaces.errors import SlotTaken, SpaceNotInService, WrongTime
from khaneh.domains.spaces.models import Space
from khaneh.domains.spaces.queries import rows
from khaneh.domains.spaces.types import Booked, SpaceDraft, SpaceState, WeeklyHours
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from tests.domains.spaces.places import HOUR, NOW, Places, at, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(db: None) -> Places:
    return make_places()


@pytest.fixture
def room(places: Places) -> SpaceDraft:
    """A room that this process has seen."""
    draft = SpaceDraft("SEEN", places.centre.code, "study_room", Label("Room", "Room", "Room"), capacity=2)
    made = services.add_space(actor=SYSTEM, draft=draft, now=NOW)
    book(places.person(), made.id, 8)
    return draft


def book(actor: Actor, space_id: int, hour: int = 10) -> Booked:
    return services.book(actor=actor, space_id=space_id, starts=at(hour), ends=at(hour) + HOUR, now=NOW)


def number() -> int:
    return Space.objects.get(code="SEEN").pk


def change(draft: SpaceDraft, **facts: Any) -> None:
    services.change_space(actor=SYSTEM, code="SEEN", draft=replace(draft, **facts), now=NOW)


def test_what_was_seen_is_asked_for_once(places: Places, room: SpaceDraft, django_assert_num_queries: Any) -> None:
    one = number()
    rows.seen(one)
    with django_assert_num_queries(0):
        assert rows.seen(one)
    with django_assert_num_queries(1):
        assert rows.seen(one, fresh=True)


def test_a_change_counts_at_once_whoever_made_it(places: Places, room: SpaceDraft) -> None:
    change(room, max_minutes=30)
    with pytest.raises(WrongTime):
        book(places.person(), number())
    change(room, max_minutes=240, hours=(WeeklyHours(at(9).isoweekday(), 0, 60),))
    with pytest.raises(PolicyRefused) as refused:
        book(places.person(), number())
    assert refused.value.facts["reasons"][0]["code"] == "spaces.not_open"
    change(room, hours=())
    assert book(places.person(), number())
    # Twice in one transaction, past every service: the row is another version of itself each time.
    for most, wanted in ((30, False), (240, True), (30, False)):
        Space.objects.filter(code="SEEN").update(max_minutes=most)
        try:
            assert bool(book(places.person(), number(), 12 + wanted)) is wanted
        except WrongTime:
            assert not wanted


def test_out_of_service_and_back(places: Places, room: SpaceDraft) -> None:
    for state, wanted in ((SpaceState.OUT_OF_ORDER, SpaceNotInService), (SpaceState.ACTIVE, None)):
        services.change_space_state(actor=SYSTEM, code="SEEN", state=state, now=NOW)
        if wanted is None:
            assert book(places.person(), number())
        else:
            with pytest.raises(wanted):
                book(places.person(), number())


def test_one_that_was_moved_is_booked_in_its_tree(places: Places) -> None:
    inside = places.space("INSIDE", kind="lathe")
    assert rows.seen(inside.pk)
    draft = SpaceDraft(
        "INSIDE", places.centre.code, "lathe", Label("Lathe", "Lathe", "Lathe"), parent_code=places.workshop.code
    )
    services.change_space(actor=SYSTEM, code="INSIDE", draft=draft, now=NOW)
    book(places.person(), places.workshop.pk)
    with pytest.raises(SlotTaken):
        book(places.person(), inside.pk)
    found = rows.seen(inside.pk)
    assert found is not None
    assert found.space.path[0] == places.workshop.pk
