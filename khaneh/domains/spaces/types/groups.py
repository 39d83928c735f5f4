"""Who comes with a booking: a group as the list of its persons."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

# More than these come as a number, without names.
MOST_NAMED = 60


class PersonDraft(NamedTuple):
    """Somebody who comes along, as who books writes them: a name, and the card of a member."""

    name: str
    card: str = ""


class Companion(NamedTuple):
    """Somebody who is named: by name, a member by account too."""

    name: str
    account_id: int | None


class PersonRow(NamedTuple):
    """Somebody of a booking's group. `name` is as who booked wrote it; `account_id` is None for who is no member here.

    `counts`: whether the booking counts in their own quotas. `left_at`: they have withdrawn.
    """

    id: int
    booking_id: int
    name: str
    account_id: int | None
    counts: bool
    came_at: datetime | None
    left_at: datetime | None


class WaitingPersonRow(NamedTuple):
    """Somebody who is to come along with whoever waits: as in `PersonRow`."""

    id: int
    name: str
    account_id: int | None
