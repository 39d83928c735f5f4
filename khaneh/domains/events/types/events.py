"""What an event shall be, and what queries tell of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.events.types.lists import Admission, EventState
from khaneh.domains.network.types import Ref
from khaneh.domains.spaces.types import BookingState
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_NOTHING = Label("", "", "")


@dataclass(frozen=True, slots=True)
class LegDraft:
    """A stop of a tour: a house, an organisation, or a place in words. `transport` is how one comes to it, `seats` how many it carries
    (None: as many as there are), `meeting` where one gathers before. Instants are aware; stops do not overlap.
    """

    arrives: datetime
    leaves: datetime
    house_id: int | None = None
    organisation_id: int | None = None
    place: Label = _NOTHING
    transport: str = "bus"
    seats: int | None = None
    meeting: Label = _NOTHING


class ShareDraft(NamedTuple):
    """So many places for those of one house, until the shares are released."""

    house_id: int
    places: int


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What an event shall be. `house_id` is the house that answers for it; the organisers are organisations, `sectors` ISIC sections and
    divisions (of a longer code its division is kept).

    `capacity` counts people, None where one just comes; `shares` are of it, what is left is common; from `release_at` on all is common.
    `place` says where it is, beside the spaces that are booked for it; `price` is for each person. Registration is from `opens_at` (or at
    once) until `closes_at` (or its start). `remind_hours` before the start those who come are reminded; 0 never.
    """

    house_id: int
    kind: str
    names: Label
    starts: datetime
    ends: datetime
    descriptions: Label = _NOTHING
    organiser_ids: tuple[int, ...] = ()
    sectors: tuple[str, ...] = ()
    place: Label = _NOTHING
    online_url: str = ""
    admission: Admission = Admission.REGISTER
    capacity: int | None = 30
    largest_group: int = 10
    price: Money | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    shares: tuple[ShareDraft, ...] = ()
    release_at: datetime | None = None
    legs: tuple[LegDraft, ...] = ()
    remind_hours: int = 24


@dataclass(frozen=True, slots=True)
class LegRow:
    """A stop of a tour, in order from 1 on."""

    number: int
    house: Ref | None
    organisation: Ref | None
    place: Label
    arrives: datetime
    leaves: datetime
    transport: str
    seats: int | None
    meeting: Label

    @property
    def names(self) -> Label:
        """Where it is, in words."""
        site = self.house or self.organisation
        return site.names if site is not None else self.place


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The places of one house: `promised` at first, `places` at this moment (what was released is common), `taken` of them."""

    house: Ref
    promised: int
    places: int
    taken: int


@dataclass(frozen=True, slots=True)
class SpaceUse:
    """A space that is booked for an event. One whose booking is requested or has ended is not there."""

    booking_id: int
    space_id: int
    code: str
    names: Label
    house: Ref
    starts: datetime
    ends: datetime
    state: BookingState


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event. `zone` is that of its house's clocks; `taken` are people who have their place, `waiting` people who wait.

    `seats` are those of the smallest vehicle of a tour, `riding` who sits in them; None where nobody needs to count. `free` are the places
    that anybody may take at this moment, `capacity` None where one just comes. `revision` grows with every change of time or place.
    """

    id: int
    house: Ref
    kind: str
    names: Label
    descriptions: Label
    starts: datetime
    ends: datetime
    zone: str
    state: EventState
    admission: Admission
    capacity: int | None
    taken: int
    free: int | None
    waiting: int
    largest_group: int
    price: Money | None
    opens_at: datetime | None
    closes_at: datetime | None
    organisers: tuple[Ref, ...]
    sectors: tuple[str, ...]
    place: Label
    online_url: str
    shares: tuple[ShareRow, ...]
    release_at: datetime | None
    released_at: datetime | None
    legs: tuple[LegRow, ...]
    spaces: tuple[SpaceUse, ...]
    seats: int | None
    riding: int
    remind_hours: int
    reason: str
    revision: int
    changed_at: datetime

    @property
    def houses(self) -> tuple[Ref, ...]:
        """The house that answers for it, and those that have a share, each once."""
        return tuple(dict.fromkeys((self.house, *(share.house for share in self.shares))))

    def registers(self, now: datetime) -> bool:
        """Whether people register themselves at this moment."""
        return (
            self.state in (EventState.OPEN, EventState.FULL)
            and self.admission is not Admission.FREE
            and (self.opens_at is None or self.opens_at <= now)
            and now < (self.closes_at or self.starts)
        )


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a calendar asks for: everything that is empty is not asked. `first` and `last` are instants; an event that is under way at
    either counts. A house is asked for with its shares and stops; a region with all below it; sectors with all within them.
    """

    house_ids: tuple[int, ...] = ()
    region_id: int | None = None
    kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    states: tuple[EventState, ...] = (EventState.OPEN, EventState.FULL, EventState.CANCELLED)
    with_places: bool = False


class EventPage(NamedTuple):
    """So many events by start, and how many there are in all."""

    events: tuple[EventRow, ...]
    total: int


class Occurrence(NamedTuple):
    """An event as a calendar feed needs it."""

    uid: str
    event: EventRow


@dataclass(frozen=True, slots=True)
class Figures:
    """What an event came to, for the desk: people by state of their registration, who came with and without one, marks given, what came of it.

    `by_share` says for each house with a share how many had a place by it and how many came; `came` is what was counted at the door, or what the outcome says where nobody counted.
    """

    people: Mapping[str, int]
    came: int
    guests: int
    by_share: tuple[tuple[Ref, int, int], ...]
    marks: tuple[int, int, int, int, int]
    mean: float | None
    words: tuple[tuple[int, str], ...]
    text: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    attendance: int | None = None
    recorded_on: date | None = None
