"""What changing a booking would make of it and cost: done, looked at, and taken back."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.credits import queries as ledger
from khaneh.domains.spaces.services.booking import change_booking
from khaneh.domains.spaces.services.charging import source
from khaneh.domains.spaces.types import Change, Channel
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor


def weigh_change(
    *,
    actor: Actor,
    booking_id: int,
    now: datetime,
    starts: datetime | None = None,
    ends: datetime | None = None,
    space_id: int | None = None,
    people_count: int | None = None,
    channel: Channel = Channel.WEB,
) -> Change:
    """What `change_booking` would do at this moment. Nothing stays of it, neither decisions nor letters. Raises what that raises."""
    with db.transaction():
        before = ledger.cost(source(booking_id))
        with db.tried():
            done = change_booking(
                actor=actor, booking_id=booking_id, now=now, starts=starts, ends=ends, space_id=space_id,
                people_count=people_count, channel=channel,
            )  # fmt: skip
            after = ledger.cost(source(booking_id))
    return Change(done.state, done.price, tuple(before), tuple(after))
