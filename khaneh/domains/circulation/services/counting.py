"""Statistics: what happened, by what sort of person, and nothing that leads back to one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from khaneh.domains.circulation.rules.fees import age_band
from khaneh.domains.circulation.types import Act, Channel
from khaneh.domains.network.queries import HouseFacts
from khaneh.infrastructure import db

_COUNT = """
INSERT INTO circulation_statistic (day, act, house_id, home_house_id, category, age_band, item_type, channel)
VALUES (%(day)s, %(act)s, %(house)s, %(home)s::bigint, %(category)s, %(band)s, %(item_type)s, %(channel)s)
"""


class Person(Protocol):
    """What is counted of somebody: a `Standing` has it."""

    @property
    def home_house_id(self) -> int:
        """The house that made the member."""

    @property
    def category(self) -> str:
        """The code of their category."""

    def age_on(self, day: date) -> int | None:
        """Whole years."""


def count(
    act: Act, *, house: HouseFacts, member: Person | None, item_type: str, channel: Channel, now: datetime
) -> None:
    """Count one act on the house's own day. One statement, in the caller's transaction."""
    db.execute(*counted(act, house=house, member=member, item_type=item_type, channel=channel, now=now))


def counted(
    act: Act, *, house: HouseFacts, member: Person | None, item_type: str, channel: Channel, now: datetime
) -> db.Write:
    """The same as a part of `db.write`."""
    day = now.astimezone(ZoneInfo(house.calendar.zone)).date()
    return db.Write(
        _COUNT,
        {
            "day": day,
            "act": act.value,
            "house": house.id,
            "home": member.home_house_id if member else None,
            "category": member.category if member else "",
            "band": age_band(member.age_on(day)) if member else "",
            "item_type": item_type,
            "channel": channel.value,
        },
    )
