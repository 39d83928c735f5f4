"""Everything that a booking is judged by, at the moment of the act: room, what is booked already, how who books stands. One statement.

What somebody may book depends on people and on what they are trusted with, too; these parts are made by their own domains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries import Standing
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces.queries import counting, holding, rows
from khaneh.domains.spaces.queries.holding import Room
from khaneh.domains.spaces.types import SpaceRow
from khaneh.infrastructure import db
from khaneh.kernel.calendars import Calendar


@dataclass(frozen=True, slots=True)
class Situation:
    """What is so when a booking is judged.

    `marks` are those of the space as it is: another row than the one judged by has others. `house` is the mark of its house and of when
    that is open, in the same way. `counts` are by the names of facts, `held` the qualifications (id, code) held at the end of the time.
    """

    marks: tuple[str, ...]
    house: str
    room: Room
    counts: Mapping[str, int]
    held: Mapping[int, str]
    member: Standing | None


def situation(
    space: SpaceRow,
    blocks: tuple[datetime, datetime],
    *,
    starts: datetime,
    ends: datetime,
    account_id: int,
    organisation_id: int | None,
    zone: str,
    reckoning: Calendar,
    now: datetime,
    except_id: int | None = None,
) -> Situation:
    """For a person, or an organisation in whose name they book, and a time with its padding. One statement, with the locks held."""
    subject, number = ("person", account_id) if organisation_id is None else ("organisation", organisation_id)
    found = db.read(
        marks=rows.marks(space.id),
        house=network.house_mark(space.house.id),
        room=holding.room_of(space, *blocks, except_id=except_id),
        counts=counting.counts_of(
            subject, number, kind=space.kind, starts=starts, ends=ends, zone=zone, reckoning=reckoning, now=now,
            except_id=except_id,
        ),
        held=qualifications.holds(account_id, at=ends),
        member=people.standing_of_account(account_id, now=now),
    )  # fmt: skip
    return Situation(**found)
