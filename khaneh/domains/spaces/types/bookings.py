"""What acts on bookings answer, and what queries tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.policies.types import Answer
from khaneh.domains.spaces.types.groups import WaitingPersonRow
from khaneh.domains.spaces.types.lists import BookingState, EndReason, WaitingState
from khaneh.domains.spaces.types.series import Pattern, PlannedDay
from khaneh.domains.spaces.types.spaces import SpaceRow
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


class Channel(StrEnum):
    """Through which door the act came."""

    WEB = "web"
    DESK = "desk"
    API = "api"
    SYSTEM = "system"


CHANNELS: Mapping[Channel, Label] = {
    Channel.WEB: Label("Website", "وب‌گاه", "Trang web"),
    Channel.DESK: Label("Desk", "میز خدمت", "Quầy phục vụ"),
    Channel.API: Label("Other programs", "برنامه‌های دیگر", "Chương trình khác"),
    Channel.SYSTEM: Label("The system", "سامانه", "Hệ thống"),
}


@dataclass(frozen=True, slots=True)
class Override:
    """Refusals of the policies passed over by named rights, with the reason that the booking keeps."""

    rights: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking as who booked and the desk see it. `code` opens the door or checks in, empty where none is needed.

    `revision` grows with every change of time or place, for calendars. `cancel_until` is the last instant to cancel without the desk.
    """

    id: int
    space: SpaceRow
    state: BookingState
    starts: datetime
    ends: datetime
    unit: int | None
    people: int
    title: str
    account_id: int | None
    booker: str
    organisation: Ref | None
    series_id: int | None
    price: Money | None
    code: str
    booked_at: datetime
    held_until: datetime | None
    cancel_until: datetime | None
    checked_in_at: datetime | None
    end_reason: EndReason | None
    reason: str
    revision: int
    changed_at: datetime
    decision_id: int | None


class Booked(NamedTuple):
    """What booking gave: the booking, its state (confirmed or requested), and its price."""

    booking_id: int
    state: BookingState
    price: Money | None
    code: str


class Change(NamedTuple):
    """What changing a booking would make of it: its state and price, and what it has cost before and costs then, an amount a unit."""

    state: BookingState
    price: Money | None
    before: tuple[Money, ...]
    after: tuple[Money, ...]

    @property
    def difference(self) -> tuple[Money, ...]:
        """What is to be paid in addition (above zero) or is given back (below zero), by unit; empty where neither."""
        sums = {one.currency: -one.amount for one in self.before}
        for one in self.after:
            sums[one.currency] = sums.get(one.currency, 0) + one.amount
        return tuple(Money(amount, unit) for unit, amount in sorted(sums.items()) if amount)


class Cancelled(NamedTuple):
    """What closing a space did: the closure, if one was made, and the bookings that ended by it."""

    closure_id: int | None
    booking_ids: tuple[int, ...]


class Touched(NamedTuple):
    """A booking that closing a space would end; `instead` are other spaces that are free then, None where it was not looked up."""

    booking: BookingRow
    instead: tuple[SpaceRow, ...] | None


class Clash(NamedTuple):
    """Another request that would be refused."""

    booking_id: int
    starts: datetime
    ends: datetime
    booker: str
    people: int
    booked_at: datetime


class Approval(NamedTuple):
    """What approving a request would do: whether there is room, which other requests would find none afterwards, and whether whoever asked
    has too little to pay for it (`short`): it can be approved when they have."""

    booking_id: int
    possible: bool
    refuses: tuple[Clash, ...]
    short: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What booking would meet, without doing it: the policies' answer, the price, whether somebody must approve.

    `refusal` is the code of what no right passes over (a taken slot, a wrong length), empty where there is none; `facts` are its facts.
    `lacks` are the codes of qualifications that the booker lacks.
    """

    space: SpaceRow
    starts: datetime
    ends: datetime
    answer: Answer | None
    price: Money | None
    approval: bool
    refusal: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether it can be booked without passing over anything."""
        return not self.refusal and self.answer is not None and self.answer.permitted


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day of a series. `refusal` is the code of why it cannot be booked, empty where it can; `booking_id` once it is."""

    number: int
    planned: PlannedDay
    starts: datetime | None
    ends: datetime | None
    refusal: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    booking_id: int | None = None


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """All days of a series, in order; with what is left out and what clashes. `series_id` once it is saved."""

    space: SpaceRow
    pattern: Pattern
    occurrences: tuple[Occurrence, ...]
    series_id: int | None = None

    @property
    def possible(self) -> tuple[Occurrence, ...]:
        """Those that can be booked, or were."""
        return tuple(one for one in self.occurrences if one.starts is not None and not one.refusal)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series with its bookings' numbers, by start."""

    id: int
    space_id: int
    account_id: int | None
    pattern: Pattern
    booking_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Somebody waits for so many units of a space (or of any of a kind in a house) for `minutes` within a window.

    `bookings` are those that are kept for them while it is offered, until `answer_by`. `persons` are those who are named to come along and have
    not left.
    """

    id: int
    account_id: int
    house: Ref
    space_id: int | None
    kind: str
    first: datetime
    last: datetime
    minutes: int
    units: int
    people: int
    state: WaitingState
    joined_at: datetime
    answer_by: datetime | None
    bookings: tuple[int, ...]
    persons: tuple[WaitingPersonRow, ...] = ()
