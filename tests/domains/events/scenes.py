"""A small network for tests of events: the houses and people of the tests of spaces, and events as a test needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from khaneh.domains.events import services
from khaneh.domains.events.types import Admission, EventDraft, LegDraft, Registered, ShareDraft
from khaneh.domains.network.models import House, OpeningHours, Organisation
from khaneh.domains.spaces import services as spaces
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.spaces.places import HOUR, NOW, Places, at, make_houses, make_space, named

# A Monday morning; events are in the week after next.
DAY = timedelta(days=1)
STARTS = at(16, day=16)


@dataclass(frozen=True)
class Scene:
    """The network, with ways to make events and to register."""

    places: Places

    @property
    def centre(self) -> House:
        """The house of most events."""
        return self.places.centre

    def draft(self, **facts: Any) -> EventDraft:
        """A talk for ten in the afternoon, unless told otherwise."""
        starts = facts.pop("starts", STARTS)
        facts = {
            "house_id": self.centre.pk, "kind": "talk", "names": named("Talk"), "starts": starts,
            "ends": starts + 2 * HOUR, "capacity": 10, **facts,
        }  # fmt: skip
        return EventDraft(**facts)

    def event(self, *, proposed: bool = False, **facts: Any) -> int:
        """An event that is open."""
        made = services.propose_event(actor=SYSTEM, draft=self.draft(**facts), now=NOW)
        if not proposed:
            services.open_event(actor=SYSTEM, event_id=made.id, now=NOW)
        return made.id

    def tour(self, *, seats: int = 5, **facts: Any) -> int:
        """A day over two sites: the branch, and a company that has a workshop."""
        starts = at(8, day=16)
        legs = (
            LegDraft(starts + HOUR, starts + 3 * HOUR, house_id=self.places.branch.pk, transport="minibus", seats=seats,
                     meeting=named("Gate")),
            LegDraft(starts + 4 * HOUR, starts + 6 * HOUR, organisation_id=self.places.company.pk, transport="walk"),
        )  # fmt: skip
        return self.event(kind="tour", starts=starts, ends=starts + 8 * HOUR, legs=legs, **{"capacity": 10, **facts})

    def shared(self, centre: int, branch: int, *, capacity: int = 10, **facts: Any) -> int:
        """A joint event of two houses; shares become common two days before."""
        shares = (ShareDraft(self.centre.pk, centre), ShareDraft(self.places.branch.pk, branch))
        facts = {"release_at": STARTS - 2 * DAY, **facts}
        return self.event(kind="joint", shares=shares, capacity=capacity, **facts)

    def register(self, event_id: int, actor: Actor | None = None, people: int = 1, **facts: Any) -> Registered:
        """Somebody registers, the maker of a new account unless told otherwise."""
        who = actor or self.places.person()
        return services.register(
            actor=who, event_id=event_id, people_count=people, **{"now": NOW, **facts}
        )  # fmt: skip


def make_scene() -> Scene:
    """The network, under the rules that ship."""
    spaces.ensure_policies()
    services.ensure_policies()
    centre, branch, far = make_houses()
    company = Organisation.objects.create(
        code="P-CO", kind="company_startup", country="IR", region=centre.region, names={"en": "Co", "fa": "Co", "vi": "Co"}
    )  # fmt: skip
    hall = make_space("HALL", centre, kind="hall", capacity=60)
    room = make_space("ROOM", centre)
    return Scene(Places(centre, branch, far, company, hall, hall, hall, room, room))


def later(hours: float) -> datetime:
    """So long after the start of most events."""
    return STARTS + hours * HOUR


__all__ = ["DAY", "STARTS", "Admission", "OpeningHours", "Scene", "later", "make_scene"]
