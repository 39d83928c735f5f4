"""What acts on registrations answer, and what queries tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from khaneh.domains.events.types.events import EventRow
from khaneh.domains.events.types.lists import EndReason, RegistrationState
from khaneh.domains.network.types import Ref
from khaneh.domains.policies.types import Answer
from khaneh.kernel.money import Money


class Registered(NamedTuple):
    """What registering gave. `ahead` are people who wait before, where it is on the waiting list; `price` is for all who come: charged, or to be
    charged with the place.
    """

    registration_id: int
    state: RegistrationState
    code: str
    ahead: int
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class RegistrationQuote:
    """What registering would meet, without doing it: the policies' answer, whether it would be requested, confirmed or wait.

    `refusal` is the code of what no right passes over, empty where there is none; `price` is for all who come, `each` for one of them.
    """

    event: EventRow
    answer: Answer | None
    state: RegistrationState | None
    ahead: int
    price: Money | None
    refusal: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    each: Money | None = None

    @property
    def possible(self) -> bool:
        """Whether it can be registered without passing over anything."""
        return not self.refusal and self.answer is not None and self.answer.permitted


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration as who registered and the desk see it. `name` is the account's, or a guest's whom the desk wrote down.

    `names` are those of a group, as far as they were said; `came` how many of them came; `ahead` people who wait before it. `price` is what
    each person costs; `costs` what is charged as it stands. Until `refund_until` all is given back (None: as long as it can be cancelled),
    then `late_percent` of it. `moved` says that the event is at another time or place than they agreed to: then all is.
    """

    id: int
    event_id: int
    state: RegistrationState
    account_id: int | None
    name: str
    organisation: Ref | None
    house: Ref | None
    people: int
    names: tuple[str, ...]
    own_transport: bool
    note: str
    code: str
    came: int
    ahead: int
    registered_at: datetime
    joined_at: datetime
    cancel_until: datetime | None
    end_reason: EndReason | None
    reason: str
    rating: int | None
    words: str
    decision_id: int | None
    price: Money | None = None
    costs: tuple[Money, ...] = ()
    refund_until: datetime | None = None
    late_percent: int = 0
    moved: bool = False


class OwnRegistration(NamedTuple):
    """One's own registration with its event."""

    registration: RegistrationRow
    event: EventRow


class Roster(NamedTuple):
    """Those of an event, by name; with the guests who came without a registration."""

    event: EventRow
    registrations: tuple[RegistrationRow, ...]
    guests: tuple[tuple[int, str, int], ...]


class CheckedIn(NamedTuple):
    """What checking in gave. `again` says that this very message was taken before; `came` of `people` are there."""

    check_in_id: int
    registration_id: int | None
    name: str
    came: int
    people: int
    again: bool = False


class OfflineEntry(NamedTuple):
    """One check-in that was taken without a line: by the number or code of a registration, or a guest's name. `client_id` makes it unique."""

    client_id: str
    at: datetime
    registration_id: int | None = None
    code: str = ""
    name: str = ""
    people: int | None = None


class OfflineOutcome(StrEnum):
    """What became of one."""

    TAKEN = "taken"
    AGAIN = "again"
    REFUSED = "refused"


class OfflineAnswer(NamedTuple):
    """What became of one entry; `refusal` is the code of why not. A refused one stays with the device until somebody settles it."""

    client_id: str
    outcome: OfflineOutcome
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class OfflineList:
    """Who is expected, for a page that works without a line, and how many guests have come. `token` is signed: it lets what was taken by this
    list be sent later.
    """

    token: str
    event: EventRow
    registrations: tuple[RegistrationRow, ...]
    guests: int
    made_at: datetime
