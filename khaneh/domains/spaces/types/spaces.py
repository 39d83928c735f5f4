"""What a space shall be and what queries tell of spaces, their closures and their free time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.spaces.types.lists import BookingState, ClosureKind, Holder, PriceUnit, SpaceGroup, SpaceState
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_NOTHING = Label("", "", "")


class WeeklyHours(NamedTuple):
    """A span of a space's own week: ISO weekday, minutes after midnight; `closes` may lie on the next day."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class SpaceDraft:
    """What a space shall be. Minutes are whole; a length is a multiple of `slot_minutes`.

    `hours` narrow the house's calendar; without any it is open with the house. `requires` are codes of qualifications, all of which must
    be held. `parent_code` is the space that this one is in, of the same house.
    """

    code: str
    house_code: str
    kind: str
    names: Label
    descriptions: Label = _NOTHING
    parent_code: str = ""
    capacity: int = 1
    quantity: int = 1
    facilities: tuple[str, ...] = ()
    slot_minutes: int = 30
    min_minutes: int = 30
    max_minutes: int = 480
    setup_minutes: int = 0
    cleanup_minutes: int = 0
    approval: bool = False
    self_service: bool = False
    needs_code: bool = False
    instructions: Label = _NOTHING
    price: Money | None = None
    price_unit: PriceUnit = PriceUnit.HOUR
    hours: tuple[WeeklyHours, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A space. `path` are the ids from the top down to it; `requires` are ids and codes of qualifications, with those of what it is in.

    `instructions` are for who has booked it.
    """

    id: int
    code: str
    house: Ref
    kind: str
    group: SpaceGroup
    names: Label
    descriptions: Label
    parent_id: int | None
    path: tuple[int, ...]
    capacity: int
    quantity: int
    facilities: tuple[str, ...]
    slot_minutes: int
    min_minutes: int
    max_minutes: int
    setup_minutes: int
    cleanup_minutes: int
    approval: bool
    self_service: bool
    needs_code: bool
    instructions: Label
    price: Money | None
    price_unit: PriceUnit
    state: SpaceState
    in_service: bool
    hours: tuple[WeeklyHours, ...] = ()
    requires: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """A time in which nobody may have a space; `units` names those of a counted one, empty for all. Open-ended without `ends`."""

    id: int
    space_id: int
    kind: ClosureKind
    units: tuple[int, ...]
    starts: datetime
    ends: datetime | None
    note: str


class FreeStarts(NamedTuple):
    """A booking of the length that was asked for may start at `first`, at `last`, and at every slot between. Instants are UTC."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """A space with free time. `kilometres` is how far its house is from the point asked about, None without one."""

    space: SpaceRow
    free: tuple[FreeStarts, ...]
    kilometres: float | None = None


class WeekEntry(NamedTuple):
    """What holds a space for a time: a booking, one that waits for approval, or a closure. Nobody's name where the actor may not see it.

    `starts` and `ends` are those of the booking; `blocked_from` and `blocked_until` include setting up and cleaning.
    """

    starts: datetime
    ends: datetime | None
    blocked_from: datetime
    blocked_until: datetime | None
    unit: int | None
    booking_id: int | None = None
    state: BookingState | None = None
    closure: ClosureKind | None = None
    booker: str = ""
    title: str = ""
    people: int = 0
    mine: bool = False


@dataclass(frozen=True, slots=True)
class WeekSpace:
    """A space with what holds it, by start; `open` are the times in which it may be booked, on the days asked for."""

    space: SpaceRow
    entries: tuple[WeekEntry, ...]
    open: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """So many days of a house from `first` on, in the house's zone."""

    house: Ref
    zone: str
    first: date
    days: int
    spaces: tuple[WeekSpace, ...] = field(default_factory=tuple)


class Held(NamedTuple):
    """A unit is held from an instant until another, None for open-ended."""

    unit: int
    holder: Holder
    starts: datetime
    ends: datetime | None


class Taken(NamedTuple):
    """Nobody else can have a space from `starts` to `ends`: it is booked, or closed."""

    starts: datetime
    ends: datetime
    closed: bool
